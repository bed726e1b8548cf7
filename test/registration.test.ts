import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { check } from '../src/check.ts';
import type { InputFile } from '../src/input.ts';
import type { Report } from '../src/report/report.ts';
import { builtBulkhead, ROOT, shippedProfile } from './support/bulkhead.ts';

// Files and texts by which nodes register, as distributions have them: each of testdata/registration has a
// fault, and none is left once it is corrected.

const DIRECTORY = 'testdata/registration';

/** A cloud-config has no ending that says so, and is named. */
const USER_DATA = `${DIRECTORY}/user-data`;

/** Where each file has a fault. */
const FOUND: Readonly<Record<string, readonly string[]>> = {
  'butane.bu': ['8:34', '14:9'],
  'config-map.yaml': ['10:5'],
  'etc/rancher/k3s/config.yaml': ['3:1'],
  'etc/rancher/rke2/config.yaml.d/10-taints.yaml': ['1:15'],
  'ignition.ign': ['7:66'],
  'install-config.yaml': ['8:1'],
  'kind.yaml': ['16:5', '17:50', '25:7'],
  'kubeadm-control-plane.yaml': ['13:9'],
  'kubeletconfiguration+strategic.yaml': ['1:1'],
  // In a literal block, in quotes, in base64, and compressed.
  'machine-config.yaml': ['17:13', '21:72', '26:19', '30:19'],
  'microk8s.yaml': ['3:27'],
  'snap/args/kubelet': ['3:1'],
  'talos-control-plane.yaml': ['14:43', '18:16'],
  'talos-patch.yaml': ['6:10'],
  'talos.yaml': ['5:35'],
  'units/k0sworker.service': ['2:37'],
  'units/k3s.service': ['4:5'],
  'units/kubelet.service': ['3:3', '4:50'],
  'units/rke2-agent.service': ['2:37'],
  'user-data': ['5:5', '9:12', '11:16', '12:3'],
};

/** What says nothing of its kind is reported as what it was taken for, faults or not. */
const NOTED: readonly string[] = [
  'SHAPE_ASSUMED butane.bu:1:1',
  'SHAPE_ASSUMED etc/rancher/k3s/config.yaml:1:1',
  'SHAPE_ASSUMED etc/rancher/rke2/config.yaml.d/10-taints.yaml:1:1',
  'SHAPE_ASSUMED ignition.ign:1:1',
  'SHAPE_ASSUMED install-config.yaml:1:1',
  'REGISTRATION_UNREAD kubeadm-control-plane.yaml:16:7',
  'SHAPE_ASSUMED kubeletconfiguration+strategic.yaml:1:1',
  'REGISTRATION_UNREAD machine-config.yaml:33:19',
  'SHAPE_ASSUMED microk8s.yaml:1:1',
  'SHAPE_ASSUMED snap/args/kubelet:1:1',
  'SHAPE_ASSUMED talos-patch.yaml:1:1',
  'SHAPE_ASSUMED talos.yaml:1:1',
  'SHAPE_ASSUMED user-data:2:1',
];

const KEY = 'node-role.kubernetes.io/control-plane';

/** An object of OpenShift with one unit. */
function unit(name: string, contents: string): string {
  return `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata: {name: m}
spec: {config: {systemd: {units: [
  {name: ${name}, contents: ${JSON.stringify(contents)}}]}}}
`;
}

const ONCE: readonly {
  readonly what: string;
  readonly name?: string;
  readonly text: string;
  readonly finds: readonly string[];
}[] = [
  {
    what: 'a unit with the taint',
    text: unit(
      'kubelet.service',
      `[Service]\nExecStart=kubelet --register-with-taints=${KEY}=:NoSchedule`,
    ),
    finds: [],
  },
  {
    what: 'a unit with a command for nodes that are not known',
    text: unit('a.service', `[Service]\nExecStart=kubectl taint nodes $HOSTNAME $KEY-`),
    finds: ['KUBELET_FLAGS_UNKNOWN 5', 'NODE_COMMAND 5'],
  },
  {
    what: 'a unit that only sets a variable',
    text: unit(
      'kubelet.service',
      `[Service]\nEnvironment=A=--register-with-taints=${KEY}=x:NoSchedule`,
    ),
    finds: ['PLACEMENT_MENTIONED 5'],
  },
  {
    what: 'a script, a manifest beside a configuration, and a file of the same name elsewhere',
    name: 'a.bu',
    text: `variant: fcos
version: 1.5.0
storage:
  files:
  - path: /opt/untaint.sh
    contents: {inline: "kubectl taint nodes --all ${KEY}-"}
  - path: /etc/kubernetes/kubelet.yaml
    contents:
      inline: |
        apiVersion: kubelet.config.k8s.io/v1beta1
        kind: KubeletConfiguration
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec: {tolerations: [{operator: Exists}]}
  - path: /etc/kubernetes/kubelet.yaml
    contents:
      inline: |
        apiVersion: kubelet.config.k8s.io/v1beta1
        kind: KubeletConfiguration
        registerWithTaints: [{key: ${KEY}, effect: NoSchedule}]
`,
    finds: ['SHAPE_ASSUMED 1', 'PLACEMENT_MENTIONED 5', 'OBJECT_EMBEDDED 9'],
  },
  {
    what: 'a template of a cluster, whose name and size are placeholders',
    text: `apiVersion: controlplane.cluster.x-k8s.io/v1beta1
kind: KubeadmControlPlane
metadata: {name: "\${CLUSTER_NAME}", namespace: a}
spec:
  replicas: \${REPLICAS}
  kubeadmConfigSpec:
    initConfiguration: {nodeRegistration: {taints: []}}
    joinConfiguration: {nodeRegistration: {taints: [{key: ${KEY}, effect: NoSchedule}]}}
    postKubeadmCommands:
    - kubectl taint nodes --all ${KEY}-
    - kubectl taint nodes $NODE \${KEY}-
    files:
    - {path: /etc/kubernetes/manifests/a.yaml, content: "{apiVersion: v1, kind: Pod, metadata: {name: a}}"}
`,
    finds: [
      'untainted-control-plane-node 7',
      'untainted-control-plane-node 10',
      'REGISTRATION_UNKNOWN 8',
      'PLACEMENT_MENTIONED 11',
      'OBJECT_EMBEDDED 13',
    ],
  },
  {
    what: 'a patch that cannot be read',
    text: `apiVersion: kind.x-k8s.io/v1alpha4
kind: Cluster
nodes: [{role: control-plane}, {role: worker}]
kubeadmConfigPatches:
- "kind: InitConfiguration\\nnodeRegistration: {taints: ["
`,
    finds: ['REGISTRATION_UNREAD 5'],
  },
  {
    what: 'a placeholder in a patch',
    text: `apiVersion: kind.x-k8s.io/v1alpha4
kind: Cluster
nodes: [{role: control-plane}, {role: worker}]
kubeadmConfigPatches:
- |
  kind: InitConfiguration
  nodeRegistration: {taints: "\${TAINTS}"}
`,
    finds: ['REGISTRATION_UNREAD 7'],
  },
];

