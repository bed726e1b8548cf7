import type { Reach } from '../../report/reach.ts';
import type { Finding } from '../../report/report.ts';
import { thousands } from '../text.ts';
import { nodeState, type Where } from './cells.ts';
import { short } from './markup.ts';

/** A column of the map: a Node, Nodes that are alike, or a role of which the input has no Node. */
export interface Column {
  readonly where: Where;
  /** The roles that its nodes have, '' for none. */
  readonly group: string;
  readonly isReserved: boolean;
  /** The names of its Nodes. */
  readonly nodes: readonly string[];
  /** What stands above it. */
  readonly label: string;
  /** Whether its Nodes differ: there were too many to show each kind of them. */
  readonly isMixed: boolean;
  /** What is wrong with its Nodes. */
  readonly faults: readonly Finding[];
}

/** With more Nodes, those that are alike share a column. */
const MOST_SINGLE = 12;
/** The columns of a map, unless there are more combinations of roles. */
const MOST_COLUMNS = 24;

/**
 * Returns the columns of a map: those of reserved roles first, then the others. Every Node is in one of them, and
 * every role has one.
 */
export function columnsOf(
  reach: Reach,
  reservedRoles: readonly string[],
  faultsOf: (node: string) => readonly Finding[],
): readonly Column[] {
  const isReserved = (roles: readonly string[]) =>
    roles.some((role) => reservedRoles.includes(role));
  const signatures = reach.nodes.length > MOST_SINGLE ? signaturesOf(reach) : undefined;
  const groups = new Map<string, Group>();
  for (const [index, { name, roles }] of reach.nodes.entries()) {
    const faults = faultsOf(name);
    const look = signatures?.[index] ?? String(index);
    const key = JSON.stringify([
      roles,
      look,
      faults.map(({ message, status }) => [faultWords(message, name), status]),
    ]);
    const found = groups.get(key);
    if (found !== undefined) {
      found.indexes.push(index);
      found.names.push(name);
      found.faults.push(...faults);
    } else {
      groups.set(key, { roles, indexes: [index], names: [name], faults: [...faults] });
    }
  }
  const suffix = sharedSuffix(reach);
  const columns = fewer([...groups.values()]).map(
    ({ roles, indexes, names, faults, isMixed = false }): Column => ({
      where: {
        kind: 'nodes',
        indexes,
        names,
        places: new Map(names.map((name, at) => [name, indexes[at] ?? 0])),
      },
      group: roles.join(' + '),
      isReserved: isReserved(roles),
      nodes: names,
      label: labelOf(roles, names, { isMixed, suffix }),
      isMixed,
      faults,
    }),
  );
  const empty = reach.roles.flatMap((role, index): readonly Column[] => {
    if (reach.nodes.some(({ roles }) => roles.includes(role))) return [];
    const where = { kind: 'role', index } as const;
    return [
      {
        where,
        group: role,
        isReserved: isReserved([role]),
        nodes: [],
        label: 'any node',
        isMixed: false,
        faults: [],
      },
    ];
  });
  const all = [...columns, ...empty];
  return [...all.filter((one) => one.isReserved), ...all.filter((one) => !one.isReserved)];
}

/** The characters of what stands above a column. */
const MOST_OF_LABEL = 60;

interface Labelling {
  readonly isMixed: boolean;
  readonly suffix: string;
}

function labelOf(
  roles: readonly string[],
  [only = '', ...others]: readonly string[],
  { isMixed, suffix }: Labelling,
): string {
  if (others.length === 0) return short(only.slice(0, only.length - suffix.length), MOST_OF_LABEL);
  const role = roles.length === 0 ? 'no role' : short(roles.join(' + '), MOST_OF_LABEL);
  return `${isMixed ? 'other ' : ''}${role} × ${thousands(others.length + 1)}`;
}

/** The domain that all Nodes share, with its dot: `.us-west-2.compute.internal`; '' if there is none. */
export function sharedSuffix({ nodes }: Pick<Reach, 'nodes'>): string {
  const [first, ...others] = nodes.map(({ name }) => name);
  const [suffix = ''] = /\.[^.]*[a-z].*$/s.exec(first ?? '') ?? [];
  const isShared = others.length > 0 && others.every((name) => name.endsWith(suffix));
  return isShared && nodes.every(({ name }) => name.indexOf('.') === name.length - suffix.length)
    ? suffix
    : '';
}

interface Group {
  readonly roles: readonly string[];
  readonly indexes: number[];
  readonly names: string[];
  readonly faults: Finding[];
  readonly isMixed?: true;
}

/** A message without the name of its Node: the same fault of two Nodes has the same words. */
function faultWords(message: string, name: string): string {
  return message.replace(name, '');
}

/** Columns that differ share one, where there would be too many; those with faults keep their own the longest. */
function fewer(groups: readonly Group[]): readonly Group[] {
  if (groups.length <= MOST_COLUMNS) return groups;
  const byRoles = new Map<string, Group[]>();
  for (const group of groups) {
    const key = JSON.stringify(group.roles);
    byRoles.set(key, [...(byRoles.get(key) ?? []), group]);
  }
  const each = Math.max(2, Math.floor(MOST_COLUMNS / byRoles.size));
  return [...byRoles.values()].flatMap((own) => {
    if (own.length <= each) return own;
    const ranked = own.toSorted(
      (a, b) =>
        Number(b.faults.length > 0) - Number(a.faults.length > 0) ||
        b.names.length - a.names.length,
    );
    const kept = new Set(ranked.slice(0, each - 1));
    const rest = own.filter((group) => !kept.has(group));
    const mixed: Group = {
      roles: own[0]?.roles ?? [],
      indexes: rest.flatMap(({ indexes }) => indexes),
      names: rest.flatMap(({ names }) => names),
      faults: rest.flatMap(({ faults }) => faults),
      isMixed: true,
    };
    return [...own.filter((group) => kept.has(group)), mixed];
  });
}

/** For each Node, what all workloads can do there. Workloads that are placed alike are looked at once. */
function signaturesOf({ nodes, workloads }: Reach): readonly string[] {
  const lists = [...new Set(workloads.map(({ byNode }) => byNode))];
  return nodes.map((_, index) =>
    lists
      .map((list) => {
        const one = list[index];
        if (one === undefined) return '?';
        return nodeState(one, 0).charAt(0) + one.expected.charAt(0);
      })
      .join(''),
  );
}
