import { type Place, UserError } from './errors.ts';
import type { JsonObject } from './kubernetes/json.ts';
import { isMap, reference } from './kubernetes/objects.ts';
import { groupOf } from './kubernetes/resources.ts';
import { type Compacting, createCompacting } from './manifest/compact.ts';
import {
  type Embedded,
  embeddedIn,
  embeddedScope,
  mayEmbed,
  type Scope,
} from './manifest/embedded.ts';
import { locate, renderedAt } from './manifest/locate.ts';
import { classify, type ManifestObject } from './manifest/objects.ts';
import { endOf } from './manifest/place.ts';
import { isPointer } from './manifest/pointer.ts';
import {
  type ManifestDocument,
  type ManifestWarning,
  type Other,
  type Rendering,
  readManifest,
} from './manifest/read.ts';
import { mayRegister } from './manifest/registration/shapes.ts';
import { clusterOf, isSnapshotHead } from './manifest/snapshot.ts';
import { type RenderedFrom, sourceFinder } from './rendered/rendered.ts';
import {
  type InputError,
  type Location,
  NOWHERE,
  type Note,
  type OtherDocument,
  type ReadCluster,
  type ReadFile,
  type ReadKind,
  type Summary,
} from './report/report.ts';
import { type Chart, chartOf } from './unrendered/chart.ts';
import {
  isKustomizationName,
  type Kustomization,
  kustomizationOf,
} from './unrendered/kustomization.ts';
import { baseOf } from './unrendered/paths.ts';
import { belonging } from './unrendered/sources.ts';
import { inWords } from './words.ts';

/** An input file: its bytes, or why it could not be read. Rendered text is like a file, with the name of its input. */
export type InputFile =
  | { readonly name: string; readonly bytes: Uint8Array; readonly rendered?: RenderedFrom }
  | { readonly name: string; readonly error: UserError };

/** How many files, documents and objects were read, by kind. */
export type Counts = Pick<
  Summary,
  'files' | 'documents' | 'emptyDocuments' | 'otherDocuments' | 'unreadableDocuments' | 'objects'
>;

/** Everything that was read. */
export interface Input {
  readonly counts: Counts;
  /** Those that were taken. */
  readonly objects: readonly ManifestObject[];
  readonly errors: readonly InputError[];
  readonly notes: readonly Note[];
  /** Documents that are not objects. */
  readonly others: readonly OtherDocument[];
  readonly read: readonly ReadFile[];
  /** The clusters that files of `bulkhead audit` were read from. */
  readonly clusters: readonly ReadCluster[];
}

/** Called regularly with the progress of a run. */
export type OnProgress = (verb: 'read' | 'checked', done: number, total: number) => void;

