import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { XMLValidator } from 'fast-xml-parser';
import { check } from '../src/check.ts';
import type { Context } from '../src/formats/context.ts';
import { renderGitlab } from '../src/formats/gitlab.ts';
import { renderJunit } from '../src/formats/junit.ts';
import { objectName } from '../src/formats/names.ts';
import { plainPath } from '../src/formats/relative-path.ts';
import { renderMarkdown } from '../src/formats/report-markdown.ts';
import { renderSarif } from '../src/formats/sarif.ts';
import { visible } from '../src/formats/text.ts';
import type { ObjectReference } from '../src/kubernetes/objects.ts';
import { openFindings } from '../src/report/order.ts';
import type { Finding, Report } from '../src/report/report.ts';
import { sourceOf } from '../src/source.ts';
import { builtBulkhead, manifestsIn, ROOT, shippedProfile } from './support/bulkhead.ts';
import { anyReport } from './support/hostile-reports.ts';
import {
  gitlab,
  type JunitCase,
  type JunitSuite,
  junit,
  junitDocument,
  junitSuites,
  type ReadFinding,
  sarif,
} from './support/report-readers.ts';
import { gitlabFaults, junitFaults, sarifFaults } from './support/report-schemas.ts';

// SARIF, GitLab's Code Quality and JUnit, read back by what their readers require: of the samples and of reports
// whose names, paths and messages are hostile.

const { catalogue, pages } = builtBulkhead();
const CONTEXT: Context = { source: () => undefined, color: false, width: 80, catalogue, pages };

const SAMPLES = ['findings', 'clean', 'errors'].map((name) => {
  const files = manifestsIn(ROOT, `testdata/formats/${name}`);
  const report = check(builtBulkhead(), shippedProfile('tectonic-1.6.4'), files);
  return { name, report, context: { ...CONTEXT, source: sourceOf(files) } };
});

describe('SARIF', () => {
  for (const { name, report, context } of SAMPLES) {
    test(`sample ${name}`, () => assertSarif(report, context));
  }
  test('any report', () => {
    fc.assert(fc.property(anyReport, (report) => assertSarif(report, CONTEXT)));
  });
  test('the schema rejects what is no SARIF', () => {
    const text = renderSarif(SAMPLES[0]?.report as Report, CONTEXT);
    for (const [from, to] of [
      ['"startLine": 19', '"startLine": 0'],
      ['"uri": "testdata/', '"uri": "test data/'],
      ['"level": "error"', '"level": "fatal"'],
      ['"columnKind"', '"columns"'],
    ] as const) {
      assert.ok(text.includes(from), from);
      assert.notDeepEqual(sarifFaults(text.replace(from, to)), [], to);
    }
  });
});

function assertSarif(report: Report, context: Context): void {
  const text = renderSarif(report, context);
  assert.deepEqual(sarifFaults(text), []);
  const isWellFormed = (file: string) => plainPath(file).replaceAll(/\p{Cs}/gu, '\ufffd');
  assertSame(sarif(text), openFindings(report), isWellFormed);
  const [{ results, invocations }] = JSON.parse(text).runs;
  const prints = results.map((one: { partialFingerprints: object }) =>
    JSON.stringify(one.partialFingerprints),
  );
  assert.equal(new Set(prints).size, prints.length);
  const errors = invocations[0].toolExecutionNotifications.filter(
    ({ level }: { level: string }) => level === 'error',
  );
  assert.equal(errors.length, report.inputErrors.length);
  assert.equal(invocations[0].executionSuccessful, report.inputErrors.length === 0);
  const { toolExecutionNotifications } = invocations[0];
  for (const { message } of [...results, ...toolExecutionNotifications]) {
    assert.equal(visible(message.text.replaceAll('\n', ' ')), message.text.replaceAll('\n', ' '));
  }
  // A viewer would put an argument or a link there.
  for (const { message } of results) {
    const unescaped = message.text.replaceAll(/\\[\\[\]]|\{\{|\}\}/g, '');
    assert.doesNotMatch(unescaped, /\{\d+\}|\]\(/);
  }
}

describe('GitLab', () => {
  for (const { name, report } of SAMPLES) test(`sample ${name}`, () => assertGitlab(report));
  test('any report', () => {
    fc.assert(fc.property(anyReport, assertGitlab));
  });
});

function assertGitlab(report: Report): void {
  const text = renderGitlab(report);
  assert.deepEqual(gitlabFaults(text), []);
  assertSame(gitlab(text), openFindings(report), plainPath);
  const issues = JSON.parse(text);
  const prints = new Set(issues.map(({ fingerprint }: { fingerprint: string }) => fingerprint));
  assert.equal(prints.size, openFindings(report).length + report.inputErrors.length);
}

describe('Markdown', () => {
  for (const { name, report, context } of SAMPLES) {
    test(`sample ${name}`, () => assertMarkdown(report, context));
  }
  test('any report', () => {
    fc.assert(fc.property(anyReport, (report) => assertMarkdown(report, CONTEXT)));
  });
});

