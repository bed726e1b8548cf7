import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { builtBulkhead, shippedProfile } from '../test/support/bulkhead.ts';
import { sized } from '../test/support/settings.ts';
import { check } from './check.ts';
import { UserError } from './errors.ts';
import type { InputFile } from './input.ts';

const bulkhead = builtBulkhead();
const profile = shippedProfile('tectonic-1.6.4');

function file(name: string, text: string): InputFile {
  return { name, bytes: new TextEncoder().encode(text) };
}

function report(...files: readonly InputFile[]) {
  return check(bulkhead, profile, files);
}

const POD = `apiVersion: v1
kind: Pod
metadata: {name: a, namespace: b}
spec:
  tolerations:
    - operator: Exists
`;

describe('a finding has the place of the wrong value', () => {
  for (const { what, text, place } of [
    { what: 'in a document', text: POD, place: '6:7' },
    {
      what: 'in a later document',
      text: `# note\n--- # first\n${POD}---\n${POD}`,
      place: '8:7 15:7',
    },
    {
      what: 'in a List',
      text: `apiVersion: v1\nkind: List\nitems:\n  - ${POD.trim().replaceAll('\n', '\n    ')}\n`,
      place: '9:11',
    },
    {
      what: 'in a typed list, whose items need not say their kind',
      text: `apiVersion: v1
kind: PodList
items:
  - metadata: {name: a, namespace: b}
    spec: {tolerations: [{operator: Exists}]}
`,
      place: '5:26',
    },
    {
      what: 'in JSON',
      text: `{
\t"apiVersion": "v1", "kind": "Pod",
\t"metadata": {"name": "a", "namespace": "b"},
\t"spec": {"tolerations": [{"operator": "Exists"}]}
}`,
      place: '4:27',
    },
    {
      what: 'of a file with CRLF and a byte order mark',
      text: `\ufeff${POD.replaceAll('\n', '\r\n')}`,
      place: '6:7',
    },
  ]) {
    test(what, () => {
      const { findings, inputErrors: errors } = report(file('a.yaml', text));
      assert.deepEqual(errors, []);
      assert.equal(findings.map(({ line, column }) => `${line}:${column}`).join(' '), place);
    });
  }
});

test('a null in nodeSelector is checked as the empty string, with a note', () => {
  const {
    findings,
    notes,
    inputErrors: errors,
  } = report(
    file(
      'dns.yaml',
      `apiVersion: apps/v1
kind: Deployment
metadata: {name: kube-dns, namespace: kube-system}
spec:
  template:
    spec:
      nodeSelector:
        node-role.kubernetes.io/master:
      tolerations: [{operator: Exists}]
`,
    ),
  );
  assert.deepEqual({ findings, errors }, { findings: [], errors: [] });
  assert.deepEqual(
    notes.map(({ code, line }) => [code, line]),
    [['NULL_SELECTOR_VALUE', 8]],
  );
});

