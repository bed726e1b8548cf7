import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap, reference, stringAt } from '../kubernetes/objects.ts';
import type { ClusterNode } from './nodes.ts';

/** A version of Kubernetes, and what runs it. */
export interface OldestVersion {
  /** As a profile names it: `1.31`. */
  readonly minor: string;
  /** As its program names it: `v1.31.4`. */
  readonly full: string;
}

const API_SERVER = /^kube-apiserver(?:-|$)/;

/**
 * The oldest version that a kubelet or an API server of the cluster has; null if none says.
 *
 * @param server the version of the API server that was asked, if one was.
 */
export function oldestVersion(
  nodes: readonly ClusterNode[],
  objects: readonly JsonObject[],
  server: string | null,
): OldestVersion | null {
  const versions = [
    ...nodes.map(({ kubelet }) => kubelet),
    ...objects.flatMap(apiServerVersions),
    server,
  ].flatMap((text) => parsed(text ?? ''));
  const [oldest] = versions.sort((a, b) => a.numbers - b.numbers);
  return oldest === undefined ? null : { minor: oldest.minor, full: oldest.full };
}

function parsed(
  text: string,
): readonly { readonly minor: string; readonly full: string; readonly numbers: number }[] {
  const found = /^v?1\.(\d{1,3})(?:\.(\d{1,4}))?(?:[-+].*)?$/.exec(text);
  if (found === null) return [];
  const [, minor, patch = '0'] = found;
  // Another number without its zeros would not be one that a profile takes.
  return [
    {
      minor: `1.${Number(minor)}`,
      full: text,
      numbers: Number(minor) * 10_000 + Number(patch),
    },
  ];
}

/** The tags of the images by which kube-system runs API servers. */
function apiServerVersions(object: JsonObject): readonly string[] {
  const { kind, namespace, name } = reference(object);
  if (kind !== 'Pod' || namespace !== 'kube-system' || !API_SERVER.test(name ?? '')) return [];
  // A file may name any version, and a newer one lets more count.
  if (stringAt(object['metadata'], 'uid') === null) return [];
  const spec = object['spec'];
  const containers = isMap(spec) ? spec['containers'] : undefined;
  return (Array.isArray(containers) ? containers : []).flatMap(tagOf);
}

function tagOf(container: JsonValue): readonly string[] {
  const tag = /:(v1\.[^:@/]+)(?:@.*)?$/.exec(stringAt(container, 'image') ?? '')?.[1];
  return stringAt(container, 'name') === 'kube-apiserver' && tag !== undefined ? [tag] : [];
}
