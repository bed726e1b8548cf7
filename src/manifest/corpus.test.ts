import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { classify } from './objects.ts';
import { readManifest } from './read.ts';

const directory = process.env['BULKHEAD_CORPUS'];
const skip = directory === undefined ? 'BULKHEAD_CORPUS is not set' : false;

test('every real manifest is read without an error', { skip }, () => {
  const names = readdirSync(directory ?? '', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ya?ml|json)$/.test(name))
    .sort();
  assert.notEqual(names.length, 0);
  const problems = names.flatMap((name) => {
    const { documents, errors } = readManifest(name, readFileSync(join(directory ?? '', name)));
    const found = documents.map(classify);
    return [...errors, ...found.flatMap((one) => (one.kind === 'objects' ? one.errors : []))];
  });
  assert.deepEqual(
    problems.map(({ code, message, place }) => ({ code, message, place })),
    [],
  );
});
