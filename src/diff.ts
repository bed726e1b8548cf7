import type { Built } from './built.ts';
import { type Cluster, openCluster, reportOnClusters } from './check.ts';
import { withCauses } from './comparing/causes.ts';
import { changesBetween } from './comparing/changes.ts';
import { aboutOtherRole, newlyCrossing } from './comparing/crossing.ts';
import { pairBy, pairFindings } from './comparing/pairing.ts';
import { newWaivers } from './comparing/waivers.ts';
import { NO_ACCEPTANCE } from './config/acceptance.ts';
import type { Waiver } from './config/waiver.ts';
import type { InputFile } from './input.ts';
import { reach } from './reach.ts';
import type { Crossing, Diff, DiffSide, GoneComponent, NewFinding } from './report/diff.ts';
import { compareFindings, compareProblems } from './report/order.ts';
import type { Reach } from './report/reach.ts';
import type { Finding, Report } from './report/report.ts';
import type { FileSession, SessionOptions } from './session.ts';

/** One of two inputs to compare. */
export interface DiffInput {
  /** How a user knows it. */
  readonly name: string;
  readonly clusters: readonly Cluster[];
  /** Of a revision. */
  readonly revision?: DiffSide['revision'];
  /** Whether it may be that nothing is there, as before the first manifest was written. */
  readonly mayBeEmpty?: boolean | undefined;
}

/** How to compare two inputs. */
export interface DiffOptions extends SessionOptions {
  /** The waivers that the configuration had before; those of today by default. */
  readonly oldWaivers?: readonly Waiver[] | undefined;
}

/**
 * Compares two inputs: checks each as a whole, and pairs what was found. Clusters belong together by their environment.
 *
 * What cannot be read of one is an error of its report: the difference is complete only if neither has any.
 */
export function diff(
  built: Built,
  old: DiffInput,
  now: DiffInput,
  options: DiffOptions = {},
): Diff {
  const [before, after] = [old, now].map((one) => openSide(built, one, options));
  if (before === undefined || after === undefined) throw new Error('there are two inputs');
  const { acceptance = NO_ACCEPTANCE } = options;
  const waivers = {
    old: options.oldWaivers ?? acceptance.waivers,
    now: acceptance.waivers,
  };
  const crossing = crossingBetween(before.reaches, after.reaches);
  const back = crossingBetween(after.reaches, before.reaches);
  const isOther = aboutOtherRole([...crossing, ...back]);
  const outcome = compareReports(before.report, after.report, isOther);
  return {
    ...headerOf(after.report),
    old: { name: old.name, revision: old.revision ?? null, report: before.report },
    now: { name: now.name, revision: now.revision ?? null, report: after.report },
    changedFiles: countChanged(filesOf(old), filesOf(now)),
    ...outcome,
    added: causesIn(outcome.added, { built, before, after }),
    crossing,
    waivers: newWaivers(before.report, after.report, waivers),
  };
}

/** An input after it was read and checked. */
interface Side {
  readonly report: Report;
  readonly sessions: ReadonlyMap<string | null, FileSession>;
  readonly reaches: readonly Reach[];
}

function openSide(built: Built, input: DiffInput, options: SessionOptions): Side {
  const opened = input.clusters.map((cluster) => openCluster(built, cluster, options));
  const report = reportOnClusters(built, opened, options);
  return {
    report: input.mayBeEmpty === true ? withoutEmptiness(report) : report,
    sessions: new Map(opened.map(({ session }) => [session.environment, session])),
    reaches: opened.map(({ session }) => reach(session)),
  };
}

/** That there is nothing to check is no error of an input that may be empty. */
function withoutEmptiness(report: Report): Report {
  const inputErrors = report.inputErrors.filter(({ code }) => code !== 'NOTHING_TO_CHECK');
  return {
    ...report,
    inputErrors,
    summary: { ...report.summary, inputErrors: inputErrors.length },
  };
}

type Compared = Pick<Diff, 'fixed' | 'accepted' | 'unchanged' | 'gone' | 'notes'> & {
  readonly added: readonly Finding[];
};

/**
 * Compares two reports on the same clusters.
 *
 * @param isOther whether a finding that says something else than before is another one.
 */
export function compareReports(
  old: Report,
  now: Report,
  isOther: (finding: Finding) => boolean = () => false,
): Compared {
  const { added, removed, kept } = pairFindings(old.findings, now.findings, isOther);
  const isOpen = ({ status }: Finding) => status === 'open';
  const opened = kept.flatMap(([was, is]) => (!isOpen(was) && isOpen(is) ? [is] : []));
  const accepted = kept.flatMap(([was, is]) => (isOpen(was) && !isOpen(is) ? [is] : []));
  const notes = pairBy(old.notes, now.notes, ({ code, message }) => `${code}\0${message}`);
  return {
    added: [...added.filter(isOpen), ...opened].sort(compareFindings),
    fixed: removed.filter(isOpen).sort(compareFindings),
    accepted: [...added.filter((one) => !isOpen(one)), ...accepted].sort(compareFindings),
    unchanged: kept.filter(([was, is]) => isOpen(was) && isOpen(is)).length,
    gone: goneComponents(old, now),
    notes: notes.added.toSorted(compareProblems),
  };
}

function goneComponents(old: Report, now: Report): readonly GoneComponent[] {
  const keyOf = ({ name, environment }: GoneComponent) => JSON.stringify([environment, name]);
  const missing = new Set(now.components.filter(({ state }) => state === 'missing').map(keyOf));
  return old.components
    .filter((one) => one.state === 'present' && missing.has(keyOf(one)))
    .map(({ name, environment }) => ({ name, environment }));
}

function causesIn(
  added: readonly Finding[],
  { built, before, after }: { readonly built: Built; readonly before: Side; readonly after: Side },
): readonly NewFinding[] {
  const environments = [...new Set(added.map(({ environment }) => environment))];
  return environments
    .flatMap((environment) => {
      const session = after.sessions.get(environment);
      const changes = changesBetween(before.sessions.get(environment), session);
      const own = added.filter((finding) => finding.environment === environment);
      return withCauses(own, changes, { built, session });
    })
    .sort(compareFindings);
}

export function crossingBetween(old: readonly Reach[], all: readonly Reach[]): readonly Crossing[] {
  return all.flatMap((now) => {
    const before = old.find(({ environment }) => environment === now.environment);
    return newlyCrossing(before ?? { ...now, nodes: [], workloads: [] }, now);
  });
}

function headerOf(report: Report) {
  const { version, tool, profile, environment, environments, scope, policies } = report;
  const { inputs, read, excluded, otherDocuments } = report;
  return {
    ...{ version, tool, profile, environment, environments, scope, policies },
    ...{ inputs, read, excluded, otherDocuments },
  };
}

function filesOf({ clusters }: DiffInput): readonly InputFile[] {
  return clusters.flatMap(({ files }) => files);
}

/** How many files are not the same in both, by their names and bytes. */
function countChanged(old: readonly InputFile[], now: readonly InputFile[]): number {
  const known = new Map(old.map((file) => [file.name, file]));
  const names = new Set([...old, ...now].map(({ name }) => name));
  const after = new Map(now.map((file) => [file.name, file]));
  return [...names].filter((name) => !isSame(known.get(name), after.get(name))).length;
}

function isSame(a: InputFile | undefined, b: InputFile | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if ('error' in a || 'error' in b) return 'error' in a && 'error' in b;
  return (
    a.bytes.length === b.bytes.length && a.bytes.every((byte, index) => byte === b.bytes[index])
  );
}