describe('what the findings do not cover is reported', () => {
  for (const { what, code, text, place } of [
    {
      what: 'a pod that runs on a node that is not there',
      code: 'NODE_UNKNOWN',
      text: `${POD.replace('metadata: {', 'metadata: {uid: u, ')}  nodeName: master-0\nstatus: {phase: Running}\n`,
      place: '7:13',
    },
    {
      what: 'an operator behind a feature gate',
      code: 'TOLERATION_OPERATOR_GATED',
      text: `${POD}    - {key: a, operator: Gt, value: "1"}\n`,
      place: '5:3',
    },
    {
      what: 'what a known custom resource says elsewhere of its pods',
      code: 'PLACEMENT_MENTIONED',
      text: `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec:\n  canary:\n    nodeSelector: {a: b}\n`,
      place: '5:5',
    },
    {
      what: 'a RuntimeClass',
      code: 'RUNTIME_CLASS_UNKNOWN',
      text: `${POD}  runtimeClassName: fast\n`,
      place: '7:21',
    },
    {
      what: 'pods of a kind that no policy checks',
      code: 'KIND_UNSUPPORTED',
      text: `apiVersion: example.com/v1
kind: Rollout
metadata: {name: a}
spec:
  template:
    spec:
      containers: [{name: a}]
`,
      place: '6:5',
    },
    {
      what: 'where a custom resource says that its pods go',
      code: 'PLACEMENT_MENTIONED',
      text: `apiVersion: monitoring.example.com/v1
kind: Prometheus
metadata: {name: a}
spec:
  pod:
    tolerations: [{operator: Exists}]
`,
      place: '6:5',
    },
    {
      what: 'a template of a kind in a group of a Kubernetes project',
      code: 'PLACEMENT_MENTIONED',
      text: `apiVersion: jobset.x-k8s.io/v1
kind: JobSet
metadata: {name: a}
spec:
  patch: {nodeSelector: {a: b}}
`,
      place: '5:11',
    },
  ]) {
    test(what, () => {
      const { notes } = report(file('a.yaml', text));
      assert.deepEqual(
        notes.map(({ code, line, column }) => `${code} ${line}:${column}`),
        [`${code} ${place}`],
      );
    });
  }

  test('nothing is reported for what only looks like a pod in a kind of Kubernetes itself', () => {
    const attachment =
      'apiVersion: storage.k8s.io/v1\nkind: VolumeAttachment\nspec: {nodeName: a}\n';
    const { notes, inputErrors: errors } = report(file('a.yaml', `${attachment}---\n${POD}`));
    assert.deepEqual([notes, errors], [[], []]);
  });

  test('nothing is reported for a document that is no Kubernetes object', () => {
    const { notes, otherDocuments } = report(file('a.yaml', `${POD}---\na: 1\na: 2\n`));
    assert.deepEqual(notes, []);
    assert.deepEqual(
      otherDocuments.map(({ line, column, reason }) => `${line}:${column} ${reason}`),
      ['8:1 no apiVersion and no kind'],
    );
  });

  test('nothing is reported for a pod of the default scheduler', () => {
    const { notes } = report(
      file('a.yaml', `${POD}  nodeName: null\n  schedulerName: default-scheduler\n`),
    );
    assert.deepEqual(notes, []);
  });
});

describe('a report in which no object was checked says so', () => {
  const HPA =
    'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a, namespace: b}\n';
  for (const { what, text, says } of [
    {
      what: 'of a custom kind',
      text: 'apiVersion: a.example/v1\nkind: Till\n',
      says: '1 object, of a kind that Bulkhead does not check',
    },
    {
      what: 'of a kind of Kubernetes',
      text: 'apiVersion: v1\nkind: ConfigMap\n',
      says: '1 object, of a kind that Bulkhead does not check',
    },
    {
      what: 'of a kind that is only read beside others',
      text: HPA,
      says: '1 object, of a kind that Bulkhead does not check',
    },
    {
      what: 'of several kinds',
      text: `${HPA}---\napiVersion: v1\nkind: ConfigMap\n---\napiVersion: v1\nkind: Secret\n`,
      says: '3 objects, all of kinds that Bulkhead does not check',
    },
    {
      what: 'of a group that no policy knows',
      text: 'apiVersion: example.com/v1\nkind: Deployment\n',
      says: '1 object, of a kind that Bulkhead does not check',
    },
  ]) {
    test(what, () => {
      const { notes, inputErrors: errors } = report(file('a.yaml', text));
      assert.deepEqual(errors, []);
      assert.deepEqual(
        notes.map(({ code, message }) => [code, message]),
        [['NOTHING_CHECKED', `nothing was checked: the input has ${says}`]],
      );
    });
  }

  test('but not beside one that was, or beside an error', () => {
    const other = 'apiVersion: v1\nkind: ConfigMap\n---\n';
    for (const text of [`${other}${POD}`, `${other}kind: [`]) {
      assert.deepEqual(report(file('a.yaml', text)).notes, []);
    }
  });
});

