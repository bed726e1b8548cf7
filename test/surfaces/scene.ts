import type { Waiver } from '../../src/config/waiver.ts';
import type { JsonObject, JsonValue } from '../../src/kubernetes/json.ts';
import type { Profile } from '../../src/profile/profile.ts';

/** The part of a finding that every surface has, for comparison. */
export interface SurfaceFinding {
  readonly policy: string;
  /** namespace/kind/name of the object. */
  readonly object: string;
  readonly path: JsonValue;
  readonly message: string;
}

/** Objects of one input, the profile, and which of the objects is under review. */
export interface Scene {
  readonly profile: Profile;
  readonly objects: readonly JsonObject[];
  /** All of them by default. */
  readonly reviewed?: JsonObject;
  /** The parts of an admission request other than the object. */
  readonly request?: JsonObject;
  /** What is waived is no finding of a surface. */
  readonly waivers?: readonly Waiver[];
}

/** The objects of a scene that are under review. */
export function reviewedOf({ objects, reviewed }: Scene): readonly JsonObject[] {
  return reviewed === undefined ? objects : [reviewed];
}

/** All objects of some scenes, each once, in their order. */
export function objectsOf(scenes: readonly Scene[]): readonly JsonObject[] {
  return [...new Set(scenes.flatMap(({ objects }) => objects))];
}

/** A key that is equal for equal profiles with equal waivers. */
export function settingKey({
  profile,
  waivers = NONE,
}: Pick<Scene, 'profile' | 'waivers'>): string {
  return contentOf(profile) + contentOf(waivers);
}

const NONE: readonly Waiver[] = [];

const contents = new WeakMap<object, string>();

/** The text of a value that does not change, computed once. */
export function contentOf(value: object): string {
  const text = contents.get(value) ?? textOf(value);
  contents.set(value, text);
  return text;
}

/** The parts of a list that have the same key, in the order of their first items. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): readonly T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item)) ?? [];
    groups.set(key(item), group);
    group.push(item);
  }
  return [...groups.values()];
}

/** A value as text that is the same whatever the order of its keys. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** namespace/kind/name of an object. */
export function nameOf(object: JsonValue): string {
  const word = (...path: readonly string[]) => at(object, ...path) ?? '';
  return `${word('metadata', 'namespace')}/${word('kind')}/${word('metadata', 'name')}`;
}

/** The value at a path; null if there is none. */
export function at(value: JsonValue, ...path: readonly string[]): JsonValue {
  let found = value;
  for (const step of path) {
    found =
      typeof found === 'object' && found !== null && !Array.isArray(found)
        ? ((found as JsonObject)[step] ?? null)
        : null;
  }
  return found;
}

/** The items of a list; none for any other value. */
export function list(value: JsonValue): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** Findings in a fixed order. */
export function sorted(findings: readonly SurfaceFinding[]): readonly SurfaceFinding[] {
  const key = ({ policy, object, path, message }: SurfaceFinding) =>
    JSON.stringify([policy, object, path, message]);
  return [...findings].sort((a, b) => (key(a) < key(b) ? -1 : key(a) === key(b) ? 0 : 1));
}
