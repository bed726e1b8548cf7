import type { JsonObject, JsonValue } from '../../src/kubernetes/json.ts';
import type { NodeRole, Profile } from '../../src/profile/profile.ts';
import { pick, type Random } from '../scheduler/pods.ts';
import { complete } from './complete.ts';

// Random workloads about which an API server has nothing to say, heavy on where their pods may run: labels, values
// and taints are those of the profile, and a few others. test/surfaces/objects.ts makes those of the other sort.

/** A workload of any kind, which may have the name of a component. */
export function randomPlacement(random: Random, profile: Profile): JsonObject {
  const kind = pick(random, KINDS);
  const spec = randomSpec(random, profile);
  const row = pick(random, profile.components).match;
  const isRow = random(2) === 0;
  const metadata = {
    name: isRow
      ? row.name.replace('*', pick(random, ['', '-1', 'x']))
      : pick(random, ['web', 'db']),
    namespace:
      isRow && random(4) > 0
        ? row.namespace.replace('*', 'x')
        : pick(random, ['shop', 'kube-system']),
    ...(kind === 'Pod' && random(4) === 0 && { ownerReferences: [randomOwner(random)] }),
  };
  return complete({
    apiVersion: API[kind] ?? 'apps/v1',
    kind,
    metadata,
    spec: placed(kind, spec, random),
  });
}

const KINDS = [
  'Pod',
  'Pod',
  'Pod',
  'Deployment',
  'DaemonSet',
  'DaemonSet',
  'StatefulSet',
  'ReplicaSet',
  'Job',
  'CronJob',
  'ReplicationController',
];

const API: Readonly<Record<string, string>> = {
  Pod: 'v1',
  ReplicationController: 'v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
};

function placed(kind: string, spec: JsonObject, random: Random): JsonObject {
  if (kind === 'Pod') return spec;
  if (kind === 'CronJob')
    return { schedule: '* * * * *', jobTemplate: { spec: { template: { spec } } } };
  const hasReplicas = !['DaemonSet', 'Job'].includes(kind) && random(3) > 0;
  return { ...(hasReplicas && { replicas: random(4) }), template: { spec } };
}

function randomOwner(random: Random): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: pick(random, ['ReplicaSet', 'DaemonSet']),
    name: pick(random, ['web-1', 'kube-proxy', 'coredns-5d']),
    uid: 'u',
    ...(random(3) > 0 && { controller: true }),
  };
}

function randomSpec(random: Random, profile: Profile): JsonObject {
  const labels = labelsOf(profile);
  return {
    ...(random(5) > 0 && { tolerations: some(random, 4, () => randomToleration(random, profile)) }),
    ...(random(3) === 0 && {
      nodeSelector: Object.fromEntries(
        some(random, 3, () => {
          const { key, values } = pick(random, labels);
          return [key, pick(random, values)] as const;
        }),
      ),
    }),
    ...(random(2) === 0 && { affinity: { nodeAffinity: randomAffinity(random, labels) } }),
    ...(random(9) === 0 && { nodeName: pick(random, ['n1', 'n2']) }),
    ...(random(9) === 0 && {
      schedulerName: pick(random, ['default-scheduler', 'mine', 'second']),
    }),
    ...(random(12) === 0 && { runtimeClassName: 'kata' }),
    ...(random(12) === 0 && { hostNetwork: true }),
  };
}

interface Label {
  readonly key: string;
  readonly values: readonly string[];
}

/** The labels of the profile with values that it knows and others, and labels that it does not know. */
function labelsOf({ nodeRoles, nodeLabels }: Profile): readonly Label[] {
  const known = [...nodeRoles.flatMap(({ labels }) => labels), ...nodeLabels];
  const keys = [...new Set(known.map(({ key }) => key))];
  const own = keys.map((key) => ({
    key,
    values: [
      ...known.filter((label) => label.key === key).map(({ value }) => value ?? 'x'),
      'other',
      '7',
    ],
  }));
  return [
    ...own,
    ...own,
    { key: 'pool', values: ['a', 'b', '7', '08', ''] },
    { key: 'example.com/n', values: ['1', '2', '007', '9223372036854775807'] },
  ];
}

function randomToleration(random: Random, { nodeRoles }: Profile): JsonObject {
  const taints = nodeRoles.flatMap((role) => taintsOf(role));
  const taint = pick(random, [
    ...taints,
    ...taints,
    { key: 'other', value: 'x', effect: 'NoSchedule' },
  ]);
  const exists = random(2) === 0;
  const effect = pick(random, [taint.effect, taint.effect, '', 'NoExecute', 'PreferNoSchedule']);
  if (exists && random(4) === 0) return { operator: 'Exists', ...(effect !== '' && { effect }) };
  return {
    key: taint.key,
    ...(exists
      ? { operator: 'Exists' }
      : {
          ...(random(2) === 0 && { operator: 'Equal' }),
          ...randomValue(random, taint.value ?? ''),
        }),
    ...(effect !== '' && { effect }),
    ...(effect === 'NoExecute' && random(3) === 0 && { tolerationSeconds: random(3) }),
  };
}

function randomValue(random: Random, value: string): JsonObject {
  const given = random(5) === 0 ? 'other' : random(5) === 0 ? '' : value;
  return given === '' ? {} : { value: given };
}

function taintsOf({ taints, alternativeTaints = [] }: NodeRole) {
  return [...taints, ...alternativeTaints.flat()];
}

