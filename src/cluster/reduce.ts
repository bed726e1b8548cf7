import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';

/** What is kept in place of a value that may be confidential. */
const HIDDEN = '…';

/** What policies, notes and signs read of metadata; annotations apart. */
const METADATA = [
  ...['name', 'generateName', 'namespace', 'uid', 'generation', 'creationTimestamp'],
  ...['deletionTimestamp', 'labels', 'ownerReferences'],
];

/** The annotations whose values are read. Of others the key is kept: some tell a distribution. */
const ANNOTATIONS: readonly RegExp[] = [
  /^bulkhead\.dev\//,
  /^kubernetes\.io\/config\.(?:mirror|source)$/,
  /^autoscaling\.keda\.sh\//,
  /^autoscaling\.alpha\.kubernetes\.io\/metrics$/,
  /^scheduler\.alpha\.kubernetes\.io\//,
  /^openshift\.io\/node-selector$/,
  /^cluster\.x-k8s\.io\/owner-kind$/,
  /^pv\.kubernetes\.io\/bound-by-controller$/,
];

/** What is read of the status of the kinds whose status is read. */
const STATUS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['phase', 'startTime', 'conditions'],
  Node: ['allocatable', 'nodeInfo'],
  PodDisruptionBudget: [
    ...['observedGeneration', 'expectedPods', 'currentHealthy', 'desiredHealthy'],
    ...['disruptionsAllowed', 'disruptedPods', 'conditions'],
  ],
};
const CONDITION = ['type', 'status', 'reason', 'message', 'observedGeneration'];

/** Fields whose values may be passwords, wherever they are. */
const CONFIDENTIAL = new Set(['data', 'stringData', 'binaryData']);
/** Environment variables: `env`, `extraEnv`, `envVars`. What `envFrom` has are names. */
const ENVIRONMENT = /^(?:\w*env|\w*env[-_]?vars?|environment(?:variables)?)$/i;
/** Texts that name a secret, or are one. */
const SECRET =
  /passw|passphrase|pwd|token|credential|secret|bearer|authorization|(?:private|certificate|api|access|auth|account)[-_]?key|authorized[-_]?keys|user[-_]?data|connection[-_]?string|kubeconfig/i;
/** The name and the password in a URL. */
const IN_URL = /(:\/\/)[^\s/@]*@/g;
/** Maps whose keys anyone chooses, and whose values decide where pods run. */
const LABELS = /(?:labels|selector|limits|requests)$/i;

/**
 * Returns an object without what nothing reads: managed fields, most of its status, annotations; and without what may
 * be confidential: the values of environment variables and of data.
 */
export function reduced(object: JsonObject): JsonObject {
  const { apiVersion = '', kind = '', metadata, status, ...fields } = object;
  const isRevision = apiVersion === 'apps/v1' && kind === 'ControllerRevision';
  const kept = Object.entries(fields).map(([key, value]) =>
    // The data of a revision is a pod template.
    isRevision && key === 'data' ? [key, inside(value)] : [key, shown(key, value)],
  );
  const read = statusOf(String(kind), status);
  return {
    apiVersion,
    kind,
    metadata: metadataOf(metadata),
    ...Object.fromEntries(kept),
    ...(read !== undefined && { status: read }),
  };
}

function metadataOf(metadata: JsonValue | undefined): JsonObject {
  if (!isMap(metadata)) return {};
  const { annotations } = metadata;
  return {
    ...pick(metadata, METADATA),
    ...(isMap(annotations) && { annotations: annotationsOf(annotations) }),
  };
}

function annotationsOf(annotations: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [
      key,
      ANNOTATIONS.some((pattern) => pattern.test(key)) || value === '' ? value : HIDDEN,
    ]),
  );
}

function statusOf(kind: string, status: JsonValue | undefined): JsonObject | undefined {
  const keys = STATUS[kind];
  if (keys === undefined || !isMap(status)) return undefined;
  const { conditions, ...kept } = pick(status, keys);
  if (!Array.isArray(conditions)) return kept;
  return { ...kept, conditions: conditions.map((one) => pick(one, CONDITION)) };
}

/** A value under a key, without what may be confidential. */
function shown(key: string, value: JsonValue): JsonValue {
  if (ENVIRONMENT.test(key)) return Array.isArray(value) ? value.map(variable) : names(value);
  if (CONFIDENTIAL.has(key)) return names(value);
  if (key === 'annotations' && isMap(value)) return annotationsOf(value);
  if (LABELS.test(key) && isMap(value) && isPlain(value)) return value;
  if (key === 'httpHeaders' && Array.isArray(value)) return value.map(variable);
  if (SECRET.test(key)) return withoutTexts(value);
  return inside(value);
}

/** A value that is a secret as a whole; what has keys has secrets under some of them. */
function withoutTexts(value: JsonValue): JsonValue {
  if (typeof value === 'string') return HIDDEN;
  return Array.isArray(value) ? value.map(withoutTexts) : inside(value);
}

function inside(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(inside);
  if (typeof value === 'string')
    return value.includes('@') ? value.replace(IN_URL, `$1${HIDDEN}@`) : value;
  if (!isMap(value)) return value;
  const { name } = value;
  // A parameter: what it is, its name says.
  const isSecret = typeof name === 'string' && SECRET.test(name);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isSecret && key === 'value' ? withoutTexts(item) : shown(key, item),
    ]),
  );
}

function isPlain(value: JsonObject): boolean {
  return Object.values(value).every((item) => typeof item !== 'object');
}

/** An environment variable: its name, and where its value comes from. */
function variable(value: JsonValue): JsonValue {
  return isMap(value) ? pick(value, ['name', 'valueFrom']) : HIDDEN;
}

/** The keys of a map. */
function names(value: JsonValue): JsonValue {
  if (!isMap(value)) return value === null ? null : HIDDEN;
  return Object.fromEntries(Object.keys(value).map((key) => [key, HIDDEN]));
}

function pick(value: JsonValue | undefined, keys: readonly string[]): JsonObject {
  const holder = isMap(value) ? value : {};
  return Object.fromEntries(
    keys.flatMap((key) => (holder[key] === undefined ? [] : [[key, holder[key]]])),
  );
}
