import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { testAgreement } from './agreement.ts';
import { viewOf, wasm } from './differences.ts';
import { rows, sceneOf } from './rows.ts';
import { nameOf, type Scene } from './scene.ts';
import { bulkhead, oldestGatorTest } from './surfaces.ts';
import { ALMOST_POLICIES, ALMOST_WAIVED, LEFT_OPEN, waivedRows } from './waived.ts';

// What WASM says is waived is no finding of conftest, and no violation of a Constraint with the same waivers.

describe('waivers', () => {
  const faulty = rows
    .filter(({ row }) => row.expect.length > 0 && Object.keys(row.request).length === 0)
    .map(({ policy, row }) => ({ policy: policy.id, name: row.name, scene: sceneOf(row) }));
  const scenes = waivedRows(faulty);
  testAgreement(new Map([...scenes, ['what almost fits', ALMOST_WAIVED]]));

  test('every policy can be waived', () => {
    for (const { id } of bulkhead.catalogue.policies) {
      const own = [...scenes].filter(([name]) => name.startsWith(`${id} is waived: `));
      assert.ok(own.length > 0, id);
      for (const [name, { waivers: _, ...scene }] of own) {
        const found = (one: Scene) =>
          wasm(viewOf('WASM', one)).filter(({ policy }) => policy === id).length;
        assert.ok(found(scene) > 0, name);
        assert.equal(found(scenes.get(name) ?? scene), 0, name);
      }
    }
  });

  test('the oldest gator leaves the same', async () => {
    const [left = []] = await oldestGatorTest([ALMOST_WAIVED]);
    assert.deepEqual(left, wasm(viewOf('gator test', ALMOST_WAIVED)));
  });

  test('what almost fits is left', () => {
    const left = wasm(viewOf('WASM', ALMOST_WAIVED))
      .filter(({ policy }) => ALMOST_POLICIES.includes(policy))
      .map(({ object }) => object);
    assert.deepEqual(left.sort(), LEFT_OPEN.map(nameOf).sort());
  });
});
