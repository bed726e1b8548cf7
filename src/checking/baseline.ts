import type { Acceptance } from '../config/acceptance.ts';
import type { Baseline } from '../config/baseline.ts';
import { type Day, daysBetween } from '../config/days.ts';
import type { BaselineState, Finding, Note, Report } from '../report/report.ts';
import { placeOf } from './waiver-entry.ts';

/** Findings with those of the baseline marked, and what became of the baseline. */
export interface Baselined {
  readonly findings: readonly Finding[];
  readonly state: BaselineState | null;
  readonly notes: readonly Note[];
}

/** A baseline that ends within these days is about to expire. */
const EXPIRING_DAYS = 30;

/**
 * Marks the open findings that the baseline has. Of several with one key as many as it counts, in the order of the
 * report: which of them is new cannot be told.
 */
export function baselined(
  findings: readonly Finding[],
  acceptance: Acceptance,
  off: readonly string[],
): Baselined {
  const { baseline, today, isWhole } = acceptance;
  if (baseline === undefined) return { findings, state: null, notes: [] };
  const { counts, file, until, place } = baseline;
  const isActive = until === undefined || until >= today;
  const left = new Map(
    Object.entries(counts).map(([policy, keys]) => [policy, new Map(Object.entries(keys))]),
  );
  const marked = findings.map((finding): Finding => {
    const { policy, key, status } = finding;
    const count = left.get(policy)?.get(key) ?? 0;
    if (status !== 'open' || count === 0) return finding;
    left.get(policy)?.set(key, count - 1);
    return isActive ? { ...finding, status: 'baseline' } : finding;
  });
  const unseen = [...left].flatMap(([policy, keys]) =>
    off.includes(policy) ? [] : [...keys.values()],
  );
  const fixed = isWhole ? sum(unseen) : 0;
  const entries = sum(Object.values(counts).flatMap((keys) => Object.values(keys)));
  const state = { file, until: until ?? null, isActive, entries, fixed };
  const at = placeOf({ endLine: null, endColumn: null, ...place });
  const notes = notesOn(state, today).map((note): Note => ({ ...note, ...at }));
  return { findings: marked, state, notes };
}

function notesOn(
  { isActive, until, fixed }: BaselineState,
  today: Day,
): readonly Pick<Note, 'code' | 'message'>[] {
  const notes: Pick<Note, 'code' | 'message'>[] = [];
  if (!isActive) {
    const message = `the baseline ended on ${until}: its findings are open again`;
    notes.push({ code: 'BASELINE_EXPIRED', message });
  } else if (until !== null && daysBetween(today, until) <= EXPIRING_DAYS) {
    const message = `the baseline ends on ${until}: its findings will be open again`;
    notes.push({ code: 'BASELINE_EXPIRING', message });
  }
  if (fixed > 0) {
    const gone =
      fixed === 1
        ? '1 finding of the baseline no longer occurs'
        : `${fixed} findings of the baseline no longer occur`;
    notes.push({
      code: 'BASELINE_FIXED',
      message: `${gone}: bulkhead check --write-baseline drops what is fixed`,
    });
  }
  return notes;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/**
 * The baseline of all findings that no waiver accepts. Of the earlier one it keeps what this check could not find
 * again: policies that were not asked, and, unless the whole input was checked, other objects.
 */
export function baselineOf(report: Report, earlier: Baseline, isWhole: boolean): Baseline {
  const counts = new Map<string, Map<string, number>>();
  const add = (policy: string, key: string, count: number) => {
    const keys = counts.get(policy) ?? new Map<string, number>();
    keys.set(key, (keys.get(key) ?? 0) + count);
    counts.set(policy, keys);
  };
  for (const { policy, key, status } of report.findings)
    if (status !== 'waived') add(policy, key, 1);
  const isComplete = isWhole && report.inputErrors.length === 0;
  const checked = new Set(report.checked.map(({ key }) => key));
  for (const [policy, keys] of Object.entries(earlier)) {
    const isAsked = !report.policies.off.includes(policy);
    for (const [key, count] of Object.entries(keys)) {
      if (isAsked && (isComplete || isOfChecked(key, checked))) continue;
      add(policy, key, count);
    }
  }
  return Object.fromEntries(
    [...counts].map(([policy, keys]) => [policy, Object.fromEntries(keys)]),
  );
}

/** A key begins with that of its object; a field and a component follow after spaces. */
function isOfChecked(key: string, checked: ReadonlySet<string>): boolean {
  const words = key.split(' ');
  return words.some((_, index) => checked.has(words.slice(0, index + 1).join(' ')));
}
