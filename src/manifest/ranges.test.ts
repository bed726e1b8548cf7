import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from '../../test/support/bulkhead.ts';
import { mutate, randomFrom } from '../../test/support/mutate.ts';
import type { ReadingCase } from '../../test/support/reading.ts';
import type { Node } from '../goyaml/node.ts';
import { parse } from '../goyaml/parser.ts';
import type { Span } from '../goyaml/token.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import { parseChunk } from './parse.ts';
import { readManifest } from './read.ts';
import type { Chunk } from './split.ts';

// Properties of all ranges, on the stored cases and on mutants of a manifest that has every style.

const MUTANTS = 5000;

const topics: Readonly<Record<string, readonly ReadingCase[]>> = JSON.parse(
  textOf('testdata/reading/cases.json'),
);
const cases = Object.values(topics).flatMap((rows) => rows.flatMap(({ text }) => text ?? []));
const manifest = textOf('testdata/reading/corner-cases.yaml');
const manifests = [manifest, manifest.replace('<<: *labels', 'b: c')];
const random = randomFrom(1);
const mutants = Array.from({ length: MUTANTS }, (_, i) => mutate(manifests[i % 2] ?? '', random));
const chunks = [...cases, ...mutants].flatMap(chunksOf);

function chunksOf(text: string): readonly Chunk[] {
  const { documents } = readManifest('f.yaml', new TextEncoder().encode(text));
  return documents.map(({ chunk }) => chunk);
}

/** Visits every value of a chunk with the span of the value that it is in. */
function visitAll(chunk: Chunk, visit: (node: Node, parent: Span) => void): void {
  const read = parseChunk(chunk);
  if (!('root' in read)) throw read;
  const walk = (node: Node, parent: Span): void => {
    visit(node, parent);
    for (const item of node.items ?? []) walk(item, node);
    for (const { node: value } of node.entries?.values() ?? []) walk(value, node);
  };
  if (read.root !== undefined) walk(read.root, { start: 0, end: chunk.text.length });
}

test('a value ends in its document, and not before its start', () => {
  assert.ok(chunks.length > 1000, `${chunks.length} documents`);
  for (const chunk of chunks) {
    visitAll(chunk, ({ start, end }) => {
      const isWithin = 0 <= start && start <= end && end <= chunk.text.length;
      assert.ok(isWithin, `${start}-${end} of ${JSON.stringify(chunk.text)}`);
    });
  }
});

test('a value is within the mapping or the sequence that it is in', () => {
  // What an alias repeats is written elsewhere.
  for (const chunk of chunks.filter(({ text }) => !text.includes('*'))) {
    visitAll(chunk, ({ start, end }, parent) => {
      const isWithin = parent.start <= start && end <= parent.end;
      const details = `${start}-${end} in ${parent.start}-${parent.end}`;
      assert.ok(isWithin, `${details} of ${JSON.stringify(chunk.text)}`);
    });
  }
});

test('the text of a scalar reads as its value', () => {
  for (const { text, isJson } of chunks) {
    visitAll({ text, isJson, start: 0, line: 1, column: 1 }, ({ value, token, start, end }) => {
      if (token === undefined) return;
      const written = text.slice(start, end);
      // An indentation indicator counts from the parent's indentation.
      if (/^[|>][-+]?[1-9]/.test(written)) return;
      const readings = [written, `[${written}]`].map((one) => tryRead(`${one}\n`, isJson));
      const expected = JSON.stringify(value);
      const details = `${expected} at ${JSON.stringify(written)} of ${JSON.stringify(text)}`;
      assert.ok(readings.includes(expected) || readings.includes(`[${expected}]`), details);
    });
  }
});

function tryRead(text: string, isJson: boolean): string | undefined {
  try {
    const value: JsonValue | undefined = parse(text, isJson).root?.value;
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
