import { openFindings, sortReport } from '../report/order.ts';
import type { Finding, InputError, Report, Severity } from '../report/report.ts';
import type { Context } from './context.ts';
import { jsonText } from './json.ts';
import { plainPath } from './relative-path.ts';
import { inRepository } from './repository.ts';
import { adviceSentence } from './sentences.ts';
import { oneLine } from './text.ts';

const SEVERITY: Readonly<Record<Severity, string>> = { error: 'major', warning: 'minor' };

/**
 * Renders the open findings of a report as GitLab's Code Quality report.
 *
 * GitLab reads up to the first entry that lacks a field, and of two entries with one fingerprint it shows one: both
 * must not happen. What could not be read is an entry: GitLab has no other place for it.
 */
export function renderGitlab(
  report: Report,
  context: Pick<Context, 'repositoryPath'> = {},
): string {
  const { findings, inputErrors } = inRepository(sortReport(report), context);
  const fingerprint = numbering();
  return jsonText([
    ...inputErrors.map((error) => errorJson(error, fingerprint)),
    ...openFindings({ findings }).map(findingJson),
  ]);
}

function findingJson(finding: Finding) {
  const { policy, severity, fingerprint, ordinal, file, line } = finding;
  return {
    description: adviceSentence(finding),
    check_name: policy,
    fingerprint: `${fingerprint}:${ordinal}`,
    severity: SEVERITY[severity],
    location: { path: plainPath(file), lines: { begin: line } },
  };
}

function errorJson({ code, message, file, line }: InputError, fingerprint: Numbering) {
  const path = file === null ? '.' : plainPath(file);
  return {
    description: `could not be checked: ${oneLine(message)}`,
    check_name: code,
    fingerprint: fingerprint(`unreadable:${code}:${path}`),
    severity: 'blocker',
    location: { path, lines: { begin: line ?? 1 } },
  };
}

type Numbering = (name: string) => string;

/** Makes a function that adds its number to a name: 1, and 2 if it is given again. */
function numbering(): Numbering {
  const counts = new Map<string, number>();
  return (name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return `${name}:${count}`;
  };
}
