import { ADMISSION, ADMISSION_KIND, isAdmissionPolicy } from '../admission/names.ts';
import { CONSTRAINTS, constraintKind } from '../gatekeeper/names.ts';
import type { JsonObject } from '../kubernetes/json.ts';
import { canBeListed, type Resource } from '../kubernetes/resources.ts';
import type { Catalogue, Policy } from '../policy/policy.ts';

/** A kind to read from a cluster. */
export interface KindToRead extends Pick<Resource, 'kind' | 'groups' | 'isClusterScoped'> {
  /** Whether an object of it is kept; all are by default. */
  readonly isKept?: (object: JsonObject) => boolean;
}

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

/** What is generated of policies for admission: its waivers may have expired since. */
export function admissionKinds({ policies }: Pick<Catalogue, 'policies'>): readonly KindToRead[] {
  const isClusterScoped = true;
  return [
    ...policies.map(({ id }) => ({
      kind: constraintKind(id),
      groups: [CONSTRAINTS],
      isClusterScoped,
    })),
    // What others have of it is no business of ours.
    { kind: ADMISSION_KIND, groups: [ADMISSION], isClusterScoped, isKept: isAdmissionPolicy },
  ];
}

/** The name of the resource of a kind: what Kubernetes' own code makes of a kind (meta.UnsafeGuessKindToResource). */
export function pluralOf(kind: string, group: string): string {
  const singular = kind.toLowerCase();
  // Gatekeeper gives its Constraints resources of the same name.
  if (group === CONSTRAINTS) return singular;
  if (/(?:s|x|ch|sh)$/.test(singular)) return `${singular}es`;
  return singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}
