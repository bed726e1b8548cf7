import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FINDING, INPUT_ERROR, NOTE, REPORT, SUMMARY } from '../../test/support/samples.ts';
import type { Finding, Report } from '../report/report.ts';
import { renderMarkdown } from './report-markdown.ts';

const CONTEXT = {
  source: () => undefined,
  color: true,
  width: 80,
  catalogue: { version: '1.2.3', repository: 'https://example.org/project', policies: [] },
  pages: () => ({}),
};

const WARNING: Finding = { ...FINDING, severity: 'warning', file: '0.yaml' };

function render(report: Partial<Report>): string {
  return renderMarkdown({ ...REPORT, ...report }, CONTEXT);
}

function many<T>(count: number, one: T): readonly T[] {
  return Array.from({ length: count }, () => one);
}

/** GitHub takes 65,536 of a comment, in which others may stand, too. */
const MOST = 60_000;
const LONG = 'x'.repeat(2000);
const WILD = '@$|<&#1'.repeat(300);
const MESSAGE = 100_000;

describe('whatever the input is, a page is short and counts what it leaves out', () => {
  const worst = (text: string): Partial<Report> => ({
    profile: text,
    scope: 'cluster',
    findings: many(500, {
      ...FINDING,
      message: text.padEnd(MESSAGE, text),
      file: text,
      object: { apiVersion: 'v1', kind: text, namespace: text, name: text },
      fix: { ...FINDING.fix, title: text },
      environment: text,
    }),
    inputErrors: many(500, { ...INPUT_ERROR, message: text, file: text }),
    notes: many(500, { ...NOTE, message: text, file: text }),
    components: many(500, {
      name: text,
      environment: text,
      state: 'missing',
      objects: many(20, FINDING.object),
    }),
    policies: { off: many(50, text), severity: { [text]: 'error' } },
    excluded: many(9, { path: text, reason: 'hidden' }),
    summary: { ...SUMMARY, files: 500, objects: 500 },
  });
  for (const [name, text] of Object.entries({ short: 'a', long: LONG, wild: WILD })) {
    test(name, () => {
      const page = render(worst(text));
      assert.ok(page.length < MOST, `${page.length} characters`);
      assert.match(
        page,
        /^## Bulkhead: 500 errors, 500 parts of the input not checked, 500 components not found\n/,
      );
      const rows = page.match(/^\| error \|.*$/gm) ?? [];
      assert.ok(rows.length > 5 && rows.length <= 50, `${rows.length} rows`);
      const left = (noun: string) => {
        const [, count = '0'] =
          new RegExp(`^(\\d+) more ${noun} not shown here`, 'm').exec(page) ?? [];
        return Number(count);
      };
      assert.equal(left('findings'), 500 - rows.length);
      const items = page.match(/^- .*$/gm) ?? [];
      assert.equal(items.length + left('notes') + left('parts'), 1000);
      assert.equal((page.match(/not found\*\*/g) ?? []).length + left('components'), 500);
    });
  }
});

describe('the heading says', () => {
  for (const [heading, report] of [
    ['no problems', {}],
    ['no problems', { findings: [{ ...FINDING, status: 'waived' }] }],
    ['1 error', { findings: [FINDING] }],
    ['1 error, 2 warnings', { findings: [FINDING, WARNING, WARNING] }],
    ['1 part of the input not checked', { inputErrors: [INPUT_ERROR] }],
  ] as const satisfies readonly (readonly [string, Partial<Report>])[]) {
    test(heading, () => assert.equal(render(report).split('\n')[0], `## Bulkhead: ${heading}`));
  }
});

test('the worst findings come first, each with its page', () => {
  const rows = render({ findings: [WARNING, FINDING] })
    .split('\n')
    .filter((line) => /^\| (?:error|warning)/.test(line));
  const page =
    '[off-role-placement](https://example.org/project/blob/v1.2.3/policies/off-role-placement/README.md)';
  assert.deepEqual(rows, [
    `| error | a.yaml:1:1 | Pod p | it is wrong | Fix it. | ${page} |`,
    `| warning | 0.yaml:1:1 | Pod p | it is wrong | Fix it. | ${page} |`,
  ]);
});

test('a text of the input is one cell, and neither notifies nor closes anything', () => {
  const text = 'a | b\n</details> @octocat ![x](http://evil.example)';
  const page = render({
    findings: [{ ...FINDING, message: text }],
    notes: [{ ...NOTE, message: text }],
  });
  assert.equal(page.match(/<\/details>/g)?.length, 1);
  assert.doesNotMatch(page, /@octocat|http:\/\/evil|!\[x\]/);
  assert.match(page, /\| a \\\| b &lt;\/details&gt; /);
});

test('accepted findings are counted', () => {
  const summary = { ...SUMMARY, waived: 2, baselined: 3 };
  assert.match(render({ summary }), /^No problems\. 3 in the baseline, 2 waived\./m);
});

test('a place is a link where the repository is shown', () => {
  const page = (address: string | undefined) =>
    renderMarkdown({ ...REPORT, findings: [FINDING] }, { ...CONTEXT, lineAddress: () => address });
  const row = `| error | ${FINDING.file}:${FINDING.line}:${FINDING.column} |`;
  assert.ok(page(undefined).includes(row));
  assert.ok(page(`https://example.org/${'x'.repeat(600)}`).includes(row));
  const link = 'https://example.org/a.yaml#L1';
  assert.ok(
    page(link).includes(`| [${FINDING.file}:${FINDING.line}:${FINDING.column}](${link}) |`),
  );
});

test('the components of a cluster are text, whatever their names are', () => {
  const name = '</details>|[a](b)';
  const object = { ...FINDING.object, name };
  const components = [{ name, environment: null, state: 'present' as const, objects: [object] }];
  const escaped = '&lt;/details&gt;\\|\\[a\\](b)';
  assert.ok(
    render({ scope: 'cluster', components }).includes(
      `\n| ${escaped} | found | Pod ${escaped} |\n`,
    ),
  );
});