/** Options of reading. */
export interface Reading {
  /**
   * Returns the object to keep, changed or not; why it cannot be checked; or undefined to only count it,
   * which saves memory.
   */
  readonly take?: (object: ManifestObject) => ManifestObject | UserError | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Reads every file into objects. */
export function readInput(files: readonly InputFile[], reading: Reading = {}): Input {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const { take = (object) => object, onProgress } = reading;
  const taking: Taking = { take, compact: createCompacting() };
  const all = sorted.map((file, index) => {
    onProgress?.('read', index, sorted.length);
    return contentOf(file, taking);
  });
  const { contents, errors } = withoutSources(all);
  const counts = { files: sorted.length, ...totals(contents) };
  // After an error, "nothing to check" is not reported as a second one.
  const clusters = contents.flatMap(({ head }) => head?.cluster ?? []);
  const isEmpty = counts.objects === 0 && errors.length === 0 && clusters.length === 0;
  if (isEmpty) errors.push(nothingToCheck(sorted));
  return {
    objects: contents.flatMap(({ objects }) => objects),
    errors,
    notes: contents.flatMap(({ notes }) => notes),
    others: contents.flatMap(({ others }) => others),
    read: sorted.map((file, index) => readFile(file, all[index])),
    clusters,
    counts,
  };
}

function readFile(file: InputFile, content: Content | undefined): ReadFile {
  const cluster = content?.head?.cluster;
  return {
    file: file.name,
    state: 'error' in file ? 'unreadable' : 'read',
    ...(cluster !== undefined && { cluster }),
  };
}

/** What a file contains. */
interface Content {
  readonly name: string;
  /** The cluster that it was read from, and where it says so. */
  head?: { readonly cluster: ReadCluster; readonly place: Location };
  readonly objects: ManifestObject[];
  readonly errors: InputError[];
  readonly notes: Note[];
  readonly others: OtherDocument[];
  /** Where the documents with objects are: of each the line and the column. */
  readonly places: number[];
  readonly charts: Chart[];
  readonly kustomizations: Kustomization[];
  /** Whether it is no file, so that no chart or kustomization has it. */
  readonly isRendered: boolean;
  readonly counts: { -readonly [count in keyof Omit<Counts, 'files' | 'otherDocuments'>]: number };
}

const NONE: Content['counts'] = {
  documents: 0,
  emptyDocuments: 0,
  unreadableDocuments: 0,
  objects: 0,
};

function totals(contents: readonly Content[]): Omit<Counts, 'files'> {
  const sum = { ...NONE, otherDocuments: 0 };
  for (const { counts, others } of contents) {
    sum.otherDocuments += others.length;
    sum.documents += counts.documents;
    sum.emptyDocuments += counts.emptyDocuments;
    sum.unreadableDocuments += counts.unreadableDocuments;
    sum.objects += counts.objects;
  }
  return sum;
}

/**
 * Makes one error of each chart and kustomization. It stands for the errors and notes of a chart's
 * files, and what a kustomization uses as something other than objects is not checked.
 */
function withoutSources(all: readonly Content[]): {
  readonly contents: readonly Content[];
  readonly errors: InputError[];
} {
  const sources = {
    charts: all.flatMap(({ charts }) => charts),
    kustomizations: all.flatMap(({ kustomizations }) => kustomizations),
  };
  const { chartOf, isUsed, errors } = belonging(
    sources,
    all.map(({ name }) => name),
  );
  const contents = all.map((content) => {
    if (content.isRendered) return content;
    if (isUsed(content.name)) return unused(content);
    if (chartOf(content.name) === undefined) return content;
    return { ...content, errors: content.errors.filter(isOfFile), notes: [] };
  });
  const faulty = all.filter(({ errors: own }) => own.length > 0).map(({ name }) => name);
  const found = contents.flatMap(({ errors: own }) => own);
  for (const error of errors(faulty)) found.push(problem(error, ''));
  return { contents, errors: found };
}

function isOfFile({ code }: InputError): boolean {
  return code === 'FILE_UNREADABLE';
}

/** A file without what is in it: its documents are counted as others. */
function unused({ name, errors, others, places, counts, isRendered }: Content): Content {
  const { documents, emptyDocuments } = counts;
  const used: Location[] = errors.filter((error) => !isOfFile(error));
  for (let index = 0; index < places.length; index += 2) {
    const [line = 1, column = 1] = places.slice(index);
    used.push(placed({ file: name, line, column }));
  }
  return {
    ...emptyContent(name),
    errors: errors.filter(isOfFile),
    others: [...others, ...used.map((place) => other(place, 'a part of a kustomization'))],
    isRendered,
    counts: { ...NONE, documents, emptyDocuments },
  };
}

/** What is done with each object: whether it is taken, and how it is kept. */
interface Taking {
  readonly take: NonNullable<Reading['take']>;
  readonly compact: Compacting;
}

function contentOf(file: InputFile, taking: Taking): Content {
  const content = { ...emptyContent(file.name), isRendered: 'rendered' in file };
  if ('error' in file) content.errors.push(problem(file.error, file.name));
  else if (file.rendered === undefined) collect(file, content, taking);
  else return renderedContent(file, file.rendered, { content, taking });
  return content;
}

const POINTER = new UserError(
  'FILE_UNREADABLE',
  'this is a pointer of Git LFS, and not the file itself: git lfs pull fetches it',
);

function emptyContent(name: string): Content {
  return {
    name,
    objects: [],
    errors: [],
    notes: [],
    others: [],
    places: [],
    charts: [],
    kustomizations: [],
    isRendered: false,
    counts: { ...NONE },
  };
}

/** A file that could be read. */
type Readable = Extract<InputFile, { readonly bytes: Uint8Array }>;

/** Rendered text as the files it comes from: without objects it is an error, since nothing asked for it was checked. */
function renderedContent(
  file: Readable,
  from: RenderedFrom,
  { content, taking }: { readonly content: Content; readonly taking: Taking },
): Content {
  const rendering = { namespace: from.namespace, sourceOf: sourceFinder(from, file.bytes) };
  collect(file, content, taking, rendering);
  const { counts, errors, notes, others } = content;
  if (counts.objects === 0 && errors.length === 0) errors.push(emptyRendering(file.name, from));
  const placed = <P extends Location>(one: P) => inSource(one, file.name, rendering);
  return {
    ...content,
    errors: errors.map(placed),
    notes: notes.map(placed),
    others: others.map(placed),
  };
}

function emptyRendering(name: string, { root }: RenderedFrom): InputError {
  const message = `${name} renders no object: nothing of it was checked`;
  return { code: 'RENDER_EMPTY', message, ...NOWHERE, file: root, line: 1, column: 1 };
}

/** Adds where the source is, if the problem has only a place in the rendered text. */
function inSource<P extends Location>(one: P, name: string, { sourceOf }: Rendering): P {
  const { file, line, column } = one;
  if (file !== name || line === null || column === null || one.rendered !== undefined) return one;
  const { endLine, endColumn } = one;
  const end = endLine === null || endColumn === null ? {} : { endLine, endColumn };
  const place = { file, line, column, ...end };
  return { ...one, ...sourceOf(place), rendered: renderedAt(place) };
}

function collect(
  file: Readable,
  content: Content,
  { take, compact }: Taking,
  rendering?: Rendering,
): void {
  const { name } = file;
  const { errors, notes, counts } = content;
  const bytes = readable(file);
  if (bytes instanceof UserError) {
    errors.push(problem(bytes, name));
    return;
  }
  const manifest = readManifest(name, bytes, rendering);
  for (const error of manifest.errors) errors.push(problem(error, name));
  for (const one of manifest.others) collectOther(one, content);
  const unread = manifest.errors.length + manifest.others.length;
  counts.documents += manifest.documents.length + unread;
  counts.unreadableDocuments += manifest.errors.length;
  const foreign = new Set<number>();
  const keep: typeof take = (object) => {
    const taken = take(object);
    return taken === undefined || taken instanceof UserError
      ? taken
      : compact(taken, file, bytes.length);
  };
  for (const document of manifest.documents) {
    const hasObjects = !isSource(document, content) && collectObjects(document, content, keep);
    if (!hasObjects) foreign.add(document.index);
  }
  requireWhole(content, manifest.documents);
  for (const warning of manifest.warnings) {
    if (!foreign.has(warning.index)) notes.push(warned(warning));
  }
}

/** The bytes of a file, which may be read only now, or why there is nothing to read. */
function readable(file: Readable): Uint8Array | UserError {
  try {
    const { bytes } = file;
    return isPointer(bytes) ? POINTER : bytes;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** A document that cannot be read, and is no manifest. It may still be one of the files that register nodes. */
function collectOther(
  { error, text }: Other,
  { name, errors, notes, others, counts }: Content,
): void {
  const { message, place } = error;
  if (isSourceName(name)) {
    errors.push(problem(error, name));
    counts.unreadableDocuments += 1;
    return;
  }
  const location = place === undefined ? { ...NOWHERE, file: name } : placed(place);
  others.push(other(location, reasonOf(error)));
  if (mayRegister({ name, text })) {
    notes.push(unread(`${message}. Check the nodes that it registers`, place));
  }
}

/** Whether a file is what has to be rendered, by its name. */
function isSourceName(name: string): boolean {
  return isKustomizationName(name) || baseOf(name) === 'Chart.yaml';
}

function reasonOf({ code, message }: UserError): string {
  if (code === 'MANIFEST_TEMPLATE') return 'a template';
  if (code === 'MANIFEST_ENCODING') return 'not text';
  // What to do about it is not asked.
  const [what = ''] = message.replace(/^cannot read this document: /, '').split(/: (?!.*: )/);
  return `not YAML as Kubernetes reads it: ${what}`;
}

function isSource(
  document: ManifestDocument,
  { charts, kustomizations, others }: Content,
): boolean {
  const kustomization = kustomizationOf(document);
  const chart = chartOf(document);
  if (kustomization !== undefined) kustomizations.push(kustomization);
  if (chart !== undefined) charts.push(chart);
  const what = kustomization === undefined ? chart && 'a Helm chart' : 'a kustomization';
  if (what !== undefined) others.push(other(startOf(document), what));
  return what !== undefined;
}

/** Collects the objects of a document. Returns whether it is one that can have some. */
function collectObjects(
  document: ManifestDocument,
  content: Content,
  take: NonNullable<Reading['take']>,
): boolean {
  if (isMap(document.value) && isSnapshotHead(document.value)) {
    return collectHead(document, document.value, content);
  }
  const { objects, errors, notes, others, places, counts } = content;
  const found = classify(document);
  if (found.kind === 'empty') counts.emptyDocuments += 1;
  if (found.kind === 'other') others.push(other(startOf(document), found.reason));
  if (found.kind !== 'objects') return false;
  const { line, column } = lineOf(document);
  places.push(line, column);
  counts.objects += found.objects.length;
  const shared: Shared = { take };
  for (const object of found.objects) {
    const taken = take(mayEmbed(object) ? withParts(object, content, shared) : object);
    if (object.takenFor !== undefined) notes.push(shapeAssumed(object, object.takenFor));
    if (taken instanceof UserError) errors.push(problem(taken, document.file));
    else if (taken !== undefined) objects.push(taken);
  }
  for (const error of found.errors) errors.push(problem(error, document.file));
  return true;
}

/** The first line of a snapshot is not an object of the cluster. */
function collectHead(document: ManifestDocument, head: JsonObject, content: Content): boolean {
  const cluster = clusterOf(head);
  const place = startOf(document);
  if (cluster === undefined) content.errors.push({ ...NOT_WRITTEN, ...place });
  else if (content.head !== undefined) content.errors.push({ ...SECOND_HEAD, ...place });
  else content.head = { cluster, place };
  return true;
}

/** How many objects documents have of each kind and API group. */
function kindsIn(documents: readonly ManifestDocument[]): ReadonlyMap<string, number> {
  const kinds = new Map<string, number>();
  for (const document of documents) {
    const found = classify(document);
    for (const { value } of found.kind === 'objects' ? found.objects : []) {
      const { apiVersion, kind } = reference(value);
      const key = keyOf({ group: groupOf(apiVersion), kind });
      kinds.set(key, (kinds.get(key) ?? 0) + 1);
    }
  }
  return kinds;
}

function keyOf({ group, kind }: Pick<ReadKind, 'group' | 'kind'>): string {
  return `${group}/${kind}`;
}

/** A snapshot has as many objects as its first line says: else what is missing would be taken for not there. */
function requireWhole({ head, errors }: Content, documents: readonly ManifestDocument[]): void {
  if (head === undefined) return;
  const kinds = kindsIn(documents);
  const { cluster, place } = head;
  const wrong = cluster.kinds.flatMap((kind) => {
    const [said, found] = [kind.objects ?? 0, kinds.get(keyOf(kind)) ?? 0];
    return said === found ? [] : [`${found} of ${said} ${kind.resource}`];
  });
  if (wrong.length === 0) return;
  const message = `what bulkhead audit --save wrote is not whole, or was changed: it has ${inWords(wrong, 'and')}. Save it again`;
  errors.push({ code: 'SNAPSHOT_INVALID', message, ...place });
}

const SECOND_HEAD = {
  code: 'SNAPSHOT_INVALID',
  message:
    'a file of bulkhead audit --save has one line like this, its first: check the files of two clusters one by one',
} as const;

const NOT_WRITTEN = {
  code: 'SNAPSHOT_INVALID',
  message:
    'this line of a file of bulkhead audit --save cannot be read, so it is not known which kinds the file has: save it again',
} as const;

/** What the objects of a document have in common. */
interface Shared {
  readonly take: NonNullable<Reading['take']>;
  /** Made when it is needed: most objects have nothing in them. */
  scope?: Scope;
}

/** Collects what is in an object, and returns the object with the places of it. */
function withParts(object: ManifestObject, content: Content, shared: Shared): ManifestObject {
  shared.scope ??= embeddedScope();
  const embedded = embeddedIn(object, shared.scope);
  collectEmbedded(embedded, content, shared.take);
  return embedded.parts.length > 0 ? { ...object, parts: embedded.parts } : object;
}

/** What is in an object counts as objects of its own. What cannot be read there is no error of the object. */
function collectEmbedded(
  embedded: Embedded,
  { objects, notes, counts }: Content,
  take: NonNullable<Reading['take']>,
): void {
  counts.objects += embedded.objects.length;
  for (const warning of embedded.warnings) notes.push(warned(warning));
  for (const { message, place } of embedded.unread) notes.push(unread(message, place));
  for (const object of embedded.objects) {
    const taken = take(object);
    if (taken instanceof UserError) notes.push(unread(taken.message, taken.place));
    else if (taken !== undefined) objects.push(taken);
  }
}

function unread(message: string, place: Place | undefined): Note {
  return { code: 'REGISTRATION_UNREAD', message, ...(place ? placed(place) : NOWHERE) };
}

/** What only looks like a file that registers nodes is never reported clean without a word. */
function shapeAssumed({ document }: ManifestObject, what: string): Note {
  const written = document.origin?.host ?? document;
  const message = `taken for ${what}, by its name and its keys: only how nodes register by it was checked`;
  return { code: 'SHAPE_ASSUMED', message, ...locate(written, []) };
}

function warned({ code, message, place }: ManifestWarning): Note {
  return { code, message, ...placed(place) };
}

function other({ file, line, column }: Location, reason: string): OtherDocument {
  return { file, line, column, endLine: null, endColumn: null, reason };
}

/** Where the first line of a document is that is not a comment. */
function startOf(document: ManifestDocument): Location {
  return placed({ file: document.file, ...lineOf(document) });
}

function lineOf({ chunk }: ManifestDocument): Pick<Place, 'line' | 'column'> {
  const before = /(?:[ \t]*(?:#.*)?(?:\r\n?|\n))*[ \t]*/y;
  before.test(chunk.text);
  const start = before.lastIndex % chunk.text.length || 0;
  const { line, column } = chunk;
  return endOf({ text: chunk.text.slice(0, start), line, column });
}

function problem({ code, message, place }: UserError, file: string): InputError {
  return { code, message, ...(place === undefined ? { ...NOWHERE, file } : placed(place)) };
}

// Written out: what V8 spreads into an object gets a hidden class of its own, larger than the object.
function placed(place: Place): Location {
  const { file, line, column, endLine = null, endColumn = null, rendered } = place;
  if (rendered === undefined) return { file, line, column, endLine, endColumn };
  return { file, line, column, endLine, endColumn, rendered };
}

function nothingToCheck(files: readonly InputFile[]): InputError {
  return {
    code: 'NOTHING_TO_CHECK',
    message:
      files.length === 0
        ? 'nothing to check: no .yaml, .yml or .json file in the input'
        : 'nothing to check: no Kubernetes object in the input',
    ...NOWHERE,
  };
}
