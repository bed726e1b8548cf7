import { evaluateEach } from './checking/evaluate.ts';
import { numbered } from './checking/fingerprint.ts';
import { notesOf } from './checking/notes.ts';
import type { InputFile } from './input.ts';
import { type ObjectReference, reference } from './kubernetes/objects.ts';
import type { Bulkhead } from './load.ts';
import type { ManifestObject } from './manifest/objects.ts';
import type { Profile } from './profile/profile.ts';
import {
  compareChecked,
  compareFindings,
  compareProblems,
  compareReferences,
} from './report/order.ts';
import type { CheckedObject, ComponentState, Report } from './report/report.ts';
import { type FileSession, headerOf, openFiles, type SessionOptions } from './session.ts';

/**
 * Checks manifests against a profile.
 *
 * Files are taken in the order of their names, whatever order they were given in. What cannot be read
 * is an error of the report and the rest is checked; finding nothing to check is an error too.
 */
export function check(
  bulkhead: Bulkhead,
  profile: Profile,
  files: readonly InputFile[],
  options: SessionOptions = {},
): Report {
  return reportOf(openFiles(bulkhead, profile, files, options), options);
}

/**
 * Checks what a session has read.
 *
 * In one thread: worker threads do not pay (docs/architecture.md has the figures).
 */
export function reportOf(session: FileSession, options: SessionOptions = {}): Report {
  const { profile, input } = session;
  const results = evaluateEach(session, options.onProgress);
  const findings = numbered(results.findings.sort(compareFindings));
  const inputErrors = [...input.errors, ...results.errors].sort(compareProblems);
  const notes = [...input.notes, ...results.notes, ...notesOf(session, results)];
  return {
    ...headerOf(session, options),
    findings,
    inputErrors,
    notes: notes.sort(compareProblems),
    components: profile.components.map(({ name }) =>
      component(name, results.members.get(name) ?? []),
    ),
    checked: results.checked.map(checkedObject).sort(compareChecked),
    waivers: [],
    baseline: null,
    summary: {
      ...input.counts,
      checked: results.checked.length,
      findings: findings.length,
      open: findings.length,
      waived: 0,
      baselined: 0,
      inputErrors: inputErrors.length,
      notes: notes.length,
    },
  };
}

function component(name: string, objects: readonly ObjectReference[]): ComponentState {
  return {
    name,
    state: objects.length > 0 ? 'present' : 'missing',
    objects: [...objects].sort(compareReferences),
  };
}

function checkedObject({ value, document }: ManifestObject): CheckedObject {
  return { ...reference(value), file: document.file };
}
