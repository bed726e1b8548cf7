import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../../test/support/bulkhead.ts';
import { mutate, randomFrom } from '../../test/support/mutate.ts';
import { sized } from '../../test/support/settings.ts';
import type { Path, Range } from '../errors.ts';
import { readInput } from '../input.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import { isMap, reference } from '../kubernetes/objects.ts';
import { createLocator, locate } from './locate.ts';

// What registers nodes in objects and in files without a kind: what it is read as, and where its values are.

interface Row {
  readonly what: string;
  readonly file?: string;
  readonly text: string;
  /** The kind and name of each object, and where it has the text MARK. */
  readonly finds: readonly string[];
  /** The code and place of each note, and a part of its message. */
  readonly notes?: readonly (readonly [string, RegExp])[];
}

function rows(subject: string, table: readonly Row[]): void {
  describe(subject, () => {
    for (const { what, file = 'a.yaml', text, finds, notes = [] } of table) {
      test(what, () => {
        const input = readInput([{ name: file, bytes: new TextEncoder().encode(text) }]);
        assert.deepEqual(input.errors, []);
        const seen = input.objects.flatMap(({ value, document, path }) => {
          const { kind, name } = reference(value);
          const marks = marksIn(value).map((mark) =>
            written(text, locate(document, [...path, ...mark])),
          );
          return marks.length === 0 ? [] : `${kind} ${name}${marks.join('')}`;
        });
        assert.deepEqual(seen, finds);
        const given = input.notes.map(
          ({ code, line, message }) => [`${code} ${line}`, message] as const,
        );
        assert.deepEqual(
          given.map(([place]) => place),
          notes.map(([place]) => place),
        );
        for (const [index, [, message]] of given.entries()) {
          assert.match(message, notes[index]?.[1] ?? /never/);
        }
      });
    }
  });
}

/** The line of a place, and what is written there; of a long text, how it starts and ends. */
function written(text: string, { line, column, endLine, endColumn }: Range): string {
  assert.equal(line, endLine);
  const found = (text.split('\n')[line - 1] ?? '').slice(column - 1, endColumn - 1);
  return ` ${line}:${found.length > 40 ? `${found.slice(0, 12)}…${found.slice(-2)}` : found}`;
}

/** The paths of texts that are MARK, or end in it, outside of objects in which others are. */
function marksIn(value: JsonValue, path: readonly (string | number)[] = []): (typeof path)[] {
  if (typeof value === 'string') {
    return /(?:^|=)MARK$/.test(value) && !value.includes('\n') ? [path] : [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item: JsonValue, index) => marksIn(item, [...path, index]));
  }
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => marksIn(item, [...path, key]));
}

const UNIT = '[Service]\nExecStart=/usr/bin/kubelet --v=2 \\\n  --node-labels=MARK\n';
const KUBELET = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nx: MARK\n';

function base64(text: string | Uint8Array): string {
  return Buffer.from(text).toString('base64');
}

function indented(text: string, spaces: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(spaces)).trimStart();
}

function machineConfig(config: string): string {
  return `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata: {name: m}
spec:
  config:
    ignition: {version: 3.4.0}
${indented(`    ${config}`, 0)}`;
}