/** Whatever the texts are, a row has its six cells, and all markup is that of the page. */
function assertMarkdown(report: Report, context: Context): void {
  const lines = renderMarkdown(report, context).split('\n');
  const rows = lines.filter((line) => /^\| (?:error|warning) \|/.test(line));
  const items = lines.filter((line) => line.startsWith('- '));
  assert.equal(rows.length, openFindings(report).length);
  assert.equal(items.length, report.inputErrors.length + report.notes.length);
  for (const line of [...rows, ...items]) {
    // What GitHub would link.
    const texts = line.replace(/\]\(https:\/\/github\.com\/[^()|]+\) \|$/, '');
    assert.doesNotMatch(texts, /@(?!<!-- -->)|[a-z]:\/\//i);
    const plain = line
      .replaceAll(/\\[\\`*_{}[\]|~#.)+-]|<!-- -->|<span>\$<\/span>|&(?:amp|lt|gt);/g, '')
      .replace(/\[[a-z-]+\]\(https:\/\/[^()|[\]]+\) \|$/, '|');
    assert.doesNotMatch(plain, /[\\`*_{}[\]~#<>&$]/);
    assert.equal(plain.split('|').length, line.startsWith('|') ? 8 : 1);
  }
}

describe('JUnit', () => {
  for (const { name, report, context } of SAMPLES) {
    test(`sample ${name}`, () => assertJunit(report, context));
  }
  test('any report', () => {
    fc.assert(fc.property(anyReport, (report) => assertJunit(report, CONTEXT)));
  });
  test('what Jenkins does not read is found', () => {
    const text = renderJunit(SAMPLES[0]?.report as Report, CONTEXT);
    for (const [from, to] of [
      ['classname=', 'class='],
      ['<testsuites', '<testsuites skipped="0"'],
      ['</failure>', '</failure><note/>'],
    ] as const) {
      assert.notDeepEqual(junitFaults(text.replace(from, to)), [], to);
    }
  });
});

function assertJunit(report: Report, context: Context): void {
  const text = renderJunit(report, context);
  assert.equal(XMLValidator.validate(text), true);
  assert.doesNotMatch(text, /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  assert.deepEqual(junitFaults(text), []);
  const suites = junitSuites(text);
  assertCounts(suites, junitDocument(text).testsuites);
  const cases = suites.flatMap(({ testcase }) => testcase);
  // A reader keeps one of two cases with the same name, and one outcome of a case.
  assert.equal(
    new Set(cases.map(({ classname, name }) => `${classname}\0${name}`)).size,
    cases.length,
  );
  for (const { failure = [], error = [], skipped = [] } of cases) {
    assert.ok(failure.length + error.length + skipped.length <= 1);
  }
  assert.equal(cases.flatMap(({ error = [] }) => error).length, report.inputErrors.length);
  assertSame(junit(text), openFindings(report), visible);
  assertOutcomes(cases, report);
}

function assertCounts(
  suites: readonly JunitSuite[],
  totals: Omit<JunitSuite, 'testcase' | 'name' | 'skipped'>,
) {
  const counted = suites.map(({ testcase }) => ({
    tests: testcase.length,
    failures: testcase.filter(({ failure }) => failure).length,
    errors: testcase.filter(({ error }) => error).length,
    skipped: testcase.filter(({ skipped }) => skipped).length,
  }));
  for (const [index, { tests, failures, errors, skipped }] of suites.entries()) {
    const said = [tests, failures, errors, skipped].map(Number);
    assert.deepEqual(said, Object.values(counted[index] ?? {}));
  }
  for (const key of ['tests', 'failures', 'errors'] as const) {
    assert.equal(
      Number(totals[key]),
      counted.reduce((sum, one) => sum + one[key], 0),
    );
  }
}

/** Every object that was checked or that has findings has a case, and none passes that has a finding. */
function assertOutcomes(cases: readonly JunitCase[], report: Report): void {
  const caseNamed = new Map(cases.map((one) => [JSON.stringify([one.classname, one.name]), one]));
  const caseOf = (file: string, environment: string | null, object: ObjectReference) => {
    const name = `${environment === null ? '' : `${environment}: `}${objectName(object)}`;
    const found = caseNamed.get(JSON.stringify([visible(file), name]));
    assert.ok(found, `no case ${name} in ${file}`);
    return found;
  };
  for (const object of report.checked) {
    caseOf(object.file, object.key.startsWith('prod: ') ? 'prod' : null, object);
  }
  for (const { file, environment, object, status } of report.findings) {
    const { failure, skipped } = caseOf(file, environment, object);
    assert.ok(status === 'open' ? failure : failure || skipped);
  }
  const skipped = cases.flatMap(({ skipped: results = [] }) => results);
  for (const { policy } of report.findings.filter(({ status }) => status !== 'open')) {
    assert.ok(skipped.some(({ type }) => type.split(', ').includes(policy)));
  }
}

function assertSame(
  read: readonly ReadFinding[],
  findings: readonly Finding[],
  nameOf: (file: string) => string,
): void {
  const keyOf = ({ policy, file, line }: ReadFinding) => JSON.stringify([policy, file, line]);
  assert.deepEqual(
    new Set(read.map(keyOf)),
    new Set(findings.map((finding) => keyOf({ ...finding, file: nameOf(finding.file) }))),
  );
}
