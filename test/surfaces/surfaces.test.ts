import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { clusterOf } from '../../scripts/profiles.ts';
import { readInput } from '../../src/input.ts';
import { manifestsIn, ROOT, shippedProfile, textOf } from '../support/bulkhead.ts';
import { cellsOf, documentedCells, TABLE, tableCases } from '../support/component-cells.ts';
import { randomFrom } from '../support/mutate.ts';
import { edited, type ProfileCase, profileCases, rounds } from '../support/profile-cases.ts';
import { setting, sized } from '../support/settings.ts';
import { testAgreement } from './agreement.ts';
import { occurred, table, undeclared } from './comparison.ts';
import { DIFFERENCES, viewOf, wasm } from './differences.ts';
import { EXAMPLES } from './examples.ts';
import { randomObjects } from './objects.ts';
import { DEMANDING, LEADING, SHIPPED, VARIED } from './profiles.ts';
import { rows, sceneOf } from './rows.ts';
import type { Scene } from './scene.ts';

// The same objects on every surface: each must find what WASM finds in the objects that the surface sees,
// with the same policy, object, path and message. CASES is the number of generated objects, SEED chooses
// them.

const CASES = setting('CASES', sized(100, 1_000));
const SEED = setting('SEED', 20_261_126);
/** The number of generated objects in one cluster. */
const CLUSTER = 50;

describe('every row of every cases.yaml, with all policies', () => {
  const named = new Map(rows.map(({ policy, row }) => [`${policy.id}: ${row.name}`, row]));
  assert.equal(named.size, rows.length, 'two rows of a policy have the same name');
  testAgreement(new Map([...named].map(([name, row]) => [name, sceneOf(row)])), (name, scene) => {
    const found = wasm(viewOf('WASM', scene))
      .filter(({ policy }) => name.startsWith(`${policy}: `))
      .map(({ path, message }) => ({ path, msg: message }));
    const order = (items: readonly unknown[]) => items.map((item) => JSON.stringify(item)).sort();
    const expected = named.get(name)?.expect.map(({ path, msg }) => ({ path, msg }));
    assert.deepEqual(order(found), order(expected ?? [null]));
  });
});

describe('the sample clusters', () => {
  const cases = profileCases();
  const clusters = SHIPPED.flatMap((profile) => {
    const objects = objectsIn(ROOT, clusterOf(profile.name));
    const [rows = []] = rounds(cases.get(profile.name) ?? []);
    return [
      [`the cluster of ${profile.name}`, { profile, objects }],
      [`the drifted cluster of ${profile.name}`, { profile, objects: edited(objects, rows) }],
    ] as const;
  });
  const profile = shippedProfile('tectonic-1.6.4');
  const drifted = { profile, objects: objectsIn(ROOT, 'testdata/clusters/drifted') };
  const all = [...clusters, ['the drifted sample cluster', drifted] as const];
  testAgreement(new Map(all), (name, scene) => {
    const isDrifted = name.startsWith('the drifted ');
    assert.equal(wasm(viewOf('WASM', scene)).length > 0, isDrifted);
  });
});

describe('the cells of the component table', () => {
  const profile = shippedProfile(TABLE);
  const objects = objectsIn(ROOT, clusterOf(TABLE));
  const named = new Map<string, readonly ProfileCase[]>(
    rounds(tableCases()).map((some, index) => [`round ${index + 1}`, some] as const),
  );
  const scenes = [...named].map(
    ([name, some]) => [name, { profile, objects: edited(objects, some) }] as const,
  );
  const cells = new Map<string, Set<string>>();
  testAgreement(new Map(scenes), (name, _scene, compared) => {
    const expected = named.get(name)?.flatMap(({ expect }) => expect) ?? [];
    for (const { surface, found } of compared) {
      const said = new Set(found.map(({ policy, path }) => JSON.stringify([policy, path])));
      const own = cells.get(surface) ?? new Set();
      cells.set(surface, own);
      expected
        .filter(({ policy, path }) => said.has(JSON.stringify([policy, path])))
        .flatMap(cellsOf)
        .forEach((cell) => {
          own.add(cell);
        });
    }
  });
  test('are those of docs/component-table.md', () => {
    assert.deepEqual(
      [...(cells.get('conftest --combine') ?? [])].sort(),
      documentedCells('conftest'),
    );
    assert.deepEqual([...(cells.get('gator test') ?? [])].sort(), documentedCells('gator'));
  });
});

describe('what few manifests have', () => testAgreement(EXAMPLES));

const corpus = process.env['BULKHEAD_CORPUS'];
const skip = corpus === undefined ? 'BULKHEAD_CORPUS names no directory of real manifests' : false;

describe('real manifests, directory by directory', { skip }, () => {
  const root = resolve(corpus ?? '.');
  const directories = corpus === undefined ? [] : bundlesIn(root);
  const scenes = directories.flatMap((directory) => {
    const objects = objectsIn(root, directory);
    return LEADING.map(
      (profile) => [`${directory}, ${profile.name}`, { profile, objects }] as const,
    );
  });
  testAgreement(new Map(scenes));
});

describe(`${CASES} generated objects from seed ${SEED}`, () => {
  const random = randomFrom(SEED);
  const clusters = Array.from({ length: Math.ceil(CASES / CLUSTER) }, (_, index) => {
    const objects = VARIED.flatMap((profile) =>
      randomObjects(
        random,
        profile,
        Math.ceil(Math.min(CLUSTER, CASES - index * CLUSTER) / VARIED.length),
      ),
    );
    return [...VARIED, DEMANDING].map(
      (profile) => [`${index}, ${profile.name}`, { profile, objects }] as const,
    );
  });
  testAgreement(new Map(clusters.flat()));
});

describe('the differences that docs/surfaces.md declares', () => {
  test('are those of this test', () => {
    const [, rest = ''] = textOf('docs/surfaces.md').split('| surface | does not see |');
    const [lines = ''] = rest.split('\n\n');
    assert.deepEqual(
      lines
        .split('\n')
        .slice(2)
        .map((line) => line.split(' | ').slice(0, 2).join(' | ')),
      DIFFERENCES.map(({ surface, unseen }) => `| ${surface} | ${unseen}`),
    );
  });

  test('all occur, and no others', (context) => {
    for (const line of table().split('\n')) context.diagnostic(line);
    for (const { surface, unseen } of DIFFERENCES) {
      const times = [...occurred()].find(
        ([one]) => one.surface === surface && one.unseen === unseen,
      );
      context.diagnostic(`${surface} does not see ${unseen}: ${times?.[1] ?? 0} cases`);
      assert.ok((times?.[1] ?? 0) > 0, `${surface} sees ${unseen}`);
    }
    assert.equal(undeclared(), 0);
  });
});

function objectsIn(root: string, directory: string): Scene['objects'] {
  const { objects } = readInput(manifestsIn(root, directory));
  return objects.flatMap(({ value, document }) => (document.origin === undefined ? [value] : []));
}

/** Manifests that belong together: each directory, and in two collections each of their directories. */
function bundlesIn(root: string): readonly string[] {
  const within = (directory: string) =>
    readdirSync(join(root, directory), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  return within('.').flatMap((directory) =>
    ['modern', 'typhoon'].includes(directory)
      ? within(directory).map((name) => `${directory}/${name}`)
      : [directory],
  );
}
