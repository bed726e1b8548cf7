import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';
import type { Resource } from '../kubernetes/resources.ts';

type Path = readonly string[];

/** Where a kind names another object, by the field `name` of these maps. */
const REFERENCES = new Map<string, readonly Path[]>([
  [
    'HorizontalPodAutoscaler',
    [
      ['spec', 'scaleTargetRef'],
      ['spec', 'scaleRef'],
    ],
  ],
  ['ScaledObject', [['spec', 'scaleTargetRef']]],
  ['Rollout', [['spec', 'workloadRef']]],
  ['PersistentVolume', [['spec', 'claimRef']]],
]);

/** Where a kind has the pairs by which it selects pods. */
const SELECTORS = new Map<string, Path>([
  ['PodDisruptionBudget', ['spec', 'selector', 'matchLabels']],
  ['Service', ['spec', 'selector']],
]);

/** Where a kind has a list that most of its objects lack. */
const LISTS = new Map<string, Path>([
  ['PodDisruptionBudget', ['spec', 'selector', 'matchExpressions']],
]);

/**
 * The part `rows` of the index: the positions of the rows of the component table, by the namespace and the name that
 * they match. What has a star, which may match any, is under `*`.
 */
export function rowsOf(rows: readonly { readonly match: Match }[]): JsonObject {
  const positions = new Map<string, Map<string, number[]>>();
  for (const [position, { match }] of rows.entries()) {
    put(positions, exactOrStar(match.namespace), exactOrStar(match.name), position);
  }
  return nested(positions);
}

interface Match {
  readonly namespace: string;
  readonly name: string;
}

function exactOrStar(pattern: string): string {
  return pattern.includes('*') ? '*' : pattern;
}

/** Names of objects by a key and a value. */
type Pairs = Lists<string>;
type Lists<T extends JsonValue> = Map<string, Map<string, T[]>>;

/** Objects of a kind by their names. */
type Objects = readonly (readonly [name: string, object: JsonValue | undefined])[];

/**
 * The index of an inventory, with which `lib.api.inventory` looks objects up instead of reading all of them: names
 * alone, and only by what policies look up.
 *
 * - `namespace`: by namespace, apiVersion and kind, as the objects are. Of each:
 *   - `having`: by the path of a map (its keys, joined by dots), a key and a value of it, the names of the objects
 *     that have this pair. A key that is there has all objects with a string. Of the labels of pods these are the
 *     keys by which budgets of the namespace select, of the maps that name another object the key `name`.
 *   - `selecting`: by the path of a map, the names of all objects: in `pairs` by one of the pairs of strings of
 *     their map, the rarest, by its key and its value, in `others` if they have none.
 *   - `listing`: by the path of a list, the names of the objects that have something there.
 * - `cluster`: the same by apiVersion and kind.
 *
 * @param resources the kinds of the inventory.
 */
export function indexOf(inventory: JsonObject, resources: readonly Resource[]): JsonObject {
  const labels = new Map(
    resources.flatMap(({ kind, template }) =>
      template === undefined ? [] : [[kind, [...template, 'metadata', 'labels']] as const],
    ),
  );
  const kinds = (byKind: JsonValue | undefined, keys: readonly string[]) =>
    mapped(byKind, (byName, kind) => ofKind(Object.entries(map(byName)), kind, { labels, keys }));
  return {
    namespace: mapped(inventory['namespace'], (byVersion) => {
      const keys = selectedBy(byVersion);
      return mapped(byVersion, (byKind) => kinds(byKind, keys));
    }),
    cluster: mapped(inventory['cluster'], (byKind) => kinds(byKind, [])),
  };
}

/** The labels of pods that are looked up: where each kind has them, and those by which budgets select. */
interface Labels {
  readonly labels: ReadonlyMap<string, Path>;
  readonly keys: readonly string[];
}

