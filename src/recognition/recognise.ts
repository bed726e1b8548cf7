import type { JsonObject } from '../kubernetes/json.ts';
import { type ObjectReference, reference } from '../kubernetes/objects.ts';
import { DISTRIBUTIONS, type Distribution, LAYERS, type Sign } from './signs.ts';

/** What a cluster looks like. */
export interface Recognition {
  /** Null if no distribution shows two signs. */
  readonly distribution: string | null;
  /** The name of the built-in profile for it; null if it is not known. */
  readonly profile: string | null;
  /** The names of built-in profiles that are right for it as well. */
  readonly also: readonly string[];
  /** What manages the cluster, such as Rancher. */
  readonly layers: readonly string[];
  /** The signs of the distribution, or all that were seen if it is not known. */
  readonly signs: readonly string[];
}

/** The names of the profiles for distributions that can be recognised. */
export const PROFILES: ReadonlySet<string> = new Set(
  DISTRIBUTIONS.flatMap(({ profile, also = [] }) => [profile, ...also]),
);

/** How many signs of a distribution it takes: one may be left over, or written by hand. */
const ENOUGH = 2;

/**
 * Recognises the distribution of a cluster by its Nodes, and by the objects of its namespaces: the first in the order
 * of the table that shows two signs.
 */
export function recognise(all: readonly JsonObject[]): Recognition {
  const objects = all.filter((object) => canHaveSign(reference(object)));
  const seen = DISTRIBUTIONS.map((distribution) => ({
    distribution,
    signs: signsIn(objects, distribution.signs),
  }));
  const layers = LAYERS.filter(({ sign }) => signsIn(objects, [sign]).length > 0);
  const names = [...new Set(layers.map(({ name }) => name))];
  const found = seen.find(({ signs }) => signs.length >= ENOUGH);
  if (found === undefined) {
    const signs = [...new Set(seen.flatMap((one) => one.signs))];
    return { distribution: null, profile: null, also: [], layers: names, signs };
  }
  const { distribution, signs } = found;
  return {
    distribution: distribution.name,
    ...profilesFor(distribution, names),
    layers: names,
    signs,
  };
}

/** Nodes, and what distributions put into namespaces of their own. */
export function canHaveSign({ kind, namespace }: ObjectReference): boolean {
  return kind === 'Node' || /^(?:kube-|openshift-|tectonic-)/.test(namespace ?? '');
}

/** Rancher taints the nodes of RKE2 clusters that it makes. */
function profilesFor(
  { profile, also = [] }: Distribution,
  layers: readonly string[],
): { readonly profile: string; readonly also: readonly string[] } {
  return profile === 'rke2' && layers.includes('Rancher')
    ? { profile: 'rke2-rancher', also: ['rke2'] }
    : { profile, also };
}

/** The first of each sign. */
function signsIn(objects: readonly JsonObject[], signs: readonly Sign[]): readonly string[] {
  return signs.flatMap((sign) => {
    for (const object of objects) {
      const seen = sign(object);
      if (seen !== undefined) return [seen];
    }
    return [];
  });
}
