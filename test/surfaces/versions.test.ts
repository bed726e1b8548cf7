import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInput } from '../../src/input.ts';
import { manifestsIn, ROOT } from '../support/bulkhead.ts';
import { bulkhead, gatorTest, oldestGatorTest } from './surfaces.ts';

// The oldest Gatekeeper that supports templates in Rego v1. A template or Constraint that it rejects fails
// the run, and one that it misreads changes the results.

const { objects: read } = readInput(manifestsIn(ROOT, 'testdata/clusters/drifted'));
const objects = read.map(({ value }) => value);

for (const profile of Object.values(bulkhead.profiles())) {
  test(`the oldest and the current gator find the same in a drifted cluster: ${profile.name}`, async () => {
    const scene = { profile, objects };
    const found = (await gatorTest([scene])).flat();
    assert.notDeepEqual(found, []);
    assert.deepEqual((await oldestGatorTest([scene])).flat(), found);
  });
}
