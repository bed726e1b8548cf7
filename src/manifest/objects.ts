import { type Path, type Place, UserError } from '../errors.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { createLocator } from './locate.ts';
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
 * Whatever has `items` is a list to kubectl, of whatever kind, and the object around them vanishes. A
 * typed list (`DeploymentList`) gives its items their kind; a list in a list is refused.
 */
export function classify(document: ManifestDocument): Classified {
  const { value } = document;
  if (value === null) return { kind: 'empty' };
  if (!isMap(value)) return { kind: 'other', reason: 'it is no map' };
  if (!isObject(value)) return withoutKind(document, value);
  const { items } = value;
  if (!Array.isArray(items)) {
    return { kind: 'objects', objects: [{ document, path: [], value }], errors: [] };
  }
  return listed(document, value, items);
}

function withoutKind(document: ManifestDocument, value: JsonObject): Classified {
  const looksLikeOne = 'metadata' in value || 'spec' in value;
  const isHalfOne = 'kind' in value || 'apiVersion' in value;
  if (!looksLikeOne && !isHalfOne) {
    return { kind: 'other', reason: 'it has neither apiVersion nor kind' };
  }
  const message = 'this object needs an apiVersion and a kind, both strings';
  return { kind: 'objects', objects: [], errors: [broken(createLocator()(document, []), message)] };
}

function listed(
  document: ManifestDocument,
  list: JsonObject,
  items: readonly JsonValue[],
): Classified {
  const objects: ManifestObject[] = [];
  const errors: UserError[] = [];
  const locate = createLocator();
  items.forEach((item, index) => {
    const path = ['items', index];
    const value = isMap(item) ? { ...itemKind(list), ...item } : undefined;
    if (value === undefined || !isObject(value)) {
      const message = 'this item of a list needs an apiVersion and a kind, both strings';
      errors.push(broken(locate(document, path), message));
    } else if (Array.isArray(value['items'])) {
      errors.push(broken(locate(document, path), 'a list may not stand in a list'));
    } else {
      objects.push({ document, path, value });
    }
  });
  return { kind: 'objects', objects, errors };
}

/** What the items of a typed list need not say. */
function itemKind({ apiVersion = '', kind }: JsonObject): JsonObject {
  const isTyped = typeof kind === 'string' && kind.endsWith('List') && kind !== 'List';
  return isTyped ? { apiVersion, kind: kind.slice(0, -'List'.length) } : {};
}

function isObject(value: JsonObject): boolean {
  return isWord(value['apiVersion']) && isWord(value['kind']);
}

function isWord(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value !== '';
}

function isMap(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function broken(place: Place, message: string): UserError {
  return new UserError('MANIFEST_OBJECT', message, { place });
}