describe('registration, wherever it is written', () => {
  const { status, report } = run([DIRECTORY, USER_DATA]);

  test('has its fault at the place in the outer file', () => {
    assert.deepEqual([status, report.inputErrors], [1, []]);
    const found: Record<string, string[]> = {};
    for (const { file, line, column, policy } of report.findings) {
      assert.equal(policy, 'untainted-control-plane-node');
      const name = file.replace(`${DIRECTORY}/`, '');
      found[name] = [...(found[name] ?? []), `${line}:${column}`];
    }
    assert.deepEqual(found, FOUND);
  });

  test('is a note for what is recognised by its shape, and for what cannot be read', () => {
    assert.deepEqual(report.notes.map(placed), NOTED);
  });

  test('has no edits in text: their paths are not those of the file', () => {
    for (const { fix } of report.findings) assert.deepEqual(fix.edits, []);
  });

  test('is clean once it is corrected', () => {
    const { findings, notes, inputErrors } = check(
      builtBulkhead(),
      shippedProfile('kubeadm'),
      files().map(({ name, text }) => file(name, corrected(text))),
    );
    assert.deepEqual([findings, inputErrors], [[], []]);
    assert.deepEqual(notes.map(placed), NOTED);
  });
});

describe('what registers nodes is reported once, and the rest of it is not lost', () => {
  for (const { what, text, name = 'a.yaml', finds } of ONCE) {
    test(what, () => {
      const { findings, notes, inputErrors } = check(builtBulkhead(), shippedProfile('kubeadm'), [
        file(name, text),
      ]);
      assert.deepEqual(inputErrors, []);
      const seen = [
        ...findings.map(({ policy, line }) => `${policy} ${line}`),
        ...notes.map(({ code, line }) => `${code} ${line}`),
      ];
      assert.deepEqual(seen, finds);
    });
  }
});

test('a file of a machine alone is not "nothing to check"', () => {
  for (const name of ['butane.bu', 'etc/rancher/k3s/config.yaml', 'talos.yaml']) {
    const { report } = run([`${DIRECTORY}/${name}`]);
    assert.deepEqual(report.inputErrors, []);
  }
});

function run(paths: readonly string[]): {
  readonly status: number | null;
  readonly report: Report;
} {
  const cli = join(ROOT, 'dist', 'cli.cjs');
  const { status, stdout } = spawnSync(
    process.execPath,
    [cli, 'check', ...paths, '--profile', 'kubeadm', '-o', 'json'],
    { cwd: ROOT, encoding: 'utf8' },
  );
  return { status, report: JSON.parse(stdout) as Report };
}

function placed({ code, file: name, line, column }: Report['notes'][number]): string {
  return `${code} ${name?.replace(`${DIRECTORY}/`, '')}:${line}:${column}`;
}

function files(): readonly { readonly name: string; readonly text: string }[] {
  const root = join(ROOT, DIRECTORY);
  return readdirSync(root, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return { name: path.slice(root.length + 1), text: readFileSync(path, 'utf8') };
    });
}

function file(name: string, text: string): InputFile {
  return { name, bytes: new TextEncoder().encode(text) };
}

/** The text with the taint of the role in place of another one, or of none. */
function corrected(text: string): string {
  return text
    .replaceAll(/[A-Za-z0-9+/]{100,}=*/g, encoded)
    .replaceAll(`${KEY}=x:`, `${KEY}:`)
    .replaceAll('value: x, ', '')
    .replaceAll(/taints: \[\]/g, `taints: [{key: ${KEY}, effect: NoSchedule}]`)
    .replaceAll(/(OnControlPlanes:|^ *value:) true/gm, '$1 false')
    .replace(/(name: worker\s+replicas:) 0/, '$1 3')
    .replaceAll(`kubectl taint nodes --all ${KEY}-`, 'kubectl get nodes');
}

function encoded(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  if (!base64.startsWith('H4sI')) {
    return Buffer.from(corrected(bytes.toString())).toString('base64');
  }
  return gzipSync(corrected(gunzipSync(bytes).toString())).toString('base64');
}
