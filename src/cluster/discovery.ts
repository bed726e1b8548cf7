import { groupOf } from '../kubernetes/resources.ts';
import type { KindToRead } from './kinds.ts';
import { linesOf } from './kubectl.ts';

/** A resource that a cluster serves. */
export interface ServedKind {
  /** In the plural, as kubectl takes it: `deployments`. */
  readonly resource: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly isNamespaced: boolean;
}

/**
 * Reads what `kubectl api-resources --no-headers` prints: NAME, SHORTNAMES if there are some, APIVERSION, NAMESPACED, KIND. It
 * has the preferred version of each resource.
 */
export function servedKinds(text: string): readonly ServedKind[] {
  return linesOf(text).flatMap((line) => {
    const words = line.split(/\s+/);
    const [resource] = words;
    const [apiVersion, isNamespaced, kind] = words.slice(-3);
    if (words.length < 4 || resource === undefined || apiVersion === undefined) return [];
    if (kind === undefined || !/^(?:true|false)$/.test(isNamespaced ?? '')) return [];
    return [{ resource, apiVersion, kind, isNamespaced: isNamespaced === 'true' }];
  });
}

/**
 * The API groups that kubectl could not ask what they serve: its server is down (an APIService without endpoints). Both
 * its error and the warnings of its client name GROUP/VERSION.
 */
export function unknownGroups(stderr: string): ReadonlySet<string> {
  const found = stderr.matchAll(/\b([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*)\/v\d\w*(?=[\s:,"]|$)/g);
  return new Set([...found].map(([, group = '']) => group));
}

/** The resource of a kind: of several groups that serve it, the first that the policies name has all objects. */
export function servedAs(
  { kind, groups }: KindToRead,
  served: readonly ServedKind[],
): ServedKind | undefined {
  for (const group of groups) {
    const found = served.find((one) => one.kind === kind && groupOf(one.apiVersion) === group);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A resource as kubectl takes it without any doubt: `deployments.v1.apps`, `pods.v1.`. */
export function qualified({ resource, apiVersion }: ServedKind): string {
  const group = groupOf(apiVersion);
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  return `${resource}.${version}.${group}`;
}
