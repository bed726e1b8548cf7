/** A part of what a tool printed, undefined where it is not there. */
export function field(holder: unknown, key: string): unknown {
  if (typeof holder !== 'object' || holder === null) return undefined;
  return Object.getOwnPropertyDescriptor(holder, key)?.value;
}

/** A list that a tool printed, empty where it printed none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
