import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COLUMNS } from '../src/report/component-table.ts';
import { table } from '../src/table.ts';
import { builtBulkhead, shippedProfile } from './support/bulkhead.ts';

// Profiles unlike the built-in ones, which test/profiles.test.ts covers.

const bulkhead = builtBulkhead();
const profile = shippedProfile('tectonic-1.6.4');

const OTHERS = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  strategy: {type: Recreate}
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}}
`;

test('the last row has columns of its own where a profile says so', () => {
  const bytes = new TextEncoder().encode(OTHERS);
  const otherWorkloads = { nodeRole: 'worker', antiAffinity: true, disruptionControl: true };
  const { table: filled } = table(bulkhead, { ...profile, otherWorkloads }, [
    { name: 'shop.yaml', bytes },
  ]);
  const cells = filled.rows.at(-1)?.cells;
  assert.deepEqual(
    COLUMNS.map((column) => [cells?.[column].documented, cells?.[column].actual]),
    [
      ['any', 'any'],
      ['not checked', 'not checked'],
      ['worker', 'worker'],
      ['yes', 'not all'],
      ['yes', 'not all'],
    ],
  );
  const reasons = cells?.disruptionControl.reasons.map(({ message }) => message);
  assert.deepEqual(reasons, [
    'Deployment shop/web is down during an update: strategy Recreate stops every pod before it starts a new one',
    'Deployment shop/web has no PodDisruptionBudget: none in namespace shop selects its pods',
  ]);
});
