import type { Path } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap, reference, stringAt } from '../kubernetes/objects.ts';
import { type ManifestDocument, readManifest, readText } from '../manifest/read.ts';
import { counterpart, isEqual, valueAt } from './counterpart.ts';
import type { RenderedKustomization } from './rendered.ts';

/** A path of a document. */
export interface Spot {
  readonly document: ManifestDocument;
  readonly path: Path;
}

/** Finds the patch that set what an object has at a path. */
export type FindPatch = (object: JsonObject, path: Path) => Spot | undefined;

/**
 * Makes a function that looks for a value in the patches of a kustomization, and of all that it includes: in files, in
 * place, and in its `replicas`. A value that two of them have has no place.
 */
export function patchesOf({ others, read }: RenderedKustomization): FindPatch {
  let documents: readonly ManifestDocument[] | undefined;
  return (object, path) => {
    const value = valueAt(object, path);
    // What is missing was removed, and no patch has it.
    if (value === undefined || path.length === 0) return undefined;
    documents ??= others.flatMap((file) => documentsIn(file, read(file)));
    const found = documents.flatMap((document) =>
      pathsIn(document.value, { object, path, value }).map((own) => ({ document, path: own })),
    );
    return found.length === 1 ? found[0] : undefined;
  };
}

function documentsIn(file: string, bytes: Uint8Array | undefined): readonly ManifestDocument[] {
  const documents = bytes === undefined ? [] : readManifest(file, bytes).documents;
  return documents.flatMap((document) => [document, ...inPlace(document)]);
}

/** The patches that a kustomization has in itself. */
function inPlace(host: ManifestDocument): readonly ManifestDocument[] {
  const { value } = host;
  if (!isMap(value)) return [];
  const paths: readonly Path[] = [
    ...listAt(value, 'patches').map((_, index) => ['patches', index, 'patch']),
    ...listAt(value, 'patchesJson6902').map((_, index) => ['patchesJson6902', index, 'patch']),
    ...listAt(value, 'patchesStrategicMerge').map((_, index) => ['patchesStrategicMerge', index]),
  ];
  return paths.flatMap((path) => {
    const text = valueAt(value, path);
    if (typeof text !== 'string') return [];
    return readText(text, { host, name: '', path, isAsWritten: true }).documents;
  });
}

interface Sought {
  readonly object: JsonObject;
  readonly path: Path;
  readonly value: JsonValue;
}

/** The paths at which a document sets a value. */
function pathsIn(document: JsonValue, sought: Sought): readonly Path[] {
  if (!isMap(document)) return Array.isArray(document) ? operationsIn(document, sought) : [];
  const { object, path } = sought;
  if (mayBe(document, object)) {
    const found = counterpart(object, document, path);
    return found === undefined ? [] : [found];
  }
  const isReplicas = path.length === 2 && path[0] === 'spec' && path[1] === 'replicas';
  return isReplicas ? replicasIn(document, sought) : [];
}

/** Whether a patch names an object, before its name got a prefix and a suffix. */
function mayBe(patch: JsonObject, object: JsonObject): boolean {
  const [own, other] = [reference(patch), reference(object)];
  return own.kind === other.kind && own.name !== null && (other.name ?? '').includes(own.name);
}

function operationsIn(operations: readonly JsonValue[], { path, value }: Sought): readonly Path[] {
  return operations.flatMap((operation, index) => {
    const pointer = stringAt(operation, 'path');
    const name = stringAt(operation, 'op');
    if (pointer === null || (name !== 'add' && name !== 'replace')) return [];
    const steps = pointer.split('/').slice(1).map(unescaped);
    const rest = path.slice(steps.length);
    const isPrefix =
      steps.length <= path.length && steps.every((step, at) => isStep(step, path[at] ?? ''));
    const own = ['value', ...rest];
    return isPrefix && isEqual(valueAt(operation, own), value) ? [[index, ...own]] : [];
  });
}

function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** An operation may append to a list. */
function isStep(step: string, key: string | number): boolean {
  return step === String(key) || (step === '-' && typeof key === 'number');
}

function replicasIn(kustomization: JsonObject, { object, value }: Sought): readonly Path[] {
  const { name } = reference(object);
  return listAt(kustomization, 'replicas').flatMap((entry, index) => {
    const own = stringAt(entry, 'name');
    const isOwn = own !== null && name?.includes(own) && isEqual(valueAt(entry, ['count']), value);
    return isOwn ? [['replicas', index, 'count']] : [];
  });
}

function listAt(value: JsonObject, key: string): readonly JsonValue[] {
  const list = valueAt(value, [key]);
  return Array.isArray(list) ? list : [];
}
