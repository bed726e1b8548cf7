import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Cell, Table } from '../report/component-table.ts';
import type { Finding, Report } from '../report/report.ts';
import { renderJson, renderTableJson } from './json.ts';

const OBJECT = { apiVersion: 'v1', kind: 'Pod', namespace: null, name: 'p' };
const FINDING: Finding = {
  remediation: 'Mend it.',
  path: ['spec', 0, 'a/b'],
  column: 2,
  line: 1,
  file: 'b.yaml',
  object: OBJECT,
  component: null,
  message: 'it is wrong',
  severity: 'error',
  policy: 'off-role-placement',
};
const REPORT: Report = {
  summary: {
    errors: 1,
    findings: 2,
    judged: 1,
    objects: 1,
    documents: 1,
    emptyDocuments: 0,
    otherDocuments: 0,
    refusedDocuments: 0,
    files: 2,
  },
  components: [
    { name: 'b', state: 'present', objects: [{ ...OBJECT, name: 'q' }, OBJECT] },
    { name: 'a', state: 'missing', objects: [] },
  ],
  warnings: [{ code: 'DUPLICATE_KEY', message: 'twice', file: 'b.yaml', line: 3, column: 1 }],
  errors: [{ code: 'FILE_UNREADABLE', message: 'gone', file: 'c', line: null, column: null }],
  findings: [FINDING, { ...FINDING, file: 'a.yaml', component: 'b' }],
  profile: 'sample',
};
const CELL: Cell = { reasons: ['z', 'a'], deviates: true, actual: 'any', documented: 'master' };
const TABLE: Table = {
  rows: [
    {
      cells: {
        disruptionControl: CELL,
        antiAffinity: CELL,
        nodeRole: CELL,
        replicas: CELL,
        type: CELL,
      },
      objects: [OBJECT],
      state: 'present',
      component: 'b',
    },
  ],
  title: 'Sample',
  profile: 'sample',
};

const schema = (name: string): object =>
  JSON.parse(readFileSync(new URL(`../../docs/${name}.schema.json`, import.meta.url), 'utf8'));
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
ajv.addSchema(schema('report')).addSchema(schema('table'));

function faults(name: string, json: string): readonly string[] {
  ajv.validate(`https://bulkhead.dev/${name}.schema.json`, JSON.parse(json));
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

test('a report is the published contract: these keys, in this order, sorted', () => {
  const other = { ...FINDING, file: 'a.yaml', component: 'b' };
  const object = { apiVersion: 'v1', kind: 'Pod', namespace: null, name: 'p' };
  const expected = {
    profile: 'sample',
    findings: [other, FINDING].map(({ component, file }) => ({
      policy: 'off-role-placement',
      severity: 'error',
      message: 'it is wrong',
      component,
      object,
      file,
      line: 1,
      column: 2,
      path: ['spec', 0, 'a/b'],
      remediation: 'Mend it.',
    })),
    errors: [{ code: 'FILE_UNREADABLE', message: 'gone', file: 'c', line: null, column: null }],
    warnings: [{ code: 'DUPLICATE_KEY', message: 'twice', file: 'b.yaml', line: 3, column: 1 }],
    components: [
      { name: 'b', state: 'present', objects: [object, { ...object, name: 'q' }] },
      { name: 'a', state: 'missing', objects: [] },
    ],
    summary: {
      files: 2,
      documents: 1,
      emptyDocuments: 0,
      otherDocuments: 0,
      refusedDocuments: 0,
      objects: 1,
      judged: 1,
      findings: 2,
      errors: 1,
    },
  };
  assert.equal(renderJson(REPORT), `${JSON.stringify(expected, null, 2)}\n`);
});

test('a report follows its schema', () => {
  assert.deepEqual(faults('report', renderJson(REPORT)), []);
});

test('a table follows its schema, its cells in the order of the document', () => {
  const json = renderTableJson({ table: TABLE, report: REPORT });
  assert.deepEqual(faults('table', json), []);
  const cell = { documented: 'master', actual: 'any', deviates: true, reasons: ['a', 'z'] };
  assert.equal(
    json,
    `${JSON.stringify(
      {
        profile: 'sample',
        title: 'Sample',
        rows: [
          {
            component: 'b',
            state: 'present',
            objects: [OBJECT],
            cells: {
              type: cell,
              replicas: cell,
              nodeRole: cell,
              antiAffinity: cell,
              disruptionControl: cell,
            },
          },
        ],
        errors: REPORT.errors,
        warnings: REPORT.warnings,
        summary: {
          files: 2,
          documents: 1,
          emptyDocuments: 0,
          otherDocuments: 0,
          refusedDocuments: 0,
          objects: 1,
          judged: 1,
          findings: 2,
          errors: 1,
        },
      },
      null,
      2,
    )}\n`,
  );
});

test('the order in which things were found leaves no trace', () => {
  const reversed: Report = {
    ...REPORT,
    findings: REPORT.findings.toReversed(),
    errors: REPORT.errors.toReversed(),
    warnings: REPORT.warnings.toReversed(),
    components: REPORT.components.map((component) => ({
      ...component,
      objects: component.objects.toReversed(),
    })),
  };
  assert.equal(renderJson(reversed), renderJson(REPORT));
});

test('JSON holds no character that a terminal obeys, and loses none', () => {
  const message = 'a\u001bb\u009bc\u202ed\u{e0041}e\u2028';
  const json = renderJson({ ...REPORT, findings: [{ ...FINDING, message }] });
  assert.ok(/^[\n\u0020-\u007e]*$/.test(json));
  assert.equal(JSON.parse(json).findings[0].message, message);
});

const broken: readonly (readonly [string, unknown])[] = [
  ['a line that counts from zero', { findings: [{ ...FINDING, line: 0 }] }],
  ['another severity', { findings: [{ ...FINDING, severity: 'info' }] }],
  ['a key of its own', { extra: true }],
  ['no findings', { findings: undefined }],
];
for (const [name, change] of broken) {
  test(`the schema refuses a report with ${name}`, () => {
    const report = { ...JSON.parse(renderJson(REPORT)), ...Object(change) };
    assert.equal(faults('report', JSON.stringify(report)).length, 1);
  });
}
