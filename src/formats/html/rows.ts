import { identityOf, type ObjectReference } from '../../kubernetes/objects.ts';
import type { Reach, WorkloadReach } from '../../report/reach.ts';
import type { Finding } from '../../report/report.ts';
import { counted } from '../text.ts';
import { type Cell, cellOf, generalText, type State } from './cells.ts';
import type { Column } from './columns.ts';

/** A row of the map: a workload, or several that are alike. */
export interface Row {
  readonly workloads: readonly WorkloadReach[];
  /** Whether they are shown by their namespace and their number. */
  readonly isFolded: boolean;
  /** The namespace that all have; null if they have several, or none. */
  readonly namespace: string | null;
  /** At the index of each column. */
  readonly cells: readonly Cell[];
  /** What was found of them, accepted or not. */
  readonly findings: readonly Finding[];
  readonly isClean: boolean;
}

/** The rows of a map, and how many workloads there was no room for. */
export interface Rows {
  readonly components: readonly Row[];
  readonly others: readonly Row[];
  readonly left: Left;
  readonly counts: Counts;
}

/** What a map says in a few numbers. */
export interface Counts {
  /** Workloads that can be where they must not, and those of them whose findings are all accepted. */
  readonly crossing: number;
  readonly accepted: number;
  /** Components that cannot be where they should. */
  readonly lacking: number;
}

/** Workloads that a map leaves out, and how many of them are not as they should be. */
export interface Left {
  readonly workloads: number;
  readonly faulty: number;
}

/** With more other workloads, those of a namespace that are alike share a row. */
const MOST_SINGLE = 12;
/** Fewer that are alike have a row each. */
const LEAST_FOLDED = 3;
/** What a page has room for. */
const MOST_CELLS = 3000;
const LEAST_ROWS = 60;

/** Returns the rows of a map: components in their order, then the others, as many as there is room for. */
export function rowsOf(
  { workloads }: Reach,
  columns: readonly Column[],
  findings: FindingsOf,
): Rows {
  const single = workloads.map((workload) => rowOf([workload], columns, findings));
  const own = single.filter(({ workloads: [one] }) => one?.component !== null);
  const others = single.filter(({ workloads: [one] }) => one?.component === null);
  const most = Math.max(LEAST_ROWS, Math.floor(MOST_CELLS / Math.max(1, columns.length)));
  const components = cut(foldedRows(own, componentKey, { columns, findings, least: 2 }), most);
  const room = Math.max(LEAST_ROWS, most - components.rows.length);
  const shown = cut(otherRows(others, room, { columns, findings, least: LEAST_FOLDED }), room);
  return {
    components: components.rows,
    others: shown.rows,
    left: {
      workloads: components.left.workloads + shown.left.workloads,
      faulty: components.left.faulty + shown.left.faulty,
    },
    counts: countsOf(single),
  };
}

function countsOf(rows: readonly Row[]): Counts {
  const crossing = rows.filter(crosses);
  const lacking = rows.filter(lacks).map(({ workloads: [one] }) => one?.component ?? null);
  return {
    crossing: crossing.length,
    accepted: crossing.filter(isAccepted).length,
    lacking: new Set(lacking).size,
  };
}

function otherRows(rows: readonly Row[], room: number, folding: Folding): readonly Row[] {
  if (rows.length <= MOST_SINGLE) return rows;
  const clean = foldedRows(
    rows,
    (row) => (isFoldable(row) ? namespaceKey(row) : undefined),
    folding,
  );
  if (clean.length <= room) return clean;
  const alike = foldedRows(rows, namespaceKey, folding);
  return alike.length <= room ? alike : foldedRows(rows, lookKey, folding);
}

/** What has no finding of its own that needs attention: where it can run may be the fault of a node. */
function isFoldable({ findings }: Row): boolean {
  return findings.every(({ status }) => status !== 'open');
}

/** Finds what was found of a workload. */
export type FindingsOf = (workload: WorkloadReach) => readonly Finding[];

