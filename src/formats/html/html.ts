import { identityOf } from '../../kubernetes/objects.ts';
import { openFindings } from '../../report/order.ts';
import type { Report } from '../../report/report.ts';
import type { Context } from '../context.ts';
import { pageOf } from '../page.ts';
import { summaryLines } from '../summary.ts';
import { counted, thousands } from '../text.ts';
import { SCRIPT, SCRIPT_HASH, STYLE, STYLE_HASH } from './assets.generated.ts';
import { columnsOf } from './columns.ts';
import { drainMarkup } from './drains.ts';
import { fallsOf } from './falls.ts';
import { type Listed, listedFindings } from './findings.ts';
import { type Drawing, mapMarkup } from './map.ts';
import { html, type Markup, short, trusted, type Value } from './markup.ts';
import type { ClusterPicture, Picture } from './picture.ts';
import {
  baselineMarkup,
  missingMarkup,
  tableMarkup,
  uncheckedMarkup,
  waiverMarkup,
} from './remarks.ts';
import { findingsBy, nodeFindings, type Rows, rowsOf, undrawnCrossings } from './rows.ts';
import { SHAPES } from './shapes.ts';

/**
 * Renders the picture of who can run where as a page of HTML that needs nothing else: it asks for nothing, and its only
 * script is that of the filter.
 */
export function renderHtml(picture: Picture, context: Context): string {
  const { report, clusters, table } = picture;
  const page = pageOf({ ...context, color: false, width: EXCERPT_WIDTH });
  const findings = listedFindings(report, page, context);
  const drawings = clusters.map((cluster, index) =>
    drawingOf(cluster, report, { findings, id: `e${index}`, maps: clusters.length }),
  );
  const summary = summaryLines(report, pageOf({ ...context, color: false, width: Infinity }));
  const { markup } = html`
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${policy()}">
        <meta name="viewport" content="width=device-width">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <title>Bulkhead: who can run where (${short(titleOf(report), MOST_OF_TITLE)})</title>
        <style>${trusted(STYLE)}</style>
      </head>
      <body>
        ${html`<svg class="v" aria-hidden="true">${SHAPES}</svg>`}
        <a class="skip" href="#findings">Skip to the findings</a>
        <header>
          <h1>Who can run where</h1>
          <p class="sub">${subtitle(picture)}</p>
          ${incomplete(report)}
        </header>
        <main>
          ${drawings.map((drawing) => clusterMarkup(drawing, drawings.length))}
          ${tableMarkup(table)}
          ${findings.markup}
          ${missingMarkup(report)}
          ${uncheckedMarkup(report, page)}
          ${waiverMarkup(report)}
          ${baselineMarkup(report)}
        </main>
        <footer>${summary.map((line) => html`<p>${line}</p>`)}<p>Bulkhead ${report.tool.version}</p></footer>
        <script>${trusted(SCRIPT)}</script>
      </body>
    </html>`;
  return `<!doctype html>${markup}\n`;
}

const EXCERPT_WIDTH = 110;
const MOST_OF_TITLE = 120;

/** The browser loads nothing, and runs and styles only what is in the page as it was built. */
function policy(): string {
  return `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; script-src 'sha256-${SCRIPT_HASH}'; base-uri 'none'; form-action 'none'`;
}

interface Frame {
  readonly findings: Listed;
  readonly id: string;
  readonly maps: number;
}

function drawingOf(
  cluster: ClusterPicture,
  report: Report,
  { findings, id, maps }: Frame,
): Drawing {
  const { reach, reservedRoles, simulation } = cluster;
  const own = report.findings.filter(({ environment }) => environment === reach.environment);
  const columns = columnsOf(reach, reservedRoles, nodeFindings(own));
  return {
    id,
    cluster,
    maps,
    columns,
    rows: rowsOf(reach, columns, findingsBy(reach, own)),
    falls: simulation === null ? [] : fallsOf(simulation),
    undrawn: undrawnCrossings(reach, own),
    open: openFindings({ findings: own }).length,
    isComplete: report.inputErrors.length === 0 && reach.workloads.length > 0,
    linkOf: findings.linkOf,
  };
}

