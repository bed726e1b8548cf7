import { EngineError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { Later } from './later.ts';

/** The types of values in the memory of a module, by OPA's value.h. */
const TYPE = { NULL: 1, BOOLEAN: 2, NUMBER: 3, STRING: 4, ARRAY: 5, OBJECT: 6 } as const;
/** The forms of numbers: 64 bits, or digits. */
const FORM = { INTEGER: 1 << 8, DIGITS: 2 << 8 } as const;

/** The buckets of a small object; a larger one has at most 0.7 entries for each. */
const FEWEST_BUCKETS = 8;
const LOAD = 0.7;

/** The bytes of a word. */
const WORD = 4;
/** The words of a record that is looked up: longer ones are lists that hardly ever are equal. */
const MOST_SHARED = 255;
/** How full the table of records becomes. */
const FULL = 0.7;
/** How many words there is room for at first, and how that grows. */
const FIRST = 1 << 16;
const GROWTH = 1.5;
/** Where the head of a string has the hash of its text: OPA leaves this word out. */
const HASH = 3;

/** An entry of an object, before it is written. */
interface Entry {
  readonly key: string;
  readonly keyAddress: number;
  readonly value: number;
  next: Entry | undefined;
}

/** The memory that records are written into. */
export interface Room {
  /** The address of the first record, a multiple of four. */
  readonly start: number;
  /** Makes the memory as large as a number of bytes from the start on, and returns it. */
  readonly grown: (bytes: number) => ArrayBuffer;
}

/**
 * Writes values as OPA has them in the memory of a module (value.c), record by record: the head of a string, its text,
 * an entry of an object, the list of its buckets. Records that are equal are written once: of a thousand objects of a
 * kind there is one key `metadata`. No evaluation changes data, so values can share them.
 *
 * What OPA itself makes of JSON has no record in common, and a header before each: it takes ten times as much.
 */
export class Records {
  readonly #room: Room;
  #words = new Int32Array(0);
  #bytes = new Uint8Array(0);
  /** How many words are written. */
  #used = 0;
  readonly #texts = new Map<string, number>();
  /** The other records by their hash: the index of the first word, plus one; and how many words each has. */
  #table = new Int32Array(1 << 10);
  #sizes = new Uint8Array(1 << 10);
  #count = 0;

  constructor(room: Room) {
    this.#room = room;
  }

  /** The bytes of all records. */
  get size(): number {
    return WORD * this.#used;
  }

  /**
   * Adds a value, and returns its address.
   *
   * @throws EngineError if a text of it has half of a character, as OPA does.
   */
  add(value: JsonValue): number {
    if (typeof value === 'string') return this.#string(value);
    if (typeof value === 'number') return this.#number(value);
    if (typeof value === 'boolean') return this.#keep(1, TYPE.BOOLEAN | (Number(value) << 8));
    if (value === null) return this.#keep(1, TYPE.NULL);
    if (value instanceof Later) return this.#object(value.toJSON());
    return isList(value) ? this.#array(value) : this.#object(value);
  }

  #string(text: string): number {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    // No character takes more than three bytes of UTF-8 for each of its units.
    this.#reserve(4 + text.length);
    const start = this.#used;
    const length = this.#write(text, WORD * (start + 4));
    const head = this.#words;
    head[start] = TYPE.STRING;
    head[start + 1] = length;
    head[start + 2] = this.#addressOf(start + 4);
    head[start + HASH] = hashOf(this.#bytes, WORD * (start + 4), length);
    this.#used += 4 + Math.ceil(length / WORD);
    const address = this.#addressOf(start);
    this.#texts.set(text, address);
    return address;
  }

  /** Writes a text as UTF-8, and returns the number of its bytes. */
  #write(text: string, at: number): number {
    const bytes = this.#bytes;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code >= 0x80) return encode(text, bytes.subarray(at));
      bytes[at + index] = code;
    }
    return text.length;
  }

  /** As OPA reads a number of JSON: by its digits. */
  #number(value: number): number {
    const digits = JSON.stringify(value);
    const text = this.#addressOf(this.#indexOf(this.#string(digits)) + 4);
    return this.#keep(6, TYPE.NUMBER | FORM.DIGITS, 0, text, digits.length);
  }

  #array(items: readonly JsonValue[]): number {
    const words: number[] = [];
    for (let index = 0; index < items.length; index += 1) {
      // Each has its index beside it.
      words.push(
        this.#keep(6, TYPE.NUMBER | FORM.INTEGER, 0, index),
        this.add(items[index] ?? null),
      );
    }
    return this.#keep(4, TYPE.ARRAY, this.#keepAll(words), items.length, items.length);
  }

  #object(value: JsonObject): number {
    const keys = Object.keys(value);
    let size = FEWEST_BUCKETS;
    while (keys.length > size * LOAD) size *= 2;
    const buckets: (Entry | undefined)[] = [];
    for (let index = 0; index < size; index += 1) buckets.push(undefined);
    let count = 0;
    for (const key of keys) {
      const item = value[key];
      if (item === undefined) continue; // as in JSON
      count += 1;
      const keyAddress = this.#string(key);
      const hash = this.#words[this.#indexOf(keyAddress) + HASH] ?? 0;
      const bucket = hash & (size - 1);
      const entry = { key, keyAddress, value: this.add(item), next: undefined };
      buckets[bucket] = inserted(entry, buckets[bucket]);
    }
    const words: number[] = [];
    for (const first of buckets) words.push(this.#entries(first));
    return this.#keep(4, TYPE.OBJECT, this.#keepAll(words), size, count);
  }

  /** Writes a list of entries, the last one first. */
  #entries(first: Entry | undefined): number {
    if (first === undefined) return 0;
    const next = this.#entries(first.next);
    return this.#keep(3, first.keyAddress, first.value, next);
  }

  /** Keeps a record of up to six words. Nothing is allocated for it: there are millions. */
  #keep(size: number, first: number, second = 0, third = 0, fourth = 0): number {
    this.#reserve(6);
    const start = this.#used;
    const words = this.#words;
    words[start] = first;
    words[start + 1] = second;
    words[start + 2] = third;
    words[start + 3] = fourth;
    words[start + 4] = 0;
    words[start + 5] = 0;
    return this.#settled(size);
  }

  #keepAll(words: readonly number[]): number {
    this.#reserve(words.length);
    const start = this.#used;
    for (let index = 0; index < words.length; index += 1) {
      this.#words[start + index] = words[index] ?? 0;
    }
    return this.#settled(words.length);
  }

  /** Makes room after what is written. */
  #reserve(words: number): void {
    const needed = this.#used + words;
    if (needed <= this.#words.length) return;
    const { start, grown } = this.#room;
    const size = Math.max(needed + FIRST, Math.ceil(GROWTH * this.#words.length));
    const memory = grown(WORD * size);
    this.#words = new Int32Array(memory, start, size);
    this.#bytes = new Uint8Array(memory, start, WORD * size);
  }

  /** Keeps the record after what is written, unless there is an equal one. Returns its address. */
  #settled(size: number): number {
    const start = this.#used;
    if (size <= MOST_SHARED) {
      const mask = this.#table.length - 1;
      let slot = this.#hash(start, size) & mask;
      for (let found = this.#table[slot]; found; found = this.#table[slot]) {
        const isEqual = this.#sizes[slot] === size && this.#isAt(found - 1, size);
        if (isEqual) return this.#addressOf(found - 1);
        slot = (slot + 1) & mask;
      }
      this.#table[slot] = start + 1;
      this.#sizes[slot] = size;
      this.#count += 1;
      if (this.#count > FULL * this.#table.length) this.#enlarge();
    }
    this.#used += size;
    return this.#addressOf(start);
  }

  #hash(start: number, size: number): number {
    const words = this.#words;
    let hash = size;
    for (let index = start; index < start + size; index += 1) {
      hash = Math.imul(hash ^ (words[index] ?? 0), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  /** Whether the record after what is written is at an index already. */
  #isAt(index: number, size: number): boolean {
    const words = this.#words;
    const start = this.#used;
    for (let offset = 0; offset < size; offset += 1) {
      if (words[index + offset] !== words[start + offset]) return false;
    }
    return true;
  }

  #addressOf(index: number): number {
    return this.#room.start + WORD * index;
  }

  #indexOf(address: number): number {
    return (address - this.#room.start) / WORD;
  }

  #enlarge(): void {
    const [table, sizes] = [this.#table, this.#sizes];
    this.#table = new Int32Array(2 * table.length);
    this.#sizes = new Uint8Array(2 * table.length);
    const mask = this.#table.length - 1;
    for (let index = 0; index < table.length; index += 1) {
      const found = table[index] ?? 0;
      if (found === 0) continue;
      const size = sizes[index] ?? 0;
      let slot = this.#hash(found - 1, size) & mask;
      while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
      this.#table[slot] = found;
      this.#sizes[slot] = size;
    }
  }
}

function isList(value: JsonObject | readonly JsonValue[]): value is readonly JsonValue[] {
  return Array.isArray(value);
}

const UTF8 = new TextEncoder();
const HALF = /\p{Surrogate}/u;

function encode(text: string, bytes: Uint8Array): number {
  if (HALF.test(text)) throw new EngineError('a text has half of a character');
  return UTF8.encodeInto(text, bytes).written;
}

/** OPA's hash of a text, its variant of FNV. */
function hashOf(bytes: Uint8Array, start: number, length: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < start + length; index += 1) {
    hash = Math.imul(hash, 0x01000193) ^ (bytes[index] ?? 0);
  }
  return hash;
}

/** A bucket has its entries in the order of their keys. */
function inserted(entry: Entry, first: Entry | undefined): Entry {
  if (first === undefined || isBefore(entry.key, first.key)) {
    entry.next = first;
    return entry;
  }
  first.next = inserted(entry, first.next);
  return first;
}

/** Compares as UTF-8: other than by units, what is beyond 16 bits comes last. */
function isBefore(a: string, b: string): boolean {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index += 1;
  return rank(a.charCodeAt(index)) < rank(b.charCodeAt(index));
}

function rank(unit: number): number {
  if (Number.isNaN(unit)) return -1;
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x2800 : unit;
}
