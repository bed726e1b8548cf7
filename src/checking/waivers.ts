import type { Acceptance } from '../config/acceptance.ts';
import { type Day, daysBetween } from '../config/days.ts';
import { isExpired } from '../config/expiry.ts';
import type { Waiver } from '../config/waiver.ts';
import type { Violation } from '../engine/engine.ts';
import { reference } from '../kubernetes/objects.ts';
import type { ManifestObject } from '../manifest/objects.ts';
import type { AppliedWaiver, Note, WaiverState } from '../report/report.ts';
import { inWords } from '../words.ts';
import { inlineWaivers } from './inline-waivers.ts';
import { newUse, placeOf, type WaiverEntry } from './waiver-entry.ts';

/** The waivers of a check, and what they were used for. */
export interface WaiverBook {
  /**
   * Reads the annotations of an object, and returns which waiver accepts a violation of it today, if one does. Those
   * that apply and have expired are remembered, too.
   */
  readonly open: (object: ManifestObject) => (violation: Violation) => AppliedWaiver | null;
  /** What became of each waiver, in the order of the configuration; then those of annotations. */
  readonly states: (isWhole: boolean) => readonly WaiverState[];
  readonly notes: (isWhole: boolean) => readonly Note[];
}

/**
 * Opens the book of waivers for a check of one or several clusters.
 *
 * @param asked the ids of the policies that are asked.
 */
export function waiverBook(acceptance: Acceptance, asked: ReadonlySet<string>): WaiverBook {
  const central: readonly WaiverEntry[] = acceptance.waivers.map((waiver) => ({
    ...entryOf(waiver),
    use: newUse(),
  }));
  const inline = inlineWaivers(acceptance);
  const entries = () => [...central, ...inline.entries];
  return {
    open: (object) => {
      const own = inline.read(object);
      return ({ policy, waivers }) => {
        const found = [
          ...waivers.flatMap((index) => central[index] ?? []),
          ...own.filter(({ policies }) => policies.includes(policy)),
        ];
        for (const { use } of found) {
          use.findings += 1;
          use.objects.add(JSON.stringify(reference(object.value)));
        }
        const active = found.find(({ expires }) => !isExpired({ expires }, acceptance.today));
        return active === undefined ? null : applied(active);
      };
    },
    states: (isWhole) => entries().map((entry) => stateOf(entry, { ...acceptance, isWhole })),
    notes: (isWhole) => [
      ...entries().flatMap((entry) => notesOn(entry, { ...acceptance, isWhole }, asked)),
      ...inline.notes,
    ],
  };
}

function entryOf({ match, ticket, place, ...waiver }: Waiver): Omit<WaiverEntry, 'use'> {
  const { endLine = null, endColumn = null, ...start } = place;
  return {
    ...waiver,
    match: { ...match, namespace: match.namespace ?? null },
    ticket: ticket ?? null,
    ...start,
    endLine,
    endColumn,
  };
}

function applied(entry: WaiverEntry): AppliedWaiver {
  const { reason, owner, expires, ticket, file, line, column, endLine, endColumn } = entry;
  return { reason, owner, expires, ticket, file, line, column, endLine, endColumn };
}

/** A waiver that ends within these days is about to expire. */
const EXPIRING_DAYS = 14;

function isExpiring(expires: string, today: Day): boolean {
  return expires !== 'never' && daysBetween(today, expires) <= EXPIRING_DAYS;
}

function stateOf(entry: WaiverEntry, { today, isWhole }: Acceptance): WaiverState {
  const { policies, match, use, expires } = entry;
  const state =
    use.findings === 0 && isWhole
      ? 'unused'
      : isExpired({ expires }, today)
        ? 'expired'
        : isExpiring(expires, today)
          ? 'expiring'
          : 'active';
  return { ...applied(entry), policies, match, state, findings: use.findings };
}

/** What a reader of the report must know of a waiver, at its own place. */
function notesOn(
  entry: WaiverEntry,
  acceptance: Acceptance,
  asked: ReadonlySet<string>,
): readonly Note[] {
  const { policies, expires, owner, use } = entry;
  const what = `${inWords(policies, 'and')} for ${nameOf(entry)}`;
  const place = placeOf(entry);
  const { state } = stateOf(entry, acceptance);
  const notes: Note[] = [];
  if (state === 'expired' && use.findings > 0) {
    const open = use.findings === 1 ? 'Its finding is' : `Its ${use.findings} findings are`;
    const message = `the waiver of ${what} expired on ${expires} (owner: ${owner}). ${open} open again`;
    notes.push({ code: 'WAIVER_EXPIRED', message, ...place });
  }
  if (state === 'expiring') {
    const message = `the waiver of ${what} expires on ${expires} (owner: ${owner})`;
    notes.push({ code: 'WAIVER_EXPIRING', message, ...place });
  }
  // A policy that was not asked finds nothing.
  if (state === 'unused' && policies.some((id) => asked.has(id))) {
    const message = `nothing is left to waive: no finding of ${what}. Remove this waiver`;
    notes.push({ code: 'WAIVER_UNUSED', message, ...place });
  }
  if (use.objects.size > 1 && entry.match.name.includes('*')) {
    const message = `the waiver of ${what} applies to ${use.objects.size} objects`;
    notes.push({ code: 'WAIVER_WIDE', message, ...place });
  }
  return notes;
}

function nameOf({ match: { kind, namespace, name } }: WaiverEntry): string {
  return `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
}
