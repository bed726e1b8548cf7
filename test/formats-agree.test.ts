import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { check } from '../src/check.ts';
import { type DiffInput, diff } from '../src/diff.ts';
import { reportOfDiff } from '../src/formats/diff-report.ts';
import { formatsOf } from '../src/formats/index.ts';
import type { Diff } from '../src/report/diff.ts';
import { openFindings } from '../src/report/order.ts';
import { type Finding, NOWHERE, type Report, type Status } from '../src/report/report.ts';
import { sourceOf } from '../src/source.ts';
import { builtBulkhead, manifestsIn, ROOT, shippedProfile } from './support/bulkhead.ts';
import { READERS } from './support/format-readers.ts';
import { INPUT_ERROR } from './support/samples.ts';

// Every format of a report tells the same open findings, and what could not be read.

const bulkhead = builtBulkhead();
const profile = shippedProfile('tectonic-1.6.4');

function reportOn(directory: string): Report {
  return check(bulkhead, profile, manifestsIn(ROOT, directory));
}

/** The same report with other findings. */
function changed(report: Report, change: (finding: Finding, index: number) => Finding): Report {
  return { ...report, findings: report.findings.map(change) };
}

const STATUSES: readonly Status[] = ['open', 'waived', 'baseline'];
const drifted = reportOn('testdata/clusters/drifted');
const REPORTS: Readonly<Record<string, Report>> = {
  findings: reportOn('testdata/formats/findings'),
  clean: reportOn('testdata/formats/clean'),
  errors: reportOn('testdata/formats/errors'),
  drifted,
  accepted: changed(drifted, (finding, index) => ({
    ...finding,
    status: STATUSES[index % STATUSES.length] ?? 'open',
  })),
  environments: changed(drifted, (finding) => ({ ...finding, environment: 'prod' })),
  rendered: changed(drifted, (finding, index) => ({
    ...finding,
    rendered: { input: 'helm charts/shop', line: index + 1, column: 1 },
  })),
  unreadable: {
    ...drifted,
    inputErrors: [
      { ...INPUT_ERROR, code: 'NOTHING_TO_CHECK', ...NOWHERE },
      { ...INPUT_ERROR, ...NOWHERE, file: 'bulkhead', code: 'FILE_UNREADABLE' },
      // Two at one place, and two that end in one place without a path.
      INPUT_ERROR,
      { ...INPUT_ERROR, message: 'a\n::error::b | c' },
      { ...INPUT_ERROR, ...NOWHERE },
      { ...INPUT_ERROR, ...NOWHERE, file: '.' },
      { ...INPUT_ERROR, line: 2, file: 'a b\n.yaml', code: 'MANIFEST_OBJECT' },
    ],
  },
  many: {
    ...drifted,
    findings: [1, 2, 3].flatMap((copy) =>
      drifted.findings.map((finding) => ({ ...finding, file: `${copy}/${finding.file}` })),
    ),
  },
};

const formats = formatsOf('report');

/** Differences by what they are like: their new findings are those of a report. */
const DIFFS: Readonly<Record<string, Diff>> = {
  findings: diffTo('clean', 'findings'),
  clean: diffTo('findings', 'clean'),
  errors: diffTo('errors', 'findings'),
  unreadable: diffTo('findings', 'errors'),
  drifted: diff(bulkhead, inputOf('testdata/formats/clean'), inputOf('testdata/clusters/drifted')),
};

function diffTo(old: string, now: string): Diff {
  return diff(bulkhead, inputOf(`testdata/formats/${old}`), inputOf(`testdata/formats/${now}`));
}

function inputOf(directory: string): DiffInput {
  return { name: directory, clusters: [{ profile, files: manifestsIn(ROOT, directory) }] };
}
const CONTEXT = {
  source: sourceOf([]),
  color: false,
  width: Number.POSITIVE_INFINITY,
  catalogue: bulkhead.catalogue,
  pages: bulkhead.pages,
};

test('each format has a reader', () => {
  assert.deepEqual(Object.keys(READERS).sort(), Object.keys(formats).sort());
});

for (const [name, report] of Object.entries(REPORTS)) {
  describe(name, () => {
    for (const [format, { key, read, errors }] of Object.entries(READERS)) {
      test(format, () => {
        const render = formats[format];
        assert.ok(render);
        const text = render(report, CONTEXT);
        const codes = report.inputErrors.map(({ code }) => code);
        assert.deepEqual([...errors(text)].sort(), codes.sort());
        const { keys, left } = read(text);
        const open = openFindings(report).map(key);
        // Findings of the same words may share what shows them.
        const expected = new Set(open);
        assert.deepEqual(
          keys.filter((one) => !expected.has(one)),
          [],
          'what is no open finding',
        );
        if (left === 0) assert.deepEqual(new Set(keys), expected);
        else assert.equal(keys.length + left, open.length, 'shown and counted');
      });
    }
  });
}

describe('differences', () => {
  const ofDiff = formatsOf('diff');
  test('have the formats of reports', () => {
    assert.deepEqual(Object.keys(ofDiff), Object.keys(formats));
  });
  for (const [name, document] of Object.entries(DIFFS)) {
    for (const [format, { key, read, errors }] of Object.entries(READERS)) {
      test(`${name} as ${format}`, () => {
        const text = ofDiff[format]?.(document, CONTEXT) ?? '';
        const told = format === 'json' ? asReport(text) : text;
        const report = reportOfDiff(document);
        const codes = report.inputErrors.map(({ code }) => code);
        assert.deepEqual([...errors(told)].sort(), codes.sort());
        // Only these two say in lines of their own what else changed.
        const findings = ['human', 'json'].includes(format) ? document.added : report.findings;
        const { keys, left } = read(told);
        if (left === 0) assert.deepEqual(new Set(keys), new Set(findings.map(key)));
        else assert.equal(keys.length + left, findings.length, 'shown and counted');
      });
    }
  }

  test('have new findings, and errors of both sides', () => {
    const counts = Object.values(DIFFS).map(({ added, old, now }) => [
      added.length > 0,
      old.report.inputErrors.length > 0,
      now.report.inputErrors.length > 0,
    ]);
    for (const column of [0, 1, 2]) {
      assert.deepEqual(new Set(counts.map((row) => row[column])), new Set([true, false]));
    }
  });
});

/** The JSON of a difference with the keys that a report has. */
function asReport(text: string): string {
  const { new: findings, inputErrors } = JSON.parse(text);
  return JSON.stringify({ findings, inputErrors: [...inputErrors.old, ...inputErrors.new] });
}

test('the reports have what the formats may differ about', () => {
  const counts = Object.fromEntries(
    Object.entries(REPORTS).map(([name, report]) => [name, openFindings(report).length]),
  );
  assert.equal(counts['clean'], 0);
  assert.ok((counts['accepted'] ?? 0) < drifted.findings.length);
  assert.ok((counts['many'] ?? 0) > 50);
  assert.ok((REPORTS['errors']?.inputErrors.length ?? 0) > 0);
});
