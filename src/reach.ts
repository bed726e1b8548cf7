import type { Placement, Question, SubjectReach } from './engine/reach.ts';
import { EngineError } from './errors.ts';
import type { JsonObject, JsonValue } from './kubernetes/json.ts';
import { identityOf, isMap, type ObjectReference, reference } from './kubernetes/objects.ts';
import { latest } from './manifest/objects.ts';
import { makesPods } from './policy/policy.ts';
import { compareReferences, compareText } from './report/order.ts';
import {
  type Expectation,
  type NodeReach,
  type Reach,
  type ReachedNode,
  type RoleReach,
  SHARES,
  type WorkloadReach,
} from './report/reach.ts';
import type { FileSession } from './session.ts';

/**
 * Finds out who can run where: for each workload of a session, on which roles and on which Nodes its pods can run.
 *
 * What makes the same demands is asked once, and so are Nodes that do not differ for it.
 *
 * @throws EngineError if the policies failed for more than single objects.
 */
export function reach(session: FileSession): Reach {
  const { profile, catalogue, input, engine, environment } = session;
  // The last of several Nodes counts. Any of several workloads may be the one that is in the cluster.
  const objects = input.objects.map(({ value }) => value);
  const nodes = nodesOf(
    session,
    latest(input.objects).map(({ value }) => value),
  );
  const answer = memo((question: Question, object: JsonObject) =>
    ask(session, question, object, nodes),
  );
  const found: Found[] = [];
  const unanswered: ObjectReference[] = [];
  for (const object of objects) {
    const own = reference(object);
    if (!makesPods(catalogue, own)) continue;
    try {
      const placement = engine.placement(object);
      const answers = placement.questions.map((question) => ({
        question,
        answer: answer(question, object),
      }));
      found.push({ object: own, placement, answers });
    } catch (error) {
      // A check has an error for the object.
      if (!(error instanceof EngineError)) throw error;
      unanswered.push(own);
    }
  }
  const running = runningPods(found);
  const workloads = found.flatMap(({ object, answers }) =>
    answers.map(({ question: { subject }, answer: { byRole, byNode } }) => ({
      object,
      objects: 1,
      component: subject.component,
      nodeRole: subject.nodeRole,
      isStatic: subject.isStatic,
      byRole,
      byNode,
      running: running.get(identityOf(object)) ?? {},
    })),
  );
  const order = new Map(profile.components.map(({ name }, index) => [name, index]));
  return {
    environment,
    roles: profile.nodeRoles.map(({ name }) => name),
    nodes: nodes.map(({ name, roles }) => ({ name, roles })),
    workloads: [...merged(single(workloads))].sort((a, b) => compareWorkloads(a, b, order)),
    unanswered: unanswered.sort(compareReferences),
  };
}

/** An object that makes pods, and what was found out about it. */
interface Found {
  readonly object: ObjectReference;
  readonly placement: Placement;
  readonly answers: readonly { readonly question: Question; readonly answer: Answer }[];
}

interface Answer {
  readonly byRole: readonly RoleReach[];
  readonly byNode: readonly NodeReach[];
}

/** A Node of the inventory, and what workloads may ask of it. */
interface Node extends ReachedNode {
  readonly labels: JsonObject;
  /** What is the same of two Nodes that only differ in labels that nothing asks, and in their names. */
  readonly key: string;
}

function nodesOf(
  { engine, profile }: FileSession,
  objects: readonly JsonObject[],
): readonly Node[] {
  const rolesByNode = engine.rolesByNode();
  const order = profile.nodeRoles.map(({ name }) => name);
  const roleLabels = profile.nodeRoles.flatMap(({ labels }) => labels.map(({ key }) => key));
  return objects
    .flatMap((object): readonly Node[] => {
      const { apiVersion, kind, name } = reference(object);
      // Other APIs have a kind Node too, such as that of Longhorn, with the names of these.
      const isNode = apiVersion === 'v1' && kind === 'Node';
      const roles = name !== null && isNode ? rolesByNode.get(name) : undefined;
      if (name === null || roles === undefined) return [];
      const metadata = map(object['metadata']);
      const labels = map(metadata['labels']);
      const key = JSON.stringify([
        Boolean(metadata['uid']),
        map(object['spec'])['taints'] ?? null,
        roles,
        roleLabels.map((label) => labels[label] ?? null),
      ]);
      return [{ name, roles, labels, key }];
    })
    .sort((a, b) => rank(a, order) - rank(b, order) || compareText(a.name, b.name));
}

