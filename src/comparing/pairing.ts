import type { Finding } from '../report/report.ts';

/** What became of the items of two lists. */
export interface Pairs<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
  /** Those in both: the old one, and the new one. */
  readonly kept: readonly (readonly [T, T])[];
}

/**
 * Pairs the findings of two reports: as many of each fingerprint as both have. Of several with one fingerprint those that say
 * the same belong together; the rest is paired in its order, unless it is about something else now.
 */
export function pairFindings<F extends Finding>(
  old: readonly F[],
  now: readonly F[],
  isOther: (finding: F) => boolean = () => false,
): Pairs<F> {
  const same = pairBy(old, now, ({ fingerprint, message }) => `${fingerprint}\0${message}`);
  const rest = pairBy(same.removed, same.added, ({ fingerprint }) => fingerprint);
  const others = rest.kept.filter(([, is]) => isOther(is));
  return {
    added: [...rest.added, ...others.map(([, is]) => is)],
    removed: [...rest.removed, ...others.map(([was]) => was)],
    kept: [...same.kept, ...rest.kept.filter(([, is]) => !isOther(is))],
  };
}

/** Pairs items with equal keys, in their order: what one list has more of is left over. */
export function pairBy<T>(
  old: readonly T[],
  now: readonly T[],
  keyOf: (item: T) => string,
): Pairs<T> {
  const waiting = new Map<string, number[]>();
  for (const [index, item] of old.entries()) {
    const key = keyOf(item);
    const known = waiting.get(key);
    if (known === undefined) waiting.set(key, [index]);
    else known.push(index);
  }
  const added: T[] = [];
  const kept: (readonly [T, T])[] = [];
  const paired = new Set<number>();
  for (const item of now) {
    const partner = waiting.get(keyOf(item))?.shift();
    if (partner === undefined) {
      added.push(item);
      continue;
    }
    paired.add(partner);
    kept.push([old[partner] as T, item]);
  }
  return { added, removed: old.filter((_, index) => !paired.has(index)), kept };
}