rows('units of a MachineConfig', [
  {
    what: 'in a literal block',
    text: machineConfig(`systemd:
      units:
      - name: kubelet.service
        contents: |
          ${indented(UNIT, 10)}`).replace('systemd:', '    systemd:'),
    finds: ['SystemdUnit kubelet.service 13:--node-labels=MARK'],
  },
  {
    what: 'in JSON, with escapes',
    text: JSON.stringify({
      apiVersion: 'machineconfiguration.openshift.io/v1',
      kind: 'MachineConfig',
      metadata: { name: 'm' },
      spec: { config: { systemd: { units: [{ name: 'kubelet.service', contents: UNIT }] } } },
    }),
    finds: ['SystemdUnit kubelet.service 1:--node-labels=MARK'],
  },
  {
    what: 'as a drop-in, in a list of objects',
    text: `apiVersion: v1
kind: List
items:
- apiVersion: machineconfiguration.openshift.io/v1
  kind: MachineConfig
  metadata: {name: m}
  spec:
    config:
      systemd:
        units:
        - name: kubelet.service
          dropins:
          - name: 10-a.conf
            contents: "[Service]\\nExecStart=\\nExecStart=kubelet --node-labels=MARK"
`,
    finds: ['SystemdUnit kubelet.service.d/10-a.conf 14:--node-labels=MARK'],
  },
  {
    what: 'that are masked, empty, or start something else',
    text: `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata: {name: m}
spec: {config: {systemd: {units: [
  {name: kubelet.service, mask: true, contents: "[Service]\\nExecStart=kubelet --a=MARK"},
  {name: k3s.service, enabled: true},
  {name: crio.service, contents: "[Service]\\nExecStart=crio --a=MARK"},
  {contents: MARK}, MARK]}}}
`,
    finds: ['MachineConfig m 8:MARK 8:MARK'],
  },
  {
    what: 'that cannot be read',
    text: `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata: {name: m}
spec: {config: {systemd: {units: [
  {name: kubelet.service, contents: '[Service]
  ExecStart=kubelet "a'},
  {name: kubelet.service, contents: "[Service]\\nExecStart=kubelet \\"a"}]}}}
`,
    finds: [],
    notes: [
      [
        'REGISTRATION_UNREAD 7',
        /MachineConfig m contains kubelet.service, .*: unterminated quoted string/,
      ],
    ],
  },
]);

