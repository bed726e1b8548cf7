import {
  type Document,
  isCollection,
  isMap,
  isPair,
  LineCounter,
  parseDocument,
  stringify,
} from 'yaml';
import { type ErrorCode, type Path, type Place, UserError } from '../errors.ts';
import type { JsonValue } from './json.ts';

/** A file that people write for Bulkhead: its value, and where each part of it is written. */
export interface YamlFile {
  readonly value: JsonValue;
  /** The place of a value or of its key; of the closest ancestor where there is none. */
  readonly placeOf: (path: Path, target?: 'key' | 'value') => Place;
}

/**
 * Reads YAML 1.2 that people write for Bulkhead: profiles and cases.
 *
 * @throws UserError with the given code, at the place of the first mistake.
 */
export function readYaml(file: string, text: string, code: ErrorCode): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    throw new UserError(code, `this is no YAML: ${firstLine(error.message)}`, {
      place: place(error.pos[0]),
      cause: error,
    });
  }
  return {
    value: built(document, code, place(0)),
    placeOf: (path, target = 'value') => place(offsetOf(document, path, target)),
  };
}

/** Writes YAML: maps in their order, long strings unbroken, no aliases. */
export function writeYaml(value: JsonValue): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** An alias that is not defined, or repeats too much, shows only when the value is built. */
function built(document: Document.Parsed, code: ErrorCode, place: Place): JsonValue {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? null;
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    throw new UserError(code, `this YAML cannot be read: ${firstLine(cause.message)}`, {
      place,
      cause,
    });
  }
}

function offsetOf(document: Document.Parsed, path: Path, target: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    const pair = isMap(node)
      ? node.items.find((item) => isPair(item) && keyText(item.key) === String(step))
      : undefined;
    const next = isCollection(node) ? node.get(step, true) : undefined;
    if (pair === undefined && next === undefined) return offset;
    const key = startOf(pair?.key);
    const value = startOf(next);
    const wantsKey = target === 'key' && index === path.length - 1;
    offset = (wantsKey ? (key ?? value) : (value ?? key)) ?? offset;
    node = next;
  }
  return offset;
}

function keyText(key: unknown): string {
  return String(typeof key === 'object' && key !== null && 'value' in key ? key.value : key);
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  const { range } = node;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : undefined;
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}
