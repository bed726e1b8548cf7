import type { Path } from './errors.ts';
import type { JsonObject, JsonValue } from './kubernetes/json.ts';
import { isMap } from './kubernetes/objects.ts';
import { groupOf, OWN_GROUPS } from './kubernetes/resources.ts';
import type { Locator } from './manifest/locate.ts';
import type { ManifestObject } from './manifest/objects.ts';
import type { Note, NoteCode } from './report/report.ts';

/**
 * What a verdict on an object does not cover, so that silence about it is not taken for "clean": ways
 * past the scheduler, what a RuntimeClass adds, and pods of kinds that no policy speaks of. And what is
 * judged otherwise than it looks: a null in nodeSelector.
 */
export function caveatsOf(
  object: ManifestObject,
  { judgedAt, isKnown, heedsTaints, locate }: Judged,
): readonly Note[] {
  const { value } = object;
  const runs = isRunning(value);
  const caveats = podSpecs(value).flatMap(({ spec, path }) =>
    judgedAt(path)
      ? caveatsOfPod(spec, path, { isKnown, heedsTaints, runs })
      : describesPod(value, spec)
        ? [unjudged(value, path)]
        : [],
  );
  if (isCustom(value)) caveats.push(...placingTexts(value).map((path) => unjudged(value, path)));
  return caveats.map(({ code, message, path }) => ({
    code,
    message,
    ...locate(object.document, [...object.path, ...path]),
  }));
}

/** What a verdict was about, beside the object itself. */
export interface Judged {
  /** Whether the policies judge a pod spec that stands there in the object. */
  readonly judgedAt: (path: Path) => boolean;
  /** Whether the input has an object of this kind and name, of no namespace. */
  readonly isKnown: (kind: string, name: string) => boolean;
  /** Whether the profile says of a scheduler that it does, as the default one. */
  readonly heedsTaints: (scheduler: string) => boolean;
  readonly locate: Locator;
}

/** Whether something has put the pod on its node, as `_runs` of policies/lib/workload.rego has it. */
function isRunning({ kind, metadata, status }: JsonObject): boolean {
  if (kind !== 'Pod' || !isMap(metadata) || !isNamed(metadata['uid']) || !isMap(status)) {
    return false;
  }
  const { phase, conditions } = status;
  const isBound = (condition: JsonValue) =>
    isMap(condition) && condition['type'] === 'PodScheduled' && condition['status'] === 'True';
  return (
    (isNamed(phase) && phase !== 'Pending') ||
    (Array.isArray(conditions) && conditions.some(isBound))
  );
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

interface Caveat {
  readonly code: NoteCode;
  readonly message: string;
  readonly path: Path;
}

function caveatsOfPod(spec: JsonObject, path: Path, known: KnownOfPod): readonly Caveat[] {
  return [
    ...unjudgedFields(spec, known).map(({ code, field, message }) => ({
      code,
      message,
      path: [...path, field],
    })),
    ...nullSelectors(spec, path),
  ];
}

interface KnownOfPod extends Pick<Judged, 'isKnown' | 'heedsTaints'> {
  readonly runs: boolean;
}

function unjudgedFields(
  spec: JsonObject,
  { isKnown, heedsTaints, runs }: KnownOfPod,
): readonly { code: NoteCode; field: string; message: string }[] {
  const { nodeName, schedulerName, runtimeClassName, tolerations } = spec;
  return [
    {
      code: 'NODE_UNKNOWN' as const,
      field: 'nodeName',
      applies: runs && isNamed(nodeName) && !isKnown('Node', String(nodeName)),
      message: `the pod runs on ${word(nodeName)}, which was not judged: give that Node too`,
    },
    {
      code: 'SCHEDULER_UNKNOWN' as const,
      field: 'schedulerName',
      applies:
        isNamed(schedulerName) &&
        schedulerName !== 'default-scheduler' &&
        !heedsTaints(String(schedulerName)),
      message: `the scheduler ${word(schedulerName)} may not heed taints: only the default one was judged`,
    },
    {
      code: 'RUNTIME_CLASS_UNKNOWN' as const,
      field: 'runtimeClassName',
      applies: isNamed(runtimeClassName) && !isKnown('RuntimeClass', String(runtimeClassName)),
      message: `the tolerations and nodeSelector of the RuntimeClass ${word(runtimeClassName)} were not judged: give it too`,
    },
    {
      code: 'TOLERATION_OPERATOR_GATED' as const,
      field: 'tolerations',
      applies: comparesNumbers(tolerations),
      message:
        'the operators Lt and Gt were judged to tolerate nothing: the feature gate TaintTolerationComparisonOperators is off unless a cluster sets it',
    },
  ].filter(({ applies }) => applies);
}

function comparesNumbers(tolerations: JsonValue | undefined): boolean {
  return (
    Array.isArray(tolerations) &&
    tolerations.some(
      (item) => isMap(item) && (item['operator'] === 'Lt' || item['operator'] === 'Gt'),
    )
  );
}

function word(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
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

function unjudged({ kind }: JsonObject, path: Path): Caveat {
  const message = `no policy speaks of pods that a ${String(kind)} describes here, and they were not judged`;
  return { code: 'KIND_UNSUPPORTED', message, path };
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
  return group.includes('.') && !OWN_GROUPS.has(group);
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
