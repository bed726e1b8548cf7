import type { Path } from '../errors.ts';
import { isMap, reference } from '../kubernetes/objects.ts';
import { createLocator } from '../manifest/locate.ts';
import { classify, type ManifestObject } from '../manifest/objects.ts';
import type { ManifestDocument } from '../manifest/read.ts';
import type { Finding } from '../report/report.ts';
import { type EditedDocument, editDocument } from './edit-document.ts';
import type { SourceFile } from './source-file.ts';

/** A fix of findings, as it is written in a file. Whether it removes them is not known yet. */
export interface Candidate extends EditedDocument {
  readonly file: SourceFile;
  readonly document: ManifestDocument;
  /** Where the object is in the document. */
  readonly path: Path;
  /** Those that have just this edit; at least one. */
  readonly findings: readonly Finding[];
}

/**
 * Finds the edits of files that the fixes of findings say. Two findings with the same edit are one candidate.
 *
 * None is in an object that an API server has shown, in what was rendered or is in the text of another object, and none
 * where an alias, an anchor or a merge key makes one text count in several places.
 */
export function candidatesIn(
  findings: readonly Finding[],
  fileOf: (name: string) => SourceFile | undefined,
): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  const objectOf = objectFinder();
  for (const finding of findings) {
    const { edits } = finding.fix;
    const file = edits.length === 0 || finding.rendered ? undefined : fileOf(finding.file);
    const object = file && objectOf(finding, file);
    if (file === undefined || object === undefined || isShown(object)) continue;
    const { document, path } = object;
    const written = editDocument(document, path, edits);
    if (written === undefined) continue;
    const key = JSON.stringify([file.name, document.index, written.texts]);
    const others = found.get(key)?.findings ?? [];
    found.set(key, { ...written, file, document, path, findings: [...others, finding] });
  }
  return [...found.values()];
}

/** Makes a function that finds the object of a finding: the one of its kind and name that has the field at its place. */
function objectFinder(): (finding: Finding, file: SourceFile) => ManifestObject | undefined {
  const locate = createLocator();
  const known = new WeakMap<ManifestDocument, readonly ManifestObject[]>();
  const objectsIn = (document: ManifestDocument) => {
    const objects = known.get(document) ?? ownObjects(document);
    known.set(document, objects);
    return objects;
  };
  return (finding, file) => {
    const { kind, name } = finding.object;
    const document = file.documents.findLast((one) => !isAfter(one, finding));
    const same =
      document === undefined
        ? []
        : objectsIn(document).filter((object) => {
            const own = reference(object.value);
            if (own.kind !== kind || own.name !== name) return false;
            const { line, column, endLine, endColumn } = locate(document, [
              ...object.path,
              ...finding.path,
            ]);
            return (
              line === finding.line &&
              column === finding.column &&
              endLine === finding.endLine &&
              endColumn === finding.endColumn
            );
          });
    return same.length === 1 ? same[0] : undefined;
  };
}

function isAfter({ chunk }: ManifestDocument, { line, column }: Finding): boolean {
  return chunk.line > line || (chunk.line === line && chunk.column > column);
}

/** The objects that a document says itself to be. */
function ownObjects(document: ManifestDocument): readonly ManifestObject[] {
  const found = classify(document);
  return found.kind === 'objects'
    ? found.objects.filter(({ takenFor }) => takenFor === undefined)
    : [];
}

/** Whether an API server has shown an object: it is a dump, which is not what made it. */
function isShown({ value: { metadata } }: ManifestObject): boolean {
  return isMap(metadata) && Object.hasOwn(metadata, 'uid');
}
