import { type Path, UserError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isCustom, RESOURCES, type Resource } from '../kubernetes/resources.ts';
import { createLocator } from '../manifest/locate.ts';
import type { ManifestObject } from '../manifest/objects.ts';
import type { ManifestDocument } from '../manifest/read.ts';

/**
 * What tools replace in a text. No name, label, number or word of a field that is looked at here can
 * have these characters, so that no value that Kubernetes accepts is taken for a placeholder.
 */
const PLACEHOLDER =
  /\$\{|\$\(|\$[A-Za-z_]|\{\{|<%|#\{|\(\(|\[\[|<[A-Za-z_][^<>]*>|%[A-Za-z_]\w*%|@[A-Za-z_][\w.]*@|^__[A-Za-z]\w*__$/;

/** Most documents have no placeholder, and no escape that can stand for a part of one. */
const MAY_HAVE_ONE = new RegExp(
  `${PLACEHOLDER.source.replace('^__', '__').replace('__$', '__')}|\\\\`,
);

/** Controllers of custom resources replace placeholders of other forms themselves, when they run. */
const OF_FILES = /\$\{|<%|<no value>/;

/** What decides which object it is, how many pods it has or counts, and where they run. */
const DECIDING: readonly Path[] = [
  ...['replicas', 'parallelism', 'selector', 'strategy', 'updateStrategy'],
  ...['minAvailable', 'maxUnavailable', 'minReplicas', 'maxReplicas', 'scaleTargetRef'],
  ...['taints', 'unschedulable'],
].map((field) => ['spec', field]);

/** What decides which resource an object is of, and so which fields matter: looked at first. */
const TYPE: readonly Path[] = [['apiVersion'], ['kind']];

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

/**
 * Finds the error of an object with a placeholder in a field that decides a verdict, if it has one. Of an object
 * of no known resource, only what names its resource decides.
 */
export type FindPlaceholder = (
  object: ManifestObject,
  resource: Resource | undefined,
) => UserError | undefined;

/** Makes a function that finds placeholders. It remembers the fields of each resource. */
export function placeholderFinder(): FindPlaceholder {
  const known = new Map<Resource, Fields>();
  const locate = createLocator();
  const inFields = (value: JsonObject, resource: Resource): Found | undefined => {
    const { identity, deciding } = known.get(resource) ?? fieldsOf(resource);
    known.set(resource, { identity, deciding });
    const form = isCustom(value) ? OF_FILES : PLACEHOLDER;
    return firstIn(value, identity, PLACEHOLDER) ?? firstIn(value, deciding, form);
  };
  let last: { readonly document: ManifestDocument; readonly isSuspect: boolean } | undefined;
  return ({ document, path, value }, resource) => {
    // Units of systemd have variables of their own.
    if (document.chunk.unit !== undefined) return undefined;
    if (last?.document !== document) {
      last = { document, isSuspect: MAY_HAVE_ONE.test(document.chunk.text) };
    }
    if (!last.isSuspect) return undefined;
    const found = firstIn(value, TYPE, PLACEHOLDER) ?? (resource && inFields(value, resource));
    if (found === undefined) return undefined;
    const shown = found.text.length > MOST ? `${found.text.slice(0, MOST)}…` : found.text;
    const message = `not checked, since ${shown} is a placeholder: render the file, or fill it in`;
    return new UserError('MANIFEST_PLACEHOLDER', message, {
      place: locate(document, [...path, ...found.path]),
    });
  };
}

interface Fields {
  readonly identity: readonly Path[];
  readonly deciding: readonly Path[];
}

function fieldsOf(resource: Resource): Fields {
  // A template of a cluster has its name as a placeholder; policies find those in labels and taints of nodes.
  if (registers(resource)) return { identity: [], deciding: WITHOUT_SPEC };
  const { kind, template, pods = [] } = resource;
  const hasOwnLabels = kind === 'Node' || template?.length === 0;
  const specs = [...(template ? [[...template, 'spec']] : []), ...pods];
  return {
    identity: [...IDENTITY, ...(hasOwnLabels ? [LABELS] : [])],
    deciding: [
      ...DECIDING,
      ...WITHOUT_SPEC,
      ...(template ? [[...template, ...LABELS]] : []),
      ...specs.flatMap((spec) => OF_PODS.map((field) => [...spec, ...field])),
    ],
  };
}

function registers({ kind, groups }: Resource): boolean {
  return RESOURCES.registration.some(
    (known) => known.kind === kind && known.groups.some((group) => groups.includes(group)),
  );
}

/** How many characters of a placeholder a message shows. */
const MOST = 60;

interface Found {
  readonly path: Path;
  readonly text: string;
}

function firstIn(object: JsonObject, fields: readonly Path[], form: RegExp): Found | undefined {
  for (const field of fields) {
    const found = search(object, { field, form }, 0);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Sought {
  /** The steps to the field, "*" for every item. */
  readonly field: Path;
  readonly form: RegExp;
}

/**
 * Searches the field, or a text in whose place there should be the field's parent, from the step of this
 * number on. Almost nothing is found: a path is put together only on the way back.
 */
function search(value: JsonValue | undefined, sought: Sought, depth: number): Found | undefined {
  if (typeof value === 'string') {
    return sought.form.test(value) ? { path: [], text: value } : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const step = sought.field[depth];
  if (step === undefined || step === '*') return searchItems(value, sought, depth);
  const item = isList(value) || !Object.hasOwn(value, step) ? undefined : value[step];
  return below(step, search(item, sought, depth + 1));
}

function searchItems(
  value: JsonObject | readonly JsonValue[],
  sought: Sought,
  depth: number,
): Found | undefined {
  const isWithin = depth >= sought.field.length;
  for (const [key, item] of isList(value) ? value.entries() : Object.entries(value)) {
    // The keys within a field are labels.
    if (isWithin && typeof key === 'string' && sought.form.test(key)) {
      return { path: [key], text: key };
    }
    const found = below(key, search(item, sought, depth + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

function below(step: string | number, found: Found | undefined): Found | undefined {
  return found && { path: [step, ...found.path], text: found.text };
}

function isList(value: JsonObject | readonly JsonValue[]): value is readonly JsonValue[] {
  return Array.isArray(value);
}
