import type { Reach, WorkloadReach } from '../../report/reach.ts';
import type { Finding } from '../../report/report.ts';
import { objectName } from '../names.ts';
import { counted, thousands } from '../text.ts';
import { type Cell, saidOf } from './cells.ts';
import { type Column, sharedSuffix } from './columns.ts';
import { type Below, belowOf, type Fall } from './falls.ts';
import { bytesOf, html, type Markup, separated, short, type Value } from './markup.ts';
import type { ClusterPicture } from './picture.ts';
import { crossesElsewhere, type Left, leftOf, type Row, type Rows, urgency } from './rows.ts';
import { LETTERS, shape } from './shapes.ts';
import { nodeFault, SHORT } from './words.ts';

/** What the map of a cluster is drawn from. */
export interface Drawing {
  /** What the ids of this cluster begin with. */
  readonly id: string;
  readonly cluster: ClusterPicture;
  /** How many maps the page has. */
  readonly maps: number;
  readonly columns: readonly Column[];
  readonly rows: Rows;
  readonly falls: readonly Fall[];
  /** What lets pods cross the wall and has no row. */
  readonly undrawn: readonly Finding[];
  /** How many findings of this cluster are open. */
  readonly open: number;
  /** Whether all could be checked, so that none is good news. */
  readonly isComplete: boolean;
  /** The link to a finding; undefined if it has no room on the page. */
  readonly linkOf: (finding: Finding) => string | undefined;
}

/** Workloads beside nodes, with the wall between reserved and other roles. */
export function mapMarkup(drawing: Drawing): Markup {
  const { id, cluster, columns, rows } = drawing;
  const drawn = drawnRows(drawing);
  if (rows.components.length + rows.others.length === 0) {
    return html`
      <p class="empty">The input has no workload, so there is nothing to draw.</p>
      ${undrawnSentence(drawing)}
      ${unansweredSentence(cluster.reach)}`;
  }
  return html`
    <div class="wrap" role="region" tabindex="0" aria-labelledby="${id}title">
      <table>
        <thead>${roleHeads(columns)}${columnHeads(drawing)}</thead>
        ${rowGroup('Components of the profile', drawn.components, columns)}
        ${rowGroup('Other workloads', drawn.others, columns)}
        ${drainRow(drawing)}
      </table>
    </div>
    ${legend(drawing)}
    ${leftSentence(drawn.left)}
    ${undrawnSentence(drawing)}
    ${unansweredSentence(cluster.reach)}
    ${foldedNodes(columns, id)}`;
}

/** Whether the wall is on the left of a column. */
function isWall(columns: readonly Column[], index: number): boolean {
  return columns[index]?.isReserved === false && columns[index - 1]?.isReserved === true;
}

function roleHeads(columns: readonly Column[]): Markup {
  const groups: { group: string; from: number; width: number }[] = [];
  for (const [index, { group }] of columns.entries()) {
    const last = groups.at(-1);
    if (last?.group === group && !isWall(columns, index)) last.width += 1;
    else groups.push({ group, from: index, width: 1 });
  }
  return html`
    <tr>
      <th rowspan="2" scope="col" class="first">Workload</th>
      <th rowspan="2" scope="col" class="on">belongs on</th>
      ${groups.map(
        ({ group, from, width }) => html`
          <th colspan="${width}" scope="colgroup" class="rolehead${wall(columns, from)}">
            <span>${group === '' ? 'no role' : short(group, MOST_OF_HEAD)}</span>
          </th>`,
      )}
      <th rowspan="2" scope="col" class="found">findings</th>
    </tr>`;
}

const MOST_OF_HEAD = 60;

function wall(columns: readonly Column[], index: number): string {
  return isWall(columns, index) ? ' wall' : '';
}

function columnHeads({ columns, linkOf, id }: Drawing): Markup {
  return html`
    <tr>
      ${columns.map(
        (column, index) => html`
          <th scope="col" class="node${wall(columns, index)}">
            ${faultsAbove(column.faults, linkOf)}
            ${
              column.nodes.length > 1
                ? html`<a href="#${id}n${index}">${column.label}</a>`
                : html`<span${nameTitle(column)}>${column.label}</span>`
            }
          </th>`,
      )}
    </tr>`;
}

/** The whole name, where only a part of it is shown. */
function nameTitle({ nodes: [name = ''], label }: Column): Value {
  return name === '' || name === label ? undefined : html` title="${short(name)}"`;
}

