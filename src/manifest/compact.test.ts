import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reference, stringAt } from '../kubernetes/objects.ts';
import { createCompacting } from './compact.ts';
import { locate } from './locate.ts';
import { classify, type ManifestObject } from './objects.ts';
import { readManifest } from './read.ts';

const TWO = `apiVersion: v1\r\nkind: Pod\r\nmetadata: {name: "the first, é 😀"}
---
# the second
apiVersion: v1
kind: Pod
metadata:
  name: a name of some length
  labels: {__proto__: "x", 1: "y"}
`;

function objectsIn(bytes: Uint8Array): readonly ManifestObject[] {
  return readManifest('a.yaml', bytes).documents.flatMap((document) => {
    const found = classify(document);
    return found.kind === 'objects' ? found.objects : [];
  });
}

for (const [encoding, bytes] of [
  ['UTF-8', Buffer.from(TWO)],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${TWO}`)],
  ['UTF-8, longer than most', Buffer.from(`${TWO}${'#'.repeat(65_536)}\n`)],
  ['UTF-16', Buffer.from('\ufeffapiVersion: v1\nkind: Pod\nmetadata: {name: "é 😀"}\n', 'utf16le')],
] as const) {
  test(`without its text, an object of a file in ${encoding} has the same value, text and places`, () => {
    const objects = objectsIn(bytes);
    assert.ok(objects.length > 0);
    for (const object of objects) {
      const small = createCompacting()(object, { bytes }, bytes.length);
      assert.notEqual(small, object);
      assert.deepEqual(small.value, object.value);
      assert.deepEqual(JSON.parse(small.json ?? ''), object.value);
      assert.deepEqual(small.named, reference(object.value));
      assert.deepEqual(small.document.value, object.document.value);
      assert.equal(small.document.chunk.text, object.document.chunk.text);
      for (const path of [[], ['kind'], ['metadata', 'name'], ['metadata', 'labels', '1']]) {
        assert.deepEqual(locate(small.document, path), locate(object.document, path));
      }
    }
  });
}

test('an item of a list keeps the document that it shares', () => {
  const list = Buffer.from('apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod}\n');
  const [object] = objectsIn(list);
  assert.ok(object !== undefined);
  assert.equal(createCompacting()(object, { bytes: list }, list.length), object);
});

test('each of many objects has its own value, whichever is asked for', () => {
  const texts = Array.from({ length: 1500 }, (_, index) => `a${'é'.repeat(index)}`);
  const bytes = Buffer.from(
    texts.map((text) => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${text}}\n`).join('---\n'),
  );
  const compact = createCompacting();
  const objects = objectsIn(bytes).map((object) => compact(object, { bytes }, bytes.length));
  const nameOf = ({ value }: ManifestObject) => stringAt(value['metadata'], 'name');
  assert.deepEqual(objects.map(nameOf), texts);
  assert.deepEqual(objects.toReversed().map(nameOf), texts.toReversed());
});

test('an object whose name is not a string is kept as it is: it cannot be named without its value', () => {
  const bytes = Buffer.from('apiVersion: kind.x-k8s.io/v1\nkind: Cluster\nmetadata: {name: 1}\n');
  const [object] = objectsIn(bytes);
  assert.ok(object !== undefined);
  assert.equal(createCompacting()(object, { bytes }, bytes.length), object);
});
