import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Adverse, INVENTORIES, SHAPES, strictest } from '../bench/shapes.ts';
import { openSession } from '../src/session.ts';
import { builtBulkhead, shippedProfile } from './support/bulkhead.ts';

// What is larger than the limits of policies/lib/api/limits.rego is reported by each policy that cannot answer,
// and what is as large as they allow is checked.

const bulkhead = builtBulkhead();
const profile = strictest(shippedProfile('tectonic-1.6.4'));

const PLACEMENT = ['control-plane-intrusion'];
const OF_COMPONENTS = ['off-role-placement', 'unreachable-node-role'];
const SHARING = ['stuck-rollout', 'unspread-replicas'];
const REGISTRATION = ['untainted-control-plane-node'];
const BUDGET = [
  'blocking-disruption-budget',
  'overlapping-disruption-budgets',
  'powerless-disruption-budget',
  'unmatched-disruption-budget',
];

/** By shape: how many items are checked, which policies report one more, where, and in which words. */
const LIMITS: readonly (readonly [
  shape: string,
  most: number,
  policies: readonly string[],
  path: string,
  says: string,
])[] = [
  [
    'tolerations',
    250,
    PLACEMENT,
    'spec.tolerations',
    'it has 251 tolerations, and at most 250 are checked',
  ],
  ['tolerations of the taint', 250, PLACEMENT, 'spec.tolerations', 'it has 251 tolerations'],
  [
    'tolerations of a component',
    250,
    [...OF_COMPONENTS, ...SHARING],
    'spec.template.spec.tolerations',
    'it has 251 tolerations',
  ],
  ['nodeSelector pairs', 250, PLACEMENT, 'spec.nodeSelector', 'it has 251 pairs in nodeSelector'],
  [
    'nodeSelector pairs and terms',
    31,
    PLACEMENT,
    'spec',
    'it has 1057 tolerations and requirements of all its terms, and at most 1000 are checked',
  ],
  [
    'requirements of a term',
    50,
    PLACEMENT,
    'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0',
    'it has 51 requirements in one nodeSelectorTerm',
  ],
  [
    'requirements on one label',
    50,
    PLACEMENT,
    'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0',
    'it has 51 requirements in one nodeSelectorTerm',
  ],
  [
    'matchFields',
    50,
    PLACEMENT,
    'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0',
    'it has 51 requirements in one nodeSelectorTerm',
  ],
  [
    'terms',
    125,
    PLACEMENT,
    'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms',
    'it has 252 requirements in its nodeSelectorTerms, and at most 250 are checked',
  ],
  [
    'terms of a component of every node',
    250,
    ['stuck-rollout', 'unreachable-node-role'],
    'spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms',
    'it has 251 nodeSelectorTerms',
  ],
  [
    'values of a requirement',
    1000,
    PLACEMENT,
    'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms',
    'it has 1001 values in its nodeSelectorTerms',
  ],
  [
    'pod specs of a custom resource',
    100,
    [...PLACEMENT, 'scheduler-bypass', ...REGISTRATION],
    'spec',
    'it has 101 pod templates',
  ],
  ['containers', 250, REGISTRATION, 'spec', 'it has 251 containers'],
  [
    'args of a kubelet',
    1999,
    REGISTRATION,
    'spec',
    'it has 2001 words of command lines about nodes',
  ],
  ['node labels of a kubelet', 1999, REGISTRATION, 'spec', 'it has 2001 words of command lines'],
  ['a script with separators', 1997, REGISTRATION, 'spec', 'words of command lines'],
  ['taints of a Node', 250, REGISTRATION, 'spec.taints', 'it has 251 taints'],
  ['taints of a registration', 250, REGISTRATION, 'nodeRegistration.taints', 'it has 251 taints'],
  [
    'flags of a registration',
    250,
    REGISTRATION,
    'nodeRegistration.kubeletExtraArgs',
    'it has 251 flags of a kubelet',
  ],
  ['labels of a node pool', 250, REGISTRATION, 'spec.nodeLabels', 'it has 251 labels'],
  ['pools of a cluster', 100, REGISTRATION, 'spec.agentPoolProfiles', 'it has 101 groups of nodes'],
  ['commands of a new machine', 333, REGISTRATION, 'spec', 'words of command lines about nodes'],
  [
    'labels',
    250,
    ['component-impersonation', 'missing-disruption-budget'],
    'spec.template.metadata.labels',
    'it has 251 labels',
  ],
  ['host ports', 250, SHARING, 'spec.template.spec', 'it has 251 ports of containers'],
  [
    'podAntiAffinity terms',
    50,
    SHARING,
    'spec.template.spec.affinity',
    'it has 51 terms of pod affinity',
  ],
  [
    'a selector of podAntiAffinity',
    100,
    SHARING,
    'spec.template.spec',
    'it has 101 requirements on other pods',
  ],
  [
    'namespaces of a term',
    1000,
    SHARING,
    'spec.template.spec',
    'it has 1001 values in its requirements on other pods',
  ],
  [
    'topologySpreadConstraints',
    50,
    SHARING,
    'spec.template.spec.topologySpreadConstraints',
    'it has 51 topologySpreadConstraints',
  ],
  [
    "a budget's matchExpressions",
    50,
    BUDGET,
    'spec.selector',
    'it has 51 requirements in its selector',
  ],
  ["a budget's matchLabels", 50, BUDGET, 'spec.selector', 'it has 51 requirements in its selector'],
  ["a budget's values", 1000, BUDGET, 'spec.selector', 'it has 1001 values in its selector'],
  [
    'bare pods of a row',
    50,
    ['unspread-replicas'],
    'metadata.name',
    'it has 51 pods that no controller created',
  ],
  [
    'autoscalers of a namespace',
    50,
    ['interrupting-update', 'missing-disruption-budget', ...SHARING],
    'metadata.name',
    'it has 51 autoscalers, and at most 50 are checked',
  ],
  [
    'ScaledObjects of a namespace',
    50,
    ['interrupting-update', 'missing-disruption-budget', ...SHARING],
    'metadata.name',
    'it has 51 autoscalers, and at most 50 are checked',
  ],
  [
    'autoscalers of a workload under a budget',
    50,
    ['blocking-disruption-budget', 'powerless-disruption-budget'],
    'spec.selector',
    'Deployment shop/web has 51 autoscalers, and at most 50 are checked',
  ],
  [
    'budgets of all pods, beside as many workloads',
    200,
    BUDGET,
    'spec.selector',
    'its namespace has 40401 pairs of a workload and a requirement or PodDisruptionBudget',
  ],
  [
    'budgets of all pods, beside a workload',
    5000,
    ['missing-disruption-budget'],
    'metadata.namespace',
    'its namespace has 5001 PodDisruptionBudgets',
  ],
];

