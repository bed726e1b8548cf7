import { EngineError } from '../errors.ts';

/** A part of an answer, which must be there. */
export function field(holder: unknown, key: string): unknown {
  if (!has(holder, key)) {
    throw new EngineError(`the policies' answer lacks ${key}`);
  }
  return Object.getOwnPropertyDescriptor(holder, key)?.value;
}

/** A part of an answer that must be a list. */
export function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new EngineError("a part of the policies' answer is not a list");
  return value;
}

/** Whether a part of an answer has the key. */
export function has(holder: unknown, key: string): holder is object {
  return typeof holder === 'object' && holder !== null && key in holder;
}

/** A part of an answer that must be one of these words. */
export function oneOf<T extends string>(value: unknown, words: readonly T[]): T {
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw new EngineError(`the policies answered ${String(value)}`);
  return word;
}
