import type { Drain } from '../simulation/drain.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { Outcome, Step, Workload } from '../simulation/world.ts';
import { counted, padTo, visible, widthOf } from './text.ts';

/** A table of the fewest pods that run at any time, and the steps of what never ends. */
export function renderSimulation(simulation: Simulation): string {
  const { nodes, drains, updates, workloads } = simulation;
  const rows = workloads.map((workload) => [
    visible(workload.component),
    visible(workload.kind),
    String(workload.replicas),
    String(leastOf(drains, workload)),
    updateWords(updates.find((one) => one.workload.id === workload.id)?.outcome, workload),
  ]);
  const stopped = drains.find(({ stop }) => stop !== undefined);
  const stories = [
    ...(stopped === undefined ? [] : [story(`drain of ${stopped.node}`, stopped, workloads)]),
    ...updates.flatMap(({ workload, outcome }) =>
      outcome?.stop === undefined
        ? []
        : [story(updateTitle(workload, workloads), outcome, [workload])],
    ),
  ];
  const ended =
    stopped === undefined
      ? `each of ${counted(nodes.length, 'node')} is drained in turn, and every drain ends`
      : `the drain of ${visible(stopped.node)} never ends`;
  const refused = drains.reduce((sum, { refusals }) => sum + refusals, 0);
  return `${[
    ...grid([['component', 'type', 'replicas', 'least in drains', 'least in its update'], ...rows]),
    '',
    ...stories.flat(),
    `${ended}; ${counted(refused, 'eviction')} refused`,
  ].join('\n')}\n`;
}

/** What is updated, with its number of replicas where that is not the one of the table. */
function updateTitle(
  { id, component, replicas }: Workload,
  workloads: readonly Workload[],
): string {
  const isOfTable = workloads.some((one) => one.id === id && one.replicas === replicas);
  return `update of ${component}${isOfTable ? '' : ` at ${replicas} replicas`}`;
}

function leastOf(drains: readonly Drain[], { id, replicas }: Workload): number {
  return Math.min(replicas, ...drains.map(({ least }) => least[id] ?? replicas));
}

function updateWords(outcome: Outcome | undefined, { id }: Workload): string {
  if (outcome === undefined) return 'nothing restarts';
  const least = String(outcome.least[id] ?? 0);
  return outcome.stop === undefined ? least : `${least}, never ends`;
}

/** The last steps of what never ends, each with those of which fewer run than should. */
function story(
  title: string,
  { steps, stop = '' }: Outcome,
  workloads: readonly Workload[],
): readonly string[] {
  const told = steps.slice(-MOST_STEPS).map(({ words, running }: Step) => {
    const short = workloads
      .filter(({ id, replicas }) => (running[id] ?? 0) < replicas)
      .map(({ id, component, replicas }) => `${component} ${running[id] ?? 0} of ${replicas}`);
    const counts = short.length === 0 ? '' : ` (running: ${short.join(', ')})`;
    return `  ${visible(words + counts)}`;
  });
  const left = steps.length - told.length;
  return [
    `${visible(title)} never ends: ${visible(stop)}`,
    ...(left > 0 ? [`  … ${counted(left, 'step')} before`] : []),
    ...told,
    '',
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
