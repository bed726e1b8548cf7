import type { PolicyId } from '../names.generated.ts';
import type { FoundFix } from '../report/fixes.ts';
import { compareText } from '../report/order.ts';
import type { Finding, Report } from '../report/report.ts';
import { type Candidate, candidatesIn } from './candidates.ts';
import { type Changes, sourcesOf } from './changes.ts';
import { grouped } from './grouped.ts';
import { failedOf } from './verdict.ts';

/** Fixes, and what comes of them. */
export interface Fixed {
  readonly fixes: readonly FoundFix[];
  /** The bytes of the files that they change, by name; the fixes that were applied before are in them, too. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The check of the input with them. */
  readonly report: Report;
}

/** The fixes of an input. */
export interface Fixes {
  /** What was found before. */
  readonly before: Report;
  /** The safe ones. */
  readonly safe: Fixed;
  /** Those that are only suggested, with the safe ones already applied. */
  readonly suggested: Fixed;
}

/** What to look for fixes in. */
export interface FixInput {
  /** The bytes of each file that may be changed, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The name of a file in `files`, by the one that a finding gives it; the same by default. */
  readonly nameOf?: (file: string) => string;
  /** Checks the whole input, with other bytes for some of its files. */
  readonly check: (changed: ReadonlyMap<string, Uint8Array>) => Report;
  /** Whether to fix findings of a policy; all by default. */
  readonly isWanted?: (policy: PolicyId) => boolean;
}

/**
 * Finds the fixes of an input.
 *
 * A fix is one only if, with its edits, its findings are gone, no finding and no input error is new in the whole input,
 * every other value of its file is the same, and so is every byte outside of the edits. A check of everything for each
 * would take long: those of different namespaces are tried together, which seldom depend on each other, and of many in
 * one namespace several. What fails is tried again without the others. So the promise always holds for all that is
 * written together. In what they make, no fix is found.
 */
export function findFixes({
  files,
  nameOf = (file) => file,
  check,
  isWanted = () => true,
}: FixInput): Fixes {
  const before = check(new Map());
  const start: State = { sources: sourcesOf(files), nameOf, report: before, check };
  const isOpen = ({ status, policy }: Finding) => status === 'open' && isWanted(policy);
  const safe = allFixes(start, (finding) => isOpen(finding) && finding.fix.safe);
  const suggested = allFixes(safe.state, isOpen);
  return { before, safe: safe.fixed, suggested: suggested.fixed };
}

/** The input with the fixes that were found so far. */
interface State extends Required<Pick<FixInput, 'nameOf' | 'check'>> {
  readonly sources: Changes;
  readonly report: Report;
}

/** Looks for fixes until there are no more. */
function allFixes(
  start: State,
  isWanted: (finding: Finding) => boolean,
): { readonly state: State; readonly fixed: Fixed } {
  const fixes: FoundFix[] = [];
  let state = start;
  for (let count = -1; count < fixes.length; ) {
    count = fixes.length;
    state = onePass(state, isWanted, fixes);
  }
  const { sources, report } = state;
  fixes.sort(compareFixes);
  return { state, fixed: { fixes, files: sources.changed(), report } };
}

function compareFixes(a: FoundFix, b: FoundFix): number {
  return compareText(a.file, b.file) || lineOf(a) - lineOf(b);
}

function lineOf({ hunks }: FoundFix): number {
  return hunks[0]?.line ?? 0;
}

/** Tries every candidate once, a few at a time. */
function onePass(start: State, isWanted: (finding: Finding) => boolean, fixes: FoundFix[]): State {
  const tried = new Set<string>();
  const sizes = new Map<string | null, number>();
  let state = start;
  for (;;) {
    const findings = state.report.findings.filter(isWanted);
    const candidates = candidatesIn(findings, (name) => state.sources.fileOf(state.nameOf(name)));
    const untried = candidates.filter((candidate) => !tried.has(keyOf(candidate)));
    const round = someOf(untried, sizes);
    if (round.length === 0) return state;
    for (const candidate of round) tried.add(keyOf(candidate));
    state = withThoseThatHold(state, round, { fixes, tried });
  }
}

/** What a candidate is, wherever its lines move. */
function keyOf({ file, document, findings }: Candidate): string {
  const [finding] = findings;
  return JSON.stringify([
    file.name,
    document.index,
    finding?.fingerprint,
    finding?.ordinal,
    finding?.fix.edits,
  ]);
}

/** Of a namespace with more candidates than these, several are tried at once. */
const MOST_ROUNDS = 16;

/**
 * One candidate of each namespace or more, and not two for one object.
 *
 * @param sizes how many of each namespace: set at the first round.
 */
function someOf(
  candidates: readonly Candidate[],
  sizes: Map<string | null, number>,
): readonly Candidate[] {
  const byNamespace = grouped(candidates, ({ findings }) => findings[0]?.object.namespace ?? null);
  return [...byNamespace].flatMap(([namespace, all]) => {
    const size = sizes.get(namespace) ?? Math.ceil(all.length / MOST_ROUNDS);
    sizes.set(namespace, size);
    const firsts = [...grouped(all, objectOf).values()].flatMap(([first]) => first ?? []);
    return firsts.slice(0, size);
  });
}

function objectOf({ file, document, path }: Candidate): string {
  return JSON.stringify([file.name, document.index, path]);
}

/** What trying candidates changes. */
interface Trying {
  /** The fixes that were found. */
  readonly fixes: FoundFix[];
  /** The candidates that were tried in this pass. */
  readonly tried: Set<string>;
}

/** Applies those of a round that are fixes, and adds these to the list. */
function withThoseThatHold(state: State, round: readonly Candidate[], trying: Trying): State {
  if (round.length === 0) return state;
  const applied = state.sources.with(round);
  if (applied !== undefined) {
    const report = state.check(applied.changes.changed());
    const failed = failedOf(round, state.report, report);
    if (failed.length === 0) {
      trying.fixes.push(...applied.fixes);
      return { ...state, sources: applied.changes, report };
    }
    if (failed.length < round.length) {
      const rest = round.filter((one) => !failed.includes(one));
      return withThoseThatHold(state, rest, trying);
    }
  }
  if (round.length === 1) return state;
  const half = Math.ceil(round.length / 2);
  const first = withThoseThatHold(state, round.slice(0, half), trying);
  return withThoseThatHold(first, current(round.slice(half), first, trying), trying);
}

/** The candidates whose files are as they were. The others get new places: they are tried again. */
function current(
  candidates: readonly Candidate[],
  { sources }: State,
  { tried }: Trying,
): readonly Candidate[] {
  return candidates.filter((candidate) => {
    const isCurrent = sources.fileOf(candidate.file.name) === candidate.file;
    if (!isCurrent) tried.delete(keyOf(candidate));
    return isCurrent;
  });
}
