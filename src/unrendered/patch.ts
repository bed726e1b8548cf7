import { type Path, UserError } from '../errors.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import { isCustom } from '../kubernetes/resources.ts';
import { locate } from '../manifest/locate.ts';
import type { ManifestObject } from '../manifest/objects.ts';

/** Keys by which a strategic merge patch says what to do with a part of an object. */
const DIRECTIVE = /^\$(?:patch$|retainKeys$|deleteFromPrimitiveList\/|setElementOrder\/)/;

/** Within a custom resource, a patch may be what the resource is about. */
const DEPTH_OF_CUSTOM = 2;

/** The error of an object that is a strategic merge patch; undefined if it is none. */
export function patchError({ document, path, value }: ManifestObject): UserError | undefined {
  // Most documents have neither a dollar sign nor an escape that can stand for one.
  if (!/[$\\]/.test(document.chunk.text)) return undefined;
  const depth = isCustom(value) ? DEPTH_OF_CUSTOM : Number.POSITIVE_INFINITY;
  const found = directiveIn(value, [], depth);
  if (found === undefined) return undefined;
  const message = `${found.at(-1)} makes this a patch, not an object: render what it patches, and check that`;
  return new UserError('MANIFEST_PATCH', message, { place: locate(document, [...path, ...found]) });
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
