import type { Place, UserError } from './errors.ts';
import type { Problem } from './finding/finding.ts';
import { classify, type ManifestObject } from './manifest/objects.ts';
import { readManifest } from './manifest/read.ts';

/** A file that was asked for: its bytes, or why they cannot be had. */
export type InputFile =
  | { readonly name: string; readonly bytes: Uint8Array }
  | { readonly name: string; readonly error: UserError };

/** Everything read, ready to be judged. */
export interface Input {
  readonly files: number;
  readonly documents: number;
  readonly objects: readonly ManifestObject[];
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Reads every file into objects. */
export function readInput(files: readonly InputFile[]): Input {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const objects: ManifestObject[] = [];
  const errors: Problem[] = [];
  const warnings: Problem[] = [];
  let documents = 0;
  for (const file of sorted) {
    if ('error' in file) {
      errors.push(problem(file.error, file.name));
      continue;
    }
    const manifest = readManifest(file.name, file.bytes);
    errors.push(...manifest.errors.map((error) => problem(error, file.name)));
    warnings.push(
      ...manifest.warnings.map(({ code, message, place }) => ({ code, message, ...place })),
    );
    documents += manifest.documents.length + manifest.errors.length;
    for (const document of manifest.documents) {
      const found = classify(document);
      if (found.kind !== 'objects') continue;
      objects.push(...found.objects);
      errors.push(...found.errors.map((error) => problem(error, file.name)));
    }
  }
  // Whoever reads of a file that cannot be read needs no second sentence.
  if (objects.length === 0 && errors.length === 0) errors.push(nothingToCheck(sorted));
  return { files: sorted.length, documents, objects, errors, warnings };
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
