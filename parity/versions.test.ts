import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manifestsIn, ROOT } from '../src/testing/bulkhead.ts';
import { bulkhead, gator, objectsOf } from './surfaces.ts';

// The oldest Gatekeeper that takes templates in Rego v1: a template or Constraint that it refuses fails
// the run, and one that it misreads changes the results.

const objects = objectsOf(manifestsIn(ROOT, 'testdata/clusters/drifted'));

for (const profile of Object.values(bulkhead.profiles())) {
  test(`the oldest gator finds in a drifted cluster what today's does, by ${profile.name}`, async () => {
    const scene = { profile, objects };
    const said = await gator(scene);
    assert.notDeepEqual(said, []);
    assert.deepEqual(await gator(scene, 'gator-oldest'), said);
  });
}
