import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fall } from './falls.ts';
import { belowOf } from './falls.ts';

const workload = {
  id: 'a',
  component: 'a',
  kind: 'Deployment',
  nodes: [],
  replicas: 1,
  apart: 'no',
  rules: [],
  closed: [],
  update: { type: 'none' },
  isRecreated: true,
  isStatic: false,
} as const;

function fall(node: string, fallen: number, stop?: string): Fall {
  const drain = { node, steps: [], least: {}, refusals: 0, ...(stop !== undefined && { stop }) };
  return { node, drain, fallen: Array.from({ length: fallen }, () => workload) };
}

test('of nodes that share a column the worst drain counts', () => {
  const falls = [fall('a', 0), fall('b', 2), fall('c', 1), fall('d', 9)];
  const nodes = ['a', 'b', 'c', 'd', 'e'];
  const below = (...column: string[]) => belowOf({ nodes: column }, { nodes }, falls);
  assert.deepEqual(below('a', 'c', 'b'), { kind: 'falls', fall: falls[1] });
  assert.deepEqual(below('a'), { kind: 'keeps' });
  assert.deepEqual(below('a', 'e'), { kind: 'unreached' });
  assert.deepEqual(below('x'), { kind: 'unused' });
  const never = fall('e', 0, 'no');
  assert.deepEqual(belowOf({ nodes }, { nodes }, [...falls, never]), {
    kind: 'never',
    fall: never,
  });
});