describe('an object as large as the limits allow is checked, a larger one is reported', () => {
  for (const [name, most, policies, path, says] of LIMITS) {
    test(name, () => {
      const shape = [...SHAPES, ...INVENTORIES].find((one) => one.name === name);
      assert.ok(shape);
      assert.deepEqual(unchecked(shape.of(most)), []);
      const beyond = unchecked(shape.of(most + 1));
      assert.deepEqual(
        [...new Set(beyond.map(({ policy }) => policy))].filter((id) => policies.includes(id)),
        policies.toSorted(),
      );
      assert.deepEqual(new Set(beyond.map((one) => one.path.join('.'))), new Set([path]));
      for (const { message } of beyond) assert.match(message, new RegExp(escaped(says)));
    });
  }
});

test('every shape of a megabyte is reported, or has nothing that takes time', () => {
  const silent = SHAPES.filter(({ of }) => {
    const { object, others = [] } = of(20_000);
    return answer({ object, others }).length === 0;
  }).map(({ name }) => name);
  assert.deepEqual(silent, []);
});

function unchecked(adverse: Adverse) {
  return answer(adverse).filter(({ message }) => / are checked$/.test(message));
}

function answer({ object, others = [] }: Adverse) {
  const { engine, policiesFor } = openSession(bulkhead, profile, [...others, object]);
  const ids = policiesFor(object as { apiVersion: string; kind: string }).map(({ id }) => id);
  return engine.evaluate(object, ids).violations.toSorted((a, b) => (a.policy < b.policy ? -1 : 1));
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
