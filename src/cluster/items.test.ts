import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '../kubernetes/json.ts';
import { itemReader } from './items.ts';

function readIn(text: string, sizes: readonly number[] = []) {
  const bytes = new TextEncoder().encode(text);
  const items: JsonObject[] = [];
  const reader = itemReader((item) => items.push(item));
  let from = 0;
  for (const size of sizes) {
    reader.add(bytes.subarray(from, from + size));
    from += size;
  }
  reader.add(bytes.subarray(from));
  return { items, wrong: reader.end() };
}

test('the items of a list are the same in whatever pieces they come', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  const item = fc.dictionary(fc.string(), value);
  fc.assert(
    fc.property(
      fc.array(item, { maxLength: 4 }),
      fc.array(fc.integer({ min: 0, max: 40 })),
      fc.boolean(),
      (items, sizes, isPretty) => {
        const list = {
          apiVersion: 'v1',
          items,
          kind: 'List',
          metadata: { resourceVersion: '"[{' },
        };
        const text = JSON.stringify(list, null, isPretty ? 4 : 0);
        const expected = JSON.parse(JSON.stringify(items));
        assert.deepEqual(readIn(text, sizes), { items: expected, wrong: undefined });
      },
    ),
  );
});

test('only what is in the sequence is an item', () => {
  const text = JSON.stringify({ metadata: { labels: { a: 'b' } }, items: [{ c: 1 }] });
  assert.deepEqual(readIn(text), { items: [{ c: 1 }], wrong: undefined });
});

test('a list that is cut short anywhere is not a list', () => {
  const text = JSON.stringify({ items: [{ a: '}]' }, { b: [1, { c: 2 }] }], kind: 'List' });
  for (let length = 0; length < text.length; length += 1) {
    assert.notEqual(readIn(text.slice(0, length)).wrong, undefined, text.slice(0, length));
  }
});

describe('what is not a list', () => {
  const cases = {
    'no JSON': 'error: no such thing',
    'an object': '{"kind": "Pod", "metadata": {"labels": {"a": "b"}}}',
    'items that are texts': '{"items": ["a"]}',
    'items that are sequences': '{"items": [[{}]]}',
    'another sequence beside the items': '{"items": [{}], "others": [{}]}',
    'items that are a number that stands for one': '{"items": 0}',
    'one page, and not the last': '{"items": [{}], "metadata": {"continue": "x"}}',
    'one page, with objects left': '{"items": [{}], "metadata": {"remainingItemCount": 1}}',
    'two lists': '{"items": []}{"items": []}',
  };
  for (const [name, text] of Object.entries(cases)) {
    test(name, () => assert.notEqual(readIn(text).wrong, undefined));
  }
});
