import type { Path } from '../errors.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';
import type { Edit } from '../report/report.ts';

/** Applies edits to a value, one after the other; undefined if one does not fit. */
export function withEdits(value: JsonValue, edits: readonly Edit[]): JsonValue | undefined {
  return edits.reduce<JsonValue | undefined>(
    (before, edit) => (before === undefined ? undefined : withEdit(before, edit)),
    value,
  );
}

/** Returns the value with an edit; undefined if the edit does not fit it: `add` of what is there, or another one of what is not. */
export function withEdit(value: JsonValue, edit: Edit): JsonValue | undefined {
  return changed(value, edit.path, edit);
}

function changed(value: JsonValue, path: Path, edit: Edit): JsonValue | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return edit.op === 'set' ? edit.value : undefined;
  if (typeof step === 'number')
    return isList(value) ? inList(value, [step, rest], edit) : undefined;
  return isMap(value) ? inMap(new Map(Object.entries(value)), [step, rest], edit) : undefined;
}

function inList(
  list: readonly JsonValue[],
  [index, rest]: readonly [number, Path],
  edit: Edit,
): JsonValue | undefined {
  const item = list[index];
  if (item === undefined) {
    const isNext = rest.length === 0 && edit.op === 'add' && index === list.length;
    return isNext ? [...list, edit.value] : undefined;
  }
  if (rest.length === 0 && edit.op === 'add') return undefined;
  if (rest.length === 0 && edit.op === 'remove') return list.toSpliced(index, 1);
  const next = changed(item, rest, edit);
  return next === undefined ? undefined : list.with(index, next);
}

function inMap(
  map: Map<string, JsonValue>,
  [key, rest]: readonly [string, Path],
  edit: Edit,
): JsonValue | undefined {
  const item = map.get(key);
  if (item === undefined) {
    if (rest.length > 0 || edit.op !== 'add') return undefined;
    return Object.fromEntries(map.set(key, edit.value));
  }
  if (rest.length === 0 && edit.op === 'add') return undefined;
  if (rest.length === 0 && edit.op === 'remove') {
    map.delete(key);
    return Object.fromEntries(map);
  }
  const next = changed(item, rest, edit);
  return next === undefined ? undefined : Object.fromEntries(map.set(key, next));
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
