import { type Path, type Place, UserError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';
import { createLocator, locate } from './locate.ts';
import type { ManifestDocument } from './read.ts';

/** An object of a document: the document itself, or an item of a list. */
export interface ManifestObject {
  readonly document: ManifestDocument;
  /** Where it stands in the document. */
  readonly path: Path;
  readonly value: JsonObject;
}

/** What a document is to kubectl. */
export type Classified =
  | { readonly kind: 'empty' }
  | { readonly kind: 'other'; readonly reason: string }
  | {
      readonly kind: 'objects';
      readonly objects: readonly ManifestObject[];
      readonly errors: readonly UserError[];
    };

/**
 * Says what a document is: nothing, something else than a Kubernetes object, or objects.
 *
 * Whatever has `items` is a list to kubectl, of whatever kind, and the object around them vanishes. The
 * list gives its kind to items that have none; a list in a list is refused.
 */
export function classify(document: ManifestDocument): Classified {
  const { value } = document;
  if (value === null) return { kind: 'empty' };
  if (!isMap(value)) return { kind: 'other', reason: 'it is no map' };
  if (!isObject(value)) {
    return document.chunk.unit === undefined ? withoutKind(document, value) : OTHER_UNIT;
  }
  const { items } = value;
  if (items === undefined) {
    return { kind: 'objects', objects: [{ document, path: [], value }], errors: [] };
  }
  if (items === null) return { kind: 'objects', objects: [], errors: [] };
  if (isList(items)) return listed(document, value, items);
  const message = 'the items of a list must be a list: write each after a dash';
  return { kind: 'objects', objects: [], errors: [broken(locate(document, ['items']), message)] };
}

const OTHER_UNIT: Classified = {
  kind: 'other',
  reason: 'it is a systemd unit, or a part of one, whose ExecStart= starts no kubelet',
};

const NO_KIND =
  'needs an apiVersion (version or group/version) and a kind, both strings: add what is missing';

function withoutKind(document: ManifestDocument, value: JsonObject): Classified {
  const isHalfOne = 'kind' in value || 'apiVersion' in value;
  const looksLikeOne = ['metadata', 'spec', 'items'].some((key) => Object.hasOwn(value, key));
  if (isHalfOne && looksLikeOne) {
    const error = broken(locate(document, []), `this object ${NO_KIND}`);
    return { kind: 'objects', objects: [], errors: [error] };
  }
  const reason = isHalfOne
    ? 'it lacks a kind or an apiVersion'
    : 'it has neither apiVersion nor kind';
  return { kind: 'other', reason };
}

function listed(
  document: ManifestDocument,
  list: JsonObject,
  items: readonly JsonValue[],
): Classified {
  const objects: ManifestObject[] = [];
  const errors: UserError[] = [];
  const place = createLocator();
  items.forEach((item, index) => {
    const path = ['items', index];
    const value = isMap(item) ? withKindOf(list, item) : undefined;
    if (value === undefined || !isObject(value)) {
      errors.push(broken(place(document, path), `this item of a list ${NO_KIND}`));
    } else if (isList(value['items'])) {
      const message = 'a list may not stand in a list: move its items to the outer one';
      errors.push(broken(place(document, path), message));
    } else {
      objects.push({ document, path, value });
    }
  });
  return { kind: 'objects', objects, errors };
}

/** The item, with the kind of its list where it says nothing of its own (UnstructuredList.decode). */
function withKindOf(list: JsonObject, item: JsonObject): JsonObject {
  if (isWord(item['apiVersion']) || isWord(item['kind'])) return item;
  const { apiVersion = '', kind } = list;
  return { ...item, apiVersion, kind: String(kind).replace(/List$/, '') };
}

function isObject({ apiVersion, kind }: JsonObject): boolean {
  const parts = typeof apiVersion === 'string' ? apiVersion.split('/').length : 0;
  return isWord(apiVersion) && parts <= 2 && isWord(kind);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isWord(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value !== '';
}

function broken(place: Place, message: string): UserError {
  return new UserError('MANIFEST_OBJECT', message, { place });
}
