import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap, reference, stringAt } from '../kubernetes/objects.ts';
import { createLocator } from '../manifest/locate.ts';
import { classify, type ManifestObject } from '../manifest/objects.ts';
import { type FindSource, type ManifestDocument, readManifest } from '../manifest/read.ts';
import { counterpart } from './counterpart.ts';
import { type FindPatch, patchesOf, type Spot } from './patches.ts';
import type { RenderedKustomization } from './rendered.ts';

/**
 * Finds the resource file of an object by its origin, and the value in it; or else the patch that has it. What comes of a
 * generator or a field such as `images`, and what is fetched, has no place there.
 *
 * An origin is only a hint, which an author may have written: it must be a file of this kustomization, and the value is
 * looked up in that file.
 */
export function kustomizationSources(from: RenderedKustomization): FindSource {
  const locate = createLocator();
  const find = { sourceOf: objectFinder(from), patchOf: patchesOf(from) };
  return (_, at) => {
    const found = at && spotIn(at, find);
    return found && locate(found.document, found.path);
  };
}

type FindObject = (document: ManifestDocument) => ManifestObject | undefined;

interface Find {
  readonly sourceOf: FindObject;
  readonly patchOf: FindPatch;
}

function spotIn({ document, path }: Spot, find: Find): Spot | undefined {
  const { origin } = document;
  if (origin !== undefined) {
    // A text in an object is where the object has it.
    const host = spotIn({ document: origin.host, path: origin.path }, find);
    const inSource = host && { ...origin, host: host.document, path: host.path };
    return inSource && { document: { ...document, origin: inSource }, path };
  }
  const { value } = document;
  const source = find.sourceOf(document);
  // The object as a whole may have changed in any way.
  const found = source && (path.length === 0 ? [] : counterpart(value, source.value, path));
  if (source === undefined || found === undefined) {
    return isMap(value) ? find.patchOf(value, path) : undefined;
  }
  return { document: source.document, path: [...source.path, ...found] };
}

function objectFinder(from: RenderedKustomization): FindObject {
  const known = new Map<ManifestDocument, ManifestObject | undefined>();
  let origins: ReadonlyMap<string, string | undefined> | undefined;
  const objects = objectsBy(from.read);
  return (document) => {
    if (known.has(document)) return known.get(document);
    origins ??= originsIn(from.annotated);
    const { value } = document;
    const origin = isMap(value) ? origins.get(keyOf(value)) : undefined;
    const isAuthors = origin === undefined || origin === originOf(value);
    const file = isAuthors ? undefined : fileOf(origin, from);
    const found = file && isMap(value) ? sameObject(value, objects(file)) : undefined;
    known.set(document, found);
    return found;
  };
}

const ANNOTATION = 'config.kubernetes.io/origin';

function originOf(value: JsonValue): string | undefined {
  const metadata = isMap(value) ? value['metadata'] : undefined;
  const annotations = isMap(metadata) ? metadata['annotations'] : undefined;
  return stringAt(annotations, ANNOTATION) ?? undefined;
}

/** The origins by the identity of the object; undefined for an identity that two objects have. */
function originsIn(annotated: Uint8Array | undefined): ReadonlyMap<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  const documents = annotated === undefined ? [] : readManifest('', annotated).documents;
  for (const { value } of documents) {
    if (!isMap(value)) continue;
    const key = keyOf(value);
    found.set(key, found.has(key) ? undefined : originOf(value));
  }
  return found;
}

function keyOf(value: JsonObject): string {
  return JSON.stringify(reference(value));
}

/** The file that an origin names. One of a remote repository is none, and neither is what a generator made. */
function fileOf(origin: string, { nameOf }: RenderedKustomization): string | undefined {
  const value = readManifest('', new TextEncoder().encode(origin)).documents[0]?.value;
  const path = stringAt(value, 'path');
  return path === null || (isMap(value) && 'repo' in value) ? undefined : nameOf(path);
}

/** The objects of each file, which is read once. */
function objectsBy(
  read: RenderedKustomization['read'],
): (file: string) => readonly ManifestObject[] {
  const known = new Map<string, readonly ManifestObject[]>();
  return (file) => {
    const bytes = read(file);
    const documents = known.has(file) || !bytes ? [] : readManifest(file, bytes).documents;
    const found = known.get(file) ?? documents.flatMap(objectsIn);
    known.set(file, found);
    return found;
  };
}

function objectsIn(document: ManifestDocument): readonly ManifestObject[] {
  const found = classify(document);
  return found.kind === 'objects' ? found.objects : [];
}

/** The object of the same kind and name; its name may have got a prefix and a suffix. */
function sameObject(value: JsonObject, objects: readonly ManifestObject[]) {
  const { name, kind } = reference(value);
  const named = objects.flatMap((object) => {
    const own = reference(object.value);
    const isSame = own.kind === kind && own.name !== null && name?.includes(own.name);
    return isSame ? [{ object, length: own.name.length, namespace: own.namespace }] : [];
  });
  const longest = Math.max(0, ...named.map(({ length }) => length));
  const found = named.filter(({ length }) => length === longest);
  const inNamespace = found.filter(({ namespace }) => namespace === reference(value).namespace);
  const [first, second] = found.length > 1 ? inNamespace : found;
  return second === undefined ? first?.object : undefined;
}