function rowOf(
  workloads: readonly WorkloadReach[],
  columns: readonly Column[],
  findings: FindingsOf,
): Row {
  const [first] = workloads;
  const cells = columns.map(({ where }) => {
    const each = workloads.map((workload) => cellOf(workload, where));
    return joined(each);
  });
  const found = workloads.flatMap(findings);
  const namespaces = new Set(workloads.map(({ object }) => object.namespace));
  return {
    workloads,
    isFolded: false,
    namespace: namespaces.size === 1 ? (first?.object.namespace ?? null) : null,
    cells,
    findings: found,
    isClean:
      found.every(({ status }) => status !== 'open') &&
      cells.every(({ state }) => state === 'fits' || state === 'off'),
  };
}

/** One cell of workloads whose cells look alike. Their pods count together. */
function joined(cells: readonly Cell[]): Cell {
  const [first] = cells;
  if (first === undefined) throw new Error('a row is of one workload or more');
  if (cells.length === 1) return first;
  const running = cells.reduce((sum, cell) => sum + cell.running, 0);
  const texts = new Set(cells.map(({ text }) => text));
  const text = texts.size === 1 ? first.text : generalText(first);
  const reasons = new Set(cells.map(({ reason }) => reason));
  const others = reasons.size === 1 ? '' : ` (and ${counted(reasons.size - 1, 'other reason')})`;
  return { ...first, text, reason: `${first.reason}${others}`, running };
}

interface Folding {
  readonly columns: readonly Column[];
  readonly findings: FindingsOf;
  /** How many rows must be alike. */
  readonly least: number;
}

/** Puts rows with one key into one, where there are enough of them. Rows without a key stay. */
function foldedRows(
  rows: readonly Row[],
  keyOf: (row: Row) => string | undefined,
  { columns, findings, least }: Folding,
): readonly Row[] {
  const alike = new Map<string, Row[]>();
  for (const [index, row] of rows.entries()) {
    const key = keyOf(row) ?? `\0${index}`;
    const found = alike.get(key);
    if (found === undefined) alike.set(key, [row]);
    else found.push(row);
  }
  const [singles, folds]: [Row[], Row[]] = [[], []];
  const order = new Map(rows.map((row, index) => [row, index]));
  for (const group of alike.values()) {
    if (group.length < least) singles.push(...group);
    else {
      const workloads = group.flatMap((row) => row.workloads);
      const row = { ...rowOf(workloads, columns, findings), isFolded: true };
      folds.push(row);
      order.set(row, order.get(group[0] as Row) ?? 0);
    }
  }
  // A row of several stands behind those of its namespace.
  const last = (row: Row) => (row.isFolded ? lastOf.get(row.namespace ?? '') : undefined);
  const lastOf = new Map<string, number>();
  for (const row of singles) {
    const key = row.namespace ?? '';
    lastOf.set(key, Math.max(lastOf.get(key) ?? 0, order.get(row) ?? 0));
  }
  return [...singles, ...folds].sort(
    (a, b) => (last(a) ?? order.get(a) ?? 0) - (last(b) ?? order.get(b) ?? 0),
  );
}

/** What a row looks like. */
function lookKey({ workloads: [first], cells, findings }: Row): string {
  return JSON.stringify([
    first?.nodeRole,
    cells
      .map(
        ({ state, isPartial, isUnplaced }) =>
          `${state}${isPartial ? '/' : ''}${isUnplaced === true ? '-' : ''}`,
      )
      .join(),
    [...new Set(findings.map(({ policy, status }) => `${policy} ${status}`))].sort(),
  ]);
}

function namespaceKey(row: Row): string {
  return JSON.stringify([row.namespace, lookKey(row)]);
}

function componentKey(row: Row): string {
  const [first] = row.workloads;
  return JSON.stringify([first?.component, first?.object.kind, row.namespace, lookKey(row)]);
}

/** What has to be shown first is the least: what is on the wrong side, what is missing, other findings. */
export function urgency(row: Row): number {
  if (crosses(row)) return isAccepted(row) ? 2 : 0;
  if (lacks(row)) return 1;
  return row.isClean ? 3 : 2;
}

