import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classify } from './objects.ts';
import { readManifest } from './read.ts';

/** What the only document of a text is, errors as `CODE line:column`. */
function classified(text: string): unknown {
  const [document] = readManifest('f.yaml', new TextEncoder().encode(text)).documents;
  assert.ok(document);
  const found = classify(document);
  if (found.kind !== 'objects') return found;
  assert.ok(found.objects.every((object) => object.document === document));
  return {
    objects: found.objects.map(({ path, value }) => [path.join('.'), value]),
    errors: found.errors.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`),
  };
}

const pod = { apiVersion: 'v1', kind: 'Pod' };
const rows: readonly (readonly [law: string, text: string, expected: unknown])[] = [
  ['a document without content is empty', '# c\n', { kind: 'empty' }],
  ['a list is no object', '- a', { kind: 'other', reason: 'it is no map' }],
  ['a text is no object', 'a', { kind: 'other', reason: 'it is no map' }],
  [
    'a map without apiVersion and kind is no object',
    'metadata: {}\nspec: {}',
    { kind: 'other', reason: 'it has neither apiVersion nor kind' },
  ],
  [
    'a map with a kind alone, which looks like no object, is none',
    'kind: x\na: 1',
    { kind: 'other', reason: 'it lacks a kind or an apiVersion' },
  ],
  ['an object is one', 'apiVersion: v1\nkind: Pod', { objects: [['', pod]], errors: [] }],
  [
    'a list of any kind gives its items and vanishes',
    'apiVersion: v1\nkind: ConfigMap\nitems:\n- {apiVersion: v1, kind: Pod}\n- {a: 1}',
    {
      objects: [
        ['items.0', pod],
        ['items.1', { a: 1, apiVersion: 'v1', kind: 'ConfigMap' }],
      ],
      errors: [],
    },
  ],
  [
    'a typed list gives its kind to items without one',
    'apiVersion: v1\nkind: PodList\nitems: [{a: 1}, {apiVersion: "", kind: ~}, {apiVersion: x, kind: Z}]',
    {
      objects: [
        ['items.0', { a: 1, ...pod }],
        ['items.1', pod],
        ['items.2', { apiVersion: 'x', kind: 'Z' }],
      ],
      errors: [],
    },
  ],
  [
    'an item with half a kind is not completed',
    'apiVersion: v1\nkind: PodList\nitems:\n- kind: Pod\n- apiVersion: v1',
    { objects: [], errors: ['MANIFEST_OBJECT 4:3', 'MANIFEST_OBJECT 5:3'] },
  ],
  [
    'an item of a plain list needs its own kind',
    'apiVersion: v1\nkind: List\nitems:\n- a: 1',
    { objects: [], errors: ['MANIFEST_OBJECT 4:3'] },
  ],
  [
    'an item that is no map is an error, and leaves the others',
    'apiVersion: v1\nkind: PodList\nitems:\n- ~\n- x\n-\n- {a: 1}',
    {
      objects: [['items.3', { a: 1, ...pod }]],
      errors: ['MANIFEST_OBJECT 4:3', 'MANIFEST_OBJECT 5:3', 'MANIFEST_OBJECT 6:1'],
    },
  ],
  [
    'a list in a list is an error',
    'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: List, items: []}',
    { objects: [], errors: ['MANIFEST_OBJECT 4:3'] },
  ],
  [
    'an empty list holds nothing',
    'apiVersion: v1\nkind: List\nitems: []',
    { objects: [], errors: [] },
  ],
  ['a null list holds nothing', 'apiVersion: v1\nkind: List\nitems:', { objects: [], errors: [] }],
  [
    'items that are no list are an error',
    'apiVersion: v1\nkind: List\nitems: {a: 1}',
    { objects: [], errors: ['MANIFEST_OBJECT 3:1'] },
  ],
  [
    'an object without apiVersion is an error',
    '# c\nkind: Pod\nmetadata: {}',
    { objects: [], errors: ['MANIFEST_OBJECT 2:1'] },
  ],
  [
    'an object without kind is an error',
    'apiVersion: v1\nspec: {}',
    { objects: [], errors: ['MANIFEST_OBJECT 1:1'] },
  ],
  [
    'an object whose kind is no string is an error',
    'apiVersion: v1\nkind: yes\nspec: {}',
    { objects: [], errors: ['MANIFEST_OBJECT 1:1'] },
  ],
  [
    'an object whose apiVersion is a number is an error',
    'apiVersion: 1\nkind: Pod\nmetadata: {}',
    { objects: [], errors: ['MANIFEST_OBJECT 1:1'] },
  ],
];
for (const [law, text, expected] of rows) {
  test(law, () => assert.deepEqual(classified(text), expected));
}