function faultsAbove(faults: readonly Finding[], linkOf: Drawing['linkOf']): Value {
  const byWords = new Map<string, Finding>();
  for (const fault of faults) {
    const words = `${nodeFault(fault)}${fault.status === 'open' ? '' : ' (accepted)'}`;
    if (!byWords.has(words)) byWords.set(words, fault);
  }
  return [...byWords].map(([words, fault]) => {
    const link = linkOf(fault);
    const text = html`<small class="fault" title="${short(fault.message, MOST_OF_TITLE)}">${words}</small>`;
    return link === undefined ? text : html`<a href="${link}">${text}</a>`;
  });
}

const MOST_OF_TITLE = 300;

/** What the rows of a map may take, in bytes. */
const MOST_OF_ROWS = 640_000;
/** What those of each of many maps may take. */
const LEAST_OF_ROWS = 200_000;

/** How much a row says: all, or what it cannot do without. */
interface Detail {
  /** Whether the title of each cell has the reason, which is in the row too. */
  readonly hasTitles: boolean;
  readonly mostOfReason: number;
  readonly mostOfList: number;
}

const DETAILS: readonly [Detail, Detail] = [
  { hasTitles: true, mostOfReason: 2000, mostOfList: 6000 },
  { hasTitles: false, mostOfReason: 160, mostOfList: 600 },
];

interface DrawnRows {
  readonly components: readonly Markup[];
  readonly others: readonly Markup[];
  readonly left: Left;
}

/** The rows for which there is room, with less detail where there is not enough of it: the clean ones go first. */
function drawnRows(drawing: Drawing): DrawnRows {
  const { rows, maps } = drawing;
  const room = Math.max(LEAST_OF_ROWS, MOST_OF_ROWS / maps);
  const all = [...named(rows.components), ...named(rows.others)];
  const [full, brief] = DETAILS;
  const draw = (detail: Detail) =>
    all.map(({ row, name }) => {
      const markup = rowMarkup(row, name, drawing, detail);
      return { row, markup, bytes: bytesOf(markup) };
    });
  const sizeOf = (of: ReturnType<typeof draw>) => of.reduce((sum, { bytes }) => sum + bytes, 0);
  const whole = draw(full);
  const drawn = sizeOf(whole) <= room ? whole : draw(brief);
  const kept = new Set<Row>();
  let left = room;
  for (const { row, bytes } of drawn.toSorted((a, b) => urgency(a.row) - urgency(b.row))) {
    left -= bytes;
    if (left < 0) break;
    kept.add(row);
  }
  const markups = (of: readonly Row[]) => {
    const own = new Set(of);
    return drawn.flatMap(({ row, markup }) => (own.has(row) && kept.has(row) ? [markup] : []));
  };
  const out = leftOf(all.flatMap(({ row }) => (kept.has(row) ? [] : [row])));
  return {
    components: markups(rows.components),
    others: markups(rows.others),
    left: {
      workloads: rows.left.workloads + out.workloads,
      faulty: rows.left.faulty + out.faulty,
    },
  };
}

function rowGroup(title: string, rows: readonly Markup[], columns: readonly Column[]): Value {
  if (rows.length === 0) return undefined;
  const before = Math.max(
    0,
    columns.findIndex((_, index) => isWall(columns, index)),
  );
  const after = columns.length - before;
  const head = html`
    <th scope="rowgroup" class="first">${title}</th>
    <td class="on"></td>
    ${before === 0 ? undefined : html`<td colspan="${before}"></td>`}
    <td colspan="${after + 1}"${before === 0 ? undefined : html` class="wall"`}></td>`;
  return html`<tbody><tr class="group">${head}</tr>${rows}</tbody>`;
}

/** Rows with their names: with the namespace too, where a component has rows in several. */
function named(rows: readonly Row[]): readonly { readonly row: Row; readonly name: string }[] {
  const names = rows.map(rowName);
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return rows.map((row, index) => {
    const name = names[index] ?? '';
    const isShared = (counts.get(name) ?? 0) > 1 && row.workloads[0]?.component !== null;
    if (!isShared || row.namespace === null) return { row, name };
    return { row, name: `${name} in ${short(row.namespace, MOST_OF_ROW)}` };
  });
}

