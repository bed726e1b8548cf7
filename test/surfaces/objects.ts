import type { JsonObject } from '../../src/kubernetes/json.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { randomBudget, randomWorkload } from '../disruption/disruptions.ts';
import { randomLabels } from '../disruption/selectors.ts';
import { randomTemplate } from '../disruption/templates.ts';
import { pick, type Random, randomNode, randomPod } from '../scheduler/pods.ts';
import { at } from './scene.ts';

// Random objects of every kind that a policy checks or reads. They have few namespaces and names, which
// match often. Some have names of components of the profile, in the right namespace or in another.

/** Random objects of one cluster, among them components. */
export function randomObjects(
  random: Random,
  profile: Profile,
  count: number,
): readonly JsonObject[] {
  return Array.from({ length: count }, () => {
    const object = pick(random, MAKERS)(random, profile);
    return {
      ...object,
      metadata: { ...map(object['metadata']), ...randomIdentity(random, profile, object) },
    };
  });
}

const MAKERS: readonly ((random: Random, profile: Profile) => JsonObject)[] = [
  ...Array.from({ length: 8 }, () => randomUpdated),
  ...['ReplicaSet', 'Deployment'].map((kind) => randomController('apps/v1', kind)),
  ...['DaemonSet', 'Deployment'].map((kind) => randomController('extensions/v1beta1', kind)),
  randomController('v1', 'ReplicationController'),
  randomController('batch/v1', 'Job'),
  randomController('argoproj.io/v1alpha1', 'Rollout'),
  randomCronJob,
  randomBarePod,
  randomBarePod,
  randomRoleNode,
  randomBudget,
  randomBudget,
  randomService,
  randomAutoscaler,
];

function randomIdentity(random: Random, profile: Profile, object: JsonObject): JsonObject {
  const drawn = pick(random, profile.components).match;
  const row = drawn.name.replace('*', String(random(3)));
  const kept = at(object, 'kind') === 'Node' ? at(object, 'metadata', 'name') : row;
  const name = random(3) > 0 ? kept : pick(random, ['web', 'db', 'shop']);
  const namespace = random(3) > 0 ? drawn.namespace : pick(random, ['default', 'shop', 'other']);
  const isOfCluster = at(object, 'kind') === 'Node' || random(6) === 0;
  return {
    ...(random(6) === 0 ? { generateName: `${row}-` } : { name }),
    ...(!isOfCluster && { namespace }),
  };
}

/** A workload with an update strategy, and with what keeps its pods off one node. */
function randomUpdated(random: Random): JsonObject {
  const workload = randomWorkload(random);
  const selector = { matchLabels: { app: 'x' } };
  return { ...workload, spec: { ...map(workload['spec']), selector, template: template(random) } };
}

function randomController(apiVersion: string, kind: string) {
  return (random: Random): JsonObject => ({
    apiVersion,
    kind,
    spec: {
      ...(random(3) > 0 && { replicas: random(4) }),
      template: template(random),
    },
  });
}

function randomCronJob(random: Random): JsonObject {
  const jobTemplate = { spec: { template: template(random) } };
  return {
    apiVersion: pick(random, ['batch/v1', 'batch/v1beta1']),
    kind: 'CronJob',
    spec: { schedule: '0 0 * * *', jobTemplate },
  };
}

function randomBarePod(random: Random): JsonObject {
  const { metadata, spec } = template(random);
  const owner = { apiVersion: 'apps/v1', kind: pick(random, ['ReplicaSet', 'Node']), name: 'web' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...map(metadata),
      ...(random(4) === 0 && { ownerReferences: [{ ...owner, controller: true }] }),
    },
    spec: spec ?? null,
  };
}

/** A Node with a role or without one, sometimes without the taints of the role. */
function randomRoleNode(random: Random, profile: Profile): JsonObject {
  const node = randomNode(random);
  const role = pick(random, profile.nodeRoles);
  const marks = role.labels.filter(({ exists }) => exists !== false);
  const labels = Object.fromEntries(marks.map(({ key, value = '' }) => [key, value]));
  return {
    ...node,
    metadata: {
      ...map(node['metadata']),
      labels: { ...map(at(node, 'metadata', 'labels')), ...(random(4) > 0 && labels) },
    },
    ...(random(2) === 0 && { spec: { taints: role.taints.map((taint) => ({ ...taint })) } }),
  };
}

function randomService(random: Random): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    spec: { ...(random(6) > 0 && { selector: randomLabels(random) }), ports: [{ port: 80 }] },
  };
}

function randomAutoscaler(random: Random): JsonObject {
  const kind = pick(random, ['Deployment', 'StatefulSet', 'ReplicaSet']);
  const name = pick(random, ['web', 'db', 'kube-scheduler', 'kube-controller-manager', 'coredns']);
  return {
    apiVersion: pick(random, ['autoscaling/v2', 'autoscaling/v1']),
    kind: 'HorizontalPodAutoscaler',
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind, name },
      ...(random(3) > 0 && { minReplicas: 1 + random(3) }),
      maxReplicas: 5,
    },
  };
}

/** A pod spec: where the pods can run, and what keeps them off one node. */
function template(random: Random): JsonObject {
  const { metadata, spec } = randomTemplate(random);
  const labels = random(2) === 0 ? { ...map(metadata), labels: randomLabels(random) } : metadata;
  const placed = { ...map(spec), ...(random(3) > 0 && randomPod(random)) };
  const selected = random(4) === 0 ? { ...placed, nodeSelector: null } : placed;
  return { metadata: labels ?? null, spec: selected };
}

function map(value: JsonObject[string] | undefined): JsonObject {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? (value as JsonObject) : {};
}
