import { type Path, UserError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap, reference } from '../kubernetes/objects.ts';
import { groupOf, isCustom, RESOURCES, type Resource } from '../kubernetes/resources.ts';
import { locate } from './locate.ts';
import type { ManifestObject } from './objects.ts';

/**
 * The error of an object whose metadata kubectl does not decode, whatever its kind: names, labels and annotations
 * are strings. A null is the empty string.
 */
export function metadataError(object: ManifestObject): UserError | undefined {
  return isApplied(object.value) ? errorAt(object, inMetadata(object.value, [])) : undefined;
}

/** The error of an object of Kubernetes' own kinds that has something else than strings in labels that select. */
export function selectionError(
  object: ManifestObject,
  { kind, template = [] }: Resource,
): UserError | undefined {
  const { value } = object;
  if (isCustom(value)) return undefined;
  const above = template.includes('jobTemplate') ? [template.slice(0, -2)] : [];
  const templates = [...above, template].filter((path) => path.length > 0);
  const found =
    firstOf(templates.map((path) => inMetadata(at(value, path), path))) ??
    inSelector(value, PLAIN.has(kind));
  return errorAt(object, found);
}

/** Kinds whose selector is a map of labels itself. */
const PLAIN = new Set(['Service', 'ReplicationController']);

/** What is wrong, and where. */
interface Fault {
  readonly path: Path;
  readonly message: string;
}

function errorAt({ document, path }: ManifestObject, fault: Fault | undefined) {
  if (fault === undefined) return undefined;
  const place = locate(document, [...path, ...fault.path]);
  return new UserError('MANIFEST_OBJECT', fault.message, { place });
}

/** Files of kubelets and of tools do not go to an API server. */
function isApplied(value: JsonObject): boolean {
  const { apiVersion, kind } = reference(value);
  const resources: readonly Resource[] = RESOURCES.registration;
  return !resources.some(
    (one) => one.isOnlyRead && one.kind === kind && one.groups.includes(groupOf(apiVersion)),
  );
}

function inMetadata(holder: JsonValue | undefined, above: Path): Fault | undefined {
  const metadata = isMap(holder) ? holder['metadata'] : undefined;
  const path = [...above, 'metadata'];
  if (metadata === undefined || metadata === null) return undefined;
  if (!isMap(metadata)) return notAMapping(path, metadata);
  return (
    firstOf(NAMES.map((key) => inString(metadata[key], [...path, key], `metadata.${key}`))) ??
    inLabels(metadata['labels'], [...path, 'labels'], 'label') ??
    inLabels(metadata['annotations'], [...path, 'annotations'], 'annotation')
  );
}

const NAMES = ['name', 'generateName', 'namespace'];

function inSelector(value: JsonObject, isPlain: boolean): Fault | undefined {
  const path = ['spec', 'selector'];
  const selector = at(value, path);
  if (isPlain) return inLabels(selector, path, 'label of the selector');
  const labels = isMap(selector) ? selector['matchLabels'] : undefined;
  return inLabels(labels, [...path, 'matchLabels'], 'label of the selector');
}

function inLabels(labels: JsonValue | undefined, path: Path, what: string): Fault | undefined {
  if (labels === undefined || labels === null) return undefined;
  if (!isMap(labels)) return notAMapping(path, labels);
  return firstOf(
    Object.entries(labels).map(([key, value]) =>
      inString(value, [...path, key], `the ${what} ${key}`),
    ),
  );
}

function inString(value: JsonValue | undefined, path: Path, what: string): Fault | undefined {
  if (value === undefined || value === null || typeof value === 'string') return undefined;
  const advice = typeof value === 'object' ? 'write a string' : 'put it in quotes';
  return { path, message: `${what} must be a string, not ${named(value)}: ${advice}` };
}

function notAMapping(path: Path, value: JsonValue): Fault {
  const what = path.slice(-2).join('.');
  return { path, message: `${what} must be a mapping, not ${named(value)}: write 'key: value'` };
}

function named(value: JsonValue): string {
  if (typeof value === 'string') return 'a string';
  if (typeof value === 'object') return Array.isArray(value) ? 'a sequence' : 'a mapping';
  return `the ${typeof value} ${value}`;
}

function firstOf(faults: readonly (Fault | undefined)[]): Fault | undefined {
  return faults.find((fault) => fault !== undefined);
}

function at(value: JsonValue, path: Path): JsonValue | undefined {
  let found: JsonValue | undefined = value;
  for (const step of path) found = isMap(found) ? found[step] : undefined;
  return found;
}
