import type { Demand, NodeClass, PlacedRole } from '../../../src/engine/admission.ts';
import type { ParameterRow } from '../../../src/policy/parameters.ts';
import type { Refuses } from '../scheduling/feasibility.cel.ts';
import { matched, matches, rank } from '../table/components.cel.ts';
import { all, type Cel, FALSE, joined, not, text } from './cel.ts';
import { addPod, addTerms, PLACEMENT_CHANGED, WORKLOADS } from './placing.ts';
import { type CelPolicy, identifier, type Scene, Variables } from './policy.ts';

type Rows = readonly [ParameterRow, ...ParameterRow[]];

interface Asking {
  /** Rows of one group are asked the same; those of the empty group are not asked. */
  readonly groupOf: (row: ParameterRow) => string;
  /** A list of findings, each with what it says after the name of the component. */
  readonly found: (rows: Rows, group: string) => Cel;
}

/**
 * Adds the names of the components that the object is, by what is asked of them.
 *
 * @returns what is found for the names; undefined if nothing is asked of any row.
 */
export function addComponents(
  variables: Variables,
  rows: readonly ParameterRow[],
  { groupOf, found }: Asking,
): Pick<CelPolicy, 'found' | 'groups'> | undefined {
  const groups = new Map<string, [ParameterRow, ...ParameterRow[]]>();
  for (const row of rows) {
    const group = groupOf(row);
    if (group === '') continue;
    const own = groups.get(group);
    if (own === undefined) groups.set(group, [row]);
    else own.push(row);
  }
  if (groups.size === 0) return undefined;
  return {
    found: '[]',
    groups: [...groups].map(([group, own], index) => ({
      names: variables.add(identifier('components', String(index)), namesOf(own, rows, variables)),
      found: variables.add(identifier('found', String(index)), found(own, group)),
    })),
  };
}

// A list has any number of rows; a sum of lists would be nested, which CEL takes 250 times.
function namesOf(own: Rows, rows: readonly ParameterRow[], variables: Variables): Cel {
  const names = own.map((row) => `${isComponent(row, rows, variables)} ? ${text(row.name)} : ''`);
  return `[${names.join(', ')}].filter(n, n != '')`;
}

/** Whether the object is the component of the row: no row matches it better. */
function isComponent(row: ParameterRow, rows: readonly ParameterRow[], variables: Variables): Cel {
  const least = rank(row);
  const better = matched(rows.filter((other) => rank(other) < least));
  if (better === FALSE) return matches(row);
  return all(matches(row), not(variables.add(identifier('better', String(least)), better)));
}

/** A policy about where the pods of components run. */
interface Placing<Role extends PlacedRole> {
  readonly roles: (demand: Demand) => readonly Role[];
  /** The classes of nodes that it asks about a role. */
  readonly classes: (role: Role) => readonly NodeClass[];
  readonly found: (demand: Demand, refuses: Refuses, variables: Variables) => Cel;
  /** The only node that a pod can be on, by default as it is bound. */
  readonly node?: Cel;
  /** What is said where a pod has more than is checked. */
  readonly tooMuch: (role: Role) => Cel;
}

/** Makes such a policy; undefined if no row demands anything. */
export function placementPolicy<Role extends PlacedRole>(
  { facts, rows }: Scene,
  { roles, classes, found, node, tooMuch }: Placing<Role>,
): CelPolicy | undefined {
  const demands = facts.demands.filter((demand) => roles(demand).length > 0);
  if (demands.length === 0) return undefined;
  const variables = new Variables();
  addPod(variables, facts, node);
  const all_classes = demands.flatMap((demand) => roles(demand).flatMap(classes));
  const refuses = addTerms(variables, facts, all_classes).pod;
  const components = addComponents(variables, rows, {
    groupOf: ({ nodeRole }) => {
      const demand = demands.find((one) => same(one.nodeRole, nodeRole));
      return demand === undefined ? '' : demandOf(demand);
    },
    found: (_, group) => {
      const demand = demands.find((one) => demandOf(one) === group);
      if (demand === undefined) return '[]';
      return (
        `variables.excess.size() > 0 ? ${joined(roles(demand).map(tooMuch))}` +
        ` : ${found(demand, refuses, variables)}`
      );
    },
  });
  if (components === undefined) return undefined;
  return {
    checks: WORKLOADS,
    about: 'components',
    changed: PLACEMENT_CHANGED,
    variables: variables.all,
    ...components,
  };
}

/** The node role of a demand as one word. */
export function demandOf({ nodeRole }: Pick<Demand, 'nodeRole'>): string {
  return typeof nodeRole === 'string' ? nodeRole : nodeRole.join('_or_');
}

function same(a: Demand['nodeRole'], b: ParameterRow['nodeRole']): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