/** The place of its first role in the profile; Nodes without one come last. */
function rank({ roles: [first] }: Node, order: readonly string[]): number {
  return first === undefined ? order.length : order.indexOf(first);
}

/** Asks for each sort of Nodes once. */
function ask(
  { engine }: FileSession,
  question: Question,
  object: JsonObject,
  nodes: readonly Node[],
): Answer {
  const sorts = nodes.map((node) => sortOf(node, question));
  const first = new Map(nodes.map(({ name }, index) => [sorts[index] ?? '', name]));
  const answer: SubjectReach = engine.reach(object, question.subject, [...first.values()]);
  return {
    byRole: answer.roles,
    byNode: sorts.map((sort) => {
      const found = answer.nodes.get(first.get(sort) ?? '');
      if (found === undefined) throw new EngineError('a Node has no answer');
      return found;
    }),
  };
}

/** The same text for Nodes that do not differ for the question. */
function sortOf({ name, labels, key }: Node, { labels: asked, names }: Question): string {
  const states = [...asked].map(([label, values]) => stateOf(labels[label], values));
  return JSON.stringify([key, states, names.has(name) ? name : null]);
}

/** A value that nothing compares the label with is like any other. */
function stateOf(value: JsonValue | undefined, values: readonly string[] | null): JsonValue {
  if (value === undefined) return [];
  return values === null || typeof value !== 'string' || values.includes(value) ? [value] : null;
}

/** Answers a question that was answered before from memory. */
function memo(
  answer: (question: Question, object: JsonObject) => Answer,
): (question: Question, object: JsonObject) => Answer {
  const known = new Map<string, Answer>();
  return (question, object) => {
    const found = known.get(question.key) ?? answer(question, object);
    known.set(question.key, found);
    return found;
  };
}

/** How many pods run on which node, by the identity of the workload at which they are checked. */
function runningPods(
  found: readonly Found[],
): ReadonlyMap<string, Readonly<Record<string, number>>> {
  const owners = new Map(
    found.map(({ object, placement }) => [identityOf(object), placement.owners]),
  );
  const counts = new Map<string, Map<string, number>>();
  // A pod that is given several times is one pod.
  const pods = new Map(found.map((one) => [identityOf(one.object), one]));
  for (const { object, placement } of pods.values()) {
    if (placement.node === '') continue;
    for (const top of topOwners(identityOf(object), owners)) {
      const own = counts.get(top) ?? new Map<string, number>();
      own.set(placement.node, (own.get(placement.node) ?? 0) + 1);
      counts.set(top, own);
    }
  }
  return new Map([...counts].map(([top, own]) => [top, Object.fromEntries(own)]));
}

/** The objects at which an object is checked: itself, unless controllers made it. */
function topOwners(
  start: string,
  owners: ReadonlyMap<string, readonly ObjectReference[]>,
): ReadonlySet<string> {
  const tops = new Set<string>();
  const seen = new Set([start]);
  // The loop over a set also visits what is added during the loop.
  for (const one of seen) {
    const above = owners.get(one) ?? [];
    if (above.length === 0) tops.add(one);
    for (const owner of above) seen.add(identityOf(owner));
  }
  return tops;
}

