import type { JsonObject } from '../kubernetes/json.ts';
import {
  identityOf,
  isMap,
  type ObjectReference,
  reference,
  stringAt,
} from '../kubernetes/objects.ts';
import { type ManifestObject, referenceOf } from '../manifest/objects.ts';
import { type Profile, type RoleLabel, reservedRoles } from '../profile/profile.ts';
import type { UnnumberedFinding } from './findings.ts';

/** A pod that runs, and where. */
interface RunningPod {
  readonly name: string;
  readonly node: string;
  /** What made it, to the end: the Deployment of its ReplicaSet; itself if nothing did. */
  readonly maker: string;
}

/** What the pods of an input say of findings: where pods are now, beside where they can be. */
export interface Running {
  /** Returns what is so now, in words; undefined if the input does not tell. */
  readonly now: (finding: UnnumberedFinding) => string | undefined;
}

/** The policies about pods on reserved nodes. */
const OF_PODS = ['control-plane-intrusion', 'scheduler-bypass'];
const OF_NODES = 'untainted-control-plane-node';

/**
 * Looks at the pods that an API server has shown.
 *
 * @param members the objects of components.
 */
export function runningIn(
  objects: readonly ManifestObject[],
  profile: Profile,
  members: Iterable<readonly ObjectReference[]>,
): Running {
  const pods = podsIn(objects);
  if (pods.length === 0) return { now: () => undefined };
  const reserved = reservedNodes(valuesOf(objects, 'Node'), profile);
  const known = new Set([...members].flat().map(identityOf));
  return {
    now: ({ policy, object }) => {
      const identity = identityOf(object);
      if (policy === OF_NODES && object.kind === 'Node') {
        return othersOn(
          pods.filter(({ node, maker }) => node === object.name && !known.has(maker)),
        );
      }
      if (!OF_PODS.includes(policy) || object.kind === 'Pod') return undefined;
      return onReserved(
        pods.filter(({ maker }) => maker === identity),
        reserved,
      );
    },
  };
}

/** The objects of a kind of the API version v1. */
function valuesOf(objects: readonly ManifestObject[], kind: string): readonly JsonObject[] {
  return objects.flatMap((object) => {
    const named = referenceOf(object);
    return named.apiVersion === 'v1' && named.kind === kind ? [object.value] : [];
  });
}

function podsIn(objects: readonly ManifestObject[]): readonly RunningPod[] {
  const pods = valuesOf(objects, 'Pod');
  const all = new Map<string, ManifestObject>();
  if (pods.length > 0) {
    for (const object of objects) all.set(identityOf(referenceOf(object)), object);
  }
  return pods.flatMap((object) => {
    const { metadata, spec, status } = object;
    const node = stringAt(spec, 'nodeName');
    if (node === null || node === '') return [];
    if (stringAt(metadata, 'uid') === null) return [];
    if (['Succeeded', 'Failed'].includes(stringAt(status, 'phase') ?? '')) return [];
    return [{ name: reference(object).name ?? '', node, maker: makerOf(object, all) }];
  });
}

/** Owners of owners: a Job of a CronJob has pods, a ReplicaSet of a Deployment. A longer chain is none of Kubernetes' own. */
const MOST_OWNERS = 5;

function makerOf(object: JsonObject, all: ReadonlyMap<string, ManifestObject>): string {
  let made = object;
  for (let step = 0; step < MOST_OWNERS; step += 1) {
    const owner = controllerOf(made);
    const found = owner === undefined ? undefined : all.get(owner);
    if (found === undefined) break;
    made = found.value;
  }
  return identityOf(reference(made));
}

function controllerOf(object: JsonObject): string | undefined {
  const { metadata } = object;
  const owners = isMap(metadata) ? metadata['ownerReferences'] : undefined;
  const owner = Array.isArray(owners)
    ? owners.find((one) => isMap(one) && one['controller'] === true && one['kind'] !== 'Node')
    : undefined;
  if (owner === undefined) return undefined;
  return identityOf({
    apiVersion: stringAt(owner, 'apiVersion') ?? '',
    kind: stringAt(owner, 'kind') ?? '',
    namespace: reference(object).namespace,
    name: stringAt(owner, 'name'),
  });
}

function reservedNodes(nodes: readonly JsonObject[], profile: Profile): ReadonlySet<string> {
  const roles = reservedRoles(profile);
  const found = nodes.filter((object) => {
    const { metadata } = object;
    const labels = isMap(metadata) ? metadata['labels'] : undefined;
    const given = isMap(labels) ? labels : {};
    return roles.some((role) => has(given, role.labels));
  });
  return new Set(found.map((node) => reference(node).name ?? ''));
}

function has(given: JsonObject, labels: readonly RoleLabel[]): boolean {
  const lacks = labels.some(({ key, exists }) => exists === false && Object.hasOwn(given, key));
  return (
    !lacks &&
    labels.some(
      ({ key, value = '', exists }) =>
        exists !== false && Object.hasOwn(given, key) && (exists === true || given[key] === value),
    )
  );
}

/** The pods that are named; others are counted. */
const MOST_NAMED = 3;

function onReserved(
  pods: readonly RunningPod[],
  reserved: ReadonlySet<string>,
): string | undefined {
  if (pods.length === 0 || reserved.size === 0) return undefined;
  const there = pods.filter(({ node }) => reserved.has(node));
  const of = pods.length === 1 ? 'its pod' : `its ${pods.length} pods`;
  if (there.length === 0) {
    return pods.length === 1 ? 'its pod runs on another node' : `none of ${of} runs on such a node`;
  }
  const [first] = new Set(there.map(({ node }) => node));
  const isOneNode = there.every(({ node }) => node === first);
  const where = isOneNode ? `on ${first}` : 'on such nodes';
  const names = there
    .slice(0, MOST_NAMED)
    .map(({ name, node }) => (isOneNode ? name : `${name} (${node})`));
  const more = there.length - names.length;
  const list = `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  if (pods.length === 1) return `its pod runs ${where}: ${list}`;
  return `${there.length} of ${of} ${there.length === 1 ? 'runs' : 'run'} ${where}: ${list}`;
}

function othersOn(pods: readonly RunningPod[]): string | undefined {
  if (pods.length === 0) return undefined;
  return pods.length === 1
    ? `1 pod of another workload runs there: ${pods[0]?.name}`
    : `${pods.length} pods of other workloads run there`;
}