function randomAffinity(random: Random, labels: readonly Label[]): JsonObject {
  const nodeSelectorTerms = Array.from({ length: 1 + random(3) }, () => {
    // Several requirements on one label show how they are taken together.
    const few = [pick(random, labels), ...some(random, 3, () => pick(random, labels))];
    return {
      ...(random(8) > 0 && {
        matchExpressions: some(random, 4, () => randomExpression(random, few)),
      }),
      ...(random(8) === 0 && { matchFields: some(random, 3, () => randomName(random)) }),
    };
  });
  return { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
}

function randomName(random: Random): JsonObject {
  const operator = pick(random, ['In', 'NotIn']);
  return { key: 'metadata.name', operator, values: [pick(random, ['n1', 'n2'])] };
}

function randomExpression(random: Random, labels: readonly Label[]): JsonObject {
  const { key, values } = pick(random, labels);
  const operator = pick(random, [
    'In',
    'In',
    'NotIn',
    'NotIn',
    'Exists',
    'DoesNotExist',
    'Gt',
    'Lt',
  ]);
  const listed: JsonValue =
    operator === 'In' || operator === 'NotIn'
      ? Array.from({ length: 1 + random(3) }, () => pick(random, values))
      : operator === 'Gt' || operator === 'Lt'
        ? [
            pick(random, [
              '0',
              '1',
              '6',
              '7',
              '8',
              '007',
              'x',
              '9223372036854775807',
              '9223372036854775806',
            ]),
          ]
        : [];
  return { key, operator, ...(listed.length > 0 && { values: listed }) };
}

function some<T>(random: Random, most: number, make: () => T): T[] {
  return Array.from({ length: random(most) }, make);
}

/** A Node with labels and taints of the profile's roles, some of them wrong. */
export function randomRoleNode(random: Random, { nodeRoles }: Profile): JsonObject {
  const role = pick(random, nodeRoles);
  const other = pick(random, nodeRoles);
  const marks = [...role.labels, ...(random(4) === 0 ? other.labels : [])];
  const labels = marks.flatMap(({ key, value = 'x', exists }) =>
    exists === false || random(5) === 0 ? [] : [[key, random(6) === 0 ? 'other' : value] as const],
  );
  const taints = [...taintsOf(role), ...(random(4) === 0 ? taintsOf(other) : [])].flatMap(
    ({ key, value, effect }) =>
      random(4) === 0
        ? []
        : [
            {
              key,
              ...randomValue(random, value ?? ''),
              effect: random(5) === 0 ? pick(random, ['NoExecute', 'PreferNoSchedule']) : effect,
            },
          ],
  );
  const distinct = new Map(taints.map((taint) => [`${taint.key}:${taint.effect}`, taint]));
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: pick(random, ['n1', 'n2']), labels: Object.fromEntries(labels) },
    spec: { taints: [...distinct.values()] },
  };
}

const NUMBERS = ['6', '7', '8', '9'];

/** Requirements that few random ones come to: how several on one label are taken together. */
const CORNERS: readonly (readonly JsonObject[])[] = [
  ...NUMBERS.flatMap((number) =>
    NUMBERS.map((other) => [
      { key: 'pool', operator: 'Gt', values: [number] },
      { key: 'pool', operator: 'Lt', values: [other] },
    ]),
  ),
  ...NUMBERS.flatMap((number) =>
    ['Gt', 'Lt'].map((operator) => [
      { key: 'pool', operator: 'In', values: ['7', '08', 'a'] },
      { key: 'pool', operator, values: [number] },
    ]),
  ),
  ...['a', 'b', 'c'].map((value) => [
    { key: 'pool', operator: 'In', values: ['a', 'b'] },
    { key: 'pool', operator: 'In', values: [value] },
  ]),
  ...['In', 'NotIn', 'Exists', 'DoesNotExist'].flatMap((operator) =>
    ['NotIn', 'Exists', 'DoesNotExist'].map((other) => [
      { key: 'pool', operator, ...(operator.endsWith('n') && { values: ['a'] }) },
      { key: 'pool', operator: other, ...(other === 'NotIn' && { values: ['a'] }) },
    ]),
  ),
  [{ key: 'pool', operator: 'Gt', values: ['9223372036854775806'] }],
  [{ key: 'pool', operator: 'Gt', values: ['9223372036854775807'] }],
  [{ key: 'pool', operator: 'Lt', values: ['0'] }],
];

const NAMES: readonly (readonly JsonObject[])[] = ['In', 'NotIn'].flatMap((operator) =>
  ['n1', 'n2'].map((name) => [
    { key: 'metadata.name', operator: 'In', values: ['n1'] },
    { key: 'metadata.name', operator, values: [name] },
  ]),
);

/** Pods that tolerate everything, each with one of these requirements: alone, and beside a nodeName. */
export function corners(): readonly JsonObject[] {
  const terms = [
    ...CORNERS.map((matchExpressions) => ({ matchExpressions: [...matchExpressions] })),
    ...NAMES.map((matchFields) => ({ matchFields: [...matchFields] })),
    {},
  ];
  return terms.flatMap((term) =>
    ['', 'n1'].map((nodeName) =>
      complete({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'web', namespace: 'shop' },
        spec: {
          tolerations: [{ operator: 'Exists' }],
          ...(nodeName !== '' && { nodeName }),
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
            },
          },
        },
      }),
    ),
  );
}
