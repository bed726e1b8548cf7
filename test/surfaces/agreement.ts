import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type Comparison, compare } from './comparison.ts';
import type { Scene } from './scene.ts';

/** Tests that every surface finds in each scene what is expected. */
export function testAgreement(
  scenes: ReadonlyMap<string, Scene>,
  alsoExpect: (name: string, scene: Scene, compared: readonly Comparison[]) => void = () => {},
): void {
  let comparisons: ReadonlyMap<Scene, readonly Comparison[]>;
  before(async () => {
    comparisons = await compare([...scenes.values()]);
  });
  for (const [name, scene] of scenes) {
    test(name, () => {
      const compared = comparisons.get(scene) ?? [];
      alsoExpect(name, scene, compared);
      assert.ok(compared.length === 3 || (compared.length === 1 && scene.reviewed !== undefined));
      for (const { surface, found, expected } of compared) {
        assert.deepEqual(found, expected, surface);
      }
    });
  }
  test('each surface found something', () => {
    for (const surface of ['conftest --combine', 'conftest single', 'gator test']) {
      const own = [...comparisons.values()].flat().filter((one) => one.surface === surface);
      assert.ok(own.flatMap((one) => one.found).length > 0, surface);
    }
  });
}
