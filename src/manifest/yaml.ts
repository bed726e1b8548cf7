import { Document, isAlias, isMap, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { type ErrorCode, type Path, type Place, UserError } from '../errors.ts';
import { resolvePlain } from '../goyaml/scalar-value.ts';
import type { JsonValue } from '../kubernetes/json.ts';

/** A YAML file for Bulkhead itself: its value, and where each part of it is written. */
export interface YamlFile {
  /** .nan and .inf are numbers here: the schema rejects them, with their place. */
  readonly value: JsonValue;
  /** The place of a value or of its key; of the closest ancestor if there is none. */
  readonly placeOf: (path: Path, target?: 'key' | 'value') => Place;
}

/**
 * Reads YAML 1.2 files for Bulkhead itself: profiles and cases.
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
  // To the library an unknown tag is only a warning, and it drops the tag.
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const reason = error.code === 'MULTIPLE_DOCS' ? 'more than one document' : error.message;
    throw new UserError(code, `not valid YAML: ${firstLine(reason)}`, {
      place: place(error.pos[0]),
      cause: error,
    });
  }
  return {
    value: built(document, code, place(0)),
    placeOf: (path, target = 'value') => place(offsetOf(document, path, target)),
  };
}

/**
 * Writes YAML that has the same value in YAML 1.2 and in Kubernetes. It keeps the order of keys, and
 * does not break long strings or use aliases.
 */
export function writeYaml(value: JsonValue): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && needsQuotes(scalar.value)) {
        scalar.type = 'QUOTE_DOUBLE';
      }
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** Whether Kubernetes reads a plain scalar as something other than a string. */
function needsQuotes(text: string): boolean {
  return text === '<<' || resolvePlain(text) !== text;
}

/** An unknown alias, or one that expands to too much, is found only when the value is built. */
function built(document: Document.Parsed, code: ErrorCode, place: Place): JsonValue {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? null;
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    throw new UserError(code, `not valid YAML: ${firstLine(cause.message)}`, {
      place,
      cause,
    });
  }
}

function offsetOf(document: Document.Parsed, path: Path, target: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    const found = child(node, step);
    if (found === undefined) return offset;
    node = isAlias(found.value) ? found.value.resolve(document) : found.value;
    const [key, value] = [startOf(found.key), startOf(node)];
    const wantsKey = target === 'key' && index === path.length - 1;
    offset = (wantsKey ? (key ?? value) : (value ?? key)) ?? offset;
  }
  return offset;
}

function child(
  node: unknown,
  step: string | number,
): { key?: unknown; value: unknown } | undefined {
  if (isMap(node)) return node.items.find((item) => keyText(item.key) === String(step));
  const value = isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
  return value === undefined ? undefined : { value };
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
