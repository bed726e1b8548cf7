import type { Path } from '../errors.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import { isMap, stringAt } from '../kubernetes/objects.ts';

/**
 * The path at which a source has the value that a rendered object has at a path; undefined if the source has another
 * value there, or none.
 *
 * Of a missing field it is the path at which the source lacks it as well. Items of lists are found by their names, or
 * because they are equal: a patch may have put others before them.
 */
export function counterpart(rendered: JsonValue, source: JsonValue, path: Path): Path | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return isEqual(rendered, source) ? [] : undefined;
  const next = child(rendered, step);
  if (next === undefined) {
    // Missing in both, or an overlay has removed it.
    const isMissing = isAlike(rendered, source) && child(source, step) === undefined;
    return isMissing ? path : undefined;
  }
  const own = ownStep(next, source, step);
  const other = own === undefined ? undefined : child(source, own);
  if (own === undefined || other === undefined) return undefined;
  const below = counterpart(next, other, rest);
  return below && [own, ...below];
}

/** The value at a path; undefined if there is none. */
export function valueAt(value: JsonValue | undefined, path: Path): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(child, value);
}

function child(value: JsonValue | undefined, step: string | number): JsonValue | undefined {
  if (typeof step === 'number') return isList(value) ? value[step] : undefined;
  return isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** The step of the source to a value that is at a step of the rendered object. */
function ownStep(
  value: JsonValue,
  source: JsonValue | undefined,
  step: string | number,
): string | number | undefined {
  if (typeof step === 'string' || !isList(source)) return step;
  const name = stringAt(value, 'name');
  const isSame = (item: JsonValue) =>
    name === null ? isEqual(item, value) : stringAt(item, 'name') === name;
  const same = source.flatMap((item, index) => (isSame(item) ? [index] : []));
  return same.includes(step) ? step : same.length === 1 ? same[0] : undefined;
}

/** Whether both are maps, or both are lists. */
function isAlike(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return (isMap(a) && isMap(b)) || (isList(a) && isList(b)) || (isScalar(a) && isScalar(b));
}

function isScalar(value: JsonValue | undefined): boolean {
  return !isMap(value) && !isList(value);
}

/** Whether two values are the same, whatever the order of their keys. */
export function isEqual(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (isList(a) && isList(b)) {
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  }
  if (!isMap(a) || !isMap(b)) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]))
  );
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
