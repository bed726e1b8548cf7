import type { JsonObject, JsonValue } from './json.ts';
import { groupOf, type Resource } from './resources.ts';

/** The identity of an object; null where the manifest does not have it. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string | null;
}

/** Returns the identity of an object. */
export function reference(object: JsonObject): ObjectReference {
  const metadata = object['metadata'];
  return {
    apiVersion: stringAt(object, 'apiVersion') ?? '',
    kind: stringAt(object, 'kind') ?? '',
    namespace: stringAt(metadata, 'namespace'),
    name: stringAt(metadata, 'name'),
  };
}

/** Returns a key that two objects share if they are the same object in different versions of the API. */
export function identityOf({ apiVersion, kind, namespace, name }: ObjectReference): string {
  return [groupOf(apiVersion), kind, namespace ?? '', name ?? ''].join('\0');
}

/** Returns the string at a key, or null if there is none. */
export function stringAt(holder: JsonValue | undefined, key: string): string | null {
  const value = isMap(holder) ? holder[key] : undefined;
  return typeof value === 'string' ? value : null;
}

/** Whether a value is a map: an object of JSON that is not a list. */
export function isMap(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether an object of the kind needs a namespace and names none, so that kubectl fills one in. */
export function lacksNamespace(
  { metadata }: JsonObject,
  { isClusterScoped, isOnlyRead }: Resource,
): boolean {
  if (isClusterScoped === true || isOnlyRead === true) return false;
  const namespace = isMap(metadata) ? metadata['namespace'] : undefined;
  return namespace === undefined || namespace === null || namespace === '';
}

/** Whether an API server takes this for the name of a namespace. */
export function isNamespaceName(name: string): boolean {
  return /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(name);
}
