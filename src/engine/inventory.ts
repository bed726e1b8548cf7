import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap, type ObjectReference } from '../kubernetes/objects.ts';
import type { Resource } from '../kubernetes/resources.ts';
import { includes } from '../policy/policy.ts';

/** An object, and its identity if that is known without its value, which may have to be made first. */
export interface Listed {
  readonly value: JsonObject;
  readonly named?: ObjectReference;
}

/** An inventory whose namespaces are made one by one: of many objects, the whole is large. */
export interface Arranged {
  readonly cluster: JsonObject;
  readonly namespaces: ReadonlyMap<string, () => JsonObject>;
}

/**
 * Arranges objects as Gatekeeper does its data.inventory, with only what the policies read: the kinds
 * given, and of their pod templates the labels and what decides placement.
 *
 * Of two objects with one identity the later wins, as with `kubectl apply`.
 */
export function arranged(objects: readonly Listed[], resources: readonly Resource[]): Arranged {
  const resourceFor = finderIn(resources);
  const cluster: Found[] = [];
  const namespaces = new Map<string, Found[]>();
  for (const [index, object] of objects.entries()) {
    const resource = resourceFor(object.named ?? object.value);
    if (resource === undefined) continue;
    const found = { object, resource, index };
    if (resource.isClusterScoped === true) cluster.push(found);
    else add(namespaces, namespaceOf(object), found);
  }
  return {
    cluster: treeOf(cluster),
    namespaces: new Map([...namespaces].map(([name, found]) => [name, () => treeOf(found)])),
  };
}

/** The same as a whole. */
export function inventoryOf(
  objects: readonly JsonObject[],
  resources: readonly Resource[],
): JsonObject {
  const { cluster, namespaces } = arranged(
    objects.map((value) => ({ value })),
    resources,
  );
  const namespace = Object.fromEntries([...namespaces].map(([name, make]) => [name, make()]));
  return { cluster, namespace };
}

/** An object that policies read. */
interface Found {
  readonly object: Listed;
  readonly resource: Resource;
  /** Its position among all objects. */
  readonly index: number;
}

/** Most objects are of a few kinds: what each is, is found once. */
function finderIn(resources: readonly Resource[]) {
  const known = new Map<string, Resource | undefined>();
  return ({ apiVersion, kind }: JsonObject | ObjectReference): Resource | undefined => {
    if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
    const key = `${apiVersion} ${kind}`;
    if (!known.has(key)) {
      const isOf = (resource: Resource) => includes([resource], { apiVersion, kind });
      known.set(key, resources.find(isOf));
    }
    return known.get(key);
  };
}

function add(namespaces: Map<string, Found[]>, name: string, found: Found): void {
  const known = namespaces.get(name);
  if (known === undefined) namespaces.set(name, [found]);
  else known.push(found);
}

function treeOf(found: readonly Found[]): JsonObject {
  const tree: Tree = {};
  for (const { object, resource, index } of found) {
    const { value } = object;
    // Objects with generateName are all different.
    const name = text(metadataOf(value)['name']) || `#${index}`;
    const path = [String(value['apiVersion']), String(value['kind']), name];
    put(tree, path, project(value, resource));
  }
  return tree;
}

type Tree = { [key: string]: Tree | JsonValue };

function put(tree: Tree, path: readonly string[], value: JsonObject): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    define(tree, first, value);
    return;
  }
  const branch = Object.hasOwn(tree, first) ? tree[first] : undefined;
  const next: Tree = isMap(branch) ? branch : {};
  define(tree, first, next);
  put(next, rest, value);
}

// A namespace may be called __proto__ in a hostile file: assignment would not make a key of it.
function define(tree: Tree, key: string, value: Tree | JsonObject): void {
  Object.defineProperty(tree, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function namespaceOf({ named, value }: Listed): string {
  return named === undefined ? text(metadataOf(value)['namespace']) : (named.namespace ?? '');
}

function metadataOf({ metadata }: JsonObject): JsonObject {
  return map(metadata);
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value);
}

const METADATA = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'deletionTimestamp',
  'labels',
  'ownerReferences',
];
/** The only annotations that are read of other objects: what else is in them can be large. */
const ANNOTATIONS = [
  'kubernetes.io/config.mirror',
  'autoscaling.alpha.kubernetes.io/metrics',
  ...['paused', 'paused-replicas', 'paused-scale-in', 'paused-scale-out'].map(
    (name) => `autoscaling.keda.sh/${name}`,
  ),
];
const TEMPLATE_METADATA = ['labels'];
const POD = [
  'affinity',
  'nodeName',
  'nodeSelector',
  'tolerations',
  'hostNetwork',
  'runtimeClassName',
  'schedulerName',
];
const CONTAINERS = ['containers', 'initContainers'];
const CONTAINER = ['ports', 'restartPolicy'];

const OBJECT = ['apiVersion', 'kind', 'spec', 'scheduling', 'handler'];

function project(object: JsonObject, { template }: Resource): JsonObject {
  const projected = pick(object, OBJECT);
  if (object['kind'] === 'Node') projected['status'] = pick(object['status'], ['allocatable']);
  const metadata = pick(object['metadata'], METADATA);
  addAnnotations(metadata, object['metadata']);
  projected['metadata'] = metadata;
  return template === undefined || template.length === 0
    ? projected
    : rewrite(projected, template, (found) => {
        const spec = map(map(found)['spec']);
        const own = pick(spec, POD);
        addContainers(own, spec);
        return { metadata: pick(map(found)['metadata'], TEMPLATE_METADATA), spec: own };
      });
}

/** Only containers with ports of their node matter to other pods: most have none. */
function addContainers(pod: Picked, spec: JsonObject): void {
  for (const key of CONTAINERS) {
    const listed = Array.isArray(spec[key]) ? spec[key] : [];
    const kept = listed.filter((one) => isMap(one) && Array.isArray(one['ports']));
    if (kept.length > 0) pod[key] = kept.map((one) => pick(one, CONTAINER));
  }
}

// The API server rejects an object if its annotations are not strings, so those that are not are kept.
function addAnnotations(metadata: Picked, of: JsonValue | undefined): void {
  const given = map(of)['annotations'] ?? {};
  if (!isMap(given)) {
    metadata['annotations'] = given;
    return;
  }
  const keys = Object.keys(given).filter(
    (key) => ANNOTATIONS.includes(key) || typeof (given[key] ?? '') !== 'string',
  );
  if (keys.length > 0) {
    metadata['annotations'] = Object.fromEntries(keys.map((key) => [key, given[key] ?? null]));
  }
}

function rewrite(
  value: JsonValue | undefined,
  path: readonly string[],
  change: (found: JsonValue | undefined) => JsonObject,
): JsonObject {
  const [first, ...rest] = path;
  if (first === undefined) return change(value);
  const holder = map(value);
  return Object.hasOwn(holder, first)
    ? { ...holder, [first]: rewrite(holder[first], rest, change) }
    : holder;
}

interface Picked {
  [key: string]: JsonValue;
}

/** Of known keys: what V8 spreads into an object gets a hidden class of its own, larger than the object. */
function pick(value: JsonValue | undefined, keys: readonly string[]): Picked {
  const holder = map(value);
  const picked: Picked = {};
  for (const key of keys) {
    if (Object.hasOwn(holder, key)) picked[key] = holder[key] ?? null;
  }
  return picked;
}

function map(value: JsonValue | undefined): JsonObject {
  return isMap(value) ? value : {};
}
