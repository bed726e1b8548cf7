import type { Built } from './built.ts';
import { baselined } from './checking/baseline.ts';
import { evaluateEach, type Results } from './checking/evaluate.ts';
import type { UnnumberedFinding } from './checking/findings.ts';
import { numbered } from './checking/fingerprint.ts';
import { saidOfGaps } from './checking/gaps.ts';
import { joinedHeader, totals } from './checking/join.ts';
import { notesOf } from './checking/notes.ts';
import { runningIn } from './checking/running.ts';
import { type WaiverBook, waiverBook } from './checking/waivers.ts';
import { NO_ACCEPTANCE } from './config/acceptance.ts';
import type { InputFile } from './input.ts';
import type { ObjectReference } from './kubernetes/objects.ts';
import type { Profile } from './profile/profile.ts';
import {
  compareChecked,
  compareFindings,
  compareProblems,
  compareReferences,
} from './report/order.ts';
import type {
  CheckedObject,
  ComponentState,
  Header,
  InputError,
  Note,
  Problem,
  Report,
} from './report/report.ts';
import { type FileSession, headerOf, openFiles, type SessionOptions } from './session.ts';

/** A cluster to check: its files, and the profile to check them against. */
export interface Cluster
  extends Pick<SessionOptions, 'environment' | 'excluded' | 'inputs' | 'namespace'> {
  readonly profile: Profile;
  readonly files: readonly InputFile[];
}

/**
 * Checks manifests against a profile.
 *
 * Files are taken in the order of their names, whatever order they were given in. What cannot be read
 * is an error of the report and the rest is checked; finding nothing to check is an error too.
 */
export function check(
  built: Built,
  profile: Profile,
  files: readonly InputFile[],
  options: SessionOptions = {},
): Report {
  return checkClusters(built, [{ profile, files }], options);
}

/** What a check found out about one of several clusters, besides its findings. */
export type ClusterReport = Pick<Report, 'inputErrors' | 'notes' | 'components'>;

/**
 * Checks several clusters, each by itself, and reports on all of them.
 *
 * @param onChecked called with each cluster as soon as it is checked, in their order: its session is not kept.
 */
export function checkClusters(
  built: Built,
  clusters: readonly Cluster[],
  options: SessionOptions = {},
  onChecked: (session: FileSession, report: ClusterReport) => void = () => {},
): Report {
  const book = bookFor(built, options);
  // One after the other: what was read of a cluster is not needed for the next one.
  const parts = clusters.map((cluster) => {
    const opened = openCluster(built, cluster, options);
    const part = openedPart(opened, book);
    onChecked(opened.session, part);
    return part;
  });
  return joined(parts, options, book);
}

/** A cluster whose files were read. */
export interface OpenCluster {
  readonly session: FileSession;
  readonly options: SessionOptions;
}

/** Reads the files of a cluster and opens a session over them. */
export function openCluster(
  built: Built,
  { profile, files, ...own }: Cluster,
  options: SessionOptions = {},
): OpenCluster {
  const one = { ...options, ...own };
  return { session: openFiles(built, profile, files, one), options: one };
}

/** Checks what was read of several clusters. */
export function reportOnClusters(
  built: Built,
  opened: readonly OpenCluster[],
  options: SessionOptions = {},
): Report {
  const book = bookFor(built, options);
  return joined(
    opened.map((one) => openedPart(one, book)),
    options,
    book,
  );
}

function openedPart({ session, options }: OpenCluster, book: WaiverBook): Part {
  return partOf(session, options, book);
}

/**
 * Checks what a session has read.
 *
 * In one thread: worker threads do not pay (docs/architecture.md has the figures).
 */
export function reportOf(session: FileSession, options: SessionOptions = {}): Report {
  const book = bookFor(session, options);
  return joined([partOf(session, options, book)], options, book);
}

