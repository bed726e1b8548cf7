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

/** What `kubectl api-resources` prints, and the first line of it that cannot be read. */
export interface ReadDiscovery {
  readonly served: readonly ServedKind[];
  readonly unread: string | undefined;
}

const RESOURCE_LINE =
  /^(?<resource>\S+)(?:\s+\S+)?\s+(?<apiVersion>(?:[^\s/]+\/)?v\d\w*)\s+(?<isNamespaced>true|false)\s+(?<kind>\S+)$/;

/**
 * Reads what `kubectl api-resources --no-headers` prints: NAME, SHORTNAMES if there are some, APIVERSION, NAMESPACED, KIND. It
 * has the preferred version of each resource. A kubectl before 1.20 prints the group in place of the version.
 */
export function servedKinds(text: string): ReadDiscovery {
  const served: ServedKind[] = [];
  for (const line of linesOf(text)) {
    const found = RESOURCE_LINE.exec(line)?.groups;
    if (found === undefined) return { served, unread: line };
    const { resource = '', apiVersion = '', isNamespaced, kind = '' } = found;
    served.push({ resource, apiVersion, kind, isNamespaced: isNamespaced === 'true' });
  }
  return { served, unread: undefined };
}

/** The API groups of Kubernetes itself: every API server serves what policies read of them. */
const BUILT_IN: readonly string[] = ['', 'apps', 'autoscaling', 'batch', 'node.k8s.io', 'policy'];

/** Whether every API server serves a kind: one that does not say so has not said everything. */
export function isBuiltIn({ groups }: KindToRead): boolean {
  return BUILT_IN.includes(groups[0] ?? '');
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
