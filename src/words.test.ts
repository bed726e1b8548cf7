import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest, similar } from './words.ts';

const candidates = ['check', 'table', 'json', 'human', 'antiAffinity', 'nodeRole', 'master'];

for (const { word, expected } of [
  { word: 'chek', expected: 'check' },
  { word: 'jsn', expected: 'json' },
  { word: 'tabel', expected: 'table' },
  { word: 'antiaffinity', expected: 'antiAffinity' },
  { word: 'noderole', expected: 'nodeRole' },
  { word: 'mastr', expected: 'master' },
  { word: 'worker', expected: undefined },
  { word: '', expected: undefined },
]) {
  test(`"${word}" ${expected === undefined ? 'is like no word' : `stands for ${expected}`}`, () => {
    assert.equal(nearest(word, candidates), expected);
  });
}

const ids = ['off-role-placement', 'stuck-rollout', 'missing-budget', 'blocking-budget'];

for (const { word, expected } of [
  { word: 'stuck-rolout', expected: ['stuck-rollout'] },
  { word: 'off-role', expected: ['off-role-placement'] },
  { word: 'Budget', expected: ['missing-budget', 'blocking-budget'] },
  { word: 'ro', expected: [] },
  { word: 'replicas', expected: [] },
]) {
  test(`"${word}" is similar to ${expected.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(similar(word, ids), expected);
  });
}
