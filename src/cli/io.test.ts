import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineWidth, wantsColor } from './io.ts';

const cases: readonly {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly isTTY: boolean;
  readonly expect: boolean;
}[] = [
  { name: 'a terminal is coloured', env: {}, isTTY: true, expect: true },
  { name: 'a pipe is not', env: {}, isTTY: false, expect: false },
  { name: 'NO_COLOR forbids colour', env: { NO_COLOR: '1' }, isTTY: true, expect: false },
  { name: 'an empty NO_COLOR says nothing', env: { NO_COLOR: '' }, isTTY: true, expect: true },
  { name: 'FORCE_COLOR colours a pipe', env: { FORCE_COLOR: '1' }, isTTY: false, expect: true },
  { name: 'FORCE_COLOR=0 forbids colour', env: { FORCE_COLOR: '0' }, isTTY: true, expect: false },
  {
    name: 'NO_COLOR comes before FORCE_COLOR',
    env: { NO_COLOR: '1', FORCE_COLOR: '1' },
    isTTY: true,
    expect: false,
  },
  { name: 'a dumb terminal is not coloured', env: { TERM: 'dumb' }, isTTY: true, expect: false },
];
for (const { name, env, isTTY, expect } of cases) {
  test(name, () => {
    assert.equal(wantsColor({ env, isTTY }), expect);
  });
}

test('--width comes before the columns of the terminal, and a pipe has 100', () => {
  assert.equal(lineWidth({ columns: 80 }, '60'), 60);
  assert.equal(lineWidth({ columns: 80 }, undefined), 80);
  assert.equal(lineWidth({ columns: 0 }, undefined), 100);
  assert.equal(lineWidth({ columns: undefined }, undefined), 100);
});
