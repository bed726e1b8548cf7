import type { Path } from './errors.ts';
import type { JsonObject, JsonValue } from './kubernetes/json.ts';
import { isMap } from './kubernetes/objects.ts';
import { isCustom } from './kubernetes/resources.ts';
import type { Locator } from './manifest/locate.ts';
import type { ManifestObject } from './manifest/objects.ts';
import type { Note } from './report/report.ts';

/** Notes on pods of kinds that no policy knows, so that silence about them does not mean "clean". */
export function unsupportedPods(
  object: ManifestObject,
  { isChecked, locate }: Checking,
): readonly Note[] {
  const { value } = object;
  const paths = podSpecs(value)
    .filter(({ spec, path }) => !isChecked(path) && describesPod(value, spec))
    .map(({ path }) => path);
  if (isCustom(value)) paths.push(...placingTexts(value));
  return paths.map((path) => ({
    code: 'KIND_UNSUPPORTED',
    message: `${String(value['kind'])} is not a kind that Bulkhead knows to create pods; these pods were not checked`,
    ...locate(object.document, [...object.path, ...path]),
  }));
}

/** What the policies check of the object. */
export interface Checking {
  /** Whether they check the pod spec at the path. */
  readonly isChecked: (path: Path) => boolean;
  readonly locate: Locator;
}

/** Whether an object of an unknown kind describes pods anywhere. */
export function describesPods(object: JsonObject): boolean {
  return describedPods(object).length > 0 || (isCustom(object) && placingTexts(object).length > 0);
}

function describedPods(object: JsonObject): readonly PodSpec[] {
  return podSpecs(object).filter(({ spec }) => describesPod(object, spec));
}

function describesPod(object: JsonObject, spec: JsonObject): boolean {
  return Array.isArray(spec['containers']) || (isCustom(object) && placesPods(spec));
}

/** Where a custom resource has text that says where pods go: a patch, or the values of a chart. */
function placingTexts({ metadata: _, ...object }: JsonObject): readonly Path[] {
  const found: Path[] = [];
  visitTexts(object, [], found);
  return found;
}

/** Words that place pods, as a key of YAML or JSON or in the path of a patch. */
const PLACING =
  /(?:tolerations|nodeName|nodeSelector|nodeAffinity)["']?[ \t]*[:[=]|\/spec\/(?:tolerations|nodeName|nodeSelector|affinity)/;

function visitTexts(value: JsonValue | undefined, path: Path, found: Path[]): void {
  if (typeof value === 'string' && PLACING.test(value)) found.push(path);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    visitTexts(item, [...path, key], found);
  }
}

interface PodSpec {
  readonly spec: JsonObject;
  readonly path: Path;
}

/**
 * Everything in an object that has the shape of a pod's spec: a mapping with a list of containers; in custom
 * resources also a mapping that says where pods go, which operators put into the pods that they make.
 */
function podSpecs(object: JsonObject): readonly PodSpec[] {
  const found: PodSpec[] = [];
  visit(object, { path: [], isCustom: isCustom(object), found });
  return found;
}

/** Whether a mapping has one of the fields by which a pod's spec says where it goes. */
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

// The API server rejects a pod without containers, but the policies check it.
function isPodSpec(value: JsonObject, path: Path): boolean {
  const isPlaced = path.at(-1) === 'spec' && (path.at(-2) === 'template' || path.length === 1);
  return isPlaced || Array.isArray(value['containers']);
}

function isNamed(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}
