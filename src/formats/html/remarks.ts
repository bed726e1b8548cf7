import type { Table } from '../../report/component-table.ts';
import { COLUMNS } from '../../report/component-table.ts';
import { compareText } from '../../report/order.ts';
import type { Note, Problem, Report, WaiverState } from '../../report/report.ts';
import { quotation } from '../blocks.ts';
import { objectName, placeText } from '../names.ts';
import type { Page } from '../page.ts';
import { sentence } from '../sentences.ts';
import { missingComponents } from '../summary.ts';
import { cellText, HEADINGS, rowName } from '../table-cells.ts';
import { counted, oneLine, thousands } from '../text.ts';
import { excerptMarkup } from './findings.ts';
import { html, type Markup, short, type Value } from './markup.ts';

// What a page says beside the map and the findings.

const MOST_OF_TEXT = 600;
const MOST_ERRORS = 100;
const MOST_OF_A_CODE = 10;
const MOST_WAIVERS = 200;
const MOST_LISTED = 60;

const says = (text: string) => short(oneLine(text), MOST_OF_TEXT);

/** The components that the input of a whole cluster lacks. */
export function missingMarkup(report: Report): Value {
  const missing = missingComponents(report);
  if (missing.length === 0) return undefined;
  return html`
    <h2>${counted(missing.length, 'component')} not found</h2>
    <p>No object of the input is: ${missing.map((name) => short(name)).join(', ')}.</p>`;
}

/** What could not be checked, and what the findings do not cover. */
export function uncheckedMarkup(report: Report, page: Page): Value {
  const { inputErrors, notes, otherDocuments, excluded } = report;
  const others = otherDocuments.map((one) => `${placeText(one)}: ${one.reason}`);
  const left = excluded.map(({ path, reason }) => `${path} (${REASONS[reason]})`);
  if (inputErrors.length + notes.length + others.length + left.length === 0) return undefined;
  return html`
    <h2 id="unchecked">What was not checked</h2>
    ${inputErrors.slice(0, MOST_ERRORS).map((error) => problemMarkup(error, page))}
    ${more(inputErrors.length - MOST_ERRORS, 'part of the input', 'parts of the input')}
    ${byCode(notes).map((group) => noteGroup(group))}
    ${list(`${counted(others.length, 'document')} without a Kubernetes object`, others, 'bulkhead check --verbose')}
    ${list(`${counted(left.length, 'path')} left out`, left, 'bulkhead check -o json')}`;
}

const REASONS = {
  hidden: 'hidden',
  dependencies: 'dependencies',
  pattern: 'by a pattern',
} as const satisfies Record<Report['excluded'][number]['reason'], string>;

function problemMarkup(problem: Problem, page: Page): Markup {
  const { quoted, intro } = quotation(problem, page, 'error');
  return html`
    <details class="f error" open>
      <summary>
        <span class="line"><b>${problem.code}</b> <i>unreadable</i> <code>${short(placeText(problem))}</code></span>
        <span class="says">${says(problem.message)}</span>
      </summary>
      ${intro.map((line) => html`<p class="dim">${line.trim()}</p>`)}
      ${excerptMarkup(quoted)}
    </details>`;
}

function more(count: number, one: string, many: string): Value {
  if (count <= 0) return undefined;
  return html`<p class="warn">${thousands(count)} more ${count === 1 ? one : many} not shown here: <code>bulkhead check</code> lists them.</p>`;
}

function byCode(notes: readonly Note[]): readonly (readonly Note[])[] {
  const groups = new Map<string, Note[]>();
  for (const note of notes) groups.set(note.code, [...(groups.get(note.code) ?? []), note]);
  return [...groups.values()];
}

function noteGroup(notes: readonly Note[]): Markup {
  const [first] = notes;
  const items = notes.slice(0, MOST_OF_A_CODE).map((note) => {
    const place = placeText(note);
    return html`<li>${place === '' ? undefined : html`<code>${short(place)}</code> `}${says(sentence(note))}</li>`;
  });
  const left = notes.length - items.length;
  return html`
    <details class="f note">
      <summary><span class="line"><b>${first?.code}</b> <i>${counted(notes.length, 'note')}</i></span> <span class="says">${says(first?.message ?? '')}</span></summary>
      <ul>${items}</ul>
      ${left === 0 ? undefined : html`<p class="warn">${thousands(left)} more: <code>bulkhead check -o json</code> lists them.</p>`}
    </details>`;
}

