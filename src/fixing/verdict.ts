import { identityOf } from '../kubernetes/objects.ts';
import type { Finding, Report } from '../report/report.ts';
import type { Candidate } from './candidates.ts';

/**
 * Which of the candidates are no fixes, by the checks of an input without and with all of them: those whose findings are
 * still there; else those whose objects have new findings; else all, if something else is new.
 */
export function failedOf(
  candidates: readonly Candidate[],
  before: Report,
  after: Report,
): readonly Candidate[] {
  const counts = countsOf(after.findings);
  const known = countsOf(before.findings);
  const kept = keeping(
    candidates,
    (fingerprint) => count(known, fingerprint) - count(counts, fingerprint),
  );
  if (kept.length > 0) return kept;
  const added = after.findings.filter(
    ({ fingerprint }) => count(counts, fingerprint) > count(known, fingerprint),
  );
  if (added.length > 0) {
    const objects = new Set(added.map(({ object }) => identityOf(object)));
    const own = candidates.filter(({ findings }) =>
      findings.some(({ object }) => objects.has(identityOf(object))),
    );
    return own.length > 0 ? own : candidates;
  }
  return isAsComplete(before, after) ? [] : candidates;
}

/** The candidates that do not remove their findings: as many of each must be gone as they are for. */
function keeping(
  candidates: readonly Candidate[],
  gone: (fingerprint: string) => number,
): readonly Candidate[] {
  const used = new Map<string, number>();
  return candidates.filter(({ findings }) => {
    for (const { fingerprint } of findings) used.set(fingerprint, count(used, fingerprint) + 1);
    return findings.some(({ fingerprint }) => count(used, fingerprint) > gone(fingerprint));
  });
}

function countsOf(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { fingerprint } of findings) counts.set(fingerprint, count(counts, fingerprint) + 1);
  return counts;
}

function count(counts: ReadonlyMap<string, number>, fingerprint: string): number {
  return counts.get(fingerprint) ?? 0;
}

/** Whether as much was read and checked, no component is gone, and no error is new. Lines may have moved. */
function isAsComplete(before: Report, after: Report): boolean {
  const errors = (report: Report) =>
    report.inputErrors
      .map(({ code, file, message }) => JSON.stringify([code, file, message]))
      .sort();
  const known = errors(before);
  const sizes = ({ summary: { documents, otherDocuments, objects, checked } }: Report) =>
    [documents, otherDocuments, objects, checked].join();
  const components = (report: Report) =>
    report.components.map(({ name, environment, state }) => [environment, name, state].join('\0'));
  return (
    errors(after).join('\n') === known.join('\n') &&
    sizes(before) === sizes(after) &&
    components(before).join('\n') === components(after).join('\n')
  );
}
