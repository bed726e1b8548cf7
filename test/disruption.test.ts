import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileDisruption } from './disruption/disruption.ts';
import { readDisruptionVectors } from './disruption/disruption-vectors.ts';

// How Kubernetes keeps replicas running, row by row. test/disruption/disruption.test.ts compares the same rows
// with Kubernetes.

const libraries = compileDisruption();

for (const { id, question, answer, own } of readDisruptionVectors()) {
  test(id, () => {
    const verdict = libraries.verdict(question);
    assert.deepEqual({ ...verdict, ...answer }, verdict);
    const whole = libraries.answer(question);
    if (typeof whole === 'object') assert.deepEqual({ ...whole, ...own }, whole);
  });
}
