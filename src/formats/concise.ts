import { openFindings, sortReport } from '../report/order.ts';
import { type Location, NOWHERE, type Report } from '../report/report.ts';
import { isLive, liveNames } from './cluster.ts';
import type { Context } from './context.ts';
import { findingSentence, sentence } from './sentences.ts';
import { COMPONENT_MISSING, missingComponents, missingSentence } from './summary.ts';
import { escapeOf, visible } from './text.ts';

/**
 * Renders a report with one line for each finding, input error, missing component and note: `file:line:column: severity: message [id]`.
 *
 * Editors read it as what a compiler prints. A clean report without missing components and notes is empty.
 */
export function renderConcise(
  report: Report,
  { source = () => undefined }: Partial<Pick<Context, 'source'>> = {},
): string {
  const start = starting(liveNames(source));
  const { findings, inputErrors, notes } = sortReport(report);
  const lines = [
    ...openFindings({ findings }).map(
      (one) => `${start(one, one.severity)} ${findingSentence(one)} [${visible(one.policy)}]`,
    ),
    ...inputErrors.map((one) => `${start(one, 'error')} ${sentence(one)} [${one.code}]`),
    ...missingComponents(report).map(
      (component) =>
        `${start(NOWHERE, 'note')} ${missingSentence(component)} [${COMPONENT_MISSING}]`,
    ),
    ...notes.map((one) => `${start(one, 'note')} ${sentence(one)} [${one.code}]`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function starting(nameOf: (place: Location) => string): (place: Location, word: string) => string {
  return (place, word) =>
    isLive(place.file) ? `${nameOf(place)}: ${word}:` : startOf(place, word);
}

function startOf({ file, line, column }: Location, word: string): string {
  if (file === null) return `bulkhead: ${word}:`;
  // A name with a place in it would end there.
  const name = visible(file).replaceAll(/:(?=\d)/g, escapeOf);
  // An editor that is given a file alone would not read the line: it opens it at its beginning.
  return `${name}:${line ?? 1}:${column ?? 1}: ${word}:`;
}
