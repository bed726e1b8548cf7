import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import type { Edit } from '../../src/report/report.ts';

/** A copy of the object with the edits. The path of each must exist or, for `add`, must not exist. */
export function applied(object: JsonObject, edits: readonly Edit[]): JsonObject {
  const copy: JsonObject = structuredClone(object);
  for (const edit of edits) {
    const holder = holderOf(copy, edit);
    const key = edit.path.at(-1) ?? '';
    assert.ok(typeof holder === 'object' && holder !== null);
    assert.equal(key in holder, edit.op !== 'add', `${edit.op} ${edit.path.join('.')}`);
    if (edit.op !== 'remove') Reflect.set(holder, key, edit.value);
    else if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else Reflect.deleteProperty(holder, key);
  }
  return copy;
}

/** The same as it is written: of a list that becomes empty, its key goes as well. */
export function appliedInText(object: JsonObject, edits: readonly Edit[]): JsonObject {
  return edits.reduce<JsonObject>((before, edit) => {
    const after = applied(before, [edit]);
    const holder = holderOf(after, edit);
    if (edit.op !== 'remove' || !Array.isArray(holder) || holder.length > 0) return after;
    return applied(after, [{ op: 'remove', path: edit.path.slice(0, -1) }]);
  }, object);
}

function holderOf(object: JsonObject, { path }: Edit): unknown {
  return path.slice(0, -1).reduce<unknown>(property, object);
}

function property(holder: unknown, key: string | number): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined;
}
