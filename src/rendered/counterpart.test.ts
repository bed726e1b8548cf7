import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Path } from '../errors.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import { counterpart } from './counterpart.ts';

describe('the path of a rendered value in its source', () => {
  const cases: readonly {
    readonly name: string;
    readonly rendered: JsonValue;
    readonly source: JsonValue;
    readonly path: Path;
    readonly found: Path | undefined;
  }[] = [
    {
      name: 'an equal value',
      rendered: { a: 1 },
      source: { a: 1, b: 2 },
      path: ['a'],
      found: ['a'],
    },
    { name: 'another value', rendered: { a: 1 }, source: { a: 2 }, path: ['a'], found: undefined },
    { name: 'another type', rendered: { a: 1 }, source: { a: '1' }, path: ['a'], found: undefined },
    { name: 'an added value', rendered: { a: 1 }, source: {}, path: ['a'], found: undefined },
    {
      name: 'a null that was added',
      rendered: { a: null },
      source: {},
      path: ['a'],
      found: undefined,
    },
    {
      name: 'maps are equal whatever the order of their keys',
      rendered: { a: { b: 1, c: [2] } },
      source: { a: { c: [2], b: 1 } },
      path: ['a'],
      found: ['a'],
    },
    {
      name: 'a map with a key more is another one',
      rendered: { a: { b: 1 } },
      source: { a: { b: 1, c: 1 } },
      path: ['a'],
      found: undefined,
    },
    {
      name: 'a field that is missing in both',
      rendered: { a: { b: 1 } },
      source: { a: { c: 1 } },
      path: ['a', 'd', 'e'],
      found: ['a', 'd', 'e'],
    },
    {
      name: 'a field that was removed',
      rendered: { a: {} },
      source: { a: { d: 1 } },
      path: ['a', 'd'],
      found: undefined,
    },
    {
      name: 'a field that is missing in a map that was added',
      rendered: { a: {} },
      source: {},
      path: ['a', 'd'],
      found: undefined,
    },
    {
      name: 'a field that is missing where the source has a list',
      rendered: { a: {} },
      source: { a: [] },
      path: ['a', 'd'],
      found: undefined,
    },
    {
      name: 'an item by its name',
      rendered: [{ name: 'proxy' }, { name: 'web', image: 'a' }],
      source: [{ name: 'web', image: 'a' }],
      path: [1, 'image'],
      found: [0, 'image'],
    },
    {
      name: 'an item that two have the name of',
      rendered: [{ name: 'a' }, { name: 'web', image: 'a' }, { name: 'b' }],
      source: [{ name: 'web', image: 'a' }, { name: 'a' }, { name: 'web', image: 'a' }],
      path: [1, 'image'],
      found: undefined,
    },
    {
      name: 'an equal item that others were put before',
      rendered: [{ key: 'x' }, { key: 'y' }],
      source: [{ key: 'y' }],
      path: [1],
      found: [0],
    },
    {
      name: 'of equal items that at the same place',
      rendered: [{ key: 'x' }, { key: 'y' }],
      source: [{ key: 'y' }, { key: 'y' }],
      path: [1, 'key'],
      found: [1, 'key'],
    },
    {
      name: 'an item that is in no source',
      rendered: [{ key: 'x' }],
      source: [{ key: 'y' }],
      path: [0],
      found: undefined,
    },
    { name: 'an index in a map', rendered: [1], source: { 0: 1 }, path: [0], found: undefined },
    {
      name: 'a key that every object of JavaScript has',
      rendered: { a: {} },
      source: { a: {} },
      path: ['a', 'constructor'],
      found: ['a', 'constructor'],
    },
  ];
  for (const { name, rendered, source, path, found } of cases) {
    test(name, () => assert.deepEqual(counterpart(rendered, source, path), found));
  }
});
