import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Case, readCases } from '../src/cases/cases.ts';
import { isOnlyRead } from '../src/catalogue/catalogue.ts';
import { reference } from '../src/check.ts';
import { suite } from '../src/gatekeeper/suite.ts';
import { writeYaml } from '../src/manifest/yaml.ts';
import { textOf } from '../src/testing/bulkhead.ts';
import { bulkhead, conftest, gator, run, type Scene, wasm } from './surfaces.ts';

// Every row of every cases.yaml on every surface: all policies are asked, not only the row's own, and
// each must say the same everywhere.

const base = textOf('profiles/tectonic-1.6.4.yaml');
const modules = bulkhead.modules();

for (const policy of bulkhead.catalogue.policies) {
  const file = `policies/${policy.id}/cases.yaml`;
  const cases = readCases(file, textOf(file), base);

  describe(policy.id, { concurrency: 2 }, () => {
    test('gator verify passes the suite made of its cases', async () => {
      const files = [...suite(policy, modules, cases)].map(
        ([path, value]) => [path, writeYaml(value)] as const,
      );
      const printed = await run('gator', new Map(files), (folder) => ['verify', folder, '-v']);
      const passed = printed.split('\n').filter((line) => /^\s*--- PASS: /.test(line));
      assert.doesNotMatch(printed, /--- FAIL|--- SKIP/);
      // A test and its case each print a line.
      assert.ok(passed.length >= cases.length, `${passed.length} lines for ${cases.length} cases`);
    });
    for (const row of cases) {
      test(row.name, async () => {
        const scene = sceneOf(row);
        const said = wasm(scene);
        const own = said
          .filter((finding) => finding.policy === policy.id)
          .map(({ path, message }) => ({ path, msg: message }));
        const order = (items: readonly unknown[]) =>
          items.map((item) => JSON.stringify(item)).sort();
        assert.deepEqual(order(own), order(row.expect.map(({ path, msg }) => ({ path, msg }))));
        const [byGator, byConftest] = await Promise.all([gator(scene), conftest(scene)]);
        const inCluster = isOnlyRead(policy, reference(row.object)) ? [] : said;
        assert.deepEqual(byGator, inCluster, 'gator');
        assert.deepEqual(byConftest, said, 'conftest');
      });
    }
  });
}

function sceneOf({ profile, object, inventory }: Case): Scene {
  return { profile, objects: [...inventory, object], reviewed: object };
}
