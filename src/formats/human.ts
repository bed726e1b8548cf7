import { sortReport } from '../report/order.ts';
import type { Report } from '../report/report.ts';
import { errorBlocks, findingBlocks, noteBlocks } from './blocks.ts';
import { clusterLines, gapLines, liveCluster, OF_KINDS } from './cluster.ts';
import type { Context, Shown } from './context.ts';
import { pageOf, pageText } from './page.ts';
import { missingLines, otherLines, summaryLines, totalLines } from './summary.ts';

const NOTES: ReadonlySet<Shown> = new Set(['notes']);

/**
 * Renders a report for people: findings, notes, what could not be read, and a summary.
 *
 * What could not be read comes last: it is on the screen when a run ends.
 */
export function renderHuman(report: Report, context: Context): string {
  const sorted = sortReport(report);
  const page = pageOf(context);
  const { show = NOTES } = context;
  const isShown = { open: true, waived: show.has('waived'), baseline: show.has('baseline') };
  const isListed = liveCluster(sorted) !== undefined;
  const errors = sorted.inputErrors.filter(({ code }) => !(isListed && OF_KINDS.includes(code)));
  return pageText([
    clusterLines(sorted, page),
    ...findingBlocks(
      sorted.findings.filter(({ status }) => isShown[status]),
      page,
    ),
    ...(show.has('notes') ? noteBlocks(sorted.notes, page) : []),
    ...errorBlocks(errors, page),
    gapLines(sorted, page, context.catalogue.policies),
    otherLines(sorted, page),
    missingLines(sorted, page),
    totalLines(sorted, page),
    summaryLines(sorted, page),
  ]);
}
