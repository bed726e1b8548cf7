import type { Built } from './built.ts';
import { reportOf } from './check.ts';
import type { Simulated } from './engine/simulation.ts';
import { UserError } from './errors.ts';
import { type Input, type InputFile, readInput } from './input.ts';
import type { JsonObject } from './kubernetes/json.ts';
import { reference } from './kubernetes/objects.ts';
import { locate } from './manifest/locate.ts';
import { latest, type ManifestObject } from './manifest/objects.ts';
import type { Profile } from './profile/profile.ts';
import { compareProblems } from './report/order.ts';
import type { InputError, Report } from './report/report.ts';
import { type FileSession, headerOf, openFiles, type SessionOptions } from './session.ts';
import { drainAll } from './simulation/drain.ts';
import type { Simulation, WorkloadUpdate } from './simulation/simulation.ts';
import { update } from './simulation/update.ts';
import type { Workload, World } from './simulation/world.ts';

/** What to simulate. */
export interface SimulateOptions extends Pick<SessionOptions, 'inputs' | 'excluded' | 'namespace'> {
  /** How many nodes of a role there are, beside those in the files. */
  readonly nodes?: ReadonlyMap<string, number>;
}

/**
 * Drains every node that a component can be on, and updates every component, step by step.
 *
 * Its notes are those of a check of the same input.
 *
 * @throws UserError NOTHING_TO_CHECK without any component, NODES_UNKNOWN without any node,
 * PROFILE_ROLE_UNKNOWN.
 */
export function simulate(
  built: Built,
  profile: Profile,
  files: readonly InputFile[],
  { nodes = new Map(), inputs, excluded, namespace }: SimulateOptions = {},
): Simulation {
  const made = nodesFile(profile, nodes, nodes.size === 0 ? new Set() : nodeNames(files));
  const session = openFiles(built, profile, [...files, made], { namespace });
  return simulationOf(session, reportOf(session), { excluded, ...(inputs && { inputs }) });
}

/** The simulation of a session whose objects are checked. */
export function simulationOf(
  session: FileSession,
  { notes, inputErrors, components }: Report,
  asked: Pick<SessionOptions, 'inputs' | 'excluded'> = {},
): Simulation {
  const { input, engine } = session;
  const objects = latest(input.objects);
  const found = objects.map(({ value }) => engine.simulation(value));
  const all = found.flatMap((one) => one.workloads);
  const workloads = all.filter(({ replicas }) => replicas > 0).filter(isSimulated);
  const stopped = all.filter(({ replicas }) => replicas <= 0);
  const budgets = found.flatMap((one) => one.budgets);
  const errors = [...inputErrors, ...unknown(objects, found)];
  if (all.length === 0 && errors.length === 0) {
    const message = 'nothing to simulate: no component of the profile in the input';
    throw new UserError('NOTHING_TO_CHECK', message);
  }
  const names = [...new Set(workloads.flatMap((workload) => workload.nodes))].sort();
  if (names.length === 0 && workloads.length > 0) {
    const message =
      'no node that a component can run on: include Nodes in the input, or use --nodes ROLE=N';
    throw new UserError('NODES_UNKNOWN', message);
  }
  const world: World = { nodes: names, workloads, budgets };
  return {
    ...headerOf({ ...session, input: withoutNodesFile(input) }, { ...asked, scope: 'cluster' }),
    nodes: names,
    drains: drainAll(world),
    updates: workloads.map((workload) => updateOf(workload, world)),
    workloads,
    stopped,
    missing: components.filter(({ state }) => state === 'missing').map(({ name }) => name),
    inputErrors: errors.sort(compareProblems),
    notes: notes.filter(({ file }) => file !== NODES_FILE),
  };
}

/** The largest number of replicas that is simulated: each pod is moved by itself. */
const MOST_REPLICAS = 1000;

function isSimulated({ replicas, peak }: Workload): boolean {
  return Math.max(replicas, peak?.replicas ?? 0) <= MOST_REPLICAS;
}

/** An update at the fewest replicas, or, if that completes, at the most that autoscalers run if that does not. */
function updateOf(workload: Workload, world: World): WorkloadUpdate {
  const outcome = update(workload, world);
  if (workload.peak !== undefined && outcome?.stop === undefined) {
    const scaled = { ...workload, ...workload.peak };
    const workloads = world.workloads.map((one) => (one === workload ? scaled : one));
    const atMost = update(scaled, { ...world, workloads });
    if (atMost?.stop !== undefined) return { workload: scaled, outcome: atMost };
  }
  return { workload, ...(outcome !== undefined && { outcome }) };
}

/** What could not be simulated, each with its place. */
function unknown(objects: readonly ManifestObject[], found: readonly Simulated[]): InputError[] {
  return found.flatMap((one, index) => {
    const object = objects[index];
    if (object === undefined) return [];
    const tooMany = one.workloads.some((workload) => !isSimulated(workload))
      ? [`not simulated: it can have more than ${MOST_REPLICAS} replicas`]
      : [];
    return [...one.unknown, ...tooMany].map((message) => ({
      code: 'NOT_SIMULATED' as const,
      message,
      ...locate(object.document, object.path),
    }));
  });
}

const NODES_FILE = '--nodes';

/** The names of the Nodes in the files: those that are made for --nodes come beside them. */
function nodeNames(files: readonly InputFile[]): ReadonlySet<string> {
  const { objects } = readInput(files, {
    take: (object) => (reference(object.value).kind === 'Node' ? object : undefined),
  });
  return new Set(objects.flatMap(({ value }) => reference(value).name ?? []));
}

/** Nodes of roles as a cluster would have them, as a file. */
function nodesFile(
  profile: Profile,
  nodes: ReadonlyMap<string, number>,
  taken: ReadonlySet<string>,
): InputFile {
  const items = [...nodes].flatMap(([role, count]) => {
    const names = Array.from({ length: count + taken.size }, (_, index) => `${role}-${index + 1}`);
    const free = names.filter((name) => !taken.has(name));
    return free.slice(0, count).map((name) => node(profile, role, name));
  });
  const list = { apiVersion: 'v1', kind: 'List', items };
  return { name: NODES_FILE, bytes: new TextEncoder().encode(JSON.stringify(list)) };
}

function withoutNodesFile(input: Input): Input {
  return { ...input, read: input.read.filter(({ file }) => file !== NODES_FILE) };
}

function node(profile: Profile, roleName: string, name: string): JsonObject {
  const role = profile.nodeRoles.find((candidate) => candidate.name === roleName);
  if (role === undefined) {
    const roles = profile.nodeRoles.map((candidate) => candidate.name).join(', ');
    const message = `unknown node role ${roleName} in --nodes: the profile has ${roles}`;
    throw new UserError('PROFILE_ROLE_UNKNOWN', message);
  }
  const mark = role.labels.find(({ exists }) => exists !== false);
  const firstValues = profile.nodeLabels.filter(
    ({ key }, index, all) => all.findIndex((label) => label.key === key) === index,
  );
  const labels = [...firstValues, ...(mark === undefined ? [] : [mark])];
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      // All of it is known, as of a Node that an API server has shown.
      uid: name,
      labels: Object.fromEntries(labels.map(({ key, value = '' }) => [key, value])),
    },
    spec: { taints: role.taints.map(({ key, value = '', effect }) => ({ key, value, effect })) },
  };
}
