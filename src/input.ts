import type { Place, UserError } from './errors.ts';
import type { JsonObject } from './kubernetes/json.ts';
import { locate } from './manifest/locate.ts';
import { classify, type ManifestObject } from './manifest/objects.ts';
import { type ManifestDocument, readManifest } from './manifest/read.ts';
import type { Problem, Summary } from './report/report.ts';

/** A file that was asked for: its bytes, or why they cannot be had. */
export type InputFile =
  | { readonly name: string; readonly bytes: Uint8Array }
  | { readonly name: string; readonly error: UserError };

/** How many files, documents and objects were read, and of which sort. */
export type Counts = Pick<
  Summary,
  'files' | 'documents' | 'emptyDocuments' | 'otherDocuments' | 'refusedDocuments' | 'objects'
>;

/** Everything read, ready to be checked. */
export interface Input {
  readonly counts: Counts;
  /** Those that were to be kept. */
  readonly objects: readonly ManifestObject[];
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Told how far a run is, now and then. */
export type OnProgress = (verb: 'read' | 'checked', done: number, total: number) => void;

/** How to read. */
export interface Reading {
  /** Whether an object is of any use; the others are counted and let go, as their memory is. */
  readonly keeps?: (object: JsonObject) => boolean;
  readonly onProgress?: OnProgress | undefined;
}

/** Reads every file into objects. */
export function readInput(files: readonly InputFile[], reading: Reading = {}): Input {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const counts = {
    documents: 0,
    emptyDocuments: 0,
    otherDocuments: 0,
    refusedDocuments: 0,
    objects: 0,
  };
  const { keeps = () => true, onProgress } = reading;
  const collected: Collected = { objects: [], errors: [], warnings: [], counts, keeps };
  for (const [index, file] of sorted.entries()) {
    onProgress?.('read', index, sorted.length);
    if ('error' in file) collected.errors.push(problem(file.error, file.name));
    else collect(file, collected);
  }
  const { errors } = collected;
  // Whoever reads of a file that cannot be read needs no second sentence.
  if (counts.objects === 0 && errors.length === 0) errors.push(nothingToCheck(sorted));
  const { objects, warnings } = collected;
  return { objects, errors, warnings, counts: { ...counts, files: sorted.length } };
}

interface Collected {
  readonly objects: ManifestObject[];
  readonly errors: Problem[];
  readonly warnings: Problem[];
  readonly keeps: (object: JsonObject) => boolean;
  readonly counts: { -readonly [count in keyof Omit<Counts, 'files'>]: number };
}

function collect(
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
  collected: Collected,
): void {
  const { errors, warnings, counts } = collected;
  const manifest = readManifest(name, bytes);
  for (const error of manifest.errors) errors.push(problem(error, name));
  for (const { code, message, place } of manifest.warnings) {
    warnings.push({ code, message, ...place });
  }
  counts.documents += manifest.documents.length + manifest.errors.length;
  counts.refusedDocuments += manifest.errors.length;
  for (const document of manifest.documents) collectObjects(document, collected);
}

function collectObjects(document: ManifestDocument, collected: Collected): void {
  const { objects, errors, warnings, counts, keeps } = collected;
  const found = classify(document);
  if (found.kind === 'empty') counts.emptyDocuments += 1;
  if (found.kind === 'other') {
    counts.otherDocuments += 1;
    warnings.push(otherDocument(document, found.reason));
  }
  if (found.kind !== 'objects') return;
  counts.objects += found.objects.length;
  for (const object of found.objects) if (keeps(object.value)) objects.push(object);
  for (const error of found.errors) errors.push(problem(error, document.file));
}

/** Values of a chart and their like: nothing that kubectl would send, and nothing that is clean. */
function otherDocument(document: ManifestDocument, reason: string): Problem {
  const message = `this document is no Kubernetes object (${reason}), and was not judged`;
  return { code: 'NOT_JUDGED', message, ...locate(document, []) };
}

function problem(error: UserError, file: string): Problem {
  const place: Place | undefined = error.place;
  return {
    code: error.code,
    message: error.message,
    file: place?.file ?? file,
    line: place?.line ?? null,
    column: place?.column ?? null,
  };
}

function nothingToCheck(files: readonly InputFile[]): Problem {
  return {
    code: 'NOTHING_TO_CHECK',
    message:
      files.length === 0
        ? 'there is no manifest to check: name files, folders with .yaml, .yml or .json files, or -'
        : 'no Kubernetes object was found in what was given, so that nothing was checked',
    file: null,
    line: null,
    column: null,
  };
}
