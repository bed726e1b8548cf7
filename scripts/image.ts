import { join } from 'node:path';
import type { Built } from '../src/built.ts';
import type { Column } from '../src/formats/html/columns.ts';
import { columnsOf } from '../src/formats/html/columns.ts';
import { belowOf, fallsOf } from '../src/formats/html/falls.ts';
import { rowName } from '../src/formats/html/map.ts';
import { html, type Markup, trusted, type Value } from '../src/formats/html/markup.ts';
import { findingsBy, nodeFindings, type Row, rowsOf } from '../src/formats/html/rows.ts';
import { LETTERS, SHAPES } from '../src/formats/html/shapes.ts';
import { nodeFault } from '../src/formats/html/words.ts';
import { picture } from '../src/picture.ts';
import { manifestsIn, shippedProfile } from '../test/support/bulkhead.ts';
import { ROOT } from './tools.ts';

// The picture of the README: the map of the sample cluster as an image, without a browser.

const SAMPLE = 'testdata/clusters/drifted';
const PROFILE = 'tectonic-1.6.4';

// In pixels.
const LEFT = 16;
const ROLE_AT = 332;
const NODES_AT = 412;
const NODE = 88;
const LINE = 27;
const HEAD = 96;
const LEGEND = 46;

const STYLE = `
svg{--bg:#fff;--ink:#1c2430;--dim:#576170;--line:#dedbd2;--soft:#f1efe9;--leak:#bf2026;--leak-soft:#f9e3e3;--gap:#8a5a00;--gap-soft:#f8efdc;--ok:#1f7a5c;--off:#a8adb5}
@media(prefers-color-scheme:dark){svg{--bg:#1a212b;--ink:#e6e9ed;--dim:#a3afbc;--line:#2d3743;--soft:#212a35;--leak:#ff7b7b;--leak-soft:#40252b;--gap:#e3b341;--gap-soft:#382f1d;--ok:#4cc39a;--off:#5d6977}}
text{font:13px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;fill:var(--ink)}
.b{font-weight:600}.d{fill:var(--dim)}.m{text-anchor:middle}.s{font-size:11px}.f{fill:var(--leak)}
.bg{fill:var(--bg);stroke:var(--line)}.soft{fill:var(--soft)}.line{stroke:var(--line)}.ink{stroke:var(--ink);stroke-width:2}
.tl{fill:var(--leak-soft)}.tg{fill:var(--gap-soft)}.l{color:var(--leak)}.g{color:var(--gap)}.k{color:var(--ok)}.o{color:var(--off)}
.x{fill:none;stroke:var(--bg);stroke-width:2}`;

/** Draws who can run where in the sample cluster, as an SVG that needs nothing else. */
export function sampleImage(built: Built): string {
  const files = manifestsIn(ROOT, SAMPLE);
  const { report, clusters } = picture(built, [{ profile: shippedProfile(PROFILE), files }]);
  const [cluster] = clusters;
  if (cluster === undefined) throw new Error(`${join(ROOT, SAMPLE)} is no cluster`);
  const { reach, reservedRoles, simulation } = cluster;
  const columns = columnsOf(reach, reservedRoles, nodeFindings(report.findings));
  const { components, others, counts } = rowsOf(reach, columns, findingsBy(reach, report.findings));
  const lines: readonly (Row | string)[] = [
    'Components of the profile',
    ...components,
    'Other workloads',
    ...others,
  ];
  const bottom = HEAD + LINE * (lines.length + 1);
  const width = NODES_AT + NODE * columns.length;
  const says = `${counts.crossing} workloads can run on nodes that they must stay off, and ${counts.lacking} components cannot run on all nodes where they belong.`;
  const { markup } = html`
    <svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${bottom + LEGEND}" viewBox="0 0 ${width} ${bottom + LEGEND}" role="img" aria-labelledby="title desc">
      <title id="title">Who can run where in a sample cluster</title>
      <desc id="desc">A table of workloads and nodes, with a double line between master and worker nodes. ${says}</desc>
      <style>${trusted(STYLE.replaceAll('\n', ''))}</style>
      <defs>${SHAPES}</defs>
      <rect class="bg" x=".5" y=".5" width="${width - 1}" height="${bottom + LEGEND - 1}" rx="9"/>
      ${heads(columns)}
      ${lines.map((line, index) => lineMarkup(line, { y: HEAD + LINE * index, width }))}
      <path class="ink" d="M1 ${bottom - LINE}H${width - 1}"/>
      <text class="b s" x="${LEFT}" y="${bottom - 9}">Drained: falls to 0</text>
      ${columns.map((column, index) => {
        const below = simulation && belowOf(column, simulation, fallsOf(simulation));
        const text = below?.kind === 'falls' ? below.fall.fallen.length : '–';
        return html`<text class="b s m" x="${center(index)}" y="${bottom - 9}">${text}</text>`;
      })}
      <path class="line" d="M1 ${bottom}H${width - 1}"/>
      ${wall(columns, bottom)}
      ${legend(bottom)}
    </svg>`;
  return `${markup.replaceAll(/(?=<(?:title|desc|style|defs|symbol|rect|text|path|use|\/svg)\b)/g, '\n')}\n`;
}

