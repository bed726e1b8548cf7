import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { NOTE, FINDING as SAMPLE, REPORT as SAMPLE_REPORT } from '../../test/support/samples.ts';
import type { Cell, Column, Row, Table } from '../report/component-table.ts';
import type { Finding, Report } from '../report/report.ts';
import { objectName } from './names.ts';
import { renderTable } from './table.ts';
import { renderTableMarkdown } from './table-markdown.ts';

const CELLS: Readonly<Record<Column, Cell>> = {
  type: same('Deployment'),
  replicas: same('2'),
  nodeRole: same('master'),
  antiAffinity: same('yes'),
  disruptionControl: { ...same('N/A'), actual: 'no' },
};
const OFF_ROLE = 'kube-dns can run on worker nodes';
const FINDING: Finding = { ...SAMPLE, message: OFF_ROLE, component: 'kube-dns' };
const PIPE: Finding = { ...FINDING, message: 'b|c' };
const TABLE: Table = {
  profile: 'sample',
  title: 'Sample 1.0',
  rows: [
    row('kube-scheduler', {}),
    row('kube-dns', {
      nodeRole: { documented: 'master', actual: 'any', deviates: true, reasons: [PIPE, FINDING] },
      antiAffinity: { documented: 'yes', actual: 'yes', deviates: true, reasons: [FINDING] },
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
const REPORT: Report = {
  ...SAMPLE_REPORT,
  scope: 'cluster',
  findings: [FINDING, { ...FINDING, message: 'a node is not tainted', component: null }],
  components: [{ name: 'heapster', environment: null, state: 'missing', objects: [] }],
  summary: { ...SAMPLE_REPORT.summary, documents: 2, objects: 2, checked: 2, findings: 2 },
};
const LAST = `Components not found (1 of 1): heapster.

2 errors in 1 file.
Checked 2 objects in 1 file against sample.`;
const CONTEXT = {
  source: () => undefined,
  color: false,
  width: 110,
  catalogue: { version: '1.2.3', repository: 'https://example.org/project', policies: [] },
  pages: () => ({}),
};

function same(word: string): Cell {
  return { documented: word, actual: word, deviates: false, reasons: [] };
}

function gone(documented: string): Cell {
  return { documented, actual: '-', deviates: false, reasons: [] };
}

function row(component: string, cells: Partial<Record<Column, Cell>>): Row {
  return { component, state: 'present', objects: [], cells: { ...CELLS, ...cells } };
}

const NAME = objectName(FINDING.object);

test('a table that fits is a grid, which marks the cells that deviate, and gives the reasons below', () => {
  assert.equal(
    renderTable({ table: TABLE, report: REPORT }, CONTEXT),
    `Sample 1.0 (sample)

Component             Type        Replicas  Node role                   Anti-affinity  Disruption control
kube-scheduler        Deployment  2         master                      yes            N/A (no)
kube-dns              Deployment  2         master, runs on any [1, 2]  yes ✗ [2]      yes, is no
heapster (not found)  -           -         -                           -              -

[1] ${NAME}: b|c (${FINDING.file}:${FINDING.line}:${FINDING.column})
[2] ${OFF_ROLE} (${FINDING.file}:${FINDING.line}:${FINDING.column})

1 finding not in this table: see bulkhead check.

${LAST}
`,
  );
});

test('a table that does not fit is a list of what deviates', () => {
  assert.equal(
    renderTable({ table: TABLE, report: REPORT }, { ...CONTEXT, width: 60 }),
    `Sample 1.0 (sample)

1 of 3 rows deviate, 1 as documented, 1 not found.

kube-dns
  node role           master, runs on any
                      ${NAME}: b|c
                      a.yaml:1:1
                      kube-dns can run on worker nodes
                      a.yaml:1:1
  anti-affinity       yes ✗
                      kube-dns can run on worker nodes
                      a.yaml:1:1
  disruption control  yes, is no

1 finding not in this table: see bulkhead check.

${LAST}
`,
  );
});

test('a table in Markdown has deviating cells in bold and the reasons as a list', () => {
  assert.equal(
    renderTableMarkdown({ table: TABLE, report: REPORT }, CONTEXT),
    `## Sample 1.0 (sample)

| Component | Type | Replicas | Node role | Anti-affinity | Disruption control |
| --- | --- | --- | --- | --- | --- |
| kube-scheduler | Deployment | 2 | master | yes | N/A (no) |
| kube-dns | Deployment | 2 | **master, runs on any \\[1, 2\\]** | **yes ✗ \\[2\\]** | **yes, is no** |
| heapster (not found) | - | - | - | - | - |

1. ${NAME}: b\\|c (a.yaml:1:1)
2. ${OFF_ROLE} (a.yaml:1:1)

1 finding not in this table: see bulkhead check.

${LAST}
`,
  );
});

test('a hostile name adds neither a column nor markup nor a terminal escape', () => {
  const hostile = { ...TABLE, title: 'sample', rows: [row('a|<b>*`\\\u001b\n', {})] };
  const clean = { ...REPORT, findings: [] };
  assert.equal(
    renderTableMarkdown({ table: hostile, report: clean }, CONTEXT).split('\n')[4],
    '| a\\|&lt;b&gt;\\*\\`\\\\\\\\x1b\\\\n | Deployment | 2 | master | yes | N/A (no) |',
  );
  assert.equal(
    renderTable({ table: hostile, report: clean }, CONTEXT).split('\n')[3],
    'a|<b>*`\\\\x1b\\n  Deployment  2         master     yes            N/A (no)',
  );
});

test('colour is an option and changes nothing but colour', () => {
  for (const width of [60, 110]) {
    const colored = renderTable(
      { table: TABLE, report: REPORT },
      { ...CONTEXT, width, color: true },
    );
    const plain = renderTable({ table: TABLE, report: REPORT }, { ...CONTEXT, width });
    assert.notEqual(colored, plain);
    assert.equal(stripVTControlCharacters(colored), plain);
  }
});

test('a note about the profile is shown, others are counted', () => {
  const note = { ...NOTE, message: 'it asks @octocat' };
  const general = { ...note, file: null, line: null, column: null };
  const report = { ...REPORT, notes: [note, general] };
  const lines = (text: string) => text.split('\n').filter((line) => line.startsWith('Note: '));
  assert.deepEqual(lines(renderTable({ table: TABLE, report }, CONTEXT)), [
    'Note: it asks @octocat.',
  ]);
  assert.deepEqual(lines(renderTableMarkdown({ table: TABLE, report }, CONTEXT)), [
    'Note: it asks @<!-- -->octocat.',
  ]);
});
