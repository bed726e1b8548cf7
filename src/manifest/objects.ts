import { type Path, type Place, UserError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { identityOf, isMap, type ObjectReference, reference } from '../kubernetes/objects.ts';
import type { Mention } from '../report/mention.ts';
import { patchedDocument } from './composed.ts';
import { createLocator, locate } from './locate.ts';
import { fileNameOf, type ManifestDocument } from './read.ts';
import type { Candidate } from './registration/shape.ts';
import { patchShapeOf, shapeOf } from './registration/shapes.ts';
import { hasHole, mayHaveRootKey } from './root-keys.ts';
import { metadataError } from './strings.ts';
import { isArguments } from './systemd/names.ts';

/** An object of a document: the document itself, or an item of a list. */
export interface ManifestObject {
  readonly document: ManifestDocument;
  /** Where it is in the document. */
  readonly path: Path;
  readonly value: JsonObject;
  /** What it is called, if that is known without its value, which may have to be made first. */
  readonly named?: ObjectReference;
  /** The value as JSON, if it is at hand. */
  readonly json?: string;
  /** What in it decides where pods run, and no policy may check there. */
  readonly mentions?: readonly Mention[];
  /** What it was taken for by its shape, if it says itself neither its API nor its kind. */
  readonly takenFor?: string | undefined;
  /** Where it has documents of their own, which were read or reported. */
  readonly parts?: readonly Path[] | undefined;
}

/** The identity of an object of a manifest: the same as that of its value. */
export function referenceOf(object: ManifestObject): ObjectReference {
  return object.named ?? reference(object.value);
}

/** What kubectl makes of a document. */
export type Classified =
  | { readonly kind: 'empty' }
  | { readonly kind: 'other'; readonly reason: string }
  | {
      readonly kind: 'objects';
      readonly objects: readonly ManifestObject[];
      readonly errors: readonly UserError[];
    };

/**
 * Classifies a document: empty, objects, or something that is not a Kubernetes object.
 *
 * To kubectl, any object with `items` is a list, whatever its kind: it reads the items and drops the
 * object around them. Items without a kind get the list's. A list in a list is an error.
 */
export function classify(document: ManifestDocument): Classified {
  const { value } = document;
  if (value === null) return { kind: 'empty' };
  if (typeof value === 'string' && mayHaveRootKey(document.chunk.text))
    return notAMapping(document);
  if (!isMap(value)) return patchIn(document, value) ?? NOT_A_MAPPING;
  if (!isObject(value)) {
    return document.chunk.unit === undefined ? withoutKind(document, value) : OTHER_UNIT;
  }
  const { items } = value;
  if (items === undefined) {
    const object = { document, path: [], value };
    if (isArgumentsFile(document)) return one({ ...object, takenFor: ARGUMENTS });
    const error = metadataError(object);
    return error === undefined ? one(object) : { kind: 'objects', objects: [], errors: [error] };
  }
  if (items === null) return { kind: 'objects', objects: [], errors: [] };
  if (isList(items)) return listed(document, value, items);
  const message = "items must be a sequence: start each item with '- '";
  return { kind: 'objects', objects: [], errors: [invalid(locate(document, ['items']), message)] };
}

function one(object: ManifestObject): Classified {
  return { kind: 'objects', objects: [object], errors: [] };
}

const NOT_A_MAPPING: Classified = { kind: 'other', reason: 'not a mapping' };

/** Without spaces after its colons, a manifest is one long string. */
function notAMapping(document: ManifestDocument): Classified {
  const message = "this document is a string, not an object: write 'key: value', with a space";
  return { kind: 'objects', objects: [], errors: [invalid(locate(document, []), message)] };
}

const OTHER_UNIT: Classified = {
  kind: 'other',
  reason: 'a systemd unit or drop-in whose ExecStart= does not start a kubelet, k3s, RKE2 or k0s',
};

/** A file that has only arguments does not say whose they are. */
const ARGUMENTS = "the arguments of MicroK8s' kubelet";

function isArgumentsFile(document: ManifestDocument): boolean {
  return document.chunk.unit !== undefined && isArguments(fileNameOf(document));
}

/** What a JSON Patch sets, as a document whose values are where the patch has them. */
function patchIn(document: ManifestDocument, value: JsonValue): Classified | undefined {
  const shape = patchShapeOf(value, candidateOf(document));
  if (shape === undefined || !isList(value)) return undefined;
  const made = patchedDocument(document, [], value);
  const { what: takenFor, value: object } = shape(made.value);
  return one({ document: made, path: [], value: object, takenFor });
}

/** What a document can be recognised by: its text, and the name that its file has where it is used. */
function candidateOf(document: ManifestDocument): Candidate {
  return { name: fileNameOf(document), text: document.chunk.text };
}

const NO_KIND =
  'needs an apiVersion (VERSION or GROUP/VERSION) and a kind, both strings: add what is missing';

function withoutKind(document: ManifestDocument, value: JsonObject): Classified {
  const isManifest = Object.hasOwn(value, 'spec') || Object.hasOwn(value, 'items');
  const shape = isManifest ? undefined : shapeOf(value, candidateOf(document));
  if (shape !== undefined) {
    return one({ document, path: [], value: shape.value, takenFor: shape.what });
  }
  const hasOne = 'kind' in value || 'apiVersion' in value;
  const looksLikeOne = ['metadata', 'spec', 'items'].some((key) => Object.hasOwn(value, key));
  const isPartial = hasOne || (isManifest && hasHole(Object.keys(value)));
  if (isPartial && looksLikeOne) {
    const error = invalid(locate(document, []), `this object ${NO_KIND}`);
    return { kind: 'objects', objects: [], errors: [error] };
  }
  const reason = hasOne ? 'no kind or no apiVersion' : 'no apiVersion and no kind';
  return { kind: 'other', reason };
}

function listed(
  document: ManifestDocument,
  list: JsonObject,
  items: readonly JsonValue[],
): Classified {
  const objects: ManifestObject[] = [];
  const errors: UserError[] = [];
  const wrong = metadataError({ document, path: [], value: list });
  if (wrong !== undefined) errors.push(wrong);
  const place = createLocator();
  items.forEach((item, index) => {
    const path = ['items', index];
    const value = isMap(item) ? withKindOf(list, item) : undefined;
    if (value === undefined || !isObject(value)) {
      errors.push(invalid(place(document, path), `this list item ${NO_KIND}`));
    } else if (isList(value['items'])) {
      const message = 'a List cannot contain a List: move its items to the outer one';
      errors.push(invalid(place(document, path), message));
    } else {
      const error = metadataError({ document, path, value });
      if (error === undefined) objects.push({ document, path, value });
      else errors.push(error);
    }
  });
  return { kind: 'objects', objects, errors };
}

/** The item, with the kind of its list if it has neither apiVersion nor kind (UnstructuredList.decode). */
function withKindOf(list: JsonObject, item: JsonObject): JsonObject {
  if (isText(item['apiVersion']) || isText(item['kind'])) return item;
  const { apiVersion = '', kind } = list;
  return { ...item, apiVersion, kind: String(kind).replace(/List$/, '') };
}

function isObject({ apiVersion, kind }: JsonObject): boolean {
  const parts = typeof apiVersion === 'string' ? apiVersion.split('/').length : 0;
  return isText(apiVersion) && parts <= 2 && isText(kind);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isText(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value !== '';
}

function invalid(place: Place, message: string): UserError {
  return new UserError('MANIFEST_OBJECT', message, { place });
}

/** Returns the last of objects that are given twice, as if they were applied one after the other. */
export function latest(objects: readonly ManifestObject[]): readonly ManifestObject[] {
  const named = new Map<string, ManifestObject>();
  for (const [index, object] of objects.entries()) {
    const found = referenceOf(object);
    // The API server generates a name for one that has none.
    named.set(found.name === null ? String(index) : identityOf(found), object);
  }
  return [...named.values()];
}
