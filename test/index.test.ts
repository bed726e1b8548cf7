import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { tool } from '../scripts/tools.ts';
import { createEngine, type Engine, type EngineData } from '../src/engine/engine.ts';
import { indexOf, patternsOf, rowsOf } from '../src/engine/inventory-index.ts';
import type { JsonObject, JsonValue } from '../src/kubernetes/json.ts';
import type { Profile } from '../src/profile/profile.ts';
import { engineData, tableData } from '../src/session.ts';
import { builtBulkhead, ROOT, shippedProfile } from './support/bulkhead.ts';
import { sized } from './support/settings.ts';

// The policies give the same answer with the index of the inventory and without, as in Gatekeeper, whatever the
// objects are: with labels that are no strings, selectors that are missing or select all, one name in several API
// versions, and objects without a name or a namespace.

const bulkhead = builtBulkhead();
const shipped = shippedProfile('tectonic-1.6.4');
const [row] = shipped.components.filter(({ static: isStatic }) => isStatic !== true);
const RUNS = sized(60, 2000);

/** Rows with names, stars and a kind of their own, and what is required of all others. */
const profile: Profile = {
  ...shipped,
  otherWorkloads: { nodeRole: 'worker', disruptionControl: true, antiAffinity: true },
  // Whether a role is reserved depends on the Nodes.
  nodeRoles: shipped.nodeRoles.map((role) => ({ ...role, optionalTaints: true })),
  components: [
    ...shipped.components,
    ...[
      { namespace: 'a', name: 'x' },
      { namespace: 'a', name: 'x*' },
      { namespace: '*', name: 'y' },
      { namespace: 'a*', name: '*z' },
      { namespace: 'b', name: 'y', kind: 'Pod' },
    ].map((match, index) => ({ ...row, name: `row-${index}`, match })),
  ] as Profile['components'],
};

const word = fc.constantFrom('x', 'y', 'xz', '', '__proto__');
const anything = fc.constantFrom<JsonValue>(null, 1, true, '', 'x', [], ['x'], {}, { x: 'y' });
const key = fc.constantFrom('app', 'tier', '__proto__', 'pod-template-hash');
const value: fc.Arbitrary<JsonValue> = fc.oneof(
  { arbitrary: word, weight: 8 },
  { arbitrary: anything, weight: 1 },
);
const labels: fc.Arbitrary<JsonValue> = fc.oneof(
  { arbitrary: fc.dictionary(key, value, { maxKeys: 3 }), weight: 8 },
  { arbitrary: anything, weight: 1 },
);
const expressions: fc.Arbitrary<JsonValue> = fc.array(
  fc.record({
    key,
    operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist', 'Near'),
    values: fc.array(word, { maxLength: 2 }),
  }),
  { maxLength: 2 },
);
const selector: fc.Arbitrary<JsonValue> = fc.oneof(
  { arbitrary: fc.record({ matchLabels: labels }), weight: 6 },
  {
    arbitrary: fc.record({ matchLabels: labels, matchExpressions: expressions }),
    weight: 3,
  },
  { arbitrary: fc.record({ matchExpressions: fc.oneof(expressions, anything) }), weight: 1 },
  { arbitrary: anything, weight: 2 },
);
const metadata = fc.record(
  {
    name: fc.oneof({ arbitrary: word, weight: 8 }, { arbitrary: anything, weight: 1 }),
    namespace: fc.constantFrom<JsonValue>('a', 'a', 'a', 'b', '*', '', '__proto__'),
    labels,
    uid: fc.constantFrom('1', '2'),
  },
  { requiredKeys: [] },
);
const target = fc.oneof(
  fc.record({
    apiVersion: fc.constantFrom('apps/v1', 'v1'),
    kind: fc.constantFrom('Deployment', 'StatefulSet', 'Rollout'),
    name: value,
  }),
  anything,
);

function of(apiVersions: readonly string[], kind: string, spec: fc.Arbitrary<JsonValue>) {
  return fc.record({
    apiVersion: fc.constantFrom(...apiVersions),
    kind: fc.constant(kind),
    metadata,
    spec,
  });
}

