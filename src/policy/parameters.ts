import type { Resource } from '../kubernetes/resources.ts';
import { type Component, type Profile, reservedRoles } from '../profile/profile.ts';
import { fieldsOf, isFilled } from './columns.ts';
import {
  type Catalogue,
  CHECKED_COLUMNS,
  type CheckedColumn,
  type ParameterName,
  type Policy,
} from './policy.ts';

/** A row as a policy sees it: its name, what it matches, and the columns that the policy checks. */
export type ParameterRow = Pick<Component, 'name' | 'match'> & Partial<Component>;

/**
 * What a policy needs of a profile: `input.parameters` in a Constraint. WASM and conftest give each policy the whole
 * table, which has all of it.
 */
export interface Parameters extends Partial<Pick<Profile, Exclude<ParameterName, 'components'>>> {
  readonly components?: readonly ParameterRow[];
}

/** The parameters of the whole table. */
export interface WholeTable extends Parameters {
  readonly exemptNamespaces: Profile['exemptNamespaces'];
}

/**
 * The parameters of each policy for which the profile has something to check, by policy id.
 *
 * A policy is left out if no row has one of its columns: it would look like a check, but never find anything.
 */
export function bind(
  catalogue: Pick<Catalogue, 'policies'>,
  profile: Profile,
): ReadonlyMap<string, Parameters> {
  const bound = new Map<string, Parameters>();
  for (const policy of catalogue.policies) {
    const parameters = parametersOf(policy, profile);
    if (parameters !== undefined) bound.set(policy.id, parameters);
  }
  return bound;
}

/** The whole profile as parameters, all rows with all columns: what the table is filled in from. */
export function wholeTable(profile: Profile): WholeTable {
  return {
    components: rows(CHECKED_COLUMNS, profile),
    nodeRoles: profile.nodeRoles,
    nodeLabels: profile.nodeLabels,
    exemptNamespaces: profile.exemptNamespaces,
    ...(profile.kubernetes !== undefined && { kubernetes: profile.kubernetes }),
    ...(profile.schedulers.length > 0 && { schedulers: profile.schedulers }),
    ...(profile.schedulerUsers.length > 0 && { schedulerUsers: profile.schedulerUsers }),
    ...(profile.customWorkloads.length > 0 && { customWorkloads: profile.customWorkloads }),
    ...(profile.otherWorkloads && { otherWorkloads: profile.otherWorkloads }),
  };
}

/** The ids of the policies that leave out the namespaces that a profile exempts. */
export function exemptable({ policies }: Pick<Catalogue, 'policies'>): readonly string[] {
  return policies.filter(({ isExemptable }) => isExemptable).map(({ id }) => id);
}

/** The catalogue with the profile's own kinds among those of every policy that checks or reads workloads. */
export function catalogueFor(catalogue: Catalogue, profile: Profile): Catalogue {
  const own = profile.customWorkloads.map(({ group, kind, pods }) => ({
    kind,
    groups: [group],
    pods,
  }));
  const withOwn = (resources: readonly Resource[]) =>
    resources.some(({ pods }) => pods !== undefined) ? [...resources, ...own] : resources;
  return {
    ...catalogue,
    policies: catalogue.policies.map((policy) => ({
      ...policy,
      kinds: withOwn(policy.kinds),
      inventory: withOwn(policy.inventory),
    })),
  };
}

function parametersOf(policy: Policy, profile: Profile): Parameters | undefined {
  if (!checksSomething(policy, profile)) return undefined;
  const whole = { ...wholeTable(profile), components: rows(policy.columns, profile) };
  const wanted = new Set<string>(policy.parameters);
  return Object.fromEntries(Object.entries(whole).filter(([name]) => wanted.has(name)));
}

/** What the rules of lib.findings.parameter_faults ask of parameters that someone wrote. */
function checksSomething(policy: Policy, profile: Profile): boolean {
  const { columns, parameters, optional } = policy;
  const { components, otherWorkloads } = profile;
  if (!parameters.includes('components')) return true;
  const isOfOthers = parameters.includes('otherWorkloads');
  if (isOfOthers && !optional.includes('otherWorkloads')) return reservedRoles(profile).length > 0;
  const asks = (row: Partial<Component>) => columns.some((column) => isFilled(row, column));
  if (columns.length > 0) {
    // Where other workloads run is asked by the policies that have no verdict without their row.
    const { nodeRole: _, ...others } = otherWorkloads ?? {};
    return components.some(asks) || (isOfOthers && asks(others));
  }
  const { disruptionControl, drainable } = otherWorkloads ?? {};
  return (
    components.length > 0 || (isOfOthers && (disruptionControl === true || drainable === true))
  );
}

// Every row, regardless of columns: the component of an object depends on all of them.
function rows(columns: readonly CheckedColumn[], profile: Profile): readonly ParameterRow[] {
  return profile.components.map((row) => ({
    name: row.name,
    match: row.match,
    ...(row.static === true && { static: true }),
    ...(row.tolerations && { tolerations: row.tolerations }),
    ...(row.managed === true && { managed: true }),
    ...Object.fromEntries(
      columns
        .flatMap((column) => fieldsOf(column))
        .filter((field) => row[field] !== undefined)
        .map((field) => [field, row[field]]),
    ),
  }));
}
