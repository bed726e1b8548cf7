import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';
import type { Resource } from '../kubernetes/resources.ts';
import { includes } from '../policy/policy.ts';

/**
 * Arranges objects as Gatekeeper does its data.inventory, with only what the policies read: the kinds
 * given, and of their pod templates the labels and what decides placement.
 *
 * Of two objects with one identity the later wins, as with `kubectl apply`.
 */
export function inventoryOf(
  objects: readonly JsonObject[],
  resources: readonly Resource[],
): JsonObject {
  const cluster: Tree = {};
  const namespace: Tree = {};
  for (const [index, object] of objects.entries()) {
    const { apiVersion, kind } = object;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string') continue;
    const resource = resources.find((candidate) => includes([candidate], { apiVersion, kind }));
    if (resource === undefined) continue;
    const { name, namespace: space } = identity(object);
    // Objects with generateName are all different.
    const id = [apiVersion, kind, name || `#${index}`];
    if (resource.isClusterScoped === true) put(cluster, id, project(object, resource));
    else put(namespace, [space, ...id], project(object, resource));
  }
  return { cluster, namespace };
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

function identity(object: JsonObject): { name: string; namespace: string } {
  const metadata = isMap(object['metadata']) ? object['metadata'] : {};
  return { name: text(metadata['name']), namespace: text(metadata['namespace']) };
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

function project(object: JsonObject, { template }: Resource): JsonObject {
  const projected = {
    ...pick(object, ['apiVersion', 'kind', 'spec', 'scheduling', 'handler']),
    ...(object['kind'] === 'Node' && { status: pick(object['status'], ['allocatable']) }),
    metadata: { ...pick(object['metadata'], METADATA), ...annotations(object['metadata']) },
  };
  return template === undefined || template.length === 0
    ? projected
    : rewrite(projected, template, (found) => ({
        metadata: pick(map(found)['metadata'], TEMPLATE_METADATA),
        spec: { ...pick(map(found)['spec'], POD), ...containers(map(map(found)['spec'])) },
      }));
}

/** Only containers with ports of their node matter to other pods: most have none. */
function containers(spec: JsonObject): JsonObject {
  return Object.fromEntries(
    CONTAINERS.flatMap((key) => {
      const listed = Array.isArray(spec[key]) ? spec[key] : [];
      const kept = listed.filter((one) => isMap(one) && Array.isArray(one['ports']));
      return kept.length === 0 ? [] : [[key, kept.map((one) => pick(one, CONTAINER))]];
    }),
  );
}

// The API server rejects an object if its annotations are not strings, so those that are not are kept.
function annotations(metadata: JsonValue | undefined): JsonObject {
  const given = map(metadata)['annotations'] ?? {};
  if (!isMap(given)) return { annotations: given };
  const picked = pick(
    given,
    Object.keys(given).filter(
      (key) => ANNOTATIONS.includes(key) || typeof (given[key] ?? '') !== 'string',
    ),
  );
  return Object.keys(picked).length === 0 ? {} : { annotations: picked };
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

function pick(value: JsonValue | undefined, keys: readonly string[]): JsonObject {
  const holder = map(value);
  return Object.fromEntries(
    keys.filter((key) => Object.hasOwn(holder, key)).map((key) => [key, holder[key] ?? null]),
  );
}

function map(value: JsonValue | undefined): JsonObject {
  return isMap(value) ? value : {};
}