function list(title: string, items: readonly string[], command: string): Value {
  if (items.length === 0) return undefined;
  const left = items.length - MOST_LISTED;
  return html`
    <details class="f note">
      <summary><span class="line"><b>${title}</b></span></summary>
      <ul>${items.slice(0, MOST_LISTED).map((item) => html`<li>${says(item)}</li>`)}</ul>
      ${left <= 0 ? undefined : html`<p class="warn">${thousands(left)} more: <code>${command}</code> lists them.</p>`}
    </details>`;
}

/** Every waiver, by the day on which it ends. */
export function waiverMarkup({ waivers }: Pick<Report, 'waivers'>): Value {
  if (waivers.length === 0) return undefined;
  const sorted = waivers.toSorted((a, b) => compareText(dayOf(a), dayOf(b)));
  const left = sorted.length - MOST_WAIVERS;
  return html`
    <h2 id="waivers">Waivers by the day on which they end (${thousands(waivers.length)})</h2>
    <div class="wrap" role="region" tabindex="0" aria-labelledby="waivers">
      <table class="plain">
        <thead><tr>${['ends', 'state', 'for', 'policies', 'findings', 'owner', 'reason'].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
        <tbody>${sorted.slice(0, MOST_WAIVERS).map(waiverRow)}</tbody>
      </table>
    </div>
    ${left <= 0 ? undefined : html`<p class="warn">${counted(left, 'more waiver')}: <code>bulkhead check -o json</code> lists them.</p>`}`;
}

/** A waiver for good is the last. */
function dayOf({ expires }: WaiverState): string {
  return expires === 'never' ? '9999' : expires;
}

function waiverRow({
  expires,
  state,
  match,
  policies,
  findings,
  owner,
  reason,
  ticket,
}: WaiverState): Markup {
  const { kind, namespace, name } = match;
  return html`
    <tr>
      <th scope="row">${expires}</th>
      <td${state === 'active' ? undefined : html` class="never"`}>${state}</td>
      <td>${short(objectName({ apiVersion: '', kind, namespace, name }))}</td>
      <td>${policies.join(', ')}</td>
      <td>${findings}</td>
      <td>${says(owner)}</td>
      <td>${says(reason)}${ticket === null ? undefined : ` (${says(ticket)})`}</td>
    </tr>`;
}

/** The baseline, and how much of it is left. */
export function baselineMarkup({ baseline, summary }: Pick<Report, 'baseline' | 'summary'>): Value {
  if (baseline === null) return undefined;
  const { file, until, isActive, entries, fixed } = baseline;
  const ends = until === null ? 'It has no last day.' : `Its last day is ${until}.`;
  const left = isActive ? '' : ' It does not count any more: its findings are open again.';
  return html`
    <h2>Baseline</h2>
    <p>
      <code>${short(file)}</code> has ${counted(entries, 'finding')}; ${thousands(summary.baselined)} of those on this page are in it, ${thousands(fixed)} no longer occur. ${ends}${left}
    </p>`;
}

/** The component table: what the profile says, and what the manifests say where they differ. */
export function tableMarkup(table: Table | null): Value {
  if (table === null) return undefined;
  return html`
    <h2 id="table">Component table</h2>
    <div class="wrap" role="region" tabindex="0" aria-labelledby="table">
      <table class="plain">
        <thead>
          <tr><th scope="col">Component</th>${COLUMNS.map((column) => html`<th scope="col">${HEADINGS[column]}</th>`)}</tr>
        </thead>
        <tbody>
          ${table.rows.map(
            (row) => html`
              <tr>
                <th scope="row">${short(rowName(row))}</th>
                ${COLUMNS.map((column) => {
                  const { deviates, reasons } = row.cells[column];
                  const title = short(
                    reasons.map(({ message }) => oneLine(message)).join('; '),
                    MOST_OF_TEXT,
                  );
                  const text = short(cellText(row, column));
                  return deviates
                    ? html`<td class="never" title="${title}">${text}</td>`
                    : html`<td>${text}</td>`;
                })}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
