import { constraintKind } from '../gatekeeper/names.ts';
import type { Resource } from '../kubernetes/resources.ts';
import type { Catalogue, Policy } from '../policy/policy.ts';

/** A kind to read from a cluster. */
export type KindToRead = Pick<Resource, 'kind' | 'groups' | 'isClusterScoped'>;

/** The API group of Gatekeeper's Constraints. */
export const CONSTRAINTS = 'constraints.gatekeeper.sh';

/** No API server lists these: they are only created. */
const NOT_LISTED = new Set(['Binding']);

/** Every kind that the policies check or read and that a cluster can have, each once. */
export function kindsOf(policies: readonly Policy[]): readonly KindToRead[] {
  const all = policies.flatMap(({ kinds, inventory }) => [...kinds, ...inventory]);
  const found = new Map<string, KindToRead>();
  for (const resource of all.filter(canBeListed)) {
    const { kind, groups, isClusterScoped = false } = resource;
    const key = `${groups.join()} ${kind}`;
    if (!found.has(key)) found.set(key, { kind, groups, isClusterScoped });
  }
  return [...found.values()];
}

/** The Constraints that are generated of policies: their waivers may have expired since. */
export function constraintKinds({ policies }: Pick<Catalogue, 'policies'>): readonly KindToRead[] {
  return policies.map(({ id }) => ({
    kind: constraintKind(id),
    groups: [CONSTRAINTS],
    isClusterScoped: true,
  }));
}

/** Whether a cluster can have objects of the kind. */
export function canBeListed({ kind, isOnlyRead }: Resource): boolean {
  return isOnlyRead !== true && !NOT_LISTED.has(kind);
}

/** The name of the resource of a kind: what Kubernetes' own code makes of a kind (meta.UnsafeGuessKindToResource). */
export function pluralOf(kind: string, group: string): string {
  const singular = kind.toLowerCase();
  // Gatekeeper gives its Constraints resources of the same name.
  if (group === CONSTRAINTS) return singular;
  if (/(?:s|x|ch|sh)$/.test(singular)) return `${singular}es`;
  return singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}
