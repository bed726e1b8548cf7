import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { decode } from './decode.ts';
import type { ManifestObject } from './objects.ts';
import type { Chunk } from './split.ts';

/** Of a larger file, finding the text again for each finding would take long. */
const MOST_BYTES = 65_536;

/**
 * Returns an object that does not keep the decoded text of its file: its strings are copies, and where a place is
 * asked for, the text is decoded again. Of many small files that is half of what a check holds.
 *
 * @param bytes those of the file, which are kept for its excerpts anyway.
 */
export function compacted(object: ManifestObject, bytes: Uint8Array): ManifestObject {
  const { document, value } = object;
  if (bytes.length > MOST_BYTES || !isWhole(object)) return object;
  const own = copied(value);
  return {
    ...object,
    value: own,
    document: {
      ...document,
      value: document.value === value ? own : copied(document.value),
      chunk: decodedLater(document.chunk, document.file, bytes),
    },
  };
}

/** Whether an object is a document of its own, that other objects do not share. */
function isWhole({ document, path, parts, takenFor }: ManifestObject): boolean {
  const { origin, rendering, chunk } = document;
  const isAlone = [origin, rendering, parts, takenFor, chunk.unit].every(
    (one) => one === undefined,
  );
  return isAlone && path.length === 0;
}

// What V8 cuts out of a text keeps the whole text.
function copied<Value extends JsonObject | JsonValue>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
}

function decodedLater(
  { text: { length }, ...chunk }: Chunk,
  file: string,
  bytes: Uint8Array,
): Chunk {
  const { start } = chunk;
  return {
    ...chunk,
    get text() {
      return decode(file, bytes).slice(start, start + length);
    },
  };
}