/** Makes one workload of an object that is given several times: on each node the worst of them. */
function single(workloads: readonly WorkloadReach[]): readonly WorkloadReach[] {
  const copies = new Map<string, WorkloadReach[]>();
  for (const [index, workload] of workloads.entries()) {
    const { object, component } = workload;
    // The API server generates a name for each that has none.
    const key = JSON.stringify(object.name === null ? index : [identityOf(object), component]);
    const same = copies.get(key);
    if (same === undefined) copies.set(key, [workload]);
    else same.push(workload);
  }
  return [...copies.values()].map((same) => {
    const last = same.at(-1);
    if (last === undefined) throw new Error('an object without a workload');
    const lists = new Set(same.map(({ byNode }) => byNode));
    if (lists.size === 1) return last;
    return {
      ...last,
      byRole: last.byRole.map((role, index) =>
        worst(
          role,
          same.flatMap(({ byRole }) => byRole[index] ?? []),
          ({ share, expected }) => isFault(share !== 'none', share === 'every', expected),
        ),
      ),
      byNode: last.byNode.map((node, index) =>
        worst(
          node,
          same.flatMap(({ byNode }) => byNode[index] ?? []),
          ({ runs, expected }) => isFault(runs, runs, expected),
        ),
      ),
    };
  });
}

function worst<T>(last: T, all: readonly T[], isBad: (one: T) => boolean): T {
  return isBad(last) ? last : (all.find(isBad) ?? last);
}

function isFault(reaches: boolean, covers: boolean, expected: Expectation): boolean {
  return (expected === 'forbidden' && reaches) || (expected === 'required' && !covers);
}

/** Puts single pods of one component together: each member of etcd has its own manifest. */
function merged(workloads: readonly WorkloadReach[]): readonly WorkloadReach[] {
  const kept: WorkloadReach[] = [];
  const pods = new Map<string, WorkloadReach[]>();
  for (const workload of workloads) {
    const { component, object } = workload;
    if (component === null || object.kind !== 'Pod') {
      kept.push(workload);
      continue;
    }
    const key = JSON.stringify([component, object.namespace]);
    const same = pods.get(key);
    if (same === undefined) pods.set(key, [workload]);
    else same.push(workload);
  }
  return [...kept, ...[...pods.values()].map(together)];
}

function together(pods: readonly WorkloadReach[]): WorkloadReach {
  const [first, ...others] = [...pods].sort((a, b) => compareReferences(a.object, b.object));
  if (first === undefined) throw new Error('a component without pods');
  if (others.length === 0) return first;
  // Each member of etcd may be pinned to its own Node: one that can run on none is not hidden by the others.
  const lost = pods.find(isLost);
  return {
    ...first,
    objects: pods.length,
    byRole: first.byRole.map((role, index) =>
      others.reduce((most, { byRole }) => farther(most, byRole[index]), role),
    ),
    byNode: first.byNode.map((node, index) => {
      const missing = lost?.byNode[index];
      if (missing?.expected === 'required') return missing;
      const all = [node, ...others.flatMap(({ byNode }) => byNode[index] ?? [])];
      return all.find(({ runs }) => runs) ?? node;
    }),
    running: summed(pods.map(({ running }) => running)),
  };
}

/** Whether there are Nodes on which the pod should be able to run, and it can run on none of them. */
function isLost({ byNode }: WorkloadReach): boolean {
  const required = byNode.filter(({ expected }) => expected === 'required');
  return required.length > 0 && !required.some(({ runs }) => runs);
}

function farther(role: RoleReach, other: RoleReach | undefined): RoleReach {
  if (other === undefined || isMissed(role)) return role;
  return isMissed(other) || SHARES.indexOf(other.share) > SHARES.indexOf(role.share) ? other : role;
}

function isMissed({ share, expected }: RoleReach): boolean {
  return share === 'none' && expected === 'required';
}

function summed(
  all: readonly Readonly<Record<string, number>>[],
): Readonly<Record<string, number>> {
  const sum = new Map<string, number>();
  for (const one of all) {
    for (const [node, pods] of Object.entries(one)) sum.set(node, (sum.get(node) ?? 0) + pods);
  }
  return Object.fromEntries(sum);
}

function compareWorkloads(
  a: WorkloadReach,
  b: WorkloadReach,
  order: ReadonlyMap<string, number>,
): number {
  const place = ({ component }: WorkloadReach) =>
    component === null ? order.size : (order.get(component) ?? 0);
  return (
    place(a) - place(b) ||
    compareText(a.object.namespace ?? '', b.object.namespace ?? '') ||
    compareText(a.object.kind, b.object.kind) ||
    compareReferences(a.object, b.object)
  );
}

function map(value: JsonValue | undefined): JsonObject {
  return isMap(value) ? value : {};
}
