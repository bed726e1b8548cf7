import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { check } from '../src/check.ts';
import type { InputFile } from '../src/input.ts';
import { COLUMNS, type Column } from '../src/report/component-table.ts';
import { table } from '../src/table.ts';
import { builtBulkhead, manifestsIn, ROOT, shippedProfile } from './support/bulkhead.ts';

// Every cell of the component table that is judged, broken one at a time in the cluster that follows
// it: the fault must be found, at the component, on the line that is wrong.

const CLUSTER = 'testdata/clusters/separated';
const bulkhead = builtBulkhead();
const profile = shippedProfile('tectonic-1.6.4');
const files = manifestsIn(ROOT, CLUSTER);

const TOLERATIONS = `      tolerations:
        - key: node-role.kubernetes.io/master
          operator: Exists
          effect: NoSchedule
`;
const SELECTOR = `      nodeSelector:
        node-role.kubernetes.io/master: ""
`;
const POD_TOLERATIONS = TOLERATIONS.replaceAll(/^ {4}/gm, '');
const POD_SELECTOR = SELECTOR.replaceAll(/^ {4}/gm, '');

interface Break {
  readonly row: string;
  readonly column: Column;
  readonly how: string;
  /** In `control-plane/<row>.yaml` unless it says otherwise. */
  readonly file?: string;
  readonly from: string;
  readonly to: string;
  readonly policy: string;
  /** What stands on the line that the finding points at. */
  readonly line: string;
  /** Where the break costs more cells than one, the other policies that say so. */
  readonly also?: readonly string[];
}

const kind = (row: string, from: string, to: string, also: readonly string[] = []): Break => ({
  row,
  column: 'type',
  how: `it is a ${to}`,
  from: `kind: ${from}`,
  to: `kind: ${to}`,
  policy: 'wrong-workload-kind',
  line: `kind: ${to}`,
  also,
});
const replicas = (row: string, count: number): Break => ({
  row,
  column: 'replicas',
  how: 'it runs another number',
  from: `replicas: ${count}`,
  to: `replicas: ${count + 1}`,
  policy: 'wrong-replica-count',
  line: `replicas: ${count + 1}`,
});
const untolerated = (row: string): Break => ({
  row,
  column: 'nodeRole',
  how: 'it does not tolerate the taint of masters',
  from: TOLERATIONS,
  to: '',
  policy: 'unreachable-node-role',
  line: '    spec:',
});
const elsewhere = (row: string): Break => ({
  row,
  column: 'nodeRole',
  how: 'it selects no node',
  from: SELECTOR,
  to: '',
  policy: 'off-role-placement',
  line: '    spec:',
});
const noMaster = (row: string): Break => ({
  row,
  column: 'nodeRole',
  how: 'it selects a value that no master has',
  from: 'node-role.kubernetes.io/master: ""',
  to: 'node-role.kubernetes.io/master: "yes"',
  policy: 'unreachable-node-role',
  line: 'node-role.kubernetes.io/master: "yes"',
});
const bound = (row: string, policy = 'unreachable-node-role'): Break => ({
  row,
  column: 'nodeRole',
  how: 'it is bound to masters',
  from: TOLERATIONS,
  to: `${SELECTOR}${TOLERATIONS}`,
  policy,
  line: 'node-role.kubernetes.io/master: ""',
});
const misspelt = (row: string): Break => ({
  row,
  column: 'antiAffinity',
  how: 'its anti-affinity selects other pods',
  from: `                    k8s-app: ${row}`,
  to: `                    k8s-app: ${row}s`,
  policy: 'unspread-replicas',
  line: `k8s-app: ${row}s`,
});
const wider = (row: string): Break => ({
  row,
  column: 'antiAffinity',
  how: 'its anti-affinity is over zones',
  from: 'topologyKey: kubernetes.io/hostname',
  to: 'topologyKey: topology.kubernetes.io/zone',
  policy: 'unspread-replicas',
  line: 'topologyKey: topology.kubernetes.io/zone',
});
const unprotected = (row: string): Break => ({
  row,
  column: 'disruptionControl',
  how: 'no budget selects its pods',
  from: 'kind: PodDisruptionBudget',
  to: 'kind: NotABudget',
  policy: 'missing-disruption-budget',
  line: '      labels:',
});
const pinned = (row: string): readonly Break[] => [untolerated(row), elsewhere(row), noMaster(row)];
const everywhere = (row: string): readonly Break[] => [untolerated(row), bound(row)];
const anyRole = everywhere;
const guarded = (row: string): readonly Break[] => [
  kind(row, 'Deployment', 'StatefulSet'),
  replicas(row, 2),
  ...pinned(row),
  misspelt(row),
  wider(row),
  unprotected(row),
];