describe('what objects mention is one note for each situation, kind and file', () => {
  const operator = (name: string, spec: string) =>
    `apiVersion: example.com/v1\nkind: Operator\nmetadata: {name: ${name}, namespace: b}\nspec: ${spec}\n`;
  for (const { what, files, notes } of [
    {
      what: 'with the first words, and the number of places',
      files: [
        `${operator('one', '{aTolerations: [a], bTolerations: [a], cTolerations: [a]}')}---\n${operator('two', '{dTolerations: [a], aTolerations: [a]}')}`,
      ],
      notes: [
        '4 Operator b/one mentions aTolerations, bTolerations and cTolerations (and 2 more places): what it creates or changes was not checked. Check the objects that come of it',
      ],
    },
    {
      what: 'in each file',
      files: [operator('one', '{taints: []}'), operator('two', '{taints: []}')],
      notes: [
        '4 Operator b/one mentions taints: what it creates or changes was not checked. Check the objects that come of it',
        '4 Operator b/two mentions taints: what it creates or changes was not checked. Check the objects that come of it',
      ],
    },
    {
      what: 'of objects and pods inside of others',
      files: [
        operator(
          'one',
          '{pods: [{containers: [a]}, {containers: [a]}], objects: [{kind: Node, spec: {}}, {apiVersion: apps.kruise.io/v1alpha1, kind: AdvancedCronJob, spec: {}}]}',
        ),
      ],
      notes: [
        '4 Operator b/one has pods in a field that Bulkhead does not know (and 1 more place): these pods were not checked. Add the field to customWorkloads of the profile',
        '4 Operator b/one contains a Node and an AdvancedCronJob: objects inside of others were not checked. Check them as files of their own',
      ],
    },
    {
      what: 'of commands, and of replicas',
      files: [
        `apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: [{command: [kubectl, taint, nodes, a]}]}\n---\napiVersion: autoscaling/v1\nkind: Scale\nmetadata: {name: kube-dns, namespace: kube-system}\nspec: {replicas: 0}\n`,
      ],
      notes: [
        '4 Pod b/a runs "kubectl taint": what it changes of nodes was not checked. Check the Nodes as they are afterwards',
        '9 Scale kube-system/kube-dns sets the replicas of the component kube-dns: how many run was not checked. Check that enough of them always do',
      ],
    },
  ]) {
    test(what, () => {
      const found = report(...files.map((text, index) => file(`${index}.yaml`, text)));
      assert.deepEqual(
        found.notes.map(({ line, message }) => `${line} ${message}`),
        notes,
      );
    });
  }

  test('none for what the policies of the profile check', () => {
    const text =
      'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: {template: {spec: {nodeSelector: {a: b}, containers: []}}}\n';
    assert.deepEqual(report(file('a.yaml', text)).notes, []);
  });
});

test('an object for which the policies fail is an error with its place, and the others are checked', () => {
  const deep = `${'{"a":'.repeat(900)}1${'}'.repeat(900)}`;
  const {
    inputErrors: errors,
    findings,
    summary,
  } = report(
    file('a.yaml', POD),
    file('b.yaml', `apiVersion: v1\nkind: Pod\nmetadata: {name: c}\nspec: ${deep}\n`),
  );
  assert.equal(findings.length, 1);
  assert.deepEqual([summary.objects, summary.checked + errors.length], [2, 2]);
});

test('a component without an object is missing, regardless of other objects', () => {
  const { components } = report(file('a.yaml', POD));
  assert.deepEqual([...new Set(components.map(({ state }) => state))], ['missing']);
  assert.equal(components.length, profile.components.length);
});

test('a long list is checked object by object', () => {
  const length = sized(20_000, 200_000);
  const items = Array.from({ length }, () => '{"apiVersion":"v1","kind":"ConfigMap"}');
  const list = `{"apiVersion":"v1","kind":"List","items":[${items.join()}]}`;
  const { summary, inputErrors: errors } = report(file('a.json', list), file('b.yaml', POD));
  assert.deepEqual(errors, []);
  assert.deepEqual([summary.objects, summary.checked, summary.findings], [length + 1, 1, 1]);
});

test('a file that cannot be read is an error, and the others are checked', () => {
  const error = new UserError('FILE_UNREADABLE', 'nope is not there');
  const { inputErrors: errors, findings } = report({ name: 'nope', error }, file('a.yaml', POD));
  assert.deepEqual(errors, [
    {
      code: 'FILE_UNREADABLE',
      message: 'nope is not there',
      file: 'nope',
      line: null,
      column: null,
      endLine: null,
      endColumn: null,
    },
  ]);
  assert.equal(findings.length, 1);
});

describe('a report without objects has an error', () => {
  for (const { what, files } of [
    { what: 'no file', files: [] },
    { what: 'an empty file', files: [file('a.yaml', '')] },
    { what: 'comments', files: [file('a.yaml', '# a\n---\n# b\n')] },
    { what: 'values of a chart', files: [file('values.yaml', 'replicas: 1\n')] },
    {
      what: 'a list without items',
      files: [file('a.yaml', 'apiVersion: v1\nkind: List\nitems: []\n')],
    },
  ]) {
    test(what, () => {
      const { inputErrors: errors, summary } = report(...files);
      assert.deepEqual(
        errors.map(({ code }) => code),
        ['NOTHING_TO_CHECK'],
      );
      assert.equal(summary.objects, 0);
    });
  }
});

test('an object that only looks like one is an error, not a file of something else', () => {
  const { inputErrors: errors } = report(
    file('a.yaml', POD.replace('apiVersion: v1\n', '')),
    file('b.yaml', POD),
  );
  assert.deepEqual(
    errors.map(({ code, file: name }) => [code, name]),
    [['MANIFEST_OBJECT', 'a.yaml']],
  );
});