function rowMarkup(row: Row, name: string, drawing: Drawing, detail: Detail): Markup {
  const { columns } = drawing;
  const kinds = [...new Set(row.workloads.map(({ object }) => object.kind))];
  const kind = kinds.length === 1 ? short(kinds[0] ?? '', MOST_OF_KIND) : '';
  const on = belongsOn(row.workloads[0]);
  return html`
    <tr${row.isClean ? undefined : html` class="bad"`}>
      <th scope="row" class="first" abbr="${name}">
        <details>
          <summary>
            <span class="name">${name}</span>
            ${kind === '' ? undefined : html` <small>${kind}</small>`}
            <small class="under">${on === NOT_SAID ? '' : on === STATIC_POD ? `, ${on}` : `, on ${on}`}</small>
          </summary>
          ${whyMarkup(row, columns, detail)}
        </details>
      </th>
      <td class="on">${on}</td>
      ${row.cells.map((cell, index) => cellMarkup(cell, { name, columns, index, ...detail }))}
      <td class="found">${chips(row.findings, drawing.linkOf)}</td>
    </tr>`;
}

const MOST_OF_KIND = 40;
const MOST_OF_ROW = 80;

/** What stands at the left of a row. */
export function rowName({ workloads, isFolded, namespace }: Row): string {
  const [first] = workloads;
  if (first === undefined) return '';
  const { component, object } = first;
  const count = thousands(workloads.reduce((sum, { objects }) => sum + objects, 0));
  if (component !== null) {
    const name = short(component, MOST_OF_ROW);
    const own = short(object.name ?? '(unnamed)', MOST_OF_ROW);
    if (isFolded || first.objects > 1) return `${name} × ${count}`;
    return own === name ? name : `${name} (${own})`;
  }
  if (!isFolded) return workloadName(first, MOST_OF_ROW);
  const namespaces = new Set(workloads.map(({ object: { namespace: own } }) => own));
  if (namespaces.size > 1) return `${count} in ${thousands(namespaces.size)} namespaces`;
  return namespace === null
    ? `${count} without a namespace`
    : `${count} in ${short(namespace, MOST_OF_ROW)}`;
}

/** The namespace and the name of a workload. */
function workloadName({ object: { namespace, name } }: WorkloadReach, most?: number): string {
  const prefix = namespace === null ? '' : `${namespace}/`;
  return short(`${prefix}${name ?? '(unnamed)'}`, most);
}

const NOT_SAID = 'not said';
/** Nothing but its file says where it belongs. */
const STATIC_POD = 'static pod';

/** Where the profile wants a workload, in its words. */
function belongsOn(workload: WorkloadReach | undefined): string {
  const role = workload?.nodeRole ?? null;
  if (role === null) return workload?.isStatic === true ? STATIC_POD : NOT_SAID;
  return typeof role === 'string'
    ? short(role, MOST_OF_HEAD)
    : short(role.join(' or '), MOST_OF_HEAD);
}

interface Position extends Pick<Detail, 'hasTitles'> {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly index: number;
}

function cellMarkup(cell: Cell, { name, columns, index, hasTitles }: Position): Markup {
  const column = columns[index] as Column;
  const { state, reason, running } = cell;
  const text = saidOf(cell);
  const where = column.where.kind === 'role' ? column.group : column.label;
  const said = `${text}${reason === '' || !hasTitles ? '' : `: ${reason}`}`;
  return html`
    <td class="c ${LETTERS[state]}${wall(columns, index)}" title="${where}: ${said}">
      ${shape(cell)}
      ${running === 0 ? undefined : html`<b aria-hidden="true">${thousands(running)}</b>`}
      <span class="v">${short(name, MOST_OF_HEAD)} on ${where}: ${text}</span>
    </td>`;
}

