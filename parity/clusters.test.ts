import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manifestsIn, ROOT, shippedProfile } from '../src/testing/bulkhead.ts';
import { conftest, gator, objectsOf, wasm } from './surfaces.ts';

// Whole clusters on every surface.

const profile = shippedProfile('tectonic-1.6.4');

for (const { name, isClean } of [
  { name: 'separated', isClean: true },
  { name: 'drifted', isClean: false },
]) {
  test(`the cluster ${name} gets the same findings from WASM, gator and conftest`, async () => {
    const objects = objectsOf(manifestsIn(ROOT, `testdata/clusters/${name}`));
    const scene = { profile, objects };
    const said = wasm(scene);
    assert.equal(said.length === 0, isClean);
    assert.deepEqual(await gator(scene), said);
    assert.deepEqual(await conftest(scene), said);
  });
}
