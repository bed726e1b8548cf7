import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  FINDING,
  INPUT_ERROR,
  NOTE,
  REPORT as SAMPLE,
  SIMULATION,
} from '../../test/support/samples.ts';
import { faultsOf } from '../../test/support/schemas.ts';
import { commandIn } from '../../test/support/workflow-commands.ts';
import type { Cell, Table } from '../report/component-table.ts';
import type { Report } from '../report/report.ts';
import { renderJson, renderSimulationJson, renderTableJson } from './json.ts';

const OBJECT = FINDING.object;
const REPORT: Report = {
  ...SAMPLE,
  findings: [
    {
      ...FINDING,
      file: 'b.yaml',
      fix: {
        title: 'Fix it.',
        safe: true,
        edits: [
          { path: ['spec', 0], op: 'remove' },
          { value: null, path: ['spec', 'replicas'], op: 'set' },
        ],
      },
      related: [
        {
          says: 'minAvailable 1',
          path: ['spec', 'minAvailable'],
          ...{ file: null, line: null, column: null, endLine: null, endColumn: null },
          ...OBJECT,
        },
      ],
    },
    FINDING,
  ],
  inputErrors: [INPUT_ERROR],
  notes: [{ ...NOTE, line: 3 }, NOTE],
  components: [
    { name: 'b', environment: null, state: 'present', objects: [{ ...OBJECT, name: 'q' }, OBJECT] },
    { name: 'a', environment: null, state: 'missing', objects: [] },
  ],
  checked: [
    { ...OBJECT, file: 'b.yaml', key: 'b' },
    { ...OBJECT, file: 'a.yaml', key: 'a' },
  ],
};
const REASON = { ...FINDING, file: 'a.yaml' };
const CELL: Cell = { reasons: [REASON], deviates: true, actual: 'any', documented: 'master' };
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

/** The keys of a value of JSON, in their order. */
function keys(value: unknown): readonly string[] {
  return Object.keys(Object(value));
}

const HEADER =
  'version tool profile environment environments scope policies inputs read excluded otherDocuments'.split(
    ' ',
  );

test('a report has its keys in a fixed order, and everything sorted', () => {
  const json = JSON.parse(renderJson(REPORT));
  assert.deepEqual(keys(json), [
    ...HEADER,
    ...'findings inputErrors notes components checked waivers baseline summary'.split(' '),
  ]);
  const [first, second] = json.findings;
  assert.deepEqual([first.file, second.file], ['a.yaml', 'b.yaml']);
  assert.deepEqual(
    keys(first).join(' '),
    'policy severity message component object file line column endLine endColumn path remediation fix related fingerprint ordinal environment status waiver docs',
  );
  assert.deepEqual(second.fix, {
    title: 'Fix it.',
    safe: true,
    edits: [
      { op: 'remove', path: ['spec', 0] },
      { op: 'set', path: ['spec', 'replicas'], value: null },
    ],
  });
  assert.equal(
    keys(second.related[0]).join(' '),
    'apiVersion kind namespace name file line column endLine endColumn path says',
  );
  assert.deepEqual(
    json.notes.map(({ line }: { line: number }) => line),
    [1, 3],
  );
  assert.deepEqual(
    json.checked.map(({ file }: { file: string }) => file),
    ['a.yaml', 'b.yaml'],
  );
});

test('a table has its cells in the order of the document, and its reasons with their places', () => {
  const json = JSON.parse(renderTableJson({ table: TABLE, report: REPORT }));
  assert.deepEqual(keys(json), [...HEADER, 'title', 'rows', 'inputErrors', 'notes', 'summary']);
  const { cells } = json.rows[0];
  assert.equal(keys(cells).join(' '), 'type replicas nodeRole antiAffinity disruptionControl');
  const { policy, message, object, line, column } = FINDING;
  assert.deepEqual(cells.type.reasons, [{ policy, message, object, file: 'a.yaml', line, column }]);
});

test('a simulation has its errors and notes', () => {
  const json = JSON.parse(
    renderSimulationJson({ ...SIMULATION, inputErrors: [INPUT_ERROR], notes: [NOTE] }),
  );
  assert.deepEqual([json.inputErrors, json.notes], [[INPUT_ERROR], [NOTE]]);
});

test('each document follows its schema', () => {
  assert.deepEqual(faultsOf('report', renderJson(REPORT)), []);
  assert.deepEqual(faultsOf('table', renderTableJson({ table: TABLE, report: REPORT })), []);
  assert.deepEqual(faultsOf('simulation', renderSimulationJson(SIMULATION)), []);
});

test('the order in which things were found leaves no trace', () => {
  const reversed: Report = {
    ...REPORT,
    findings: REPORT.findings.toReversed(),
    inputErrors: REPORT.inputErrors.toReversed(),
    notes: REPORT.notes.toReversed(),
    otherDocuments: REPORT.otherDocuments.toReversed(),
    checked: REPORT.checked.toReversed(),
    components: REPORT.components.map((component) => ({
      ...component,
      objects: component.objects.toReversed(),
    })),
  };
  assert.equal(renderJson(reversed), renderJson(REPORT));
});

test('JSON holds no character that a terminal obeys, and loses none', () => {
  const message = 'a\u001bb\u009bc\u202ed\u{e0041}e\u2028';
  const report = renderJson({ ...REPORT, findings: [{ ...FINDING, message }] });
  const simulation = renderSimulationJson({ ...SIMULATION, notes: [{ ...NOTE, message }] });
  for (const json of [report, simulation]) assert.match(json, /^[\n\u0020-\u007e]*$/);
  assert.equal(JSON.parse(report).findings[0].message, message);
  assert.equal(JSON.parse(simulation).notes[0].message, message);
});

test('no line of JSON is a command of GitHub Actions, and no text is lost', () => {
  const message = '::error::x ##[stop-commands]y';
  const json = renderJson({ ...REPORT, findings: [{ ...FINDING, message }] });
  assert.deepEqual(
    json.split('\n').filter((line) => commandIn(line) !== undefined),
    [],
  );
  assert.equal(JSON.parse(json).findings[0].message, message);
});

describe('the schema of a report', () => {
  for (const [name, change, faults] of [
    ['refuses a line that counts from zero', { findings: [{ ...FINDING, line: 0 }] }, 1],
    ['refuses another severity', { findings: [{ ...FINDING, severity: 'info' }] }, 1],
    ['refuses a finding without a fingerprint', { findings: [{ ...FINDING, fingerprint: '' }] }, 1],
    ['refuses a report without findings', { findings: undefined }, 1],
    ['refuses another version', { version: 1 }, 1],
    ['allows keys that it does not know', { extra: true }, 0],
  ] as const) {
    test(name, () => {
      const report = { ...JSON.parse(renderJson(REPORT)), ...change };
      assert.equal(faultsOf('report', JSON.stringify(report)).length, faults);
    });
  }
});