rows('files of a machine', [
  {
    what: 'in data: URLs, plain, base64 and compressed',
    text: `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata: {name: m}
spec:
  config:
    storage:
      files:
      - path: /etc/kubernetes/kubelet.conf
        contents: {source: "data:,${encodeURIComponent(KUBELET)}"}
      - path: /etc/kubernetes/kubelet.conf
        contents: {source: "data:text/plain;charset=utf-8;base64,${base64(KUBELET)}"}
      - path: /etc/kubernetes/kubelet.conf
        contents: {compression: gzip, source: "data:;base64,${base64(gzipSync(KUBELET))}"}
      - path: /etc/other
        contents: {source: "data:,MARK"}
`,
    finds: [
      'KubeletConfiguration null 9:"data:,apiVe…A"',
      'KubeletConfiguration null 11:"data:text/p…="',
      `KubeletConfiguration null 13:"data:;base6…${base64(gzipSync(KUBELET)).at(-1)}"`,
    ],
  },
  {
    what: 'elsewhere, or not what they say',
    text: `variant: fcos
version: 1.5.0
ignition: {config: {merge: [{source: "https://example.com/a.ign"}, {local: b.ign}]}}
systemd:
  units:
  - {name: kubelet.service, contents_local: units/kubelet.service}
  - {name: other.service, contents_local: units/other.service}
storage:
  files:
  - {path: /etc/rancher/k3s/config.yaml, contents: {local: k3s.yaml}}
  - {path: /etc/rancher/k3s/config.yaml, contents: {source: "data:;base64,%%%"}}
  - {path: /etc/rancher/k3s/config.yaml, contents: {compression: gzip, source: "data:,a"}}
  - {path: /etc/rancher/k3s/config.yaml, contents: {source: "data:;base64,/w=="}}
  - {path: /etc/other, contents: {local: other}}
`,
    finds: [],
    notes: [
      [
        'REGISTRATION_UNREAD 6',
        /Butane a.yaml contains kubelet.service, .*: it is in the file units\/kubelet.service/,
      ],
      ['REGISTRATION_UNREAD 10', /etc\/rancher\/k3s\/config.yaml, .*: it is in the file k3s.yaml/],
      ['REGISTRATION_UNREAD 11', /it is not base64/],
      ['REGISTRATION_UNREAD 12', /it cannot be decompressed/],
      ['REGISTRATION_UNREAD 13', /it is not text/],
      ['REGISTRATION_UNREAD 3', /contains config.ign, .*: it is at https:\/\/example.com\/a.ign/],
      ['REGISTRATION_UNREAD 3', /it is in the file b.ign/],
      ['SHAPE_ASSUMED 1', /taken for a Butane configuration/],
    ],
  },
  {
    what: 'of an Ignition configuration in another one',
    file: 'a.ign',
    text: JSON.stringify({
      ignition: {
        version: '3.4.0',
        config: {
          merge: [
            {
              source: `data:,${encodeURIComponent(JSON.stringify({ ignition: { version: '3.4.0' }, systemd: { units: [{ name: 'kubelet.service', contents: UNIT }] } }))}`,
            },
          ],
        },
      },
    }),
    finds: ['SystemdUnit kubelet.service 1:"data:,%7B%2…D"'],
    notes: [['SHAPE_ASSUMED 1', /taken for an Ignition configuration/]],
  },
  {
    what: 'that cloud-init writes, and commands that it runs',
    file: 'user-data',
    text: `#cloud-config
write_files:
- path: /etc/systemd/system/kubelet.service
  content: |
    ${indented(UNIT, 4)}- path: /etc/systemd/system/kubelet.service
  encoding: b64
  content: ${base64(UNIT)}
- {path: /run/kubeadm.yaml, encoding: zip, content: a}
- {path: /run/kubeadm.yaml, encoding: gzip, content: a}
- {path: /run/kubeadm.yaml, source: {uri: "https://example.com"}}
- {path: /run/kubeadm.yaml}
- {path: /run/other, encoding: gz+b64, content: ${base64(gzipSync(KUBELET))}}
runcmd:
- [kubelet, --node-labels=MARK]
- kubelet --node-labels=MARK
bootcmd: [echo MARK]
`,
    finds: [
      'SystemdUnit kubelet.service 7:--node-labels=MARK',
      'SystemdUnit kubelet.service 10:W1NlcnZpY2Vd…sK',
      `KubeletConfiguration null 15:${base64(gzipSync(KUBELET)).slice(0, 12)}…${base64(gzipSync(KUBELET)).slice(-2)}`,
      'SystemdUnit runcmd 17:--node-labels=MARK 18:kubelet --node-labels=MARK',
      'CloudConfig user-data 17:--node-labels=MARK 18:kubelet --node-labels=MARK',
    ],
    notes: [
      [
        'REGISTRATION_UNREAD 11',
        /CloudConfig user-data contains \/run\/kubeadm.yaml, .*: its encoding zip is not known/,
      ],
      ['REGISTRATION_UNREAD 12', /it is compressed, and not base64/],
      ['REGISTRATION_UNREAD 13', /it is in another object or place/],
      ['SHAPE_ASSUMED 2', /taken for a cloud-config/],
    ],
  },
  {
    what: 'that providers of Cluster API write',
    text: `apiVersion: controlplane.cluster.x-k8s.io/v1beta1
kind: KubeadmControlPlane
metadata: {name: a}
spec:
  kubeadmConfigSpec:
    files:
    - path: /etc/kubernetes/patches/kubeletconfiguration0+merge.yaml
      content: "x: MARK"
    - path: /etc/kubernetes/patches/kubeletconfiguration1+json.yaml
      content: |
        - {op: add, path: /x, value: MARK}
    - path: /etc/kubernetes/kubelet.conf
      contentFrom: {secret: {name: a, key: b}}
    - path: /etc/kubernetes/kubelet.conf
      content: "{{ a: MARK"
    ignition:
      containerLinuxConfig:
        additionalConfig: |
          systemd:
            units:
            - name: kubelet.service
              contents: "[Service]\\nExecStart=kubelet --node-labels=MARK"
---
apiVersion: bootstrap.cluster.x-k8s.io/v1beta1
kind: RKE2ConfigTemplate
metadata: {name: b}
spec:
  template:
    spec:
      files:
      - path: /etc/rancher/rke2/config.yaml.d/10-a.yaml
        content: "node-label: [a=MARK]"
      agentConfig:
        additionalUserData:
          config: |
            #cloud-config
            write_files:
            - {path: /etc/rancher/rke2/config.yaml, content: "node-label: a=MARK"}
`,
    finds: [
      'KubeletConfiguration null 8:MARK',
      'KubeletConfiguration null 11:MARK',
      'SystemdUnit kubelet.service 22:--node-labels=MARK',
      'K3sConfig 10-a.yaml 32:a=MARK',
      'K3sConfig config.yaml 38:a=MARK',
    ],
    notes: [
      [
        'REGISTRATION_UNREAD 13',
        /KubeadmControlPlane a contains .*kubelet.conf, .*: it is in another object or place/,
      ],
      ['REGISTRATION_UNREAD 15', /a Helm or Go template/],
    ],
  },
]);

