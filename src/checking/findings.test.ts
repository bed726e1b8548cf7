import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtBulkhead } from '../../test/support/bulkhead.ts';
import type { Violation } from '../engine/engine.ts';
import { readInput } from '../input.ts';
import { createLocator } from '../manifest/locate.ts';
import { findingMaker } from './findings.ts';

const TEXT = `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
---
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec:
  minAvailable: 1
`;
const input = readInput([{ name: 'a.yaml', bytes: new TextEncoder().encode(TEXT) }]);
const [policy] = builtBulkhead().catalogue.policies;
const [object] = input.objects;
assert.ok(policy && object);

const BUDGET = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  namespace: 'shop',
  name: 'web',
  path: ['spec', 'minAvailable'],
  says: 'minAvailable 1',
};
const FIX = { title: 'Remove it.', safe: true, edits: [] };
const VIOLATION: Violation = {
  policy: policy.id,
  message: 'it is wrong',
  path: ['metadata', 'name'],
  component: null,
  fix: FIX,
  related: [],
  waivers: [],
};

function made(violation: Partial<Violation>) {
  assert.ok(policy && object);
  const finding = findingMaker(
    { input, environment: null, severity: {}, addons: () => ({}) },
    createLocator(),
  );
  return finding({ ...VIOLATION, ...violation }, { policy, object, waiver: null });
}

test('a finding has the place of the violation, and the page of its policy', () => {
  const { file, line, column, endLine, status, docs } = made({});
  assert.deepEqual(
    { file, line, column, endLine, status, docs },
    {
      file: 'a.yaml',
      line: 3,
      column: 18,
      endLine: 3,
      status: 'open',
      docs: `policies/${policy?.id}/README.md`,
    },
  );
});

test('a finding has the fix of its violation, beside what its policy advises in general', () => {
  const { fix, remediation } = made({});
  assert.deepEqual([fix, remediation], [FIX, policy?.remediation]);
});

test('a related object that is in the input has its place, whatever its version', () => {
  const [found] = made({ related: [BUDGET] }).related;
  assert.deepEqual([found?.file, found?.line, found?.column], ['a.yaml', 9, 17]);
});

test('a related object that is not in the input has no place', () => {
  for (const other of [{ name: 'other' }, { name: null }, { namespace: null }]) {
    const [found] = made({ related: [{ ...BUDGET, ...other }] }).related;
    assert.deepEqual([found?.file, found?.line, found?.endColumn], [null, null, null]);
  }
});
