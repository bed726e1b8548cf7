import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { decoded } from './contents.ts';

const MOST_BYTES = 4 * 1024 * 1024;

describe('compressed text is read as zlib reads it', () => {
  const hello = gzipSync('hello');
  const forged = Buffer.from(hello);
  forged.writeUInt32LE(0xfffffff0, forged.length - 4);
  for (const [name, bytes] of Object.entries({
    'one member': hello,
    'two members': Buffer.concat([hello, gzipSync(' world')]),
    'zeros behind it': Buffer.concat([hello, Buffer.alloc(8)]),
    'something else behind it': Buffer.concat([hello, Buffer.from('junk')]),
    'cut off': hello.subarray(0, -3),
    'a header only': hello.subarray(0, 10),
    nothing: Buffer.alloc(0),
    'an empty text': gzipSync(''),
    'a size of 4 GB in the trailer': forged,
    'the most bytes': gzipSync(Buffer.alloc(MOST_BYTES, 'a')),
    'one byte more': gzipSync(Buffer.alloc(MOST_BYTES + 1, 'a')),
    'zlib without a gzip header': Buffer.from('eJzLSM3JyQcABiwCFQ==', 'base64'),
  })) {
    test(name, () => assertSame(bytes));
  }
});

test('compressed text with any byte changed is read as zlib reads it', () => {
  const bytes = gzipSync('apiVersion: v1\nkind: Node\n'.repeat(9));
  const at = fc.nat(bytes.length - 1);
  fc.assert(
    fc.property(at, fc.integer({ min: 1, max: 255 }), (index, mask) => {
      const broken = Buffer.from(bytes);
      broken[index] = (broken[index] ?? 0) ^ mask;
      assertSame(broken);
    }),
    { numRuns: 500 },
  );
});

function assertSame(bytes: Uint8Array): void {
  const content = decoded(Buffer.from(bytes).toString('base64'), 'gzip+base64');
  assert.equal('text' in content ? content.text : undefined, unzipped(bytes));
}

function unzipped(bytes: Uint8Array): string | undefined {
  try {
    const plain = gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch {
    return undefined;
  }
}
