import { groupOf, type Resource } from '../kubernetes/resources.ts';
import type { KindState, ReadCluster } from '../report/report.ts';
import { includes, type Policy } from './policy.ts';

/** A kind that was not read of a cluster, or that a dump of one has no object of. */
export interface Gap {
  /** As kubectl takes it, or as a sentence names it: `nodes`, `PodDisruptionBudgets`. */
  readonly resource: string;
  readonly state: Exclude<KindState, 'listed' | 'notServed'> | 'absent';
  /** What kubectl says of it. */
  readonly reason: string | null;
  /** The policies that have no verdict without it, and are not asked. */
  readonly required: readonly string[];
  /** The policies that are asked, and check no object of it. */
  readonly checked: readonly string[];
  /** Those that would take its objects into account. */
  readonly refining: readonly string[];
}

/** Whatever is listed is no gap. */
const NO_GAP: readonly KindState[] = ['listed', 'notServed'];

/** A kind that a snapshot does not name was not asked for when it was written. */
const NOT_ASKED = 'it was not asked for when the file was saved';

/**
 * The gaps of clusters that were read: kinds that are forbidden or could not be read.
 *
 * @param policies those that are asked.
 * @param canBeListed whether a cluster can have objects of a kind.
 */
export function gapsOfClusters(
  policies: readonly Policy[],
  clusters: readonly Pick<ReadCluster, 'kinds'>[],
): readonly Gap[] {
  const kinds = clusters.flatMap((cluster) => cluster.kinds);
  const known = kinds.filter(({ state }) => !NO_GAP.includes(state));
  const unknown = clusters.length === 0 ? [] : unnamed(policies, kinds);
  return [...known, ...unknown].map(({ resource, kind, group, state, reason }) => {
    const has = (resources: readonly Resource[]) =>
      resources.some((one) => one.kind === kind && one.groups.includes(group));
    return {
      resource,
      state: state === 'forbidden' ? 'forbidden' : 'unreadable',
      reason,
      ...concerned(policies, has),
    };
  });
}

/** What the policies need, and a snapshot does not have. */
function unnamed(policies: readonly Policy[], kinds: ReadCluster['kinds']): ReadCluster['kinds'] {
  const needed = policies
    .flatMap(({ kinds: checked, required }) => [...checked, ...required])
    .filter(({ isOnlyRead, kind }) => isOnlyRead !== true && kind !== 'Binding');
  const missing = new Map<string, ReadCluster['kinds'][number]>();
  for (const { kind, groups } of needed) {
    const isNamed = kinds.some((one) => one.kind === kind && groups.includes(one.group));
    if (isNamed) continue;
    const group = groups[0] ?? '';
    const resource = group === '' ? kind : `${kind}.${group}`;
    const state = 'unreadable';
    missing.set(resource, { resource, group, kind, state, objects: null, reason: NOT_ASKED });
  }
  return [...missing.values()];
}

function concerned(
  policies: readonly Policy[],
  has: (resources: readonly Resource[]) => boolean,
): Pick<Gap, 'required' | 'checked' | 'refining'> {
  const required = policies.filter((policy) => has(policy.required));
  const asked = policies.filter((policy) => !required.includes(policy));
  const ids = (some: readonly Policy[]) => some.map(({ id }) => id);
  return {
    required: ids(required),
    checked: ids(asked.filter(({ kinds }) => has(kinds))),
    refining: ids(asked.filter(({ kinds, inventory }) => !has(kinds) && has(inventory))),
  };
}

/** What an object of a dump says of itself. */
type Identity = { readonly apiVersion: string; readonly kind: string };

/**
 * The gaps of a dump, `kubectl get … -o yaml`: what policies need that check an object of it, and it has no object of.
 * All workloads are one thing: no cluster has them of every kind.
 */
export function gapsOfDump(
  policies: readonly Policy[],
  present: readonly Identity[],
): readonly Gap[] {
  const concernedBy = policies.filter(({ kinds }) => present.some((one) => includes(kinds, one)));
  const needed = new Map<string, string[]>();
  for (const { id, required } of concernedBy) {
    for (const [name, resources] of things(required)) {
      if (present.some((one) => includes(resources, one))) continue;
      needed.set(name, [...(needed.get(name) ?? []), id]);
    }
  }
  return [...needed].map(([resource, required]) => ({
    resource,
    state: 'absent',
    reason: null,
    required,
    checked: [],
    refining: [],
  }));
}

function things(required: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const found = new Map<string, Resource[]>();
  for (const resource of required) {
    const name = resource.template === undefined ? `${resource.kind}s` : 'workloads';
    found.set(name, [...(found.get(name) ?? []), resource]);
  }
  return found;
}

/** The ids of the policies that are not asked. */
export function unasked(gaps: readonly Gap[]): ReadonlySet<string> {
  return new Set(gaps.flatMap(({ required }) => required));
}

/** The group and kind of an object. */
export function groupKind({ apiVersion, kind }: Identity): string {
  return `${groupOf(apiVersion)}/${kind}`;
}
