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
const rows: readonly (readonly [name: string, text: string, expected: unknown])[] = [
  ['a document without content is empty', '# c\n', { kind: 'empty' }],
  ['a sequence is not an object', '- a', { kind: 'other', reason: 'not a mapping' }],
  ['a scalar is not an object', 'a', { kind: 'other', reason: 'not a mapping' }],
  [
    'a mapping without apiVersion and kind is not an object',
    'metadata: {}\nspec: {}',
    { kind: 'other', reason: 'no apiVersion and no kind' },
  ],
  [
    'a mapping with only a kind, and no fields of an object, is not an object',
    'kind: x\na: 1',
    { kind: 'other', reason: 'no kind or no apiVersion' },
  ],
  [
    'a key that is to be filled in does not make it one',
    '"{{ a }}": v1\n$(K): Pod\nmetadata: {}',
    { kind: 'other', reason: 'no apiVersion and no kind' },
  ],
  [
    'with a spec, it does',
    '"{{ a }}": v1\n$(K): Pod\nspec: {}',
    { objects: [], errors: ['MANIFEST_OBJECT 1:1'] },
  ],
  [
    'a string that lacks spaces after its colons is an object that cannot be read',
    'apiVersion:v1\nkind:Pod\n',
    { objects: [], errors: ['MANIFEST_OBJECT 1:1'] },
  ],
  ['another string is none', 'a kind:Pod\n', { kind: 'other', reason: 'not a mapping' }],
  [
    'a label that is not a string makes an object one that cannot be read',
    'apiVersion: v1\nkind: Pod\nmetadata: {labels: {a: 1}}',
    { objects: [], errors: ['MANIFEST_OBJECT 3:24'] },
  ],
  ['an object is an object', 'apiVersion: v1\nkind: Pod', { objects: [['', pod]], errors: [] }],
  [
    'a list of any kind is its items',
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
    'items of a typed list without a kind get its kind',
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
    'an item with only a kind or an apiVersion gets none of the list',
    'apiVersion: v1\nkind: PodList\nitems:\n- kind: Pod\n- apiVersion: v1',
    { objects: [], errors: ['MANIFEST_OBJECT 4:3', 'MANIFEST_OBJECT 5:3'] },
  ],
  [
    'an item of a plain list needs its own kind',
    'apiVersion: v1\nkind: List\nitems:\n- a: 1',
    { objects: [], errors: ['MANIFEST_OBJECT 4:3'] },
  ],
  [
    'an item that is not a mapping is an error, and the others are read',
    'apiVersion: v1\nkind: PodList\nitems:\n- ~\n- x\n-\n- {a: 1}',
    {
      objects: [['items.3', { a: 1, ...pod }]],
      errors: ['MANIFEST_OBJECT 4:3', 'MANIFEST_OBJECT 5:3', 'MANIFEST_OBJECT 6:1'],
    },
  ],
  [
    'a List in a List is an error',
    'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: List, items: []}',
    { objects: [], errors: ['MANIFEST_OBJECT 4:3'] },
  ],
  [
    'an empty list has no objects',
    'apiVersion: v1\nkind: List\nitems: []',
    { objects: [], errors: [] },
  ],
  ['a null list has no objects', 'apiVersion: v1\nkind: List\nitems:', { objects: [], errors: [] }],
  [
    'items that are not a sequence are an error',
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
    'an object whose kind is not a string is an error',
    'apiVersion: v1\nkind: yes\nspec: {}',
    { objects: [], errors: ['MANIFEST_OBJECT 1:1'] },
  ],
  [
    'an object whose apiVersion is a number is an error',
    'apiVersion: 1\nkind: Pod\nmetadata: {}',
    { objects: [], errors: ['MANIFEST_OBJECT 1:1'] },
  ],
];
for (const [name, text, expected] of rows) {
  test(name, () => assert.deepEqual(classified(text), expected));
}
