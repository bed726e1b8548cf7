import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bind } from '../src/policy/parameters.ts';
import { faults } from './e2e/faults.ts';
import { clusterObjects, SEPARATED } from './e2e/objects.ts';
import { predict } from './e2e/predict.ts';
import { builtBulkhead, shippedProfile } from './support/bulkhead.ts';

// The live test of Gatekeeper sends these requests; that none is missing is known without a cluster.

test('every policy of the profile has a request in test/e2e/faults.ts that it denies or warns about', () => {
  const cluster = clusterObjects(SEPARATED);
  const found = faults(cluster).flatMap(([verb, object]) => [
    ...predict(cluster, verb, object).policies.keys(),
  ]);
  const ids = [...bind(builtBulkhead().catalogue, shippedProfile('tectonic-1.6.4')).keys()];
  assert.deepEqual([...new Set(found)].sort(), ids.sort());
});
