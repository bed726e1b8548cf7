import type { JsonObject } from '../kubernetes/json.ts';
import { identityOf, type ObjectReference, reference } from '../kubernetes/objects.ts';
import type { Change } from '../report/diff.ts';
import type { FileSession } from '../session.ts';

/** An object of one input that is not the same in the other. */
export interface ChangedObject {
  readonly object: ObjectReference;
  readonly change: Change;
  /** The file that has it, or had it. */
  readonly file: string;
  /** As it was; absent if it was not there. */
  readonly old?: JsonObject;
}

/** Finds the objects that two inputs do not have alike, by their identity. Those without a name have none. */
export function changesBetween(
  old: FileSession | undefined,
  now: FileSession | undefined,
): ReadonlyMap<string, ChangedObject> {
  const [before, after] = [objectsOf(old), objectsOf(now)];
  const changes = new Map<string, ChangedObject>();
  for (const [identity, { value, file }] of after) {
    const was = before.get(identity);
    const object = reference(value);
    if (was === undefined) changes.set(identity, { object, change: 'added', file });
    else if (JSON.stringify(was.value) !== JSON.stringify(value))
      changes.set(identity, { object, change: 'changed', file, old: was.value });
  }
  for (const [identity, { value, file }] of before) {
    if (after.has(identity)) continue;
    changes.set(identity, { object: reference(value), change: 'removed', file, old: value });
  }
  return changes;
}

interface Known {
  readonly value: JsonObject;
  readonly file: string;
}

/** Of two with one identity the last one counts, as in a check. */
function objectsOf(session: FileSession | undefined): ReadonlyMap<string, Known> {
  const found = new Map<string, Known>();
  for (const { value, document } of session?.input.objects ?? []) {
    const named = reference(value);
    if (named.name === null || document.origin !== undefined) continue;
    found.set(identityOf(named), { value, file: document.file });
  }
  return found;
}
