import { load } from 'js-yaml';
import { PROFILE_NAMES } from '../../scripts/profiles.ts';
import type { Path } from '../../src/errors.ts';
import type { JsonObject, JsonValue } from '../../src/kubernetes/json.ts';
import { textOf } from './bulkhead.ts';

/** One change to an object: the same form as the edits of a fix. */
export type Edit =
  | { readonly op: 'remove'; readonly path: Path }
  | { readonly op: 'set'; readonly path: Path; readonly value: JsonValue };

/** A row of a profile's `cases.yaml`: a change to its cluster, and the exact findings that follow. */
export interface ProfileCase {
  readonly name: string;
  /** The kind and name of the object that changes: `Deployment kube-dns`, or with its namespace. */
  readonly object: string;
  readonly edits: readonly Edit[];
  readonly expect: readonly ExpectedFinding[];
}

/** A finding in such a row. The component is null for users' workloads and nodes. */
export interface ExpectedFinding {
  readonly policy: string;
  readonly component: string | null;
  readonly path: Path;
}

/** The rows of every built-in profile, by its name. */
export function profileCases(): ReadonlyMap<string, readonly ProfileCase[]> {
  return new Map(
    PROFILE_NAMES.map((name) => [
      name,
      load(textOf(`profiles/${name}/cases.yaml`)) as readonly ProfileCase[],
    ]),
  );
}

/** Makes the changes of rows, which are of different objects, to the objects of a cluster. */
export function edited(
  objects: readonly JsonObject[],
  rows: readonly ProfileCase[],
): readonly JsonObject[] {
  return rows.reduce(editedByRow, objects);
}

function editedByRow(
  objects: readonly JsonObject[],
  { object, edits }: ProfileCase,
): readonly JsonObject[] {
  const isMeant = (one: JsonObject) => namesOf(one).includes(object);
  const count = objects.filter(isMeant).length;
  if (count !== 1) throw new Error(`the cluster has ${count} objects ${object}`);
  return objects.map((one) => (isMeant(one) ? edits.reduce(editedValue, one) : one) as JsonObject);
}

/**
 * The rows in rounds: those of a round change different objects and components, and no Node, so that what
 * follows from each of them in one cluster follows from it alone.
 */
export function rounds(rows: readonly ProfileCase[]): readonly (readonly ProfileCase[])[] {
  const found: ProfileCase[][] = [];
  for (const row of rows) {
    const round = found.find((others) => others.every((other) => isApart(row, other)));
    if (round === undefined) found.push([row]);
    else round.push(row);
  }
  return found;
}

function isApart(a: ProfileCase, b: ProfileCase): boolean {
  const components = componentsOf(b);
  return (
    a.object !== b.object &&
    ![a, b].some(({ object }) => object.startsWith('Node ')) &&
    !componentsOf(a).some((component) => components.includes(component))
  );
}

function componentsOf({ expect }: ProfileCase): readonly (string | null)[] {
  return expect.map(({ component }) => component);
}

/** What a row can call the object. */
function namesOf({ kind, metadata }: JsonObject): readonly string[] {
  const { name, namespace } = metadata as JsonObject;
  return [`${kind} ${name}`, `${kind} ${namespace}/${name}`];
}

function editedValue(value: JsonValue | undefined, edit: Edit): JsonValue {
  const [step, ...path] = edit.path;
  if (step === undefined) throw new Error('an edit needs a path');
  if (Array.isArray(value)) {
    const item = replaced(value[Number(step)], { ...edit, path });
    return value.flatMap((old, index) => (index === step ? item : [old]));
  }
  const map = (value ?? {}) as JsonObject;
  const [item] = replaced(map[step], { ...edit, path });
  const { [step]: _, ...others } = map;
  return item === undefined ? others : { ...map, [step]: item };
}

/** What replaces a value: nothing, or one value. */
function replaced(value: JsonValue | undefined, edit: Edit): readonly JsonValue[] {
  if (edit.path.length > 0) return [editedValue(value, edit)];
  if (edit.op === 'set') return [edit.value];
  if (value === undefined) throw new Error('an edit removes a missing value');
  return [];
}
