import type { Waiver } from '../config/waiver.ts';
import type { Report, WaiverState } from '../report/report.ts';
import { pairBy } from './pairing.ts';

/** The waivers of the configuration: as they were, and as they are. */
export interface WaiverLists {
  readonly old: readonly Waiver[];
  readonly now: readonly Waiver[];
}

/** Finds the waivers that are new: of the configuration, and of annotations. One that says something else is another one. */
export function newWaivers(old: Report, now: Report, lists: WaiverLists): readonly WaiverState[] {
  // A report has those of the configuration first, in its order.
  const count = lists.now.length;
  const known = pairBy(lists.old, lists.now, waiverKey);
  const added = new Set(known.added.map((waiver) => lists.now.indexOf(waiver)));
  const annotations = pairBy(old.waivers.slice(count), now.waivers.slice(count), stateKey);
  return [
    ...now.waivers.slice(0, count).filter((_, index) => added.has(index)),
    ...annotations.added,
  ];
}

function waiverKey({ place: _, ...waiver }: Waiver): string {
  return JSON.stringify(waiver);
}

function stateKey({ policies, match, reason, owner, expires }: WaiverState): string {
  return JSON.stringify([policies, match, reason, owner, expires]);
}