const BREAKS: readonly Break[] = [
  kind('kube-apiserver', 'DaemonSet', 'Deployment'),
  ...pinned('kube-apiserver'),
  ...guarded('kube-controller-manager'),
  ...guarded('kube-scheduler'),
  kind('kube-dns', 'Deployment', 'ReplicaSet'),
  replicas('kube-dns', 1),
  ...pinned('kube-dns'),
  kind('kube-flannel', 'DaemonSet', 'Deployment'),
  ...everywhere('kube-flannel'),
  kind('kube-proxy', 'DaemonSet', 'Deployment'),
  ...everywhere('kube-proxy'),
  kind('kube-etcd-network-checkpointer', 'DaemonSet', 'Deployment'),
  ...pinned('kube-etcd-network-checkpointer'),
  kind('pod-checkpointer', 'DaemonSet', 'Deployment'),
  ...pinned('pod-checkpointer'),
  kind('etcd-operator', 'Deployment', 'DaemonSet'),
  replicas('etcd-operator', 1),
  ...anyRole('etcd-operator'),
  {
    ...kind('kube-etcd', 'Pod', 'Job'),
    from: 'apiVersion: v1\nkind: Pod',
    to: 'apiVersion: batch/v1\nkind: Job',
    // A Job keeps its pod's spec elsewhere, so that it has none of what the Pod says.
    also: ['off-role-placement', 'unreachable-node-role', 'unspread-replicas'],
  },
  { ...untolerated('kube-etcd'), from: POD_TOLERATIONS, line: 'spec:' },
  { ...elsewhere('kube-etcd'), from: POD_SELECTOR, line: 'spec:' },
  noMaster('kube-etcd'),
  {
    ...misspelt('kube-etcd'),
    from: '              etcd_cluster: kube-etcd',
    to: '              etcd_cluster: kube-etcds',
    line: 'etcd_cluster: kube-etcds',
  },
  wider('kube-etcd'),
  kind('heapster', 'ReplicaSet', 'Deployment'),
  replicas('heapster', 1),
  ...anyRole('heapster'),
  {
    row: 'All other workloads',
    column: 'nodeRole',
    how: 'one tolerates the taint of masters',
    file: 'users/shop.yaml',
    from: '    spec:\n      containers:\n        - name: web',
    to: `    spec:\n${TOLERATIONS}      containers:\n        - name: web`,
    policy: 'control-plane-intrusion',
    line: '- key: node-role.kubernetes.io/master',
  },
  {
    row: 'All other workloads',
    column: 'nodeRole',
    how: 'one loses the affinity that kept it away',
    file: 'users/node-log.yaml',
    from: 'operator: DoesNotExist',
    to: 'operator: NotIn\n                    values: ["no"]',
    policy: 'control-plane-intrusion',
    line: '- operator: Exists',
  },
];

test('the cluster that follows the table has every row and no finding', () => {
  const report = check(bulkhead, profile, files);
  assert.deepEqual(report.findings, []);
  assert.deepEqual(report.errors, []);
  assert.deepEqual(report.warnings, []);
  assert.deepEqual(
    report.components.filter(({ state }) => state === 'missing'),
    [],
  );
});

describe('a broken cell of the table is found', () => {
  for (const broken of BREAKS) {
    test(`${broken.row} × ${broken.column}: ${broken.how}`, () => assertFound(broken));
  }
});

test('every cell that the table judges is broken in some test', () => {
  const judged = profile.components.flatMap((row) =>
    COLUMNS.filter((column) => row[column] !== undefined && row[column] !== false).map(
      (column) => `${row.name} × ${column}`,
    ),
  );
  const tested = new Set(BREAKS.map(({ row, column }) => `${row} × ${column}`));
  assert.deepEqual(
    [...judged, 'All other workloads × nodeRole'].filter((cell) => !tested.has(cell)),
    [],
  );
});

test('the last row has columns of its own where a profile says so', () => {
  const bytes = new TextEncoder().encode(OTHERS);
  const otherWorkloads = { nodeRole: 'worker', antiAffinity: true, disruptionControl: true };
  const { table: filled } = table(bulkhead, { ...profile, otherWorkloads }, [
    { name: 'shop.yaml', bytes },
  ]);
  const cells = filled.rows.at(-1)?.cells;
  assert.deepEqual(
    COLUMNS.map((column) => [cells?.[column].documented, cells?.[column].actual]),
    [
      ['any', 'any'],
      ['not judged', 'not judged'],
      ['worker', 'worker'],
      ['yes', 'not all'],
      ['yes', 'not all'],
    ],
  );
  assert.deepEqual(cells?.disruptionControl.reasons, [
    'Deployment web has no disruption budget: no PodDisruptionBudget in namespace shop selects its pods',
    'Deployment web has no instance running during an update: Recreate deletes every pod before it makes a new one',
  ]);
});

const OTHERS = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  strategy: {type: Recreate}
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}}
`;

function assertFound(broken: Break): void {
  const name = `${CLUSTER}/${broken.file ?? `control-plane/${broken.row}.yaml`}`;
  const edited = files.map((file) => (file.name === name ? edit(file, broken) : file));
  const report = check(bulkhead, profile, edited);
  assert.deepEqual(report.errors, []);
  const component = broken.row === 'All other workloads' ? null : broken.row;
  const found = report.findings.map((finding) => ({
    policy: finding.policy,
    component: finding.component,
    file: finding.file,
  }));
  const policies = [broken.policy, ...(broken.also ?? [])].sort();
  assert.deepEqual([...new Set(found.map(({ policy }) => policy))].sort(), policies);
  for (const one of found)
    assert.deepEqual({ ...one, policy: '' }, { policy: '', component, file: name });
  const lines = text(edited.find((file) => file.name === name)).split('\n');
  const at = report.findings
    .filter(({ policy }) => policy === broken.policy)
    .map(({ line }) => lines[line - 1] ?? '');
  for (const line of at) assert.ok(line.includes(broken.line), `${line} has ${broken.line}`);
}

function edit(file: InputFile, { from, to }: Break): InputFile {
  const before = text(file);
  assert.ok(before.includes(from), `${file.name} has ${from}`);
  return { name: file.name, bytes: new TextEncoder().encode(before.replace(from, to)) };
}

function text(file: InputFile | undefined): string {
  return file !== undefined && 'bytes' in file ? new TextDecoder().decode(file.bytes) : '';
}
