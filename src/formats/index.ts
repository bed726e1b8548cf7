import type { TableReport } from '../report/component-table.ts';
import type { Diff } from '../report/diff.ts';
import type { Report } from '../report/report.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { renderConcise } from './concise.ts';
import type { Render } from './context.ts';
import { renderDiff, renderDiffJson, renderDiffMarkdown } from './diff.ts';
import { reportOfDiff } from './diff-report.ts';
import { renderGithub } from './github.ts';
import { renderGitlab } from './gitlab.ts';
import { renderHtml } from './html/html.ts';
import type { Picture } from './html/picture.ts';
import { renderHuman } from './human.ts';
import { renderJson, renderSimulationJson, renderTableJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './report-markdown.ts';
import { renderSarif } from './sarif.ts';
import { renderSimulation } from './simulation.ts';
import { renderTable } from './table.ts';
import { renderTableMarkdown } from './table-markdown.ts';

/** What the commands print: `check` a report, `table` a table, `simulate` a simulation, `diff` a difference; the first two also a picture. */
export interface Documents {
  readonly report: Report;
  readonly table: TableReport;
  readonly simulation: Simulation;
  readonly diff: Diff;
  readonly picture: Picture;
}

/** The formats of a report. */
export type ReportFormat =
  | 'human'
  | 'concise'
  | 'json'
  | 'sarif'
  | 'github'
  | 'gitlab'
  | 'junit'
  | 'markdown';
/** The formats of a component table. */
export type TableFormat = 'human' | 'json' | 'markdown';
/** The formats of a simulation. */
export type SimulationFormat = 'human' | 'json';
/** The formats of a picture. */
export type PictureFormat = 'html';

/** The formats of a difference. */
export type DiffFormat = ReportFormat;

/** Renders what is new as a report. */
function asReport(render: Render<Report>): Render<Diff> {
  return (diff, context) => render(reportOfDiff(diff), context);
}

/** Every format of every document, by the name that `--output` takes; `human` is the default. */
export const FORMATS = {
  report: {
    human: renderHuman,
    concise: renderConcise,
    json: renderJson,
    sarif: renderSarif,
    github: renderGithub,
    gitlab: renderGitlab,
    junit: renderJunit,
    markdown: renderMarkdown,
  },
  table: { human: renderTable, json: renderTableJson, markdown: renderTableMarkdown },
  simulation: { human: renderSimulation, json: renderSimulationJson },
  diff: {
    human: renderDiff,
    concise: asReport(renderConcise),
    json: renderDiffJson,
    // An upload with the name of a check would close the alerts of what is unchanged.
    sarif: asReport((report, context) => renderSarif(report, context, 'bulkhead-diff')),
    github: asReport(renderGithub),
    gitlab: asReport(renderGitlab),
    junit: asReport(renderJunit),
    markdown: renderDiffMarkdown,
  },
  picture: { html: renderHtml },
} as const satisfies {
  readonly report: Readonly<Record<ReportFormat, Render<Report>>>;
  readonly table: Readonly<Record<TableFormat, Render<TableReport>>>;
  readonly simulation: Readonly<Record<SimulationFormat, Render<Simulation>>>;
  readonly diff: Readonly<Record<DiffFormat, Render<Diff>>>;
  readonly picture: Readonly<Record<PictureFormat, Render<Picture>>>;
};

type Formats = {
  readonly [Name in keyof Documents]: Readonly<Record<string, Render<Documents[Name]>>>;
};

/** Returns the formats of a document, by name. */
export function formatsOf<Name extends keyof Documents>(name: Name): Formats[Name] {
  const formats: Formats = FORMATS;
  return formats[name];
}
