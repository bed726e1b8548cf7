import { type Report, SEVERITIES, type Severity } from '../finding/finding.ts';

/** The exit status of a report: 2 not everything could be checked, 1 findings that weigh, 0 clean. */
export function exitStatus(
  report: Pick<Report, 'findings' | 'errors'>,
  failOn: Severity,
): 0 | 1 | 2 {
  if (report.errors.length > 0) return 2;
  const worstIndex = SEVERITIES.indexOf(failOn);
  const fails = report.findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= worstIndex);
  return fails ? 1 : 0;
}
