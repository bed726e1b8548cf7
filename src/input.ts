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

/** An input file: its bytes, or why it could not be read. */
export type InputFile =
  | { readonly name: string; readonly bytes: Uint8Array }
  | { readonly name: string; readonly error: UserError };

/** How many files, documents and objects were read, by kind. */
export type Counts = Pick<
  Summary,
  'files' | 'documents' | 'emptyDocuments' | 'otherDocuments' | 'unreadableDocuments' | 'objects'
>;

/** Everything that was read. */
export interface Input {
  readonly counts: Counts;
  /** Those that `keeps` selected. */
  readonly objects: readonly ManifestObject[];
  readonly errors: readonly InputError[];
  readonly notes: readonly Note[];
  readonly read: readonly ReadFile[];
}

/** Called regularly with the progress of a run. */
export type OnProgress = (verb: 'read' | 'checked', done: number, total: number) => void;

/** Options of reading. */
export interface Reading {
  /** Whether to keep an object; the others are only counted, which saves memory. */
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
  // After an error, "nothing to check" is not reported as a second one.
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