function ofKind(objects: Objects, kind: string, { labels, keys }: Labels): JsonObject {
  const path = labels.get(kind);
  const selector = SELECTORS.get(kind);
  const list = LISTS.get(kind);
  const having = [
    ...(REFERENCES.get(kind) ?? []).map((reference) => [reference, ['name']] as const),
    ...(path === undefined || keys.length === 0 ? [] : [[path, keys] as const]),
  ].map(([at, wanted]) => [at.join('.'), nested(pairsOf(objects, at, wanted))]);
  return {
    ...(having.length > 0 && { having: Object.fromEntries(having) }),
    ...(selector && { selecting: { [selector.join('.')]: selecting(objects, selector) } }),
    ...(list && { listing: { [list.join('.')]: listing(objects, list) } }),
  };
}

/** The objects by their pairs of these keys. */
function pairsOf(objects: Objects, path: Path, keys: readonly string[]): Pairs {
  const pairs: Pairs = new Map(keys.map((key) => [key, new Map()]));
  for (const [name, object] of objects) {
    const found = map(at(object, path));
    for (const key of keys) {
      const value = Object.hasOwn(found, key) ? found[key] : undefined;
      if (typeof value === 'string') put(pairs, key, value, name);
    }
  }
  return pairs;
}

function listing(objects: Objects, path: Path): string[] {
  return objects.flatMap(([name, object]) => {
    const found = at(object, path) ?? null;
    return found === null || (Array.isArray(found) && found.length === 0) ? [] : [name];
  });
}

function selecting(objects: Objects, path: Path): JsonObject {
  const numbers = new Map<string, number>();
  const listed = objects.map(([name, object]) => ({ name, own: texts(at(object, path)) }));
  for (const pair of listed.flatMap(({ own }) => own.map(id))) {
    numbers.set(pair, (numbers.get(pair) ?? 0) + 1);
  }
  const rarity = (pair: Pair) => numbers.get(id(pair)) ?? 0;
  const pairs: Pairs = new Map();
  const others: string[] = [];
  for (const { name, own } of listed) {
    const [first, ...rest] = own;
    if (first === undefined) others.push(name);
    else {
      const rarest = rest.reduce((a, b) => (rarity(b) < rarity(a) ? b : a), first);
      put(pairs, ...rarest, name);
    }
  }
  return { pairs: nested(pairs), others };
}

/** The keys by which the budgets of a namespace select pods. */
function selectedBy(byVersion: JsonValue | undefined): readonly string[] {
  const kind = 'PodDisruptionBudget';
  const budgets = Object.values(map(byVersion)).flatMap((byKind) =>
    Object.values(map(at(byKind, [kind]))),
  );
  const path = SELECTORS.get(kind) ?? [];
  return [...new Set(budgets.flatMap((budget) => texts(at(budget, path)).map(([key]) => key)))];
}

type Pair = readonly [key: string, value: string];

function id(pair: Pair): string {
  return JSON.stringify(pair);
}

/** The pairs of a map whose values are strings. */
function texts(value: JsonValue | undefined): readonly Pair[] {
  return Object.entries(map(value)).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, text] as const] : [],
  );
}

function put<T extends JsonValue>(lists: Lists<T>, key: string, value: string, item: T): void {
  const values = lists.get(key) ?? new Map<string, T[]>();
  lists.set(key, values);
  const items = values.get(value);
  if (items === undefined) values.set(value, [item]);
  else items.push(item);
}

// Any key, even __proto__, becomes one of the object: Object.fromEntries defines and never assigns.
function nested<T extends JsonValue>(lists: Lists<T>): JsonObject {
  return Object.fromEntries(
    [...lists].map(([key, values]) => [key, Object.fromEntries(values)] as const),
  );
}

/** The map of what a function makes of each value, without what is empty. */
function mapped(
  value: JsonValue | undefined,
  make: (value: JsonValue | undefined, key: string) => JsonObject,
): JsonObject {
  return Object.fromEntries(
    Object.entries(map(value)).flatMap(([key, each]) => {
      const made = make(each, key);
      return Object.keys(made).length === 0 ? [] : [[key, made] as const];
    }),
  );
}

function at(value: JsonValue | undefined, path: Path): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (holder, key) => (isMap(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined),
    value,
  );
}

function map(value: JsonValue | undefined): JsonObject {
  return isMap(value) ? value : {};
}
