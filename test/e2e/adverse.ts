import type { JsonObject, JsonValue } from '../../src/kubernetes/json.ts';

// Objects that tolerate every taint, and that cost as much to check as one field of them can: each is small enough
// for an API server, and each must be denied however long that takes.

/** A pod or a Deployment of a user, with what makes it expensive. */
export interface Adverse {
  readonly object: JsonObject;
  /** Beyond seven megabytes of JSON, Gatekeeper answers no request: only `failurePolicy: Fail` keeps it out. */
  readonly isTooLong: boolean;
}

const IMAGE = 'registry.example/main:1';
const TOLERATIONS: readonly JsonObject[] = [{ operator: 'Exists' }];

/** The bytes of most shapes: the largest object that etcd takes has 1.5 MB, and its JSON is longer. */
const BYTES = 1_000_000;

export function adverse(): readonly Adverse[] {
  return [
    shape('tolerations-10000', {
      tolerations: [
        ...TOLERATIONS,
        ...times(10_000, (index) => ({ key: `example.com/k${index}`, operator: 'Exists' })),
      ],
    }),
    ...[400, 1000, 10_000, 20_000].map((count) =>
      shape(`node-selector-${count}`, { nodeSelector: pairs(count) }),
    ),
    ...[700, 10_000].map((count) =>
      shape(`does-not-exist-${count}`, {
        affinity: nodeAffinity([
          times(count, (index) => ({ key: `k${index}`, operator: 'DoesNotExist' })),
        ]),
      }),
    ),
    shape('one-key-10000', {
      affinity: nodeAffinity([
        times(10_000, (index) => ({ key: 'k', operator: 'NotIn', values: [`v${index}`] })),
      ]),
    }),
    shape('terms-5000', {
      affinity: nodeAffinity(
        times(5000, (index) => [{ key: `k${index}`, operator: 'DoesNotExist' }]),
      ),
    }),
    shape('values-60000', {
      affinity: nodeAffinity([
        [{ key: 'k', operator: 'NotIn', values: times(60_000, (index) => `v${index}`) }],
      ]),
    }),
    shape('kubelet-words-60000', container({ command: ['kubelet'], args: [words(60_000)] })),
    shape(
      'kubelet-args-60000',
      container({ command: ['kubelet'], args: times(60_000, (index) => `--a${index}=b`) }),
    ),
    shape('kubelet-text', container({ command: ['kubelet'], args: ['x'.repeat(BYTES)] })),
    shape('shell-kubelets', container({ command: ['sh', '-c', 'kubelet;'.repeat(BYTES / 8)] })),
    shape(
      'shell-quotes',
      container({ command: ['sh', '-c', `kubelet ${'${\'"\\'.repeat(BYTES / 5)}`] }),
    ),
    shape('containers-3000', {
      containers: times(3000, (index) => ({
        name: `kubelet-${index}`,
        image: IMAGE,
        args: ['kubelet'],
      })),
    }),
    shape(
      'env-10000',
      container({ env: times(10_000, (index) => ({ name: `E${index}`, value: words(5) })) }),
    ),
    shape('labels-20000', {}, { labels: pairs(20_000) }),
    shape('annotations', {}, { annotations: { 'example.com/a': 'x'.repeat(260_000) } }),
    shape('pod-affinity-3000', {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: times(3000, (index) => ({
            topologyKey: 'kubernetes.io/hostname',
            labelSelector: { matchLabels: { app: `a${index}` } },
          })),
        },
      },
    }),
    shape('host-aliases-10000', {
      hostAliases: times(10_000, (index) => ({ ip: '10.0.0.1', hostnames: [`h${index}.example`] })),
    }),
    ofDeployment(
      shape('deployment-10000', {
        nodeSelector: pairs(10_000),
        ...container({ command: ['kubelet'], args: [words(60_000)] }),
      }),
    ),
    // An API server escapes each of these characters with six.
    { ...shape('escaped', container({ args: ['<'.repeat(1_300_000)] })), isTooLong: true },
  ];
}

function shape(name: string, spec: JsonObject, metadata: JsonObject = {}): Adverse {
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', ...metadata },
    spec: { tolerations: [...TOLERATIONS], containers: [{ name: 'main', image: IMAGE }], ...spec },
  };
  return { object, isTooLong: false };
}

function ofDeployment({ object, isTooLong }: Adverse): Adverse {
  const labels = { app: 'adverse' };
  const template = { metadata: { labels }, spec: object['spec'] ?? {} };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  return { object: { ...object, apiVersion: 'apps/v1', kind: 'Deployment', spec }, isTooLong };
}

function container(fields: JsonObject): JsonObject {
  return { containers: [{ name: 'kubelet', image: IMAGE, ...fields }] };
}

function nodeAffinity(terms: readonly (readonly JsonObject[])[]): JsonObject {
  const nodeSelectorTerms = terms.map((matchExpressions) => ({
    matchExpressions: [...matchExpressions],
  }));
  return {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
  };
}

function pairs(count: number): JsonObject {
  return Object.fromEntries(times(count, (index) => [`example.com/k${index}`, `v${index}`]));
}

function words(count: number): string {
  return times(count, (index) => `"${index}"`).join(' ');
}

function times<T extends JsonValue>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