/** Why each cell is as it is, for keyboards, screens that are touched, and readers: what titles say to a mouse. */
function whyMarkup(row: Row, columns: readonly Column[], detail: Detail): Markup {
  const { mostOfReason, mostOfList } = detail;
  const told = new Map<string, { cell: Cell; readonly names: string[] }>();
  for (const [index, cell] of row.cells.entries()) {
    const column = columns[index];
    if (column === undefined) continue;
    const name = column.where.kind === 'role' ? `any ${column.group} node` : column.label;
    const key = JSON.stringify([cell.state, cell.text, cell.reason]);
    const found = told.get(key);
    if (found === undefined) told.set(key, { cell, names: [name] });
    else {
      found.names.push(name);
      found.cell = { ...found.cell, running: found.cell.running + cell.running };
    }
  }
  return html`
    <ul class="why">
      ${[...told.values()].map(
        ({ cell, names }) => html`
          <li>
            <i class="${LETTERS[cell.state]}">${shape(cell)}</i> <b>${separated(names, ', ')}</b>: ${saidOf(cell)}
            ${cell.reason === '' ? undefined : html`: ${short(cell.reason, mostOfReason)}`}
          </li>`,
      )}
      ${elsewhere(row, columns, mostOfList)}
      ${crossesElsewhere(row) ? html`<li>Its finding is about nodes that are not on this map.</li>` : undefined}
      ${
        row.isFolded
          ? html`<li>${namesMarkup(
              row.workloads.map((one) => workloadName(one)),
              'workload',
              mostOfList,
            )}</li>`
          : undefined
      }
    </ul>`;
}

/** Pods on nodes that the map does not have. */
function elsewhere({ workloads }: Row, columns: readonly Column[], most: number): Value {
  const known = new Set(columns.flatMap(({ nodes }) => nodes));
  const others = new Map<string, number>();
  for (const { running } of workloads) {
    for (const [node, count] of Object.entries(running)) {
      if (!known.has(node)) others.set(node, (others.get(node) ?? 0) + count);
    }
  }
  if (others.size === 0) return undefined;
  const names = [...others].map(
    ([node, count]) => `${short(node, MOST_OF_HEAD)} (${counted(count, 'pod')})`,
  );
  return html`<li>Pods on nodes that are not in the input: ${namesMarkup(names, 'node', most)}</li>`;
}

/** The bytes of a list of names. */
const MOST_OF_LIST = 6000;

/** Lists names, as many as there is room for, and says how many are left. */
function namesMarkup(names: readonly string[], noun: string, most = MOST_OF_LIST): Value {
  const shown: string[] = [];
  let bytes = 0;
  for (const name of names) {
    bytes += bytesOf(html`${name}`) + 2;
    if (bytes > most) break;
    shown.push(name);
  }
  const left = names.length - shown.length;
  const more = shown.length === 0 ? noun : `more ${noun}`;
  const rest = left === 0 ? '' : `${shown.length === 0 ? '' : ' and '}${counted(left, more)}`;
  return `${shown.join(', ')}${rest}`;
}

/** What was found of a row, a word each. */
function chips(findings: readonly Finding[], linkOf: Drawing['linkOf']): Value {
  const byWords = new Map<string, { finding: Finding; count: number }>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.policy, finding.status]);
    const found = byWords.get(key);
    if (found === undefined) byWords.set(key, { finding, count: 1 });
    else found.count += 1;
  }
  const all = [...byWords.values()].map(({ finding, count }) => {
    const { policy, severity, status, message } = finding;
    const word = SHORT[policy];
    const times = count === 1 ? '' : ` × ${thousands(count)}`;
    const accepted = status === 'open' ? '' : status === 'waived' ? ' (waived)' : ' (baseline)';
    const style = status === 'open' ? severity : 'accepted';
    const link = linkOf(finding);
    const title = short(message, MOST_OF_TITLE);
    const text = `${word}${times}${accepted}`;
    return link === undefined
      ? html`<span class="chip ${style}" title="${title}">${text}</span>`
      : html`<a class="chip ${style}" href="${link}" title="${title}">${text}</a>`;
  });
  return separated(all, ' ');
}

function drainRow({ id, cluster, columns, falls }: Drawing): Value {
  const { simulation } = cluster;
  if (simulation === null || columns.every(({ nodes }) => nodes.length === 0)) return undefined;
  const cells = columns.map((column, index) => {
    const below = belowOf(column, simulation, falls);
    return html`<td class="c${wall(columns, index)}">${belowMarkup(below, id, falls)}</td>`;
  });
  return html`
    <tfoot>
      <tr>
        <th scope="row" class="first">Drained: falls to 0</th>
        <td class="on"></td>${cells}<td class="found"></td>
      </tr>
    </tfoot>`;
}

