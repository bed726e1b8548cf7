import { type Day, isDay } from './days.ts';
import type { Waiver } from './waiver.ts';

/** Waivers, and the day on which they are asked about, in UTC: `2027-03-31`. */
export interface WaiversOn {
  readonly waivers: readonly Waiver[];
  readonly today: Day;
}

/** No waivers, on any day. */
export const NO_WAIVERS: WaiversOn = { waivers: [], today: '' };

/** Whether a waiver no longer counts on a day. On its own last day it does. */
export function isExpired({ expires }: Pick<Waiver, 'expires'>, today: Day): boolean {
  return expires !== 'never' && !(isDay(expires) && isDay(today) && expires >= today);
}

/** The waivers that count. */
export function unexpired({ waivers, today }: WaiversOn): readonly Waiver[] {
  return waivers.filter((waiver) => !isExpired(waiver, today));
}

/** A sentence on each waiver that is left out of what is generated, since it has expired. */
export function leftOut({ waivers, today }: WaiversOn): readonly string[] {
  return waivers
    .filter((waiver) => isExpired(waiver, today))
    .map(
      ({ policies, match, expires }) =>
        `waiver of ${policies.join(', ')} for ${titleOf(match)} expired on ${expires}: left out`,
    );
}

function titleOf({ kind, namespace, name }: Waiver['match']): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