rows('patches', [
  {
    what: 'of kind: for all nodes, and for one',
    text: `apiVersion: kind.x-k8s.io/v1alpha4
kind: Cluster
name: a
kubeadmConfigPatches:
- |
  kind: JoinConfiguration
  x: MARK
- "kind: KubeProxyConfiguration"
- "a: b"
- "kind: ["
- 1
nodes:
- role: control-plane
  kubeadmConfigPatches:
  - |
    apiVersion: kubeadm.k8s.io/v1beta4
    kind: InitConfiguration
    x: MARK
  kubeadmConfigPatchesJSON6902:
  - group: kubeadm.k8s.io
    version: v1beta3
    kind: InitConfiguration
    patch: |
      - {op: add, path: /nodeRegistration/kubeletExtraArgs/node-labels, value: MARK}
      - {op: remove, path: /nodeRegistration/taints/0}
      - {op: test, path: /nodeRegistration/taints/0}
      - {op: remove, path: /localAPIEndpoint}
      - {op: add, path: /nodeRegistration/taints/-, value: {}}
  - {kind: JoinConfiguration}
`,
    finds: [
      'JoinConfiguration null 7:MARK',
      'InitConfiguration null 18:MARK',
      'InitConfiguration null 24:MARK',
    ],
    notes: [
      [
        'REGISTRATION_UNREAD 8',
        /Cluster contains a patch of kubeadm's configuration, .*: no kind or no apiVersion/,
      ],
      ['REGISTRATION_UNREAD 9', /: no apiVersion and no kind/],
      ['REGISTRATION_UNREAD 10', /: unclosed flow sequence/],
      ['REGISTRATION_UNREAD 25', /the result of this operation depends on what is patched/],
      ['REGISTRATION_UNREAD 28', /the result of this operation depends/],
    ],
  },
  {
    what: 'of Talos, by its provider',
    text: `apiVersion: controlplane.cluster.x-k8s.io/v1alpha3
kind: TalosControlPlane
metadata: {name: a}
spec:
  controlPlaneConfig:
    controlplane:
      generateType: controlplane
      strategicPatches:
      - |
        cluster: {a: MARK}
      - |
        apiVersion: v1alpha1
        kind: KubeNodeConfig
        labels: {a: MARK}
      configPatches:
      - {op: add, path: /machine/nodeLabels, value: {a: MARK}}
      - {op: add, path: /machine/sysctls/a~1b, value: MARK}
---
apiVersion: bootstrap.cluster.x-k8s.io/v1alpha3
kind: TalosConfigTemplate
metadata: {name: b}
spec: {template: {spec: {generateType: none, data: "version: v1alpha1\\nmachine: {type: worker, a: MARK}"}}}
`,
    finds: [
      'TalosMachineConfig machineconfig.yaml 10:MARK',
      'KubeNodeConfig null 14:MARK',
      'TalosMachineConfig machineconfig.yaml 16:MARK 17:MARK',
      'TalosControlPlane a 16:MARK 17:MARK',
      'TalosMachineConfig machineconfig.yaml 22:MARK',
    ],
  },
]);

rows('ConfigMaps', [
  {
    what: "kubeadm's of the kubelet, and those of machines",
    text: `apiVersion: v1
kind: ConfigMap
metadata: {name: kubelet-config, namespace: kube-system}
data:
  kubelet: |
    ${indented(KUBELET, 4)}---
apiVersion: v1
kind: ConfigMap
metadata: {name: a, namespace: clusters}
data:
  config: |
    apiVersion: machineconfiguration.openshift.io/v1
    kind: MachineConfig
    metadata: {name: a}
    spec: {config: {systemd: {units: [{name: kubelet.service, contents: "[Service]\\nExecStart=kubelet --node-labels=MARK"}]}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kubelet-config, namespace: shop}
data:
  kubelet: |
    ${indented(KUBELET, 4)}`,
    finds: [
      'KubeletConfiguration null 8:MARK',
      'SystemdUnit kubelet.service 18:--node-labels=MARK',
    ],
  },
]);

