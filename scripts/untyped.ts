/** A part of the output of a tool; undefined if it is missing. */
export function field(holder: unknown, key: string): unknown {
  if (typeof holder !== 'object' || holder === null) return undefined;
  return Object.getOwnPropertyDescriptor(holder, key)?.value;
}

/** A list in the output of a tool; empty if it is missing. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
