import type { Simulation, WorkloadUpdate } from '../../simulation/simulation.ts';
import type { Step, Workload } from '../../simulation/world.ts';
import { placeText } from '../names.ts';
import { counted, oneLine, thousands } from '../text.ts';
import type { Fall } from './falls.ts';
import { html, type Markup, separated, short, type Value } from './markup.ts';
import type { ClusterPicture } from './picture.ts';

/** The drains and rollouts that are told step by step. */
const MOST_STORIES = 30;
const MOST_STEPS = 12;
const MOST_OF_STEP = 300;

/** What happens while nodes are drained and components are rolled out, step by step. */
export function drainMarkup(
  { simulation, notSimulated }: ClusterPicture,
  falls: readonly Fall[],
  id: string,
): Markup {
  if (simulation === null) {
    return html`<p class="dim">Drains and rollouts were not simulated: ${notSimulated ?? 'there is nothing to simulate'}.</p>`;
  }
  const told = falls
    .map((fall, index) => ({ fall, index }))
    .filter(({ fall }) => fall.fallen.length > 0 || fall.drain.stop !== undefined);
  const worst = told.toSorted((a, b) => weight(b.fall) - weight(a.fall)).slice(0, MOST_STORIES);
  const shown = new Set(worst);
  const stuck = simulation.updates.filter(({ outcome }) => outcome?.stop !== undefined);
  const stopped = simulation.stopped.map(workloadText);
  // What the report has too is said with what was not checked.
  const errors = simulation.inputErrors.filter(({ code }) => code === 'NOT_SIMULATED');
  return html`
    <p>${sentence(simulation, falls)}</p>
    ${errors.slice(0, MOST_STORIES).map((error) => html`<p class="alert"><code>${short(placeText(error))}</code> ${short(oneLine(error.message), MOST_OF_STEP)}</p>`)}
    ${more(errors.length - MOST_STORIES, 'error')}
    ${told.filter((one) => shown.has(one)).map(({ fall, index }) => drainStory(fall, simulation, `${id}d${index}`))}
    ${more(told.length - worst.length, 'drain')}
    ${stuck.slice(0, MOST_STORIES).map((update) => updateStory(update))}
    ${more(stuck.length - MOST_STORIES, 'rollout')}
    ${stopped.length === 0 ? undefined : html`<p>Not running, at 0 replicas: ${stopped.join(', ')}.</p>`}
    ${simulation.missing.length === 0 ? undefined : html`<p class="dim">Not simulated, since not in the input: ${simulation.missing.map((name) => short(name)).join(', ')}.</p>`}`;
}

function weight({ fallen, drain }: Fall): number {
  return (drain.stop === undefined ? 0 : 1_000_000) + fallen.length;
}

function more(count: number, noun: string): Value {
  if (count <= 0) return undefined;
  return html`<p class="warn">${counted(count, `more ${noun}`)} not shown here: <code>bulkhead simulate</code> lists them.</p>`;
}

function sentence({ nodes, drains }: Simulation, falls: readonly Fall[]): string {
  if (drains.length === 0) return 'No node was drained.';
  const stopped = drains.find(({ stop }) => stop !== undefined);
  const ended =
    stopped === undefined
      ? `${counted(drains.length, 'node')} drained, one after the other: every drain completes.`
      : `The drain of ${short(stopped.node)} never completes. ${counted(nodes.length - drains.length, 'node')} after it not drained.`;
  const falling = falls.filter(({ fallen }) => fallen.length > 0).length;
  return falling === 0
    ? `${ended} A pod of every component keeps running.`
    : `${ended} ${falling} of ${counted(drains.length, 'drain')} take all pods of a component at a time.`;
}

function drainStory({ node, drain, fallen }: Fall, simulation: Simulation, id: string): Markup {
  const { stop, steps } = drain;
  const falls = fallen.length === 0 ? undefined : html`falls to 0: ${namesOf(fallen)}`;
  const title =
    stop === undefined
      ? falls
      : html`<b class="never">never completes</b>: ${short(stop, MOST_OF_STEP)}`;
  return html`
    <details class="story">
      <summary>Drain of <b>${short(node)}</b>: ${title}</summary>
      <div id="${id}">
        ${stop !== undefined && falls !== undefined ? html`<p>It ${falls}.</p>` : undefined}
        ${stepList(steps, simulation.workloads)}
      </div>
    </details>`;
}

/** The components, each once, with the number of its workloads. */
function namesOf(workloads: readonly Workload[]): string {
  const counts = new Map<string, number>();
  for (const { component } of workloads) counts.set(component, (counts.get(component) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => short(name) + (count === 1 ? '' : ` × ${count}`))
    .join(', ');
}

function workloadText({ component, kind }: Workload): string {
  return `${short(component)} (${short(kind)})`;
}

function updateStory({ workload, outcome }: WorkloadUpdate): Markup {
  const { stop = '', steps = [] } = outcome ?? {};
  return html`
    <details class="story">
      <summary>Rollout of <b>${short(workload.component)}</b>: <b class="never">never completes</b>: ${short(stop, MOST_OF_STEP)}</summary>
      <div>${stepList(steps, [workload])}</div>
    </details>`;
}

/** The last steps, each with the workloads of which fewer pods run than should. */
function stepList(steps: readonly Step[], workloads: readonly Workload[]): Markup {
  if (steps.length === 0) return html`<p>No pod moves.</p>`;
  const shown = steps.slice(-MOST_STEPS);
  const left = steps.length - shown.length;
  return html`
    ${left === 0 ? undefined : html`<p class="dim">… ${counted(left, 'step')} earlier</p>`}
    <ol start="${left + 1}">
      ${shown.map(({ words, running }) => html`<li>${short(words, MOST_OF_STEP)}${shortOf(running, workloads)}</li>`)}
    </ol>`;
}

const MOST_SHORT = 6;

function shortOf(running: Step['running'], workloads: readonly Workload[]): Value {
  const fewer = [...sums(running, workloads)].filter(([, { now, all }]) => now < all);
  if (fewer.length === 0) return undefined;
  const told = fewer
    .slice(0, MOST_SHORT)
    .map(([name, { now, all }]) => html`${short(name)} <b>${now}</b> of ${thousands(all)}`);
  const left = fewer.length - told.length;
  return html` <span class="dim">(running: ${separated(told, ', ')}${left === 0 ? undefined : `, and ${left} more`})</span>`;
}

/** How many pods of each component run, and how many should. */
function sums(
  running: Step['running'],
  workloads: readonly Workload[],
): ReadonlyMap<string, { readonly now: number; readonly all: number }> {
  const found = new Map<string, { readonly now: number; readonly all: number }>();
  for (const { id, component, replicas } of workloads) {
    const { now, all } = found.get(component) ?? { now: 0, all: 0 };
    found.set(component, { now: now + runningOf(running, id), all: all + replicas });
  }
  return found;
}

function runningOf(running: Step['running'], id: string): number {
  return Object.hasOwn(running, id) ? (running[id] ?? 0) : 0;
}