function clusterMarkup(drawing: Drawing, clusters: number): Markup {
  const { id, cluster, falls } = drawing;
  const { environment } = cluster.reach;
  const title = clusters === 1 || environment === null ? 'Workloads and nodes' : short(environment);
  return html`
    <section>
      <h2 id="${id}title">${title}</h2>
      ${numbers(drawing)}
      ${mapMarkup(drawing)}
      <h3>Drains and rollouts</h3>
      ${drainMarkup(cluster, falls, id)}
    </section>`;
}

/** What is wrong, in a few numbers. */
function numbers(drawing: Drawing): Markup {
  const { cluster, columns, rows, falls, open, isComplete } = drawing;
  const { lacking } = rows.counts;
  const { crossing, accepted } = crossings(drawing);
  const faulty = new Set(
    columns.flatMap(({ faults }) =>
      faults.filter(({ status }) => status === 'open').map(({ object }) => object.name),
    ),
  ).size;
  const { nodes } = cluster.reach;
  const none = isComplete ? 'k' : 'd';
  const accepting = accepted === 0 ? '' : `, ${thousands(accepted)} of them accepted`;
  const hasWall = columns.some(({ isReserved }) => isReserved);
  const where = hasWall ? 'can cross the wall' : 'can run where they must not';
  return html`
    <ul class="numbers">
      ${number(crossing, crossing === 0 ? none : 'l', `${crossing === 1 ? 'workload' : 'workloads'} ${where}${accepting}`)}
      ${number(lacking, lacking === 0 ? none : 'g', `${lacking === 1 ? 'component' : 'components'} cannot reach ${lacking === 1 ? 'its' : 'their'} nodes`)}
      ${nodes.length === 0 ? undefined : number(faulty, faulty === 0 ? none : 'l', `of ${counted(nodes.length, 'node')} with wrong labels or taints`)}
      ${drained(cluster, falls.filter(({ drain }) => drain.stop === undefined).length)}
      ${number(open, open === 0 ? none : 'd', html`<a href="#findings">open ${open === 1 ? 'finding' : 'findings'}</a>`)}
    </ul>`;
}

/** What can cross the wall, with a row or without. */
function crossings({ rows, undrawn }: Drawing): Pick<Rows['counts'], 'crossing' | 'accepted'> {
  const { crossing, accepted } = rows.counts;
  const objects = new Set(undrawn.map(({ object }) => identityOf(object)));
  const open = new Set(openFindings({ findings: undrawn }).map(({ object }) => identityOf(object)));
  return { crossing: crossing + objects.size, accepted: accepted + objects.size - open.size };
}

function drained({ simulation }: ClusterPicture, completed: number): Value {
  const all = simulation?.nodes.length ?? 0;
  if (all === 0) return undefined;
  return number(
    completed,
    completed === all ? 'k' : 'l',
    `of ${counted(all, 'drain')} ${completed === 1 ? 'completes' : 'complete'}`,
  );
}

function number(count: number, letter: string, words: Value): Markup {
  return html`<li><b class="${letter}">${thousands(count)}</b> ${words}</li>`;
}

/** What was checked, and by what. */
function subtitle({ report, clusters }: Picture): string {
  const { summary } = report;
  const nodes = clusters.reduce((sum, { reach }) => sum + reach.nodes.length, 0);
  const counts = [
    counted(summary.files, 'file'),
    counted(summary.objects, 'object'),
    counted(nodes, 'node'),
  ];
  return `${short(titleOf(report), MOST_OF_SUBTITLE)} · ${counts.join(', ')}`;
}

const MOST_OF_SUBTITLE = 300;
const MOST_INPUTS = 3;

function titleOf({ inputs, profile, environments }: Report): string {
  const paths = inputs.slice(0, MOST_INPUTS).map(({ path }) => short(path));
  const left = inputs.length - paths.length;
  const named = environments.length > 0 ? environments.map(({ name }) => name) : paths;
  const more = environments.length === 0 && left > 0 ? ` and ${left} more` : '';
  const what = named.length === 0 ? '' : `${named.join(', ')}${more}, `;
  return `${what}checked against ${profile}`;
}

function incomplete({ inputErrors }: Report): Value {
  if (inputErrors.length === 0) return undefined;
  return html`
    <p class="alert">
      ${counted(inputErrors.length, 'part')} of the input could not be checked, so this picture is not complete: <a href="#unchecked">see what</a>.
    </p>`;
}
