import { ReadingError } from '../goyaml/reading-error.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap, type ObjectReference, reference } from '../kubernetes/objects.ts';
import type { Mention } from '../report/mention.ts';
import { decode } from './decode.ts';
import type { ManifestObject } from './objects.ts';
import { parseChunk } from './parse.ts';
import type { ManifestDocument } from './read.ts';
import type { Chunk } from './split.ts';

/** Of a larger file, finding the text again for each finding would take long. */
const MOST_BYTES = 65_536;

/** What has the bytes of a file, now or again. */
interface Source {
  readonly bytes: Uint8Array;
}

/** Returns a small object in place of one of a file. */
export type Compacting = (object: ManifestObject, source: Source, size: number) => ManifestObject;

/**
 * Makes a function that returns small objects: the value of each is bytes of JSON, a third of what it takes as maps
 * and lists and nothing to go through for the garbage collector. Where a place is asked for, the text of its file is
 * decoded again. It takes the file, and the number of its bytes.
 */
export function createCompacting(): Compacting {
  const keep = createStore();
  return (object, source, size) => {
    if (!isWhole(object)) return object;
    const document = new CompactDocument(object.document, source, size > MOST_BYTES);
    return new Compact(object, document, keep(JSON.stringify(object.value)));
  };
}

/** The bytes of a store: there is one for a thousand objects. */
const STORE = 1 << 20;
const UTF8 = new TextEncoder();

/** Where a text is in a store. */
interface Kept {
  readonly store: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Makes a function that keeps texts as bytes. */
function createStore(): (text: string) => Kept {
  let store = new Uint8Array(0);
  let used = 0;
  return (text) => {
    let { read, written } = UTF8.encodeInto(text, store.subarray(used));
    if (read < text.length) {
      // No character takes more than three bytes for each of its units.
      store = new Uint8Array(Math.max(STORE, 3 * text.length));
      used = 0;
      ({ read, written } = UTF8.encodeInto(text, store));
    }
    const start = used;
    used += written;
    return { store, start, end: used };
  };
}

const DECODER = new TextDecoder();

/** Whether an object is a document of its own, that other objects do not share, and can be named without its value. */
function isWhole({ document, path, parts, takenFor, value }: ManifestObject): boolean {
  const { origin, rendering, chunk } = document;
  const isAlone = [origin, rendering, parts, takenFor, chunk.unit].every(
    (one) => one === undefined,
  );
  return isAlone && path.length === 0 && hasPlainNames(value);
}

function hasPlainNames({ metadata }: JsonObject): boolean {
  if (!isMap(metadata)) return true;
  return ['name', 'namespace'].every((key) => typeof (metadata[key] ?? '') === 'string');
}

const WHOLE: ManifestObject['path'] = [];
const NONE: readonly Mention[] = [];

/** The value that was asked for last: most questions about an object come one after the other. */
let last: { readonly of: Compact; readonly value: JsonObject } | undefined;

/** It makes what it is asked for each time: a field would be kept for each object. */
class Compact implements ManifestObject {
  readonly path = WHOLE;
  readonly named: ObjectReference;
  readonly mentions: readonly Mention[];
  readonly document: ManifestDocument;
  readonly #json: Kept;

  constructor({ value, mentions = NONE }: ManifestObject, document: ManifestDocument, json: Kept) {
    // What V8 cuts out of a text keeps the whole text.
    this.named = JSON.parse(JSON.stringify(reference(value)));
    this.mentions = mentions;
    this.document = document;
    this.#json = json;
  }

  get json(): string {
    const { store, start, end } = this.#json;
    return DECODER.decode(store.subarray(start, end));
  }

  get value(): JsonObject {
    if (last?.of !== this) last = { of: this, value: JSON.parse(this.json) };
    return last.value;
  }
}

/** A chunk whose text is found again. */
interface Later extends Omit<Chunk, 'text'> {
  readonly length: number;
}

/** The document of an object, which may have another value, with the namespace of the run. */
class CompactDocument implements ManifestDocument {
  readonly file: string;
  readonly index: number;
  readonly #chunk: Chunk | Later;
  readonly #source: Source;

  constructor({ file, index, chunk }: ManifestDocument, source: Source, isLarge: boolean) {
    this.file = file;
    this.index = index;
    this.#chunk = isLarge ? chunk : later(chunk);
    this.#source = source;
  }

  get chunk(): Chunk {
    const chunk = this.#chunk;
    return 'text' in chunk ? chunk : withText(chunk, this.file, this.#source);
  }

  get value(): JsonValue {
    const read = parseChunk(this.chunk);
    if (read instanceof ReadingError) throw read;
    return read.root?.value ?? null;
  }
}

// Written out: what V8 spreads into an object gets a hidden class of its own, larger than the object.
function later({ text: { length }, line, column, start, isJson }: Chunk): Later {
  return { line, column, start, isJson, length };
}

function withText(later: Later, file: string, source: Source): Chunk {
  const { line, column, start, isJson, length } = later;
  return {
    ...{ line, column, start, isJson },
    get text() {
      return decode(file, source.bytes).slice(start, start + length);
    },
  };
}
