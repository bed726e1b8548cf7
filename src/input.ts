import { type Place, UserError } from './errors.ts';
import {
  type Embedded,
  embeddedIn,
  embeddedScope,
  mayEmbed,
  type Scope,
} from './manifest/embedded.ts';
import { locate, renderedAt } from './manifest/locate.ts';
import { classify, type ManifestObject } from './manifest/objects.ts';
import {
  type ManifestDocument,
  type ManifestWarning,
  type Rendering,
  readManifest,
} from './manifest/read.ts';
import { type RenderedFrom, sourceFinder } from './rendered/rendered.ts';
import {
  type InputError,
  type Location,
  NOWHERE,
  type Note,
  type Problem,
  type ReadFile,
  type Summary,
} from './report/report.ts';
import { type Chart, chartOf } from './unrendered/chart.ts';
import { type Kustomization, kustomizationOf } from './unrendered/kustomization.ts';
import { belonging } from './unrendered/sources.ts';

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
  readonly read: readonly ReadFile[];
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
  const all = sorted.map((file, index) => {
    onProgress?.('read', index, sorted.length);
    return contentOf(file, take);
  });
  const { contents, errors } = withoutSources(all);
  const counts = { files: sorted.length, ...totals(contents) };
  // After an error, "nothing to check" is not reported as a second one.
  if (counts.objects === 0 && errors.length === 0) errors.push(nothingToCheck(sorted));
  return {
    objects: contents.flatMap(({ objects }) => objects),
    errors,
    notes: contents.flatMap(({ notes }) => notes),
    read: sorted.map((file) => ({
      file: file.name,
      state: 'error' in file ? ('unreadable' as const) : ('read' as const),
    })),
    counts,
  };
}

/** What a file contains. */
interface Content {
  readonly name: string;
  readonly objects: ManifestObject[];
  readonly errors: InputError[];
  readonly notes: Note[];
  readonly charts: Chart[];
  readonly kustomizations: Kustomization[];
  /** Whether it is no file, so that no chart or kustomization has it. */
  readonly isRendered: boolean;
  readonly counts: { -readonly [count in keyof Omit<Counts, 'files'>]: number };
}

const NONE: Content['counts'] = {
  documents: 0,
  emptyDocuments: 0,
  otherDocuments: 0,
  unreadableDocuments: 0,
  objects: 0,
};

function totals(contents: readonly Content[]): Content['counts'] {
  const sum = { ...NONE };
  for (const { counts } of contents) {
    sum.documents += counts.documents;
    sum.emptyDocuments += counts.emptyDocuments;
    sum.otherDocuments += counts.otherDocuments;
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
function unused({ name, errors, counts, isRendered }: Content): Content {
  const { documents, emptyDocuments } = counts;
  return {
    name,
    objects: [],
    errors: errors.filter(isOfFile),
    notes: [],
    charts: [],
    kustomizations: [],
    isRendered,
    counts: { ...NONE, documents, emptyDocuments, otherDocuments: documents - emptyDocuments },
  };
}

function contentOf(file: InputFile, take: NonNullable<Reading['take']>): Content {
  const content: Content = {
    name: file.name,
    objects: [],
    errors: [],
    notes: [],
    charts: [],
    kustomizations: [],
    isRendered: 'rendered' in file,
    counts: { ...NONE },
  };
  if ('error' in file) content.errors.push(problem(file.error, file.name));
  else if (file.rendered === undefined) collect(file, content, take);
  else return renderedContent(file, file.rendered, { content, take });
  return content;
}

/** A file that could be read. */
type Readable = Extract<InputFile, { readonly bytes: Uint8Array }>;

/** Rendered text as the files it comes from: without objects it is an error, since nothing asked for it was checked. */
function renderedContent(
  file: Readable,
  from: RenderedFrom,
  { content, take }: { readonly content: Content; readonly take: NonNullable<Reading['take']> },
): Content {
  const rendering = { namespace: from.namespace, sourceOf: sourceFinder(from, file.bytes) };
  collect(file, content, take, rendering);
  const { counts, errors, notes } = content;
  if (counts.objects === 0 && errors.length === 0) errors.push(emptyRendering(file.name, from));
  const placed = <P extends Problem>(one: P) => inSource(one, file.name, rendering);
  return { ...content, errors: errors.map(placed), notes: notes.map(placed) };
}

function emptyRendering(name: string, { root }: RenderedFrom): InputError {
  const message = `${name} renders no object: nothing of it was checked`;
  return { code: 'RENDER_EMPTY', message, ...NOWHERE, file: root, line: 1, column: 1 };
}

/** Adds where the source is, if the problem has only a place in the rendered text. */
function inSource<P extends Problem>(one: P, name: string, { sourceOf }: Rendering): P {
  const { file, line, column } = one;
  if (file !== name || line === null || column === null || one.rendered !== undefined) return one;
  const { endLine, endColumn } = one;
  const end = endLine === null || endColumn === null ? {} : { endLine, endColumn };
  const place = { file, line, column, ...end };
  return { ...one, ...sourceOf(place), rendered: renderedAt(place) };
}

function collect(
  { name, bytes }: Readable,
  content: Content,
  take: NonNullable<Reading['take']>,
  rendering?: Rendering,
): void {
  const { errors, notes, counts } = content;
  const manifest = readManifest(name, bytes, rendering);
  for (const error of manifest.errors) errors.push(problem(error, name));
  for (const warning of manifest.warnings) notes.push(warned(warning));
  counts.documents += manifest.documents.length + manifest.errors.length;
  counts.unreadableDocuments += manifest.errors.length;
  for (const document of manifest.documents) {
    if (isSource(document, content)) counts.otherDocuments += 1;
    else collectObjects(document, content, take);
  }
}

function isSource(document: ManifestDocument, { charts, kustomizations }: Content): boolean {
  const kustomization = kustomizationOf(document);
  const chart = chartOf(document);
  if (kustomization !== undefined) kustomizations.push(kustomization);
  if (chart !== undefined) charts.push(chart);
  return kustomization !== undefined || chart !== undefined;
}

function collectObjects(
  document: ManifestDocument,
  content: Content,
  take: NonNullable<Reading['take']>,
): void {
  const { objects, errors, notes, counts } = content;
  const found = classify(document);
  if (found.kind === 'empty') counts.emptyDocuments += 1;
  if (found.kind === 'other') {
    counts.otherDocuments += 1;
    notes.push(otherDocument(document, found.reason));
  }
  if (found.kind !== 'objects') return;
  counts.objects += found.objects.length;
  const shared: Shared = { take };
  for (const object of found.objects) {
    const taken = take(mayEmbed(object) ? withParts(object, content, shared) : object);
    if (object.takenFor !== undefined) notes.push(shapeAssumed(object, object.takenFor));
    if (taken instanceof UserError) errors.push(problem(taken, document.file));
    else if (taken !== undefined) objects.push(taken);
  }
  for (const error of found.errors) errors.push(problem(error, document.file));
}

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

/** Values of a chart and the like: kubectl would not send it, and a check must not call it clean. */
function otherDocument(document: ManifestDocument, reason: string): Note {
  const message = `not a Kubernetes object (${reason}): not checked`;
  return { code: 'NOT_AN_OBJECT', message, ...locate(document, []) };
}

function problem({ code, message, place }: UserError, file: string): InputError {
  return { code, message, ...(place === undefined ? { ...NOWHERE, file } : placed(place)) };
}

function placed({ endLine, endColumn, ...place }: Place): Location {
  return { ...place, endLine: endLine ?? null, endColumn: endColumn ?? null };
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
