import type { Path } from './errors.ts';
import type { Problem } from './finding/finding.ts';
import type { JsonObject, JsonValue } from './goyaml/json.ts';
import { groupOf } from './kubernetes/resources.ts';
import type { Locator } from './manifest/locate.ts';
import type { ManifestObject } from './manifest/objects.ts';

/**
 * What a verdict on an object does not cover, so that silence about it is not taken for "clean": ways
 * past the scheduler, what a RuntimeClass adds, and pods of kinds that no policy speaks of. And what is
 * judged otherwise than it looks: a null in nodeSelector.
 */
export function caveatsOf(
  object: ManifestObject,
  { isJudged, locate }: { readonly isJudged: boolean; readonly locate: Locator },
): readonly Problem[] {
  const { value } = object;
  const caveats = isJudged
    ? podSpecs(value).flatMap(({ spec, path }) => caveatsOfPod(spec, path))
    : describedPods(value).map(({ path }) => unknownKind(value, path));
  return caveats.map(({ code, message, path }) => ({
    code,
    message,
    ...locate(object.document, [...object.path, ...path]),
  }));
}

/** Whether an object of an unknown kind describes pods anywhere. */
export function describesPods(object: JsonObject): boolean {
  return describedPods(object).length > 0;
}

function describedPods(object: JsonObject): readonly PodSpec[] {
  const places = isCustom(object) ? placesPods : () => false;
  return podSpecs(object).filter(({ spec }) => Array.isArray(spec['containers']) || places(spec));
}

interface Caveat {
  readonly code: 'NOT_JUDGED' | 'NULL_SELECTOR_VALUE';
  readonly message: string;
  readonly path: Path;
}

function caveatsOfPod(spec: JsonObject, path: Path): readonly Caveat[] {
  return [
    ...unjudgedFields(spec).map(({ field, message }) => ({
      code: 'NOT_JUDGED' as const,
      message,
      path: [...path, field],
    })),
    ...nullSelectors(spec, path),
  ];
}

function unjudgedFields(spec: JsonObject): readonly { field: string; message: string }[] {
  const { nodeName, schedulerName, runtimeClassName } = spec;
  return [
    {
      field: 'nodeName',
      applies: isNamed(nodeName),
      message: `nodeName puts the pod on ${String(nodeName)} past the scheduler: which node that is was not judged`,
    },
    {
      field: 'schedulerName',
      applies: isNamed(schedulerName) && schedulerName !== 'default-scheduler',
      message: `the scheduler ${String(schedulerName)} may not heed taints: only the default one was judged`,
    },
    {
      field: 'runtimeClassName',
      applies: isNamed(runtimeClassName),
      message: `the tolerations and nodeSelector of the RuntimeClass ${String(runtimeClassName)} were not judged`,
    },
  ].filter(({ applies }) => applies);
}

function isNamed(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** A null in nodeSelector stays as "" when the object is created, which few people mean. */
function nullSelectors(spec: JsonObject, path: Path): readonly Caveat[] {
  const selector = spec['nodeSelector'];
  if (!isMap(selector)) return [];
  return Object.keys(selector)
    .filter((key) => selector[key] === null)
    .map((key) => ({
      code: 'NULL_SELECTOR_VALUE' as const,
      message: `nodeSelector has no value for ${key}: Kubernetes reads it as "", write that`,
      path: [...path, 'nodeSelector', key],
    }));
}

function unknownKind({ kind }: JsonObject, path: Path): Caveat {
  const message = `no policy speaks of the kind ${String(kind)}, and the pods that it describes were not judged`;
  return { code: 'NOT_JUDGED', message, path };
}

interface PodSpec {
  readonly spec: JsonObject;
  readonly path: Path;
}

/**
 * Everything in an object that has the shape of a pod's spec: a map with a list of containers; in custom
 * resources also a map that says where pods go, which operators put into the pods that they make.
 */
function podSpecs(object: JsonObject): readonly PodSpec[] {
  const found: PodSpec[] = [];
  visit(object, { path: [], isCustom: isCustom(object), found });
  return found;
}

/** Whether an object is of a kind that does not come with Kubernetes. */
function isCustom({ apiVersion }: JsonObject): boolean {
  const group = groupOf(String(apiVersion));
  return group.includes('.') && (!group.endsWith('k8s.io') || /(?:^|\.)(?:x-|sigs\.)/.test(group));
}

/** Whether a map has one of the fields by which a pod's spec says where it goes. */
function placesPods({ tolerations, nodeSelector, nodeName, affinity }: JsonObject): boolean {
  return (
    (Array.isArray(tolerations) && tolerations.some(isMap)) ||
    (isMap(nodeSelector) && Object.keys(nodeSelector).length > 0) ||
    isNamed(nodeName) ||
    (isMap(affinity) && isMap(affinity['nodeAffinity']))
  );
}

interface Visit {
  /** Where the visit is: one list throughout, since every object is walked whole. */
  readonly path: (string | number)[];
  readonly isCustom: boolean;
  readonly found: PodSpec[];
}

function visit(value: JsonValue | undefined, visited: Visit): void {
  if (typeof value !== 'object' || value === null) return;
  const { path, found } = visited;
  const isSpec =
    isMap(value) && (isPodSpec(value, path) || (visited.isCustom && placesPods(value)));
  if (isSpec) found.push({ spec: value, path: [...path] });
  for (const [key, item] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    path.push(key);
    visit(item, visited);
    path.pop();
  }
}

// The API server refuses a pod without containers, but the policies judge it.
function isPodSpec(value: JsonObject, path: Path): boolean {
  const isPlaced = path.at(-1) === 'spec' && (path.at(-2) === 'template' || path.length === 1);
  return isPlaced || Array.isArray(value['containers']);
}

function isMap(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
