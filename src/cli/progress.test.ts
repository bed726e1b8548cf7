import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressLine } from './progress.ts';

/** What is written while a run reports its progress at some moments. */
function written(isErrorTTY: boolean, moments: readonly number[]): readonly string[] {
  const said: string[] = [];
  let time = 0;
  const line = progressLine({ stderr: (text) => said.push(text), isErrorTTY, now: () => time });
  for (const [index, moment] of moments.entries()) {
    time = moment;
    line.update('checked', index, moments.length);
  }
  line.clear();
  return said;
}

test('a run of less than a second shows no progress', () => {
  assert.deepEqual(written(true, [0, 500, 999]), []);
});

test('after a second a terminal shows the progress, and the line is removed at the end', () => {
  assert.deepEqual(written(true, [0, 1000]), ['\r\x1b[Kchecked 1 of 2', '\r\x1b[K']);
});

test('the line is rewritten at most ten times a second', () => {
  const said = written(true, [1000, 1050, 1099, 1100]);
  assert.deepEqual(said, ['\r\x1b[Kchecked 0 of 4', '\r\x1b[Kchecked 3 of 4', '\r\x1b[K']);
});

test('a pipe shows no progress', () => {
  assert.deepEqual(written(false, [0, 1000, 5000]), []);
});
