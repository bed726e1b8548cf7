import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { FINDING as SAMPLE, REPORT as SAMPLE_REPORT } from '../../test/support/samples.ts';
import type { Cell, Column, Row, Table } from '../report/component-table.ts';
import type { Finding, Report } from '../report/report.ts';
import { renderTable, renderTableMarkdown } from './table.ts';

const CELLS: Readonly<Record<Column, Cell>> = {
  type: same('Deployment'),
  replicas: same('2'),
  nodeRole: same('master'),
  antiAffinity: same('yes'),
  disruptionControl: { ...same('N/A'), actual: 'no' },
};
const OFF_ROLE = 'kube-dns can run on worker nodes';
const TABLE: Table = {
  profile: 'sample',
  title: 'Sample 1.0',
  rows: [
    row('kube-scheduler', {}),
    row('kube-dns', {
      nodeRole: { documented: 'master', actual: 'any', deviates: true, reasons: ['b|c', OFF_ROLE] },
      antiAffinity: { documented: 'yes', actual: 'yes', deviates: true, reasons: [OFF_ROLE] },
      disruptionControl: { documented: 'yes', actual: 'no', deviates: true, reasons: [] },
    }),
    {
      component: 'heapster',
      state: 'missing',
      objects: [],
      cells: {
        type: gone('ReplicaSet'),
        replicas: gone('1'),
        nodeRole: gone('any'),
        antiAffinity: gone('N/A'),
        disruptionControl: gone('N/A'),
      },
    },
  ],
};
const FINDING: Finding = { ...SAMPLE, message: OFF_ROLE, component: 'kube-dns' };
const REPORT: Report = {
  ...SAMPLE_REPORT,
  scope: 'cluster',
  findings: [FINDING, { ...FINDING, message: 'a node is not tainted', component: null }],
  components: [{ name: 'heapster', state: 'missing', objects: [] }],
  summary: { ...SAMPLE_REPORT.summary, documents: 2, objects: 2, checked: 2, findings: 2 },
};
const LAST =
  '1 file, 2 documents, 2 of 2 objects checked: 2 findings (2 errors, 0 warnings), 0 input errors, 1 missing component';

function same(word: string): Cell {
  return { documented: word, actual: word, deviates: false, reasons: [] };
}

function gone(documented: string): Cell {
  return { documented, actual: '-', deviates: false, reasons: [] };
}

function row(component: string, cells: Partial<Record<Column, Cell>>): Row {
  return { component, state: 'present', objects: [], cells: { ...CELLS, ...cells } };
}

test('a table is aligned, marks the cells that deviate, and gives the reasons below', () => {
  assert.equal(
    renderTable({ table: TABLE, report: REPORT }, { color: false }),
    `Sample 1.0 (sample)

Component           Type        Replicas  Node role            Anti-Affinity  Disruption Control
kube-scheduler      Deployment  2         master               yes            N/A (no)
kube-dns            Deployment  2         master ≠ any [1, 2]  yes ✗ [2]      yes ≠ no
heapster (missing)  -           -         -                    -              -

[1] kube-dns: b|c
[2] ${OFF_ROLE}

1 finding in no cell of the table: see bulkhead check

${LAST}
`,
  );
});

test('a table in Markdown has deviating cells in bold and the reasons as a list', () => {
  assert.equal(
    renderTableMarkdown({ table: TABLE, report: REPORT }),
    `## Sample 1.0 (sample)

| Component | Type | Replicas | Node role | Anti-Affinity | Disruption Control |
| --- | --- | --- | --- | --- | --- |
| kube-scheduler | Deployment | 2 | master | yes | N/A (no) |
| kube-dns | Deployment | 2 | **master ≠ any \\[1, 2\\]** | **yes ✗ \\[2\\]** | **yes ≠ no** |
| heapster (missing) | - | - | - | - | - |

1. kube-dns: b\\|c
2. ${OFF_ROLE}

1 finding in no cell of the table: see bulkhead check

${LAST}
`,
  );
});

test('a hostile name adds neither a column nor markup nor a terminal escape', () => {
  const hostile = { ...TABLE, title: 'sample', rows: [row('a|<b>*`\\\u001b\n', {})] };
  const clean = { ...REPORT, findings: [] };
  assert.equal(
    renderTableMarkdown({ table: hostile, report: clean }).split('\n')[4],
    '| a\\|&lt;b>\\*\\`\\\\\\\\x1b\\\\n | Deployment | 2 | master | yes | N/A (no) |',
  );
  assert.equal(
    renderTable({ table: hostile, report: clean }, { color: false }).split('\n')[3],
    'a|<b>*`\\\\x1b\\n  Deployment  2         master     yes            N/A (no)',
  );
});

test('colour is an option and changes nothing but colour', () => {
  assert.equal(
    stripVTControlCharacters(renderTable({ table: TABLE, report: REPORT }, { color: true })),
    renderTable({ table: TABLE, report: REPORT }, { color: false }),
  );
});
