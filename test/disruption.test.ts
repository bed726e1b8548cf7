import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileDisruption } from './disruption/disruption.ts';
import { readDisruptionVectors } from './disruption/disruption-vectors.ts';

// How Kubernetes keeps instances running, row by row; test/disruption/disruption.test.ts asks Kubernetes the same.

const vocabulary = compileDisruption();

for (const { id, posed, answer, own } of readDisruptionVectors()) {
  test(id, () => {
    const verdict = vocabulary.verdict(posed);
    assert.deepEqual({ ...verdict, ...answer }, verdict);
    const said = vocabulary.answer(posed);
    if (typeof said === 'object') assert.deepEqual({ ...said, ...own }, said);
  });
}
