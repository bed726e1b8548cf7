import type { Location, Report } from '../report/report.ts';
import { isLive } from './cluster.ts';
import type { Context } from './context.ts';

/** The same report, with the paths of the repository in which what reads it looks for files. */
export function inRepository(
  report: Report,
  { repositoryPath: pathOf }: Pick<Context, 'repositoryPath'>,
): Report {
  if (pathOf === undefined) return report;
  const placed = <L extends Location>(one: L): L =>
    // What no file has, of standard input or of rendered text, has the name of its input.
    one.file === null || one.file === one.rendered?.input || one.file === '-' || isLive(one.file)
      ? one
      : { ...one, file: pathOf(one.file) };
  return {
    ...report,
    findings: report.findings.map((finding) => ({
      ...finding,
      file: placed<Location>(finding).file ?? finding.file,
      related: finding.related.map(placed),
    })),
    inputErrors: report.inputErrors.map(placed),
    notes: report.notes.map(placed),
  };
}
