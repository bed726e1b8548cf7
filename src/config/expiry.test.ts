import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isExpired, leftOut, NO_WAIVERS, unexpired } from './expiry.ts';
import type { Waiver } from './waiver.ts';

const waiver = (expires: string): Waiver => ({
  policies: ['control-plane-intrusion'],
  match: { kind: 'DaemonSet', namespace: 'logging', name: 'agent' },
  reason: 'Logs of the control plane are read there.',
  owner: 'team-logs',
  expires,
  place: { file: 'bulkhead.yaml', line: 1, column: 1 },
});

test('a waiver counts to the end of its last day', () => {
  for (const [today, expected] of [
    ['2026-12-30', false],
    ['2026-12-31', false],
    ['2027-01-01', true],
  ] as const) {
    assert.equal(isExpired(waiver('2026-12-31'), today), expected, today);
  }
});

test('only a waiver that says so never expires, and on a day that is not known all others have', () => {
  assert.equal(isExpired(waiver('never'), ''), false);
  for (const expires of ['Never', '', '2027-1-1', 'tomorrow', '20270101', '2027-01-01T00:00:00Z']) {
    assert.equal(isExpired(waiver(expires), '2026-01-01'), true, expires);
  }
  assert.equal(isExpired(waiver('2027-01-01'), ''), true);
});

test('each waiver that is left out is named', () => {
  const old = waiver('2026-11-01');
  const node = { ...old, match: { kind: 'Node', name: 'gpu-*' }, policies: ['a', 'b'] };
  const all = { waivers: [old, waiver('2026-11-30'), node, waiver('never')], today: '2026-11-29' };
  assert.deepEqual(
    unexpired(all).map(({ expires }) => expires),
    ['2026-11-30', 'never'],
  );
  assert.deepEqual(leftOut(all), [
    'waiver of control-plane-intrusion for DaemonSet logging/agent expired on 2026-11-01: left out',
    'waiver of a, b for Node gpu-* expired on 2026-11-01: left out',
  ]);
  assert.deepEqual([unexpired(NO_WAIVERS), leftOut(NO_WAIVERS)], [[], []]);
});