function belowMarkup(below: Below, id: string, falls: readonly Fall[]): Markup {
  switch (below.kind) {
    case 'never':
      return html`<a class="never" href="#${id}d${falls.indexOf(below.fall)}">never completes</a>`;
    case 'falls': {
      const { length } = below.fall.fallen;
      return html`
        <a href="#${id}d${falls.indexOf(below.fall)}">${length}<span class="v"> ${length === 1 ? 'workload' : 'workloads'} of components</span></a>`;
    }
    case 'keeps':
      return html`<span aria-hidden="true">–</span><span class="v">none</span>`;
    case 'unreached':
      return html`<small>not reached</small>`;
    case 'unused':
      return html`<small>no component</small>`;
    default:
      return below satisfies never;
  }
}

/** What each shape means. */
function legend({ cluster: { reach }, columns, rows }: Drawing): Markup {
  const suffix = sharedSuffix(reach);
  const unplaced = rows.components
    .flatMap(({ cells }) => cells)
    .find(({ isUnplaced }) => isUnplaced === true);
  const roles = columns.filter(({ where }) => where.kind === 'role');
  const shapes = [
    { state: 'fits', isPartial: false, words: 'can run here' },
    { state: 'off', isPartial: false, words: 'kept out, as it should be or may be' },
    { state: 'leak', isPartial: false, words: 'can run here, and must not' },
    { state: 'gap', isPartial: false, words: 'cannot run here, and should' },
    { state: 'fits', isPartial: true, words: 'half a shape: some of the nodes' },
  ] as const;
  return html`
    <ul class="legend">
      ${shapes.map((one) => html`<li class="${LETTERS[one.state]}">${shape(one)} <span>${one.words}</span></li>`)}
      ${unplaced === undefined ? undefined : html`<li>${shape(unplaced)} <span>static pod: not placed by a scheduler</span></li>`}
    </ul>
    ${suffix === '' ? undefined : html`<p class="dim">Names of nodes are shown without <code>${short(suffix)}</code>, which all of them end with.</p>`}
    ${
      roles.length === 0
        ? undefined
        : html`
          <p class="dim">
            ${
              roles.length === columns.length
                ? 'The input has no Nodes: each column is a role.'
                : `The input has no Node of ${roles.length === 1 ? 'role' : 'the roles'} ${roles.map(({ group }) => group).join(', ')}: the column says what holds for any.`
            }
          </p>`
    }`;
}

function leftSentence({ workloads, faulty }: Left): Value {
  if (workloads === 0) return undefined;
  const bad =
    faulty === 0
      ? 'all of them as they should be'
      : `${thousands(faulty)} of them not as they should be`;
  return html`
    <p class="warn">
      ${counted(workloads, 'more workload')} not drawn, ${bad}: <code>bulkhead check -o json</code> lists every finding.
    </p>`;
}

/** What has no row, since it makes no pods itself. */
function undrawnSentence({ undrawn, linkOf }: Drawing): Value {
  if (undrawn.length === 0) return undefined;
  const named = new Map(undrawn.map((one) => [objectName(one.object), one]));
  const shown = [...named].slice(0, MOST_UNDRAWN).map(([name, finding]) => {
    const text = `${short(name, MOST_OF_ROW)}: ${SHORT[finding.policy]}`;
    const link = linkOf(finding);
    return link === undefined ? text : html`<a href="${link}">${text}</a>`;
  });
  const left = named.size - shown.length;
  return html`
    <p class="warn">
      Without a row, since it makes no pods: ${separated(shown, ', ')}${left === 0 ? undefined : ` and ${counted(left, 'more object')}`}.
    </p>`;
}

const MOST_UNDRAWN = 20;

/** Objects that nothing is known of must not be taken for ones that are not there. */
function unansweredSentence({ unanswered }: Reach): Value {
  if (unanswered.length === 0) return undefined;
  const names = unanswered.map((object) => short(objectName(object)));
  return html`
    <p class="warn">
      Not drawn, since the policies did not answer: ${namesMarkup(names, 'object')}. <a href="#unchecked">See what was not checked.</a>
    </p>`;
}

/** The names of the nodes that share a column. */
function foldedNodes(columns: readonly Column[], id: string): Value {
  return columns.map((column, index) =>
    column.nodes.length < 2
      ? undefined
      : html`
        <details class="names">
          <summary>${column.label}${column.isMixed ? ': nodes that differ' : ''}</summary>
          <p id="${id}n${index}">${namesMarkup(
            column.nodes.map((name) => short(name)),
            'node',
          )}</p>
        </details>`,
  );
}