/** Leaves out rows for which there is no room: the clean ones first. */
function cut(
  rows: readonly Row[],
  room: number,
): { readonly rows: readonly Row[]; readonly left: Left } {
  if (rows.length <= room) return { rows, left: { workloads: 0, faulty: 0 } };
  const ranked = rows.toSorted((a, b) => urgency(a) - urgency(b));
  const kept = new Set(ranked.slice(0, room));
  return {
    rows: rows.filter((row) => kept.has(row)),
    left: leftOf(rows.filter((row) => !kept.has(row))),
  };
}

/** Counts the workloads of rows that are left out. */
export function leftOf(rows: readonly Row[]): Left {
  const count = (of: readonly Row[]) => of.reduce((sum, row) => sum + row.workloads.length, 0);
  return { workloads: count(rows), faulty: count(rows.filter(({ isClean }) => !isClean)) };
}

/** Finds the findings of each workload: those of its object, and of a component also those of what belongs to it. */
export function findingsBy(
  { workloads }: Pick<Reach, 'workloads'>,
  findings: readonly Finding[],
): FindingsOf {
  const known = new Set(workloads.map(({ object }) => identityOf(object)));
  const ofObjects = grouped(findings, ({ object }) => identityOf(object));
  const elsewhere = findings.filter(({ object }) => !known.has(identityOf(object)));
  const ofComponents = grouped(elsewhere, ({ component }) => component ?? undefined);
  return ({ object, component }) => [
    ...(ofObjects.get(identityOf(object)) ?? []),
    ...(component === null ? [] : (ofComponents.get(component) ?? [])),
  ];
}

/** Finds what lets pods onto a reserved node and has no row, such as a Binding. */
export function undrawnCrossings(
  { workloads }: Pick<Reach, 'workloads'>,
  findings: readonly Finding[],
): readonly Finding[] {
  const objects = new Set(workloads.map(({ object }) => identityOf(object)));
  const components = new Set(workloads.map(({ component }) => component));
  return findings.filter(
    ({ policy, object, component }) =>
      CROSSING.includes(policy) &&
      !objects.has(identityOf(object)) &&
      (component === null || !components.has(component)),
  );
}

/** Finds the findings of each Node, by its name. */
export function nodeFindings(findings: readonly Finding[]): (node: string) => readonly Finding[] {
  const byName = grouped(
    findings.filter(({ object }) => isNode(object)),
    ({ object }) => object.name ?? undefined,
  );
  return (node) => byName.get(node) ?? [];
}

function isNode({ apiVersion, kind }: ObjectReference): boolean {
  return apiVersion === 'v1' && kind === 'Node';
}

function grouped<T>(
  items: readonly T[],
  keyOf: (item: T) => string | undefined,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** The policies whose findings say that a workload can be where it must not. */
const CROSSING: readonly string[] = [
  'control-plane-intrusion',
  'off-role-placement',
  'scheduler-bypass',
];
/** The policies whose findings say that a component cannot be where it should. */
const LACKING: readonly string[] = ['unreachable-node-role'];

/** Whether every finding that says so is accepted. */
function isAccepted({ findings }: Row): boolean {
  const own = findings.filter(({ policy }) => CROSSING.includes(policy));
  return own.length > 0 && own.every(({ status }) => status !== 'open');
}

/** Whether what was found of a row is about nodes that no column is of. */
export function crossesElsewhere({ cells, findings }: Row): boolean {
  return (
    cells.every(({ state }) => state !== 'leak') &&
    findings.some(({ policy }) => CROSSING.includes(policy))
  );
}

/** Whether a row has a workload on the wrong side, by its cells or by what was found. */
function crosses(row: Row): boolean {
  return has(row, 'leak', CROSSING);
}

/** Whether a row has a workload that cannot be where it should. */
function lacks(row: Row): boolean {
  return has(row, 'gap', LACKING);
}

function has({ cells, findings }: Row, state: State, policies: readonly string[]): boolean {
  return (
    cells.some((cell) => cell.state === state) ||
    findings.some(({ policy }) => policies.includes(policy))
  );
}