test('where workloads of an exempt namespace run is not checked, and one note for each says so', () => {
  const exempt = { ...profile, exemptNamespaces: ['b'] };
  const elsewhere = POD.replace('namespace: b', 'namespace: c');
  const found = check(bulkhead, exempt, [
    file('one.yaml', `${POD}---\n${POD.replace('name: a', 'name: d')}`),
    file('two.yaml', `${POD.replace('name: a', 'name: e')}---\n${elsewhere}`),
  ]);
  assert.deepEqual(
    found.findings.map(({ object }) => object.namespace),
    ['c'],
  );
  assert.deepEqual(
    found.notes.map(({ code, message, file: name, line }) => [code, message, name, line]),
    [
      [
        'NAMESPACE_EXEMPT',
        'the profile exempts the namespace b: whether 3 workloads in it can reach reserved nodes was not checked',
        'one.yaml',
        1,
      ],
    ],
  );
  assert.equal(found.summary.checked, 4);
});

test('an object of no namespace is checked, whatever namespace it claims', () => {
  const text =
    'apiVersion: v1\nkind: Node\nmetadata: {name: a, namespace: b, labels: {node-role.kubernetes.io/master: ""}}\n';
  const exempt = { ...profile, exemptNamespaces: ['b'] };
  const { findings, notes } = check(bulkhead, exempt, [file('node.yaml', text)]);
  assert.deepEqual(
    findings.map(({ policy }) => policy),
    ['untainted-control-plane-node'],
  );
  assert.deepEqual(notes, []);
});

describe('a profile that asks nothing about the place of other workloads is reported once', () => {
  const { otherWorkloads: _, ...silent } = profile;
  const open = {
    ...profile,
    nodeRoles: profile.nodeRoles.map((role) => ({ ...role, taints: [] })),
  };
  const files = [file('a.yaml', POD), file('b.yaml', POD.replace('name: a', 'name: c'))];
  for (const { what, asked, says } of [
    { what: 'it has no otherWorkloads', asked: silent, says: 'the profile has no otherWorkloads' },
    { what: 'no role has taints', asked: open, says: 'the profile reserves no nodes' },
    {
      what: 'other workloads run on the only reserved role',
      asked: { ...profile, otherWorkloads: { nodeRole: 'master', antiAffinity: true } },
      says: 'the profile reserves no nodes',
    },
  ]) {
    test(what, () => {
      const { notes, findings, summary } = check(bulkhead, asked, files);
      assert.deepEqual(findings, []);
      assert.equal(summary.notes, 1);
      const [note] = notes;
      assert.equal(note?.code, 'OTHER_WORKLOADS_UNCHECKED');
      assert.ok(note?.message.startsWith(`${says}: `), note?.message);
      assert.deepEqual([note?.file, note?.line, note?.column], [null, null, null]);
    });
  }

  test('not where it does', () => {
    assert.deepEqual(report(...files).notes, []);
  });
});

test('what concerns many pods is one note, which names the first ten others', () => {
  const pods = Array.from(
    { length: 14 },
    (_, index) => `apiVersion: v1
kind: Pod
metadata: {name: web-${index}, namespace: shop, uid: u-${index}}
spec: {nodeName: w-${index % 13}}
status: {phase: Running}
`,
  );
  const { notes } = report(file('pods.yaml', pods.join('---\n')));
  assert.deepEqual(
    notes.map(({ code, line, message }) => ({ code, line, message })),
    [
      {
        code: 'NODE_UNKNOWN',
        line: 4,
        message:
          'not checked where the pod runs: include Node w-0 in the input; the same for w-1, w-2, w-3, w-4, w-5, w-6, w-7, w-8, w-9, w-10 and 2 others',
      },
    ],
  );
});

test('an autoscaler and a RuntimeClass are not among the checked objects', () => {
  const text = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: kube-dns, namespace: kube-system}
spec: {minReplicas: 1, maxReplicas: 2, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: kube-dns}}
---
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: fast}
handler: fast
scheduling: {tolerations: [{operator: Exists}]}
`;
  const { notes, checked } = report(file('read.yaml', text));
  assert.deepEqual(checked, []);
  assert.deepEqual(
    notes.map(({ code, line }) => `${code} ${line}`),
    ['NOTHING_CHECKED null', 'TARGET_UNKNOWN 4', 'TARGET_UNKNOWN 10'],
  );
});
