import { type Path, UserError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isCustom, type Resource } from '../kubernetes/resources.ts';
import { locate } from '../manifest/locate.ts';
import type { ManifestObject } from '../manifest/objects.ts';

/**
 * What tools replace in a text. No name, label, number or word of a field that is looked at here can
 * have these characters, so that no value that Kubernetes accepts is taken for a placeholder.
 */
const PLACEHOLDER =
  /\$\{|\$\(|\$[A-Za-z_]|\{\{|<%|#\{|\(\(|\[\[|<[A-Za-z_][^<>]*>|%[A-Za-z_]\w*%|@[A-Za-z_][\w.]*@|^__[A-Za-z]\w*__$/;

/** Controllers of custom resources replace placeholders of other forms themselves, when they run. */
const OF_FILES = /\$\{|<%|<no value>/;

/** What decides which object it is, how many pods it has or counts, and where they run. */
const DECIDING: readonly Path[] = [
  ...['replicas', 'parallelism', 'selector', 'strategy', 'updateStrategy'],
  ...['minAvailable', 'maxUnavailable', 'minReplicas', 'maxReplicas', 'scaleTargetRef'],
  ...['taints', 'unschedulable'],
].map((field) => ['spec', field]);

const IDENTITY: readonly Path[] = ['name', 'generateName', 'namespace'].map((field) => [
  'metadata',
  field,
]);

/** Fields of kinds that have no spec. */
const WITHOUT_SPEC: readonly Path[] = [
  ['target'], // of a Binding
  ['scheduling'], // of a RuntimeClass
  ['nodeRegistration', 'taints'],
  ['registerWithTaints'],
];

const LABELS: Path = ['metadata', 'labels'];

const OF_PODS: readonly Path[] = [
  ['nodeName'],
  ['nodeSelector'],
  ['tolerations'],
  ['affinity'],
  ['topologySpreadConstraints'],
  ['schedulerName'],
  ['runtimeClassName'],
  ['hostNetwork'],
  ['schedulingGates'],
  ['containers', '*', 'ports', '*', 'hostPort'],
];

/** The error of an object with a placeholder in a field that decides a verdict; undefined if there is none. */
export function placeholderError(
  { document, path, value }: ManifestObject,
  { kind, template, pods = [] }: Resource,
): UserError | undefined {
  // Units of systemd have variables of their own.
  if (document.chunk.unit !== undefined) return undefined;
  const hasOwnLabels = kind === 'Node' || template?.length === 0;
  const identity = [...IDENTITY, ...(hasOwnLabels ? [LABELS] : [])];
  const specs = [...(template ? [[...template, 'spec']] : []), ...pods];
  const deciding = [
    ...DECIDING,
    ...WITHOUT_SPEC,
    ...(template ? [[...template, ...LABELS]] : []),
    ...specs.flatMap((spec) => OF_PODS.map((field) => [...spec, ...field])),
  ];
  const form = isCustom(value) ? OF_FILES : PLACEHOLDER;
  const found = firstIn(value, identity, PLACEHOLDER) ?? firstIn(value, deciding, form);
  if (found === undefined) return undefined;
  const message = `not checked, since ${found.text.length > MOST ? `${found.text.slice(0, MOST)}…` : found.text} is a placeholder: render the file, or fill it in`;
  return new UserError('MANIFEST_PLACEHOLDER', message, {
    place: locate(document, [...path, ...found.path]),
  });
}

/** How many characters of a placeholder a message shows. */
const MOST = 60;

interface Found {
  readonly path: Path;
  readonly text: string;
}

function firstIn(object: JsonObject, fields: readonly Path[], form: RegExp): Found | undefined {
  for (const field of fields) {
    const found = search(object, { rest: field, path: [], form });
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Search {
  /** The steps that are left to the field, "*" for every item. */
  readonly rest: Path;
  readonly path: Path;
  readonly form: RegExp;
}

/** Searches the field, or a text in whose place there should be the field's parent. */
function search(value: JsonValue | undefined, { rest, path, form }: Search): Found | undefined {
  if (typeof value === 'string') return form.test(value) ? { path, text: value } : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const [step, ...others] = rest;
  for (const [key, item] of entriesOf(value, step)) {
    const here = [...path, key];
    // The keys within a field are labels.
    if (step === undefined && typeof key === 'string' && form.test(key)) {
      return { path: here, text: key };
    }
    const found = search(item, { rest: others, path: here, form });
    if (found !== undefined) return found;
  }
  return undefined;
}

function entriesOf(
  value: JsonObject | readonly JsonValue[],
  step: string | number | undefined,
): Iterable<[string | number, JsonValue]> {
  if (step === undefined || step === '*') {
    return isList(value) ? value.entries() : Object.entries(value);
  }
  const item = isList(value) || !Object.hasOwn(value, step) ? undefined : value[step];
  return item === undefined ? [] : [[step, item]];
}

function isList(value: JsonObject | readonly JsonValue[]): value is readonly JsonValue[] {
  return Array.isArray(value);
}