const template = fc.record({ metadata: fc.record({ labels }), spec: fc.constant({}) });
const object: fc.Arbitrary<JsonObject> = fc.oneof(
  ...['Deployment', 'StatefulSet', 'DaemonSet'].map((kind) =>
    of(['apps/v1', 'apps/v1beta1', 'extensions/v1beta1'], kind, fc.record({ selector, template })),
  ),
  of(['v1'], 'Pod', fc.constant({})),
  of(
    ['batch/v1'],
    'CronJob',
    fc.record({ jobTemplate: fc.record({ spec: fc.record({ template }) }) }),
  ),
  of(
    ['argoproj.io/v1alpha1'],
    'Rollout',
    fc.oneof(fc.record({ workloadRef: target }), fc.record({ selector, template })),
  ),
  ...[1, 2, 3].map(() =>
    of(
      ['policy/v1', 'policy/v1', 'policy/v1beta1'],
      'PodDisruptionBudget',
      fc.record({ selector, minAvailable: fc.constantFrom<JsonValue>(0, 1, '50%') }),
    ),
  ),
  of(['v1'], 'Service', fc.record({ selector: labels })),
  of(
    ['autoscaling/v1', 'extensions/v1beta1'],
    'HorizontalPodAutoscaler',
    fc.record({
      scaleTargetRef: target,
      scaleRef: target,
      minReplicas: fc.constantFrom(1, 2),
      maxReplicas: fc.constant(3),
    }),
  ),
  of(['keda.sh/v1alpha1'], 'ScaledObject', fc.record({ scaleTargetRef: target })),
  of(['v1'], 'PersistentVolume', fc.record({ claimRef: target })),
  of(
    ['v1'],
    'Node',
    fc.record({
      taints: fc.constantFrom<JsonValue>(
        [],
        [{ key: 'node-role.kubernetes.io/master', effect: 'NoSchedule' }],
        [{ key: 'x', effect: 'Never' }],
      ),
    }),
  ).map((node) => ({
    ...node,
    metadata: { ...node.metadata, labels: { 'node-role.kubernetes.io/master': '' } },
  })),
);

/** All that is asked about an object; lists in any order. */
function answers(engine: Engine, asked: JsonObject): unknown {
  return sorted([engine.evaluate(asked), engine.cells(asked), engine.simulation(asked)]);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, sorted(each)]));
}

test('the index changes no answer', () => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(object, { minLength: 1, maxLength: 14 }), (objects) => {
      const data = engineData(bulkhead, profile, objects);
      const engine = createEngine(bulkhead.wasm, data);
      const { index: _, ...scanned } = data.inventory;
      const without = createEngine(bulkhead.wasm, { ...data, inventory: scanned });
      const large = createEngine(bulkhead.wasm, { ...data, isLarge: true });
      for (const asked of objects) {
        found += engine.evaluate(asked).violations.length;
        assert.deepEqual(answers(engine, asked), answers(without, asked));
        assert.deepEqual(answers(large, asked), answers(without, asked));
      }
    }),
    { numRuns: RUNS },
  );
  assert.ok(found > RUNS);
});

test('conftest has the same index', () => {
  const bound = tableData(bulkhead, profile);
  const rows = bound.table.components ?? [];
  const nodesOf = (inventory: JsonObject) =>
    Object(inventory['cluster']).v1?.Node === undefined
      ? {}
      : { nodes: createEngine(bulkhead.wasm, { bulkhead: bound, inventory }).nodeFacts() };
  const resources = bulkhead.catalogue.policies.flatMap(({ inventory }) => inventory);
  fc.assert(
    fc.property(
      fc.array(fc.array(object, { maxLength: 14 }), { minLength: 40, maxLength: 40 }),
      (inputs) => {
        for (const { inventory, index, rolesWithout } of inventoriesOf(inputs, bound.table)) {
          const { roles, ...found } = index;
          const expected = Object({
            ...indexOf(inventory, resources, patternsOf(rows)),
            rows: rowsOf(rows),
            ...nodesOf(inventory),
          });
          // An object without a namespace is in both.
          const cluster = expected.namespace[''] ?? {};
          assert.deepEqual(sorted(found), sorted({ ...expected, cluster }));
          assert.deepEqual(sorted(roles), sorted(rolesWithout));
        }
      },
    ),
    { numRuns: sized(2, 40), endOnFailure: true },
  );
});

interface Indexed {
  readonly inventory: JsonObject;
  readonly index: JsonObject;
  /** The roles as they are computed without the index. */
  readonly rolesWithout: JsonValue;
}

/** The inventories that conftest's adapter makes of inputs. */
function inventoriesOf(
  inputs: readonly (readonly JsonObject[])[],
  table: EngineData['bulkhead']['table'],
): readonly Indexed[] {
  const documents = inputs.map((objects) => objects.map((contents) => ({ path: '', contents })));
  const query = `[made |
    table := input.table
    some given in input.documents
    found := data.main.cluster.inventory with input as given with data.bulkhead.table as table
    inventory := object.remove(found, ["index"])
    without := data.lib.nodes.roles.of(table) with data.inventory as inventory
    made := {"inventory": inventory, "index": found.index, "rolesWithout": without}
  ]`;
  return JSON.parse(
    execFileSync(
      tool('opa'),
      [
        ...['eval', '-d', join(ROOT, 'policies'), '-d', join(ROOT, 'conftest', 'policy')],
        ...['--ignore', '*.yaml', '--ignore', '*_test.rego', '-I', '-f', 'raw', query],
      ],
      { input: JSON.stringify({ documents, table }), encoding: 'utf8' },
    ),
  );
}
