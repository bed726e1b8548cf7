import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  DISRUPTION_MISTAKES,
  type Mistake,
  mistaken,
  SCHEDULING_MISTAKES,
  titleOf,
} from './support/mistakes.ts';

// The deliberate mistakes can be made in the current libraries. test/scheduler and test/disruption show
// that each is caught.

for (const mistake of [...SCHEDULING_MISTAKES, ...DISRUPTION_MISTAKES]) {
  test(titleOf(mistake), () => assert.ok(mistaken(mistake).text));
}

describe('a mistake that does not apply fails', () => {
  const rule = 'nodes.taints.tolerates';
  const wrong: readonly (readonly [string, Mistake, RegExp])[] = [
    ['no rule has the name', { rule: 'nodes.taints.gone', drop: 'in' }, /no such part/],
    ['the rule has no such part', { rule, change: ['==', '!='] }, /no such part/],
    [
      'nothing is beside it',
      { rule, beside: '"value"', change: ['_names', 'names'] },
      /no such part/,
    ],
    ['the rule has it twice', { rule, change: ['_names', 'names'] }, /more than once/],
    ['there are fewer', { rule, nth: 3, change: ['_names', 'names'] }, /no such part/],
  ];
  for (const [name, mistake, message] of wrong) {
    test(name, () => assert.throws(() => mistaken(mistake), message));
  }
});
