import type { Place, UserError } from './errors.ts';
import type { JsonObject } from './kubernetes/json.ts';
import { locate } from './manifest/locate.ts';
import { classify, type ManifestObject } from './manifest/objects.ts';
import { type ManifestDocument, readManifest } from './manifest/read.ts';
import {
  type InputError,
  type Location,
  NOWHERE,
  type Note,
  type ReadFile,
  type Summary,
} from './report/report.ts';

/** A file that was asked for: its bytes, or why they cannot be had. */
export type InputFile =
  | { readonly name: string; readonly bytes: Uint8Array }
  | { readonly name: string; readonly error: UserError };

/** How many files, documents and objects were read, and of which sort. */
export type Counts = Pick<
  Summary,
  'files' | 'documents' | 'emptyDocuments' | 'otherDocuments' | 'unreadableDocuments' | 'objects'
>;

/** Everything read, ready to be checked. */
export interface Input {
  readonly counts: Counts;
  /** Those that were to be kept. */
  readonly objects: readonly ManifestObject[];
  readonly errors: readonly InputError[];
  readonly notes: readonly Note[];
  readonly read: readonly ReadFile[];
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
    unreadableDocuments: 0,
    objects: 0,
  };
  const { keeps = () => true, onProgress } = reading;
  const collected: Collected = { objects: [], errors: [], notes: [], counts, keeps };
  for (const [index, file] of sorted.entries()) {
    onProgress?.('read', index, sorted.length);
    if ('error' in file) collected.errors.push(problem(file.error, file.name));
    else collect(file, collected);
  }
  const { errors } = collected;
  // If a file cannot be read, a second message would tell nothing new.
  if (counts.objects === 0 && errors.length === 0) errors.push(nothingToCheck(sorted));
  const { objects, notes } = collected;
  const read = sorted.map((file) => ({
    file: file.name,
    state: 'error' in file ? ('unreadable' as const) : ('read' as const),
  }));
  return { objects, errors, notes, read, counts: { ...counts, files: sorted.length } };
}

interface Collected {
  readonly objects: ManifestObject[];
  readonly errors: InputError[];
  readonly notes: Note[];
  readonly keeps: (object: JsonObject) => boolean;
  readonly counts: { -readonly [count in keyof Omit<Counts, 'files'>]: number };
}

function collect(
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
  collected: Collected,
): void {
  const { errors, notes, counts } = collected;
  const manifest = readManifest(name, bytes);
  for (const error of manifest.errors) errors.push(problem(error, name));
  for (const { code, message, place } of manifest.warnings) {
    notes.push({ code, message, ...placed(place) });
  }
  counts.documents += manifest.documents.length + manifest.errors.length;
  counts.unreadableDocuments += manifest.errors.length;
  for (const document of manifest.documents) collectObjects(document, collected);
}

function collectObjects(document: ManifestDocument, collected: Collected): void {
  const { objects, errors, notes, counts, keeps } = collected;
  const found = classify(document);
  if (found.kind === 'empty') counts.emptyDocuments += 1;
  if (found.kind === 'other') {
    counts.otherDocuments += 1;
    notes.push(otherDocument(document, found.reason));
  }
  if (found.kind !== 'objects') return;
  counts.objects += found.objects.length;
  for (const object of found.objects) if (keeps(object.value)) objects.push(object);
  for (const error of found.errors) errors.push(problem(error, document.file));
}

/** Such as the values of a Helm chart: kubectl would not send it, and it must not pass as clean. */
function otherDocument(document: ManifestDocument, reason: string): Note {
  const message = `this document is not a Kubernetes object (${reason}), and was not checked`;
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
        ? 'there is no manifest to check: name files, folders with .yaml, .yml or .json files, or -'
        : 'no Kubernetes object was found in what was given, so that nothing was checked',
    ...NOWHERE,
  };
}
