import type { Built } from './built.ts';
import { baselined } from './checking/baseline.ts';
import { evaluateEach, type Results } from './checking/evaluate.ts';
import type { UnnumberedFinding } from './checking/findings.ts';
import { numbered, objectKey } from './checking/fingerprint.ts';
import { saidOfGaps } from './checking/gaps.ts';
import { joinedHeader, totals } from './checking/join.ts';
import { notesOf } from './checking/notes.ts';
import { type WaiverBook, waiverBook } from './checking/waivers.ts';
import { NO_ACCEPTANCE } from './config/acceptance.ts';
import type { InputFile } from './input.ts';
import { type ObjectReference, reference } from './kubernetes/objects.ts';
import type { ManifestObject } from './manifest/objects.ts';
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

/** Checks several clusters, each by itself, and reports on all of them. */
export function checkClusters(
  built: Built,
  clusters: readonly Cluster[],
  options: SessionOptions = {},
): Report {
  const book = bookFor(built, options);
  const parts = clusters.map(({ profile, files, ...own }) => {
    const one = { ...options, ...own };
    return partOf(openFiles(built, profile, files, one), one, book);
  });
  return joined(parts, options, book);
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
  const notes = [...input.notes, ...results.notes, ...gaps.notes, ...notesOf(session, results)];
  return {
    header: headerOf(session, options),
    findings: results.findings,
    inputErrors: [...input.errors, ...results.errors, ...gaps.errors].map((error) =>
      inEnvironment(error, session),
    ),
    notes: notes.map((note) => inEnvironment(note, session)),
    components: componentsOf(session, results),
    checked: results.checked.map((object) => checkedObject(object, session)),
    counts: input.counts,
  };
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

function checkedObject(
  { value, document }: ManifestObject,
  { environment }: FileSession,
): CheckedObject {
  return { ...reference(value), file: document.file, key: objectKey(environment, value) };
}
