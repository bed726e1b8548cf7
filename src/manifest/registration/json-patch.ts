import type { Path } from '../../errors.ts';
import type { JsonObject, JsonValue } from '../../kubernetes/json.ts';
import { isMap, stringAt } from '../../kubernetes/objects.ts';

/** What a JSON Patch (RFC 6902) makes of an object of which nothing else is known. */
export interface Patched {
  readonly value: JsonObject;
  /** Where in the document of the patch a path of the value is written. */
  readonly pathOf: (path: Path) => Path;
  /** Operations about labels, taints or flags of nodes whose result depends on the object that is patched. */
  readonly unknown: readonly Path[];
}

/** Whether a value is a JSON Patch of paths like these. */
export function isPatch(value: JsonValue, paths: RegExp): value is readonly JsonValue[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every(
    (item: JsonValue) =>
      stringAt(item, 'op') !== null && paths.test(`${stringAt(item, 'path') ?? ''}/`),
  );
}

/**
 * Returns the fields that a patch sets. What it does to lists, and to what it does not set itself, is not known.
 *
 * @param at where the operations are in their document.
 */
export function patched(operations: readonly JsonValue[], at: Path): Patched {
  const value: Tree = {};
  const set: { readonly steps: readonly string[]; readonly path: Path }[] = [];
  const unknown: Path[] = [];
  for (const [index, operation] of operations.entries()) {
    const op = stringAt(operation, 'op') ?? '';
    const steps = stepsOf(stringAt(operation, 'path') ?? '');
    const content = isMap(operation) ? operation['value'] : undefined;
    const sets = SETS.has(op) && content !== undefined && !steps.some((step) => INDEX.test(step));
    if (sets && put(value, steps, content)) set.push({ steps, path: [...at, index, 'value'] });
    else if (op !== 'test' && isAboutNodes(operation)) unknown.push([...at, index]);
  }
  const pathOf = (path: Path): Path => {
    const over = set.findLast(({ steps }) => steps.every((step, index) => step === path[index]));
    if (over !== undefined) return [...over.path, ...path.slice(over.steps.length)];
    const under = set.find(({ steps }) => path.every((step, index) => step === steps[index]));
    return under?.path ?? at;
  };
  return { value, pathOf, unknown };
}

type Tree = { [key: string]: JsonValue };

const SETS = new Set(['add', 'replace']);
const INDEX = /^(?:-|\d+)$/;

/** What decides how nodes register. */
const ABOUT_NODES = /taint|label|schedul|extraArgs|skipPhases|nodeRegistration/i;

function isAboutNodes(operation: JsonValue | undefined): boolean {
  return ABOUT_NODES.test(JSON.stringify(operation));
}

function stepsOf(pointer: string): readonly string[] {
  if (pointer === '') return [];
  const steps = pointer.replace(/^\//, '').split('/');
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Sets a field. Whether that is possible: a part of the path can be something else than a map. */
function put(tree: Tree, steps: readonly string[], value: JsonValue): boolean {
  const [first, ...rest] = steps;
  if (first === undefined) {
    if (!isMap(value)) return false;
    Object.assign(tree, value);
    return true;
  }
  if (first === '__proto__') return false;
  if (rest.length === 0) {
    tree[first] = value;
    return true;
  }
  const inner = Object.hasOwn(tree, first) ? tree[first] : {};
  if (!isMap(inner)) return false;
  const copy: Tree = { ...inner };
  tree[first] = copy;
  return put(copy, rest, value);
}
