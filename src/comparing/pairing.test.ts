import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../report/report.ts';
import { pairBy, pairFindings } from './pairing.ts';

const finding = (fingerprint: string, message: string, file = 'a.yaml') =>
  ({ fingerprint, message, file }) as Finding;
const names = (findings: readonly Finding[]) =>
  findings.map(({ fingerprint, message }) => `${fingerprint}${message}`);

test('as many of each fingerprint as both have are paired, those that say the same first', () => {
  const old = [finding('a', '1'), finding('a', '2'), finding('b', '1')];
  const now = [
    finding('a', '3'),
    finding('a', '2', 'b.yaml'),
    finding('a', '1'),
    finding('c', '1'),
  ];
  const { added, removed, kept } = pairFindings(old, now);
  assert.deepEqual(names(added), ['a3', 'c1']);
  assert.deepEqual(names(removed), ['b1']);
  assert.equal(kept.length, 2);
});

test('what says something else now is the same finding', () => {
  const { added, removed, kept } = pairFindings(
    [finding('a', '1'), finding('a', '2')],
    [finding('a', '2'), finding('a', '9')],
  );
  assert.deepEqual([added, removed], [[], []]);
  assert.deepEqual(
    kept.map((pair) => names(pair)),
    [
      ['a2', 'a2'],
      ['a1', 'a9'],
    ],
  );
});

test('equal items are paired one by one', () => {
  const { added, removed, kept } = pairBy(['x', 'x', 'y'], ['x', 'z'], (item) => item);
  assert.deepEqual(
    { added, removed, kept },
    { added: ['z'], removed: ['x', 'y'], kept: [['x', 'x']] },
  );
});
