import { type Path, UserError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { groupOf, isCustom } from '../kubernetes/resources.ts';
import { createLocator } from '../manifest/locate.ts';
import type { ManifestObject } from '../manifest/objects.ts';
import type { ManifestDocument } from '../manifest/read.ts';

/** Keys by which a strategic merge patch says what to do with a part of an object. */
const DIRECTIVE = /^\$(?:patch$|retainKeys$|deleteFromPrimitiveList\/|setElementOrder\/)/;

/** Most documents have neither a directive nor an escape that can stand for a part of one. */
const MAY_HAVE_ONE = /\$(?:patch|retainKeys|deleteFromPrimitiveList|setElementOrder)|\\/;

/** Within a custom resource, a patch may be what the resource is about. */
const DEPTH_OF_CUSTOM = 2;

/** Makes a function that finds the error of an object that is a strategic merge patch. */
export function patchFinder(): (object: ManifestObject) => UserError | undefined {
  const locate = createLocator();
  let last: { readonly document: ManifestDocument; readonly isSuspect: boolean } | undefined;
  return ({ document, path, value }) => {
    if (last?.document !== document) {
      last = { document, isSuspect: MAY_HAVE_ONE.test(document.chunk.text) };
    }
    const depth = isCustom(value) ? DEPTH_OF_CUSTOM : Number.POSITIVE_INFINITY;
    const found = last.isSuspect ? directiveIn(ownFields(value), [], depth) : undefined;
    if (found === undefined) return undefined;
    const message = `${found.at(-1)} makes this a patch, not an object: render what it patches, and check that`;
    return new UserError('MANIFEST_PATCH', message, {
      place: locate(document, [...path, ...found]),
    });
  };
}

/** What of an object is its author's: the data of a revision is the patch that its controller keeps. */
function ownFields(object: JsonObject): JsonObject {
  const { data, ...others } = object;
  const { apiVersion, kind } = object;
  const isRevision = kind === 'ControllerRevision' && groupOf(String(apiVersion)) === 'apps';
  return isRevision && data !== undefined ? others : object;
}

function directiveIn(value: JsonValue, path: Path, depth: number): Path | undefined {
  if (typeof value !== 'object' || value === null || depth === 0) return undefined;
  for (const [key, item] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    const here = [...path, key];
    if (typeof key === 'string' && DIRECTIVE.test(key)) return here;
    const found = directiveIn(item, here, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
