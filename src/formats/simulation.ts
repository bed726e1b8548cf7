import type { Drain } from '../simulation/drain.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { Outcome, Step, Workload } from '../simulation/world.ts';
import { errorBlocks, noteBlocks } from './blocks.ts';
import type { Context } from './context.ts';
import { type Page, pageOf, pageText } from './page.ts';
import { apartLines, incompleteLines, otherLines } from './summary.ts';
import { counted, padTo, visible, widthOf } from './text.ts';
import { wrap } from './wrap.ts';

/** A table of the fewest pods that run at any time, and the steps of what never completes. */
export function renderSimulation(simulation: Simulation, context: Context): string {
  const page = pageOf(context);
  const { nodes, drains, updates, workloads } = simulation;
  const rows = workloads.map((workload) => [
    visible(workload.component),
    visible(workload.kind),
    String(workload.replicas),
    String(leastOf(drains, workload)),
    rolloutWords(updates.find((one) => one.workload.id === workload.id)?.outcome, workload),
  ]);
  const stopped = drains.find(({ stop }) => stop !== undefined);
  const stories = [
    ...(stopped === undefined
      ? []
      : [story(`Drain of ${stopped.node}`, stopped, { workloads, page })]),
    ...updates.flatMap(({ workload, outcome }) =>
      outcome?.stop === undefined
        ? []
        : [story(rolloutTitle(workload, workloads), outcome, { workloads: [workload], page })],
    ),
  ];
  const ended =
    stopped === undefined
      ? everyDrain(nodes.length)
      : `The drain of ${visible(stopped.node)} never completes`;
  const refused = drains.reduce((sum, { refusals }) => sum + refusals, 0);
  return pageText([
    ...(rows.length === 0 ? [] : [overview([COLUMNS, ...rows], page)]),
    stoppedLines(simulation, page),
    missingLines(simulation, page),
    ...stories,
    ...noteBlocks(simulation.notes, page),
    ...errorBlocks(simulation.inputErrors, page),
    otherLines(simulation, page),
    [
      ...wrap(`${ended}; ${counted(refused, 'eviction')} blocked.`, {
        ...FLUSH,
        width: page.width,
      }),
      ...apartLines(simulation, page),
      ...incompleteLines(simulation, page),
    ],
  ]);
}

function stoppedLines({ stopped }: Simulation, { width }: Page): readonly string[] {
  if (stopped.length === 0) return [];
  const names = stopped.map(({ component, kind }) => `${visible(component)} (${kind})`).join(', ');
  return wrap(`Not running, at 0 replicas: ${names}.`, { ...FLUSH, width });
}

function missingLines({ missing }: Simulation, { width }: Page): readonly string[] {
  if (missing.length === 0) return [];
  return wrap(`Not simulated, since not in the input: ${missing.join(', ')}.`, { ...FLUSH, width });
}

const COLUMNS = ['component', 'type', 'replicas', 'min. during drains', 'min. during rollout'];
const FLUSH = { first: '', rest: '' };

/** A grid where that fits the page, else a list. */
function overview(rows: readonly (readonly string[])[], { width }: Page): readonly string[] {
  const lines = grid(rows);
  if (lines.every((line) => widthOf(line) <= width)) return lines;
  const [names = [], ...others] = rows;
  return others.flatMap(([component = '', ...cells]) => [
    component,
    ...cells.map((cell, index) => `  ${names[index + 1]}: ${cell}`),
  ]);
}

/** What is rolled out, with its number of replicas where that is not the one of the table. */
function rolloutTitle(
  { id, component, replicas }: Workload,
  workloads: readonly Workload[],
): string {
  const isOfTable = workloads.some((one) => one.id === id && one.replicas === replicas);
  return `Rollout of ${component}${isOfTable ? '' : ` at ${replicas} replicas`}`;
}

function leastOf(drains: readonly Drain[], { id, replicas }: Workload): number {
  return Math.min(replicas, ...drains.map(({ least }) => least[id] ?? replicas));
}

function rolloutWords(outcome: Outcome | undefined, { id, kind }: Workload): string {
  if (outcome === undefined)
    return WITH_STRATEGY.includes(kind) ? 'no rollout (OnDelete)' : 'no rollout';
  const least = String(outcome.least[id] ?? 0);
  return outcome.stop === undefined ? least : `${least}, never completes`;
}

/** The kinds with an update strategy: one that starts no rollout is OnDelete. */
const WITH_STRATEGY: readonly string[] = ['StatefulSet', 'DaemonSet'];

function everyDrain(nodes: number): string {
  if (nodes === 0) return 'No node was drained';
  return nodes === 1 ? 'The only node drains' : `All ${nodes} nodes drain one after the other`;
}

interface Telling {
  readonly workloads: readonly Workload[];
  readonly page: Page;
}

/** The last steps of what never completes, each with those of which fewer run than should. */
function story(
  title: string,
  { steps, stop = '' }: Outcome,
  { workloads, page }: Telling,
): readonly string[] {
  const shown = steps.slice(-MOST_STEPS).map(({ words, running }: Step) => {
    const short = workloads
      .filter(({ id, replicas }) => (running[id] ?? 0) < replicas)
      .map(({ id, component, replicas }) => `${component} ${running[id] ?? 0} of ${replicas}`);
    return words + (short.length === 0 ? '' : ` (running: ${short.join(', ')})`);
  });
  const left = steps.length - shown.length;
  const { width } = page;
  return [
    ...wrap(`${title} never completes: ${stop}`, { ...FLUSH, width }),
    ...(left > 0 ? [`  … ${counted(left, 'step')} earlier`] : []),
    ...shown.flatMap((step) => wrap(step, { width, first: '  ', rest: '    ' })),
  ];
}

/** More steps say nothing more. */
const MOST_STEPS = 8;

function grid(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => padTo(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