rows('files that do not say their kind', [
  {
    what: 'of k3s and RKE2',
    file: 'etc/rancher/rke2/config.yaml.d/20-a.yaml',
    text: 'node-label: [a=MARK]\n',
    finds: ['K3sConfig 20-a.yaml 1:a=MARK'],
    notes: [['SHAPE_ASSUMED 1', /^taken for a configuration of RKE2, by its name and its keys/]],
  },
  {
    what: 'of a server of k3s, by its keys',
    file: 'k3s.yaml',
    text: 'cluster-init: MARK\n',
    finds: ['K3sConfig k3s.yaml 1:MARK'],
    notes: [['SHAPE_ASSUMED 1', /a configuration of k3s,/]],
  },
  {
    what: 'of an agent of k3s, by its name',
    file: 'rancher/config.yaml',
    text: 'server: https://a.example\ntoken: MARK\n',
    finds: ['K3sConfig config.yaml 2:MARK'],
    notes: [['SHAPE_ASSUMED 1', /a configuration of k3s or RKE2,/]],
  },
  {
    what: 'of k3s or RKE2, with a flag that only they have',
    text: 'kubelet-arg+: ["node-labels=MARK"]\n',
    finds: ['K3sConfig a.yaml 1:"node-labels=MARK"'],
    notes: [['SHAPE_ASSUMED 1', /a configuration of k3s or RKE2,/]],
  },
  {
    what: 'of Talos, whole, in part, and as a JSON Patch',
    text: `version: v1alpha1
machine: {type: worker, a: MARK}
---
cluster: {allowSchedulingOnControlPlanes: true, a: MARK}
---
- {op: add, path: /machine/nodeLabels, value: {a: MARK}}
- {op: remove, path: /machine/nodeTaints}
`,
    finds: [
      'TalosMachineConfig a.yaml 2:MARK',
      'TalosMachineConfig a.yaml 4:MARK',
      'TalosMachineConfig a.yaml 6:MARK',
    ],
    notes: [
      ['SHAPE_ASSUMED 1', /taken for a machine configuration of Talos/],
      ['SHAPE_ASSUMED 4', /taken for a patch of a machine configuration of Talos/],
      ['REGISTRATION_UNREAD 7', /depends on what is patched/],
      ['SHAPE_ASSUMED 6', /taken for a JSON Patch of a machine configuration of Talos/],
    ],
  },
  {
    what: 'of MicroK8s',
    text: 'version: 0.2.0\nextraKubeletArgs: {--node-labels: MARK}\n',
    finds: ['MicroK8sConfig a.yaml 2:MARK'],
    notes: [['SHAPE_ASSUMED 1', /a launch configuration of MicroK8s/]],
  },
  {
    what: "of MicroK8s' kubelet",
    file: 'snap/args/kubelet',
    text: '# comment\n--v=2\n--node-labels="MARK"\n',
    finds: ['KubeletArguments args/kubelet 3:--node-labels="MARK"'],
    notes: [['SHAPE_ASSUMED 1', /the arguments of MicroK8s' kubelet/]],
  },
  {
    what: 'of an installation of OpenShift',
    text: 'apiVersion: v1\nbaseDomain: MARK\nmetadata: {name: b}\ncompute: [{replicas: 0}]\nplatform: {none: {}}\n',
    finds: ['InstallConfig b 2:MARK'],
    notes: [['SHAPE_ASSUMED 1', /an install-config of OpenShift/]],
  },
  {
    what: 'but patch the configuration of a kubelet',
    file: 'kubeletconfiguration+strategic.yaml',
    text: 'x: MARK\n',
    finds: ['KubeletConfiguration null 1:MARK'],
    notes: [['SHAPE_ASSUMED 1', /a patch of the kubelet's configuration/]],
  },
  {
    what: 'and patch it as JSON',
    file: 'kubeletconfiguration0+json.yaml',
    text: '- {op: add, path: /x, value: MARK}\n',
    finds: ['KubeletConfiguration null 1:MARK'],
    notes: [['SHAPE_ASSUMED 1', /a JSON Patch of the kubelet's configuration/]],
  },
]);

test('a server of k3s is known by its flags', () => {
  for (const [text, server] of [
    ['node-taint: []\ndisable: [traefik]\n', true],
    ['node-taint: []\netcd-s3: true\n', true],
    ['node-taint: []\ntls-san+: [a]\n', true],
    ['node-taint: []\nkube-apiserver-arg: []\n', true],
    ['node-taint: []\nserver: https://a.example\n', null],
    ['node-taint: []\nkube-proxy-arg: []\ndisable-apiserver-lb: true\n', null],
  ] as const) {
    const { objects } = readInput([{ name: 'a.yaml', bytes: new TextEncoder().encode(text) }]);
    assert.deepEqual(
      objects.map(({ value }) => value['server']),
      [server],
      text,
    );
  }
});

describe('what looks like one, and is none', () => {
  for (const [file, text] of [
    ['config.yaml', 'token: MARK\n'],
    ['config.yaml', 'debug: true\nuser_name: MARK\ntoken: a\n'],
    ['k3s-values.yaml', 'k3s_version: MARK\ntoken: a\n'],
    ['a.yaml', 'machine: {size: MARK}\n'],
    ['a.yaml', 'machine: {type: worker}\nname: MARK\n'],
    ['a.yaml', 'version: v2\nmachine: {type: MARK}\n'],
    ['a.yaml', 'version: 0.1.0\nname: MARK\n'],
    ['a.yaml', 'version: "3"\naddons: [MARK]\n'],
    ['a.yaml', 'variant: MARK\nversion: 1\n'],
    ['a.yaml', 'ignition: MARK\n'],
    ['a.yaml', 'compute: [MARK]\ncontrolPlane: {}\n'],
    ['a.yaml', '# cloud-config\nruncmd: [MARK]\n'],
    ['a.yaml', '[{op: add, path: /spec/x, value: MARK}]\n'],
    ['a.yaml', '[{op: add, path: /machine/x, value: MARK}, MARK]\n'],
    ['a.yaml', '[]\n'],
    ['args/kubelet.yaml', '--v=2 MARK\n'],
  ] as const) {
    test(`${file} ${JSON.stringify(text)}`, () => {
      const bytes = new TextEncoder().encode(text);
      const { objects, notes, others } = readInput([{ name: file, bytes }]);
      assert.deepEqual([objects, notes, others.length], [[], [], 1]);
    });
  }
});

describe('what may be one, and cannot be read', () => {
  for (const [file, text, expected] of [
    ['rke2/config.yaml', 'token: [', 1],
    ['roles/k3s/config.yaml.d/10.yaml', 'token: {{ token }}', 1],
    ['kubeletconfiguration0+merge.yaml', 'a: [', 1],
    ['a.yaml', '#cloud-config\nruncmd: [', 1],
    ['a.yaml', 'node-taint: {{ taints }}', 1],
    ['a.yaml', '{"kubelet-arg": [}', 1],
    ['a.yaml', 'machine:\n  nodeTaints: {{ taints }}', 1],
    ['a.yaml', 'token: [', 0],
    ['k3s/values.yaml', 'token: [', 0],
    ['a.yaml', 'a: node-taint: b', 0],
  ] as const) {
    test(`${file} ${JSON.stringify(text)}`, () => {
      const bytes = new TextEncoder().encode(text);
      const { errors, notes, others } = readInput([{ name: file, bytes }]);
      assert.deepEqual(
        [errors.map(({ code }) => code), notes.map(({ code }) => code), others.length],
        [['NOTHING_TO_CHECK'], expected === 0 ? [] : ['REGISTRATION_UNREAD'], 1],
      );
    });
  }

  for (const file of ['a.bu', 'a.ign', 'kubelet.service']) {
    test(`${file} is an error`, () => {
      const bytes = new TextEncoder().encode('[Service]\nExecStart=kubelet "');
      const { errors } = readInput([{ name: file, bytes }]);
      assert.deepEqual(
        errors.map(({ code }) => code),
        ['MANIFEST_SYNTAX'],
      );
    });
  }
});

describe('what is in objects is bounded', () => {
  const encoded = (text: string) => new TextEncoder().encode(text);

  test('a text that aliases repeat', () => {
    const inline = JSON.stringify(KUBELET + '# comment\n'.repeat(sized(4000, 20_000)));
    const file = '{path: /etc/kubernetes/kubelet.conf, contents: {inline: *a}}';
    const files = Array.from({ length: 1000 }, () => file).join();
    const text = `variant: fcos\nversion: 1.0.0\na: &a ${inline}\nstorage: {files: [${files}]}\n`;
    const { objects, notes } = readInput([{ name: 'a.yaml', bytes: encoded(text) }]);
    assert.ok(objects.length < 1000, String(objects.length));
    assert.match(notes.map(({ message }) => message).join(), /more in it than is read/);
  });

  test('a text that expands', () => {
    const bomb = base64(gzipSync(new Uint8Array(5 * 1024 * 1024)));
    const file = `{path: /etc/kubernetes/kubelet.conf, contents: {compression: gzip, source: "data:;base64,${bomb}"}}`;
    const text = `${machineConfig('')}    storage: {files: [${file}]}\n`;
    const { notes } = readInput([{ name: 'a.yaml', bytes: encoded(text) }]);
    assert.deepEqual(
      notes.map(({ message }) => /cannot be decompressed/.test(message)),
      [true],
    );
  });

  test('many texts that cannot be read', () => {
    const units = Array.from(
      { length: sized(3000, 20_000) },
      () => '      - {name: kubelet.service, contents: "[Service]\\nExecStart=kubelet \\""}\n',
    );
    const text = `${machineConfig('')}    systemd:\n      units:\n${units.join('')}`;
    const start = performance.now();
    const { notes } = readInput([{ name: 'a.yaml', bytes: encoded(text) }]);
    assert.equal(notes.length, units.length);
    assert.ok(performance.now() - start < 20_000);
  });

  test('configurations in each other', () => {
    let config = '{"ignition": {"version": "3.4.0"}}';
    for (let depth = 0; depth < 8; depth += 1) {
      const source = `data:;base64,${base64(config)}`;
      config = JSON.stringify({
        ignition: { version: '3.4.0', config: { replace: { source } } },
      });
    }
    const { notes } = readInput([{ name: 'a.ign', bytes: encoded(config) }]);
    assert.match(notes.map(({ message }) => message).join(), /it is nested too deep/);
  });
});

test('every value of damaged files has a place in the file', () => {
  const root = join(ROOT, 'testdata', 'registration');
  const random = randomFrom(20_261_129);
  const all = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /[.-][a-z]+$|kubelet$/.test(name),
  );
  const files = all.filter((name) => statSync(join(root, name)).isFile());
  assert.ok(files.length > 15, String(files.length));
  let placed = 0;
  for (const name of files) {
    const text = readFileSync(join(root, name), 'utf8');
    for (let count = sized(60, 600); count > 0; count -= 1)
      placed += places(name, mutate(text, random));
  }
  assert.ok(placed > 1000, String(placed));
});

/** How many values of objects in other ones have a place in the text, as all of them must. */
function places(name: string, text: string): number {
  const { objects } = readInput([{ name, bytes: new TextEncoder().encode(text) }]);
  const ends = text.split(/\r\n?|\n/).map((line) => line.length + 1);
  const inside = objects.filter(({ document }) => document.origin !== undefined);
  return inside.reduce((sum, { document, path, value }) => {
    const find = createLocator();
    for (const leaf of leavesIn(value)) {
      const { line, column, endLine, endColumn } = find(document, [...path, ...leaf]);
      const what = JSON.stringify({ name, leaf, text });
      assert.ok(line < endLine || (line === endLine && column <= endColumn), what);
      assert.ok(line >= 1 && column >= 1 && column <= (ends[line - 1] ?? 0), what);
      assert.ok(endColumn <= (ends[endLine - 1] ?? 0), what);
    }
    return sum + leavesIn(value).length;
  }, 0);
}

function leavesIn(value: JsonValue, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, item]) => leavesIn(item as JsonValue, [...path, key]));
}
