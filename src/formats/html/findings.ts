import { worstFirst } from '../../report/order.ts';
import type { Finding, Report, Status } from '../../report/report.ts';
import { quotation } from '../blocks.ts';
import type { Context } from '../context.ts';
import { fieldText, objectName, placeText } from '../names.ts';
import type { Page } from '../page.ts';
import { relatedSentence } from '../sentences.ts';
import { counted, oneLine, thousands } from '../text.ts';
import { bytesOf, html, type Markup, short, type Value } from './markup.ts';

/** What a page has room for, and in bytes. */
const MOST_FINDINGS = 400;
const MOST_OF_FINDINGS = 360_000;
const MOST_OF_TEXT = 1000;
const MOST_RELATED = 3;

/** The findings of a page, and where on it each is. */
export interface Listed {
  readonly markup: Markup;
  /** The link to a finding; undefined if there is no room for it. */
  readonly linkOf: (finding: Finding) => string | undefined;
}

const ORDER: readonly Status[] = ['open', 'waived', 'baseline'];

/** Lists findings, open ones first and the worst of them first, as many as there is room for. */
export function listedFindings(
  { findings, inputErrors }: Pick<Report, 'findings' | 'inputErrors'>,
  page: Page,
  { catalogue }: Pick<Context, 'catalogue'>,
): Listed {
  const sorted = ORDER.flatMap((status) =>
    worstFirst(findings.filter((finding) => finding.status === status)),
  );
  const pages = `${catalogue.repository}/blob/v${catalogue.version}/`;
  const links = new Map<Finding, string>();
  const shown: Markup[] = [];
  let bytes = 0;
  for (const finding of sorted.slice(0, MOST_FINDINGS)) {
    const id = `f${shown.length}`;
    const one = findingMarkup(finding, { id, page, pages });
    bytes += bytesOf(one);
    if (bytes > MOST_OF_FINDINGS) break;
    shown.push(one);
    links.set(finding, `#${id}`);
  }
  const left = sorted.slice(shown.length);
  return {
    linkOf: (finding) => links.get(finding),
    markup: html`
      <h2 id="findings">${heading(findings)}</h2>
      ${
        shown.length === 0
          ? html`<p class="empty">Nothing was found${inputErrors.length === 0 ? '' : ' in what could be read'}.</p>`
          : html`
            <div class="tools" hidden>
              <label for="filter">Filter findings</label>
              <input id="filter" type="search" placeholder="policy, workload, file …">
              <output id="count" for="filter"></output>
            </div>
            <div id="list">${shown}</div>`
      }
      ${leftMarkup(left)}`,
  };
}

function heading(findings: readonly Finding[]): string {
  const count = (status: Status) => findings.filter((one) => one.status === status).length;
  const open = counted(count('open'), 'finding');
  const parts = [
    ...(count('waived') > 0 ? [`${thousands(count('waived'))} waived`] : []),
    ...(count('baseline') > 0 ? [`${thousands(count('baseline'))} in the baseline`] : []),
  ];
  return parts.length === 0 ? open : `${open}, ${parts.join(', ')}`;
}

interface Place {
  readonly id: string;
  readonly page: Page;
  /** The address that pages of policies are below. */
  readonly pages: string;
}

function findingMarkup(finding: Finding, { id, page, pages }: Place): Markup {
  const { policy, severity, status, environment, waiver, path, fix, related, object, docs } =
    finding;
  const { now, command } = finding;
  const { quoted, intro } = quotation(finding, page, severity);
  const word = status === 'open' ? severity : status === 'waived' ? 'waived' : 'in the baseline';
  const says = (text: string) => short(oneLine(text), MOST_OF_TEXT);
  return html`
    <details class="f ${status === 'open' ? severity : 'accepted'}">
      <summary>
        <span class="line"><b>${policy}</b> <i>${word}</i> <span class="dim">${short(objectName(object))}${environment === null ? undefined : ` in ${short(environment)}`}</span> <code>${short(placeText(finding), MOST_OF_PLACE)}</code></span>
        <span class="says">${says(finding.message)}</span>
      </summary>
      <div id="${id}">
        ${path.length === 0 ? undefined : html`<p class="dim">at <code>${short(fieldText(path))}</code></p>`}
        ${intro.map((line) => html`<p class="dim">${line.trim()}</p>`)}
        ${excerptMarkup(quoted)}
        ${now === undefined ? undefined : html`<p><b>Now</b> ${says(now)}</p>`}
        <p class="fix"><b>Fix</b> ${says(fix.title)}</p>
        ${command === undefined ? undefined : html`<p class="fix"><b>Run</b> <code>${says(command)}</code></p>`}
        ${related.slice(0, MOST_RELATED).map((one) => html`<p class="dim">See ${short(placeText(one), MOST_OF_PLACE)} ${says(relatedSentence(one))}</p>`)}
        ${related.length > MOST_RELATED ? html`<p class="dim">and ${counted(related.length - MOST_RELATED, 'more object')}</p>` : undefined}
        ${waiver === null ? undefined : html`<p class="dim">Waived ${waiver.expires === 'never' ? 'for good' : `until ${waiver.expires}`} by ${says(waiver.owner)}: ${says(waiver.reason)}</p>`}
        <p><a href="${pages}${docs}" rel="noreferrer">What ${policy} is about</a></p>
      </div>
    </details>`;
}

const MOST_OF_PLACE = 160;

/** Lines of a source, the value marked below its line. */
export function excerptMarkup(lines: readonly string[]): Value {
  if (lines.length === 0) return undefined;
  const own = lines.map((line, index) => {
    const text = html`${line.slice(2)}`;
    const end = index === lines.length - 1 ? '' : LINE_BREAK;
    return /^\s+\|\s+\^/.test(line) ? html`<em>${text}</em>${end}` : html`${text}${end}`;
  });
  return html`<pre tabindex="0">${own}</pre>`;
}

/** A line break that is kept as it is. */
const LINE_BREAK: Markup = { markup: '\n' };

/** How many findings there is no room for, by policy. */
function leftMarkup(left: readonly Finding[]): Value {
  if (left.length === 0) return undefined;
  const counts = new Map<string, number>();
  for (const { policy } of left) counts.set(policy, (counts.get(policy) ?? 0) + 1);
  const parts = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([policy, count]) => `${policy} × ${thousands(count)}`);
  return html`
    <p class="warn">
      ${counted(left.length, 'more finding')} not shown here (${parts.join(', ')}): <code>bulkhead check</code> lists them.
    </p>`;
}
