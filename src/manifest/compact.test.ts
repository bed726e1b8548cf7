import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compacted } from './compact.ts';
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
  ['UTF-16', Buffer.from('\ufeffapiVersion: v1\nkind: Pod\nmetadata: {name: "é 😀"}\n', 'utf16le')],
] as const) {
  test(`without its text, an object of a file in ${encoding} has the same value, text and places`, () => {
    const objects = objectsIn(bytes);
    assert.ok(objects.length > 0);
    for (const object of objects) {
      const small = compacted(object, bytes);
      assert.notEqual(small, object);
      assert.deepEqual(small.value, object.value);
      assert.deepEqual(small.document.value, object.document.value);
      assert.equal(small.document.chunk.text, object.document.chunk.text);
      for (const path of [[], ['kind'], ['metadata', 'name'], ['metadata', 'labels', '1']]) {
        assert.deepEqual(locate(small.document, path), locate(object.document, path));
      }
    }
  });
}

test('an item of a list keeps the document that it shares, and so does an object of a large file', () => {
  const list = Buffer.from('apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod}\n');
  const large = Buffer.from(`apiVersion: v1\nkind: Pod\n${'#'.repeat(65_536)}\n`);
  for (const bytes of [list, large]) {
    const [object] = objectsIn(bytes);
    assert.ok(object !== undefined);
    assert.equal(compacted(object, bytes), object);
  }
});
