import type { ObjectReference } from '../kubernetes/objects.ts';
import type { Sentence } from './annotation.ts';
import type { Baseline } from './baseline.ts';
import type { BaselineSetting } from './config.ts';
import type { Day } from './days.ts';
import type { Waiver } from './waiver.ts';

/** Which findings are accepted. */
export interface Acceptance {
  readonly waivers: readonly Waiver[];
  /** The policies whose findings an annotation of the object may waive. */
  readonly inlineWaivers: readonly string[];
  /** Whether a sentence of an annotation counts, by who may have written it; it does by default. */
  readonly trusts?: (file: string, object: ObjectReference, sentence: Sentence) => boolean;
  /** Whether the objects are those of a live cluster: then no annotation counts, since anyone who deploys could waive. */
  readonly isLive?: boolean;
  readonly baseline?: BaselineSetting & { readonly counts: Baseline };
  /** Days are compared with this one, in UTC. */
  readonly today: Day;
  /**
   * Whether all that the configuration names is checked, so that a waiver or an entry of the baseline that nothing
   * is found for is not needed.
   */
  readonly isWhole: boolean;
}

/** Nothing is accepted. */
export const NO_ACCEPTANCE: Acceptance = {
  waivers: [],
  inlineWaivers: [],
  today: '1970-01-01',
  isWhole: false,
};