function center(index: number): number {
  return NODES_AT + NODE * index + NODE / 2;
}

function heads(columns: readonly Column[]): Markup {
  const groups = [...new Set(columns.map(({ group }) => group))].map((group) => {
    const own = columns.flatMap((column, index) => (column.group === group ? [index] : []));
    return { group, first: own[0] ?? 0, last: own.at(-1) ?? 0 };
  });
  return html`
    <text class="b" x="${LEFT}" y="${HEAD - 9}">Workload</text>
    <text class="d" x="${ROLE_AT}" y="${HEAD - 9}">belongs on</text>
    ${groups.map(
      ({ group, first, last }) => html`
        <text class="b s d m" x="${(center(first) + center(last)) / 2}" y="20">${group.toUpperCase()}</text>
        <path class="ink" d="M${center(first) - NODE / 2 + 6} 28H${center(last) + NODE / 2 - 6}"/>`,
    )}
    ${columns.map((column, index) => {
      const words = column.faults.map(nodeFault).join(', ').split(' ');
      const half = Math.ceil(words.length / 2);
      const parts = [words.slice(0, half).join(' '), words.slice(half).join(' ')];
      return html`
        ${parts.map((part, at) => (part === '' ? undefined : html`<text class="s f m" x="${center(index)}" y="${48 + 13 * at}">${part}</text>`))}
        <text class="b s m" x="${center(index)}" y="${HEAD - 9}">${column.label}</text>`;
    })}`;
}

interface Position {
  readonly y: number;
  readonly width: number;
}

function lineMarkup(line: Row | string, { y, width }: Position): Value {
  const base = y + LINE - 9;
  if (typeof line === 'string') {
    return html`
      <rect class="soft" x="1" y="${y}" width="${width - 2}" height="${LINE}"/>
      <text class="b s d" x="${LEFT}" y="${base}">${line}</text>`;
  }
  const { nodeRole, object } = line.workloads[0] ?? {};
  return html`
    ${line.cells.map(({ state }, index) =>
      state === 'leak' || state === 'gap'
        ? html`<rect class="t${LETTERS[state]}" x="${NODES_AT + NODE * index}" y="${y}" width="${NODE}" height="${LINE}"/>`
        : undefined,
    )}
    <path class="line" d="M1 ${y}H${width - 1}"/>
    <text class="b" x="${LEFT}" y="${base}">${rowName(line)}<tspan class="d s" dx="6" font-weight="400">${object?.kind ?? ''}</tspan></text>
    <text class="d" x="${ROLE_AT}" y="${base}">${String(nodeRole ?? '')}</text>
    ${line.cells.map(
      ({ state, isPartial }, index) =>
        html`<use class="${LETTERS[state]}" href="#${LETTERS[state]}${isPartial ? 'h' : ''}" x="${center(index) - 10}" y="${y + 3}" width="20" height="20"/>`,
    )}`;
}

function wall(columns: readonly Column[], bottom: number): Value {
  const at = columns.findIndex(({ isReserved }) => !isReserved);
  if (at <= 0) return undefined;
  const x = NODES_AT + NODE * at;
  return html`
    <path class="ink" d="M${x - 2} 1V${bottom}"/>
    <path class="ink" d="M${x + 2} 1V${bottom}"/>`;
}

function legend(bottom: number): Value {
  const parts = [
    { letter: 'k', words: 'can run here', at: LEFT },
    { letter: 'o', words: 'kept out', at: 150 },
    { letter: 'l', words: 'can run here, and must not', at: 264 },
    { letter: 'g', words: 'cannot run here, and should', at: 494 },
  ];
  return parts.map(
    ({ letter, words, at }) => html`
      <use class="${letter}" href="#${letter}" x="${at}" y="${bottom + 13}" width="18" height="18"/>
      <text class="d" x="${at + 24}" y="${bottom + 27}">${words}</text>`,
  );
}
