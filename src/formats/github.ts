import { openFindings, sortReport } from '../report/order.ts';
import {
  type Location,
  NOWHERE,
  type Problem,
  type Report,
  type Severity,
} from '../report/report.ts';
import { isLive } from './cluster.ts';
import type { Context } from './context.ts';
import { cut } from './markdown.ts';
import { messageLines } from './names.ts';
import { plainPath } from './relative-path.ts';
import { inRepository } from './repository.ts';
import { findingSentence, sentence } from './sentences.ts';
import { COMPONENT_MISSING, missingComponents, missingSentence } from './summary.ts';
import { counted, oneLine, visible } from './text.ts';

/** GitHub shows no more annotations of one level and step. */
const MOST = 10;
/** GitHub cuts a message at 4,096 characters: a long one must leave room for its fix. */
const MOST_CHARACTERS = 2000;

const LEVELS = ['error', 'warning', 'notice'] as const;
type Level = (typeof LEVELS)[number];

/** What is shown at a line of a pull request. */
interface Annotation {
  readonly place: Location;
  readonly title: string;
  readonly text: string;
}

/**
 * Renders a report as workflow commands of GitHub Actions, which annotate the lines of a pull request.
 *
 * What could not be read comes first: whatever the findings are, it is why the exit status is 2. Of each level the last
 * annotation counts those that GitHub would not show.
 */
export function renderGithub(report: Report, context: Pick<Context, 'repositoryPath'>): string {
  const { findings, inputErrors, notes } = inRepository(sortReport(report), context);
  const ofSeverity = (severity: Severity): readonly Annotation[] =>
    openFindings({ findings })
      .filter((finding) => finding.severity === severity)
      .map((finding) => ({
        place: finding,
        title: finding.policy,
        text: `${short(findingSentence(finding))}. Fix: ${short(oneLine(finding.fix.title))}`,
      }));
  const ofProblem = (problem: Problem): Annotation => ({
    place: problem,
    title: problem.code,
    text: short(linesOf(problem).join('\n')),
  });
  const annotations: Readonly<Record<Level, readonly Annotation[]>> = {
    error: [...inputErrors.map(ofProblem), ...ofSeverity('error')],
    warning: ofSeverity('warning'),
    notice: [
      ...missingComponents(report).map((component) => ({
        place: NOWHERE,
        title: COMPONENT_MISSING,
        text: short(missingSentence(component)),
      })),
      ...notes.map(ofProblem),
    ],
  };
  return LEVELS.flatMap((level) => commandsOf(level, annotations[level]))
    .map((line) => `${line}\n`)
    .join('');
}

function commandsOf(level: Level, annotations: readonly Annotation[]): readonly string[] {
  const shown = annotations.slice(0, annotations.length > MOST ? MOST - 1 : MOST);
  const left = annotations.length - shown.length;
  return [
    ...shown.map(({ place, title, text }) =>
      command(level, { ...placeOf(place), title: visible(title) }, text),
    ),
    ...(left === 0
      ? []
      : [
          command(
            level,
            { title: 'bulkhead' },
            `${counted(left, `more ${level}`)}: see the job summary`,
          ),
        ]),
  ];
}

/** The properties of a place: lines of a file, or columns of one line. The last line and column are a part of it. */
function placeOf({
  file,
  line,
  column,
  endLine,
  endColumn,
  rendered,
}: Location): Readonly<Record<string, string | number>> {
  // Neither standard input nor a rendered text is a file of the repository.
  if (file === null || file === '-' || file === rendered?.input || isLive(file)) return {};
  // A terminal may show what a runner reads.
  const path = { file: visible(plainPath(file)) };
  if (line === null) return path;
  if (endLine === null || endColumn === null) {
    return { ...path, line, ...(column !== null && { col: column }) };
  }
  const lastLine = endColumn === 1 && endLine > line ? endLine - 1 : endLine;
  if (column === null || lastLine > line) return { ...path, line, endLine: lastLine };
  const isOneLine = endLine === line && endColumn > column;
  return {
    ...path,
    line,
    endLine: line,
    col: column,
    ...(isOneLine && { endColumn: endColumn - 1 }),
  };
}

/** Writes a workflow command. The runner splits its properties at commas, and each of them at the first `=`. */
export function command(
  name: string,
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const list = Object.entries(properties).map(
    ([key, value]) => `${key}=${data(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  );
  return `::${name} ${list.join(',')}::${data(message)}`;
}

/** The runner replaces `%25` last, so that a percent sign comes first here. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** The sentence of a problem, or the lines of what to write into a file. */
function linesOf(problem: Problem): readonly string[] {
  const lines = messageLines(problem);
  return lines.length > 1 ? lines.map(visible) : [sentence(problem)];
}

function short(text: string): string {
  return cut(text, MOST_CHARACTERS);
}
