import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { load } from 'js-yaml';
import { inventoryOf } from '../src/engine/inventory.ts';
import { readInput } from '../src/input.ts';
import type { JsonObject, JsonValue } from '../src/kubernetes/json.ts';
import type { ManifestObject } from '../src/manifest/objects.ts';
import { compileScheduling } from './scheduler/scheduler.ts';
import { manifestsIn } from './support/bulkhead.ts';
import { compileModule, LIBRARY } from './support/compile.ts';

// Compares hand-checked facts about 445 real workloads with what the libraries compute.
// BULKHEAD_CORPUS names the directory.

const root = process.env['BULKHEAD_CORPUS'];
const skip = root === undefined ? 'BULKHEAD_CORPUS names no directory of real manifests' : false;

interface Fact {
  readonly file: string;
  /** The index of the document, 0-based; `item` is the index in a list. */
  readonly doc: number;
  readonly item?: number;
  readonly kind: string;
  readonly name: string;
  readonly toleratesMasterTaint: boolean;
  readonly toleratesControlPlaneTaint: boolean;
  readonly constrainedToControlPlane: boolean;
  readonly bundle: string;
  readonly hostAntiAffinityEffective: string;
  readonly pdb: readonly string[];
}

interface Index {
  readonly workloads: readonly Fact[];
}

const read = new Map<string, readonly ManifestObject[]>();

const MASTER = 'node-role.kubernetes.io/master';
const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

test('the hand-checked facts of real workloads', { skip }, () => {
  const directory = resolve(root ?? '.');
  const index = load(readFileSync(join(directory, 'index.yaml'), 'utf8')) as Index;
  assert.equal(index.workloads.length, 445);
  const library = compileScheduling();
  const isAt = (pod: JsonObject, labels: readonly JsonObject[], taints: readonly JsonObject[]) => {
    const parameters = { nodeRoles: [{ name: 'role', labels: [...labels], taints: [...taints] }] };
    const verdicts = library.classes({ pod, role: 'role', parameters });
    const reaches = verdicts.map(({ terms }) => terms.length > 0);
    return { inside: reaches.slice(0, -1).includes(true), outside: reaches.at(-1) === true };
  };
  const tolerates = (pod: JsonObject, key: string) => {
    const taints = [{ key, value: '', effect: 'NoSchedule' }];
    const only = { tolerations: pod['tolerations'] ?? null };
    return isAt(only, [{ key, value: '' }], taints).inside;
  };
  // For every value of the label, and regardless of taints.
  const labels = [MASTER, CONTROL_PLANE].flatMap((key) =>
    ['', 'true'].map((value) => ({ key, value })),
  );
  const differences = index.workloads.flatMap((fact) => {
    const pod = podOf(objectOf(directory, fact));
    const found = {
      toleratesMasterTaint: tolerates(pod, MASTER),
      toleratesControlPlaneTaint: tolerates(pod, CONTROL_PLANE),
      constrainedToControlPlane: !isAt({ ...pod, tolerations: null }, labels, []).outside,
    };
    return Object.entries(found)
      .filter(([name, value]) => fact[name as keyof typeof found] !== value)
      .map(([name]) => `${fact.file} ${fact.kind} ${fact.name}: ${name}`);
  });
  assert.deepEqual(differences, []);
});

test('what keeps the pods of real workloads off one node, and which budgets select them', {
  skip,
}, () => {
  const directory = resolve(root ?? '.');
  const { workloads } = load(readFileSync(join(directory, 'index.yaml'), 'utf8')) as Index;
  const evaluate = compileModule('disruption/facts', ['facts'], LIBRARY);
  const inventories = new Map<string, JsonObject>();
  const bundleOf = (bundle: string) => {
    const made = inventories.get(bundle) ?? inventoryOf(objectsOf(directory, bundle), [BUDGET]);
    inventories.set(bundle, made);
    return made;
  };
  const differences = workloads.flatMap((fact) => {
    const object = objectOf(directory, fact);
    const inventory = bundleOf(fact.bundle);
    const { apart, budgets } = evaluate('facts', { object, inventory, parameters: OLDEST }) as {
      apart: string;
      budgets: readonly string[];
    };
    const found = {
      hostAntiAffinityEffective: apart,
      pdb: budgets.map((title) => title.replace(/^.*[ /]/, '')).sort(),
    };
    const written = {
      hostAntiAffinityEffective: fact.hostAntiAffinityEffective,
      pdb: [...fact.pdb].sort(),
    };
    return JSON.stringify(found) === JSON.stringify(written)
      ? []
      : [`${fact.file} ${fact.kind} ${fact.name}: ${JSON.stringify({ found, written })}`];
  });
  assert.deepEqual(differences, []);
});

/** Many of these budgets are of a version that is no longer served. */
const OLDEST = { kubernetes: '1.6' };

const BUDGET = { kind: 'PodDisruptionBudget', groups: ['policy'] };

/** The objects of a bundle: a directory, or a file. */
function objectsOf(directory: string, bundle: string): readonly JsonObject[] {
  const path = join(directory, bundle);
  const files = statSync(path).isDirectory()
    ? manifestsIn(directory, bundle)
    : [{ name: bundle, bytes: readFileSync(path) }];
  return readInput(files).objects.map(({ value }) => value);
}

/** The object of a fact: by kind and name, and by its document if two have the same. */
function objectOf(directory: string, { file, doc, item, kind, name }: Fact): JsonObject {
  const objects =
    read.get(file) ??
    readInput([{ name: file, bytes: readFileSync(join(directory, file)) }]).objects;
  read.set(file, objects);
  const named = objects.filter(
    ({ value }) => value['kind'] === kind && (map(value['metadata'])['name'] ?? '') === name,
  );
  const [found] =
    named.length === 1
      ? named
      : named.filter(
          ({ document, path }) =>
            document.index === doc && (item === undefined || path[1] === item),
        );
  assert.ok(found !== undefined, `${file} has no ${kind} ${name}`);
  return found.value;
}

function podOf(object: JsonObject): JsonObject {
  const spec = map(object['spec']);
  if (object['kind'] === 'Pod') return spec;
  const inner = object['kind'] === 'CronJob' ? map(map(spec['jobTemplate'])['spec']) : spec;
  return map(map(inner['template'])['spec']);
}

function map(value: JsonValue | undefined): JsonObject {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? (value as JsonObject) : {};
}
