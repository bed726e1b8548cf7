import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from './words.ts';

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
