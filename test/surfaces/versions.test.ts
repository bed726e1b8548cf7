import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInput } from '../../src/input.ts';
import { manifestsIn, ROOT } from '../support/bulkhead.ts';
import { bulkhead, gatorTest, oldestGatorTest } from './surfaces.ts';

// The oldest Gatekeeper that takes templates in Rego v1: a template or Constraint that it refuses fails
// the run, and one that it misreads changes the results.

const { objects: read } = readInput(manifestsIn(ROOT, 'testdata/clusters/drifted'));
const objects = read.map(({ value }) => value);

for (const profile of Object.values(bulkhead.profiles())) {
  test(`the oldest gator finds in a drifted cluster what today's does, by ${profile.name}`, async () => {
    const scene = { profile, objects };
    const said = (await gatorTest([scene])).flat();
    assert.notDeepEqual(said, []);
    assert.deepEqual((await oldestGatorTest([scene])).flat(), said);
  });
}