function bookFor(
  { catalogue: { policies } }: Pick<FileSession, 'catalogue'>,
  { acceptance = NO_ACCEPTANCE, off = [] }: SessionOptions,
): WaiverBook {
  const asked = policies.flatMap(({ id }) => (off.includes(id) ? [] : [id]));
  return waiverBook(acceptance, new Set(asked));
}

/** What was found in one cluster. */
interface Part {
  readonly header: Header;
  readonly findings: readonly UnnumberedFinding[];
  readonly inputErrors: readonly InputError[];
  readonly notes: readonly Note[];
  readonly components: readonly ComponentState[];
  readonly checked: readonly CheckedObject[];
  readonly counts: FileSession['input']['counts'];
}

function partOf(session: FileSession, options: SessionOptions, book: WaiverBook): Part {
  const { input } = session;
  const results = evaluateEach(session, { book, onProgress: options.onProgress });
  const gaps = saidOfGaps(session);
  const notes = [
    ...input.notes,
    ...results.notes,
    ...gaps.notes,
    ...notesOf(session, results, options.acceptance ?? NO_ACCEPTANCE),
  ];
  return {
    header: headerOf(session, options),
    findings: withNow(session, results),
    inputErrors: [...input.errors, ...results.errors, ...gaps.errors].map((error) =>
      inEnvironment(error, session),
    ),
    notes: notes.map((note) => inEnvironment(note, session)),
    components: componentsOf(session, results),
    checked: results.checked,
    counts: input.counts,
  };
}

/** The findings with what the pods of the input say of them. */
function withNow({ input, profile }: FileSession, { findings, members }: Results) {
  if (findings.length === 0) return findings;
  const running = runningIn(input.objects, profile, members.values());
  return findings.map((finding) => {
    const now = running.now(finding);
    return now === undefined ? finding : { ...finding, now };
  });
}

function joined(parts: readonly Part[], options: SessionOptions, book: WaiverBook): Report {
  const { acceptance: given = NO_ACCEPTANCE, off = [] } = options;
  const inputErrors = parts.flatMap((part) => part.inputErrors).sort(compareProblems);
  // What could not be read may have what a waiver is for.
  const acceptance = { ...given, isWhole: given.isWhole && inputErrors.length === 0 };
  const all = parts.flatMap((part) => part.findings).sort(compareFindings);
  const { findings, state, notes: ofBaseline } = baselined(numbered(all), acceptance, off);
  const notes = [
    ...parts.flatMap((part) => part.notes),
    ...book.notes(acceptance.isWhole),
    ...ofBaseline,
  ];
  const checked = parts.flatMap((part) => part.checked).sort(compareChecked);
  const count = (status: string) => findings.filter((finding) => finding.status === status).length;
  return {
    ...joinedHeader(parts.map(({ header }) => header)),
    findings,
    inputErrors,
    notes: notes.sort(compareProblems),
    components: parts.flatMap(({ components }) => components),
    checked,
    waivers: book.states(acceptance.isWhole),
    baseline: state,
    summary: {
      ...totals(parts.map(({ counts }) => counts)),
      checked: checked.length,
      findings: findings.length,
      open: count('open'),
      waived: count('waived'),
      baselined: count('baseline'),
      inputErrors: inputErrors.length,
      notes: notes.length,
    },
  };
}

/** What has no place says at least which of several clusters it is about. */
function inEnvironment<P extends Problem>(problem: P, { environment }: FileSession): P {
  if (environment === null || problem.file !== null) return problem;
  return { ...problem, message: `in environment ${environment}: ${problem.message}` };
}

function componentsOf(
  { profile, environment }: FileSession,
  { members }: Results,
): readonly ComponentState[] {
  return profile.components.map(({ name }) => {
    const objects: readonly ObjectReference[] = members.get(name) ?? [];
    return {
      name,
      environment,
      state: objects.length > 0 ? ('present' as const) : ('missing' as const),
      objects: [...objects].sort(compareReferences),
    };
  });
}
