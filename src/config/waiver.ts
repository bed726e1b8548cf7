import type { Path, Place } from '../errors.ts';

/** A finding of a policy that is accepted for an object, until a day. */
export interface Waiver {
  /** The ids of the policies. */
  readonly policies: readonly string[];
  readonly match: WaiverMatch;
  /** The one field that it is for: a path into the object, `*` for any index. Without it, any field. */
  readonly path?: Path;
  /** The environments that it is for; absent for all. */
  readonly environments?: readonly string[];
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it counts, in UTC: `2027-03-31`; or `never`. */
  readonly expires: string;
  readonly ticket?: string;
  /** Where it is written. */
  readonly place: Place;
}

/** The objects that a waiver is for: an exact kind and namespace, and a name with at most one `*`. */
export interface WaiverMatch {
  readonly kind: string;
  /** The API group, '' for the core group. Without it, a kind of Kubernetes itself is meant where there is one. */
  readonly group?: string;
  /** Absent for objects of cluster-scoped kinds. */
  readonly namespace?: string;
  readonly name: string;
}

/** Whether a waiver is for an environment; undefined where there are none. */
export function isForEnvironment(
  { environments }: Pick<Waiver, 'environments'>,
  environment: string | undefined,
): boolean {
  if (environments === undefined) return true;
  return environment !== undefined && environments.includes(environment);
}
