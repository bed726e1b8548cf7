// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the placeholders of other tools
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { builtBulkhead, shippedProfile } from '../../test/support/bulkhead.ts';
import { check } from '../check.ts';

// What has to be rendered first is an error, and what is not an object is not checked as one.

const bulkhead = builtBulkhead();
const profile = shippedProfile('kubeadm');

type Files = Readonly<Record<string, string>>;

function report(files: Files) {
  const given = Object.entries(files).map(([name, text]) => ({
    name,
    bytes: new TextEncoder().encode(text),
  }));
  return check(bulkhead, profile, given);
}

/** The errors of a report, each by its code, place and message. */
function errorsIn(files: Files): readonly string[] {
  return report(files).inputErrors.map(
    ({ code, file, line, message }) => `${code} ${file}:${line} ${message}`,
  );
}

const KUSTOMIZATION = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';
/** A finding if it is checked as an object. */
const INTRUDER = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      tolerations: [{operator: Exists}]
`;
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n';
const CHART = 'apiVersion: v2\nname: shop\nversion: 1.0.0\n';
const TEMPLATE = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n';

describe('a kustomization is an error that says how to render it', () => {
  for (const { what, file, text, says } of [
    {
      what: 'by its kind',
      file: 'prod/all.yaml',
      text: KUSTOMIZATION,
      says: '- kustomize: prod\nor leave it out:\n  exclude: [/prod/]\n',
    },
    {
      what: 'of another version',
      file: 'prod/kustomization.yaml',
      text: KUSTOMIZATION.replace('v1beta1', 'v1'),
      says: '- kustomize: prod\nor leave it out:\n  exclude: [/prod/]\n',
    },
    {
      what: 'by the name of its file, without an apiVersion',
      file: 'prod/kustomization.yaml',
      text: 'resources: [a.yaml]\n',
      says: '- kustomize: prod\nor leave it out:\n  exclude: [/prod/]\n',
    },
    {
      what: 'by the name of its file, with only its kind',
      file: './kustomization.yml',
      text: 'kind: Kustomization\nnamespace: shop\n',
      says: '- kustomize: .\nor leave it out:\n  exclude: [/FILE]\n',
    },
    {
      what: 'in a file without an ending',
      file: 'a b/Kustomization',
      text: 'bases: [../base]\n',
      says: '- kustomize: "a b"\nor leave it out:\n  exclude: ["/a b/"]\n',
    },
    {
      what: 'in the current directory',
      file: 'kustomization.yaml',
      text: KUSTOMIZATION,
      says: '- kustomize: .\nor leave it out:\n  exclude: [/FILE]\n',
    },
    {
      what: 'in standard input',
      file: '-',
      text: KUSTOMIZATION,
      says: 'kubectl kustomize DIR |',
    },
    {
      what: 'a component',
      file: 'parts/tls/kustomization.yaml',
      text: KUSTOMIZATION.replace('v1beta1\nkind: Kustomization', 'v1alpha1\nkind: Component'),
      says: 'Add a kustomization that uses it to bulkhead.yaml:\n  inputs:\n    - kustomize: DIR\nor leave it out:\n  exclude: [parts/tls/]\n',
    },
    {
      what: 'one that is empty but for its kind, as JSON',
      file: 'kustomization.json',
      text: '{"apiVersion": "kustomize.config.k8s.io/v1", "kind": "Kustomization"}',
      says: '- kustomize: .\nor leave it out:\n  exclude: [/FILE]\n',
    },
    {
      what: 'in a document after objects',
      file: 'all.yaml',
      text: `${CONFIG_MAP}---\n${KUSTOMIZATION}`,
      says: '- kustomize: .\nor leave it out:\n  exclude: [/FILE]\n',
    },
  ]) {
    test(what, () => {
      const [error, ...others] = errorsIn({ [file]: text });
      assert.deepEqual(others, []);
      assert.ok(error?.startsWith(`NOT_RENDERED ${file}:`), error);
      const expected = says.replace('FILE', file.replace('./', ''));
      assert.ok(error?.includes(expected), error);
    });
  }

  test('but not the custom resource of Flux, whatever its file is called', () => {
    const text =
      'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\n';
    assert.deepEqual(errorsIn({ 'kustomization.yaml': text }), []);
  });

  test('one that cannot be read is an error of its own, though it need not say its kind', () => {
    for (const file of ['a/kustomization.yaml', 'a/Kustomization', 'a/Chart.yaml']) {
      const { inputErrors, summary } = report({ [file]: 'resources: [{{ x }}' });
      assert.deepEqual(
        inputErrors.map(({ code }) => code),
        ['MANIFEST_TEMPLATE'],
      );
      assert.deepEqual([summary.unreadableDocuments, summary.otherDocuments], [1, 0]);
    }
  });

  const rootsIn = (files: Files) =>
    report(files).inputErrors.map(({ file, message }) => {
      const [, others = '0'] = /with (another one|\d+ others) that it includes/.exec(message) ?? [];
      return `${file} ${others}`;
    });
  const including = (...bases: readonly string[]) =>
    `${KUSTOMIZATION}resources: [${bases.join(', ')}]\n`;

  test('one error for each that no other one includes, however deep', () => {
    assert.deepEqual(
      rootsIn({
        'base/kustomization.yaml': including('web.yaml', 'db/'),
        'base/web.yaml': INTRUDER,
        'base/db/kustomization.yaml': including('x.yaml'),
        'parts/tls/kustomization.yaml': KUSTOMIZATION.replace(': Kustomization', ': Component'),
        'dev/kustomization.yaml': including('../base'),
        'prod/kustomization.yaml': `${including('./../base/')}components: [../parts/tls]\n`,
        'apps/alone/kustomization.yaml': KUSTOMIZATION,
      }),
      [
        'apps/alone/kustomization.yaml 0',
        'dev/kustomization.yaml 2 others',
        'prod/kustomization.yaml 3 others',
      ],
    );
  });

  test('that is included by its file, or by the field of old', () => {
    assert.deepEqual(
      rootsIn({
        'a/kustomization.yaml': KUSTOMIZATION,
        'b/kustomization.yml': KUSTOMIZATION,
        'c/kustomization.yaml': `${including('../a/kustomization.yaml')}bases: [../b]\n`,
      }),
      ['c/kustomization.yaml 2 others'],
    );
  });

  test('of those that include each other, the first', () => {
    assert.deepEqual(
      rootsIn({
        'a/kustomization.yaml': including('../b'),
        'b/kustomization.yaml': including('../c'),
        'c/kustomization.yaml': including('../b', '.'),
        'd/kustomization.yaml': including('../e'),
        'e/kustomization.yaml': including('../d'),
      }),
      ['a/kustomization.yaml 2 others', 'd/kustomization.yaml another one'],
    );
  });

  test('and what it includes is still checked as it is', () => {
    const { findings } = report({
      'base/kustomization.yaml': including('web.yaml'),
      'base/web.yaml': INTRUDER,
      'prod/kustomization.yaml': including('../base'),
    });
    assert.deepEqual(
      findings.map(({ file, policy }) => `${file} ${policy}`),
      ['base/web.yaml control-plane-intrusion'],
    );
  });
});

describe('what a kustomization uses as something else is not checked as an object', () => {
  for (const { what, fields, files } of [
    { what: 'a patch', fields: 'patches: [{path: web.yaml}]', files: ['o/web.yaml'] },
    { what: 'a patch above it', fields: 'patches: [{path: ../web.yaml}]', files: ['web.yaml'] },
    {
      what: 'a patch by a long way',
      fields: 'patches: [{path: ./x/..//web.yaml, target: {kind: Deployment}}]',
      files: ['./o/web.yaml'],
    },
    {
      what: 'strategic merge patches',
      fields: 'patchesStrategicMerge: [a.yaml, b/c.yaml, "kind: Pod\\n"]',
      files: ['o/a.yaml', 'o/b/c.yaml'],
    },
    {
      what: 'a JSON patch',
      fields: 'patchesJson6902: [{target: {kind: Deployment, name: web}, path: p.yaml}]',
      files: ['o/p.yaml'],
    },
    { what: 'a replacement', fields: 'replacements: [{path: r.yaml}]', files: ['o/r.yaml'] },
    { what: 'a configuration', fields: 'configurations: [c.yaml]', files: ['o/c.yaml'] },
    { what: 'a schema', fields: 'openapi: {path: s.json}', files: ['o/s.json'] },
    { what: 'a transformer', fields: 'transformers: [t.yaml]', files: ['o/t.yaml'] },
    {
      what: 'a directory of generators',
      fields: 'generators: [../g]',
      files: ['g/a.yaml', 'g/b/c.yaml'],
    },
    { what: 'a validator', fields: 'validators: [v]', files: ['o/v/v.yaml'] },
    {
      what: 'values of a chart',
      fields: 'helmCharts: [{name: x, valuesFile: v.yaml, additionalValuesFiles: [w.yaml]}]',
      files: ['o/v.yaml', 'o/w.yaml'],
    },
    {
      what: 'files of a ConfigMap',
      fields: 'configMapGenerator: [{name: a, files: [pod.yaml, key=other.yaml]}]',
      files: ['o/pod.yaml', 'o/other.yaml'],
    },
    {
      what: 'files of a Secret',
      fields: 'secretGenerator: [{name: a, files: [s.yaml], envs: [e.yaml]}]',
      files: ['o/s.yaml', 'o/e.yaml'],
    },
  ]) {
    test(what, () => {
      const { findings, inputErrors, summary } = report({
        'o/kustomization.yaml': `${KUSTOMIZATION}${fields}\n`,
        ...Object.fromEntries(files.map((file) => [file, INTRUDER])),
      });
      assert.deepEqual(findings, []);
      const [error, ...others] = inputErrors;
      assert.deepEqual(others, []);
      const count = files.length === 1 ? '1 file that' : `${files.length} files that`;
      assert.ok(error?.message.includes(count), error?.message);
      assert.deepEqual([summary.objects, summary.otherDocuments], [0, files.length + 1]);
    });
  }

  test('nor read, even if it cannot be', () => {
    const files = {
      'o/kustomization.yaml': `${KUSTOMIZATION}patches: [{path: p.yaml}]\n`,
      'o/p.yaml': 'a: [',
    };
    assert.deepEqual(
      report(files).inputErrors.map(({ code }) => code),
      ['NOT_RENDERED'],
    );
  });

  test('but what it or another one lists as a resource is', () => {
    const { findings } = report({
      'a/kustomization.yaml': `${KUSTOMIZATION}patches: [{path: ../b/web.yaml}]\n`,
      'b/kustomization.yaml': `${KUSTOMIZATION}resources: [web.yaml]\n`,
      'b/web.yaml': INTRUDER,
    });
    assert.deepEqual(
      findings.map(({ policy }) => policy),
      ['control-plane-intrusion'],
    );
  });

  test('and what it does not name is', () => {
    const { findings } = report({
      'a/kustomization.yaml': `${KUSTOMIZATION}patches: [{path: web.yml}, {path: 3}, null]\n`,
      'a/web.yaml': INTRUDER,
    });
    assert.deepEqual(
      findings.map(({ policy }) => policy),
      ['control-plane-intrusion'],
    );
  });
});

describe('a chart is one error, in place of those of its files', () => {
  test('which counts the files that cannot be read before', () => {
    assert.deepEqual(
      errorsIn({
        'charts/shop/Chart.yaml': CHART,
        'charts/shop/values.yaml': 'replicas: 3\n',
        'charts/shop/templates/a.yaml': TEMPLATE,
        'charts/shop/templates/deep/b.yaml': `${TEMPLATE}---\n${TEMPLATE}`,
        'charts/shop/templates/c.yaml': CONFIG_MAP,
      }),
      [
        `NOT_RENDERED charts/shop/Chart.yaml:1 this Helm chart is not rendered, and 2 files of it cannot be read before. Add it to bulkhead.yaml:
  inputs:
    - helm: charts/shop
or leave it out:
  exclude: [charts/shop/]
For one run, use --helm charts/shop`,
      ],
    );
  });

  test('with the charts that are part of it', () => {
    const errors = errorsIn({
      'Chart.yaml': CHART,
      'charts/db/Chart.yaml': CHART,
      'charts/db/charts/deeper/Chart.yaml': CHART,
      'charts/db/templates/a.yaml': TEMPLATE,
    });
    assert.equal(errors.length, 1);
    assert.ok(errors[0]?.includes('- helm: .\n'), errors[0]);
    assert.ok(errors[0]?.includes('exclude: [/Chart.yaml, /templates/, /charts/]\n'), errors[0]);
    assert.ok(errors[0]?.includes('1 file of it cannot be read before.'), errors[0]);
  });

  test('which has no templates of its own, but depends on others', () => {
    const text = `${CHART}dependencies: [{name: redis, version: 1, repository: "https://charts.example"}]\n`;
    assert.deepEqual(
      report({ 'x/Chart.yaml': text, 'web.yaml': CONFIG_MAP }).inputErrors.map(({ code }) => code),
      ['NOT_RENDERED'],
    );
  });

  test('which is a library', () => {
    const [error] = errorsIn({
      'lib/Chart.yaml': `${CHART}type: library\n`,
      'lib/templates/a.yaml': TEMPLATE,
    });
    assert.ok(error?.includes('Add a chart that uses it to bulkhead.yaml:'), error);
    assert.ok(error?.includes('exclude: [/lib/]'), error);
  });

  test('as many charts as there are, side by side', () => {
    const files = {
      'a/Chart.yaml': CHART,
      'ab/Chart.yaml': CHART,
      'ab/templates/a.yaml': TEMPLATE,
    };
    const [first, second, ...others] = errorsIn(files);
    assert.deepEqual(others, []);
    assert.ok(first?.includes('is not rendered. Add'), first);
    assert.ok(second?.includes('1 file of it cannot be read before.'), second);
  });

  test('whose quoted placeholders need no error either', () => {
    const text = INTRUDER.replace('name: web', 'name: "{{ .Release.Name }}"');
    const errors = errorsIn({ 'x/Chart.yaml': CHART, 'x/templates/a.yaml': text });
    assert.equal(errors.length, 1);
  });

  test('and what is readable in it is checked, as is what Helm does not render', () => {
    const { findings } = report({
      'x/Chart.yaml': CHART,
      'x/templates/a.yaml': INTRUDER,
      'x/crds/b.yaml': INTRUDER,
      'x/examples/c.yaml': INTRUDER,
    });
    assert.deepEqual(
      findings.map(({ file }) => file),
      ['x/crds/b.yaml', 'x/examples/c.yaml', 'x/templates/a.yaml'],
    );
  });

  test('while what Helm does not render keeps its errors', () => {
    const errors = errorsIn({
      'x/Chart.yaml': CHART,
      'x/crds/a.yaml': 'kind: [',
      'x/values.yaml': 'a: [',
      'other/templates/a.yaml': TEMPLATE,
    });
    assert.deepEqual(
      errors.map((error) => error.split(' ')[0]),
      ['MANIFEST_TEMPLATE', 'NOT_RENDERED', 'MANIFEST_SYNTAX'],
    );
  });

  test('but an object in a file of that name is none', () => {
    assert.deepEqual(errorsIn({ 'Chart.yaml': CONFIG_MAP }), []);
  });
});

describe('a strategic merge patch is an error of its own', () => {
  const BUDGET =
    'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a, namespace: b}\n';
  for (const { what, text, place } of [
    { what: 'at the top', text: `${BUDGET}$patch: delete\n`, place: 4 },
    { what: 'within a mapping', text: `${BUDGET}spec: {selector: {$patch: replace}}\n`, place: 4 },
    {
      what: 'in an item of a list',
      text: `${INTRUDER}      containers:\n        - name: a\n          $patch: delete\n`,
      place: 12,
    },
    {
      what: 'that deletes from a list of texts',
      text: `${BUDGET}metadata: {name: a, $deleteFromPrimitiveList/finalizers: [a]}\n`,
      place: 4,
    },
    {
      what: 'that orders a list',
      text: `${INTRUDER}      $setElementOrder/containers: [{name: a}]\n`,
      place: 10,
    },
    { what: 'that keeps keys', text: `${INTRUDER}  strategy: {$retainKeys: [type]}\n`, place: 10 },
    { what: 'whose dollar sign is escaped', text: `${BUDGET}"\\u0024patch": delete\n`, place: 4 },
    { what: 'of a kind that no policy checks', text: `${CONFIG_MAP}$patch: delete\n`, place: 4 },
    {
      what: 'of a custom resource',
      text: 'apiVersion: a.example/v1\nkind: Till\nmetadata: {name: a}\nspec: {$patch: replace}\n',
      place: 4,
    },
    {
      what: 'in an item of a list of objects',
      text: 'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Pod\n    $patch: delete\n',
      place: 6,
    },
  ]) {
    test(what, () => {
      const { inputErrors, findings, summary } = report({ 'a.yaml': text });
      assert.deepEqual(
        inputErrors.map(({ code, line }) => `${code} ${line}`),
        [`MANIFEST_PATCH ${place}`],
      );
      assert.deepEqual([findings.length, summary.checked], [0, 0]);
    });
  }

  const REVISION =
    'apiVersion: apps/v1\nkind: ControllerRevision\nmetadata: {name: a, namespace: b}\nrevision: 1\n';
  const KEPT = 'data: {spec: {template: {$patch: replace, spec: {containers: []}}}}\n';
  for (const [what, text, codes] of [
    ['what a controller keeps of a workload is none', REVISION + KEPT, []],
    ['nor in an older version', REVISION.replace('v1', 'v1beta1') + KEPT, []],
    [
      'nor in a list',
      `{apiVersion: v1, kind: List, items: [{apiVersion: apps/v1, kind: ControllerRevision, metadata: {name: a, namespace: b}, ${KEPT.trim()}}]}`,
      [],
    ],
    ['but a patch of a revision is', `${REVISION}${KEPT}$patch: delete\n`, ['MANIFEST_PATCH']],
    [
      'and of its metadata',
      REVISION.replace('{name: a', '{$patch: replace, name: a') + KEPT,
      ['MANIFEST_PATCH'],
    ],
    [
      'and one of that kind in another group',
      REVISION.replace('apps', 'batch') + KEPT,
      ['MANIFEST_PATCH'],
    ],
    [
      'and the data of another kind',
      REVISION.replace('ControllerRevision', 'Deployment') + KEPT,
      ['MANIFEST_PATCH'],
    ],
  ] as const) {
    test(what, () => {
      assert.deepEqual(
        report({ 'a.yaml': text }).inputErrors.map(({ code }) => code),
        codes,
      );
    });
  }

  test('but not in a custom resource that is about patches, or in a text', () => {
    const policy = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: a}
spec: {rules: [{name: a, mutate: {patchStrategicMerge: {spec: {$patch: replace}}}}]}
`;
    assert.deepEqual(errorsIn({ 'a.yaml': policy }), []);
    assert.deepEqual(errorsIn({ 'a.yaml': `${CONFIG_MAP}data: {a: "$patch: delete"}\n` }), []);
  });
});

describe('a placeholder where it matters is an error of its object', () => {
  const pod = (spec: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec:\n  ${spec}\n`;
  for (const { what, text, line, shows } of [
    { what: 'for all tolerations', text: pod('tolerations: ${T}'), line: 5, shows: '${T}' },
    {
      what: 'for the key of a toleration',
      text: pod('tolerations: [{key: $(KEY), operator: Exists}]'),
      line: 5,
      shows: '$(KEY)',
    },
    {
      what: 'for its effect, with a default',
      text: pod('tolerations: [{key: a, effect: "${EFFECT:=NoSchedule}"}]'),
      line: 5,
      shows: '${EFFECT:=NoSchedule}',
    },
    { what: 'in quotes', text: pod('nodeName: "{{ node }}"'), line: 5, shows: '{{ node }}' },
    { what: 'in escapes', text: pod('nodeName: "\\x24\\x7bX}"'), line: 5, shows: '${X}' },
    { what: 'for a label', text: pod('nodeSelector: {"${KEY}": a}'), line: 5, shows: '${KEY}' },
    { what: 'for its value', text: pod('nodeSelector: {a: $ROLE}'), line: 5, shows: '$ROLE' },
    {
      what: 'within a value',
      text: pod('nodeSelector: {node-role.kubernetes.io/worker: "x-#{role}-y"}'),
      line: 5,
      shows: 'x-#{role}-y',
    },
    {
      what: 'in affinity',
      text: pod(
        'affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: In, values: ["<no value>"]}]}]}}}',
      ),
      line: 5,
      shows: '<no value>',
    },
    {
      what: 'for the scheduler',
      text: pod('schedulerName: __SCHEDULER__'),
      line: 5,
      shows: '__SCHEDULER__',
    },
    {
      what: 'for the RuntimeClass',
      text: pod('runtimeClassName: <your-class>'),
      line: 5,
      shows: '<your-class>',
    },
    {
      what: 'for a port of the node',
      text: pod('containers: [{name: a, ports: [{hostPort: "@PORT@"}]}]'),
      line: 5,
      shows: '@PORT@',
    },
    {
      what: 'for the spec',
      text: 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: "%SPEC%"\n',
      line: 4,
      shows: '%SPEC%',
    },
    {
      what: 'for the name',
      text: INTRUDER.replace('name: web', 'name: ((name))'),
      line: 3,
      shows: '((name))',
    },
    {
      what: 'for the namespace',
      text: INTRUDER.replace('namespace: shop', 'namespace: <%= @namespace %>'),
      line: 3,
      shows: '<%= @namespace %>',
    },
    {
      what: 'for a label of the pods',
      text: INTRUDER.replace('labels: {app: web}', 'labels: {app: "[[ app ]]"}'),
      line: 7,
      shows: '[[ app ]]',
    },
    {
      what: 'for the replicas',
      text: `${INTRUDER}  replicas: \${REPLICAS}\n`,
      line: 10,
      shows: '${REPLICAS}',
    },
    {
      what: 'for a selector',
      text: INTRUDER.replace('matchLabels: {app: web}', 'matchLabels: {app: $(APP)}'),
      line: 5,
      shows: '$(APP)',
    },
    {
      what: 'in the pods of a CronJob',
      text: 'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec: {jobTemplate: {spec: {template: {spec: {nodeName: $NODE}}}}}\n',
      line: 4,
      shows: '$NODE',
    },
    {
      what: 'for the number of a budget',
      text: 'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec: {minAvailable: "{{ min }}"}\n',
      line: 4,
      shows: '{{ min }}',
    },
    {
      what: 'for the minimum of an autoscaler',
      text: 'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec: {minReplicas: "${MIN}"}\n',
      line: 4,
      shows: '${MIN}',
    },
    {
      what: 'for a label of a Node',
      text: 'apiVersion: v1\nkind: Node\nmetadata: {name: a, labels: {"node-role.kubernetes.io/${ROLE}": ""}}\n',
      line: 3,
      shows: 'node-role.kubernetes.io/${ROLE}',
    },
    {
      what: 'for a taint of a Node',
      text: 'apiVersion: v1\nkind: Node\nmetadata: {name: a}\nspec: {taints: [{key: $TAINT, effect: NoSchedule}]}\n',
      line: 4,
      shows: '$TAINT',
    },
    {
      what: 'for the taints of a node that registers',
      text: 'apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\nnodeRegistration: {taints: "${TAINTS}"}\n',
      line: 3,
      shows: '${TAINTS}',
    },
    {
      what: 'for the taints that a kubelet registers with',
      text: 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nregisterWithTaints: [{key: $(K)}]\n',
      line: 3,
      shows: '$(K)',
    },
    {
      what: 'for the target of a Binding',
      text: 'apiVersion: v1\nkind: Binding\nmetadata: {name: a}\ntarget: {kind: Node, name: $NODE}\n',
      line: 4,
      shows: '$NODE',
    },
    {
      what: 'for what a RuntimeClass adds',
      text: 'apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: a}\nscheduling: {tolerations: "{{ t }}"}\n',
      line: 4,
      shows: '{{ t }}',
    },
    {
      what: 'in a custom resource with pods',
      text: 'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: a}\nspec: {template: {spec: {tolerations: "${T}"}}}\n',
      line: 4,
      shows: '${T}',
    },
    {
      what: 'for the kind',
      text: INTRUDER.replace('Deployment', '${KIND}'),
      line: 2,
      shows: '${KIND}',
    },
    {
      what: 'for a part of the kind',
      text: INTRUDER.replace('Deployment', '"{{ x }}Set"'),
      line: 2,
      shows: '{{ x }}Set',
    },
    {
      what: 'for the apiVersion',
      text: INTRUDER.replace('apps/v1', '$(API)'),
      line: 1,
      shows: '$(API)',
    },
    {
      what: 'for the version',
      text: INTRUDER.replace('apps/v1', 'apps/$V'),
      line: 1,
      shows: 'apps/$V',
    },
    {
      what: 'for the group of what would be a custom resource',
      text: 'apiVersion: "{{ group }}.example/v1"\nkind: Shop\nmetadata: {name: a}\n',
      line: 1,
      shows: '{{ group }}.example/v1',
    },
    {
      what: 'for the kind of an object in a list',
      text: 'apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: <kind>, spec: {nodeName: a}}\n',
      line: 4,
      shows: '<kind>',
    },
    {
      what: 'for the kind of a list, which is that of its objects',
      text: 'apiVersion: v1\nkind: ${KIND}List\nitems:\n  - {metadata: {name: a}, spec: {nodeName: a}}\n',
      line: 4,
      shows: '${KIND}',
    },
  ]) {
    test(what, () => {
      const { inputErrors, findings } = report({ 'a.yaml': text });
      assert.deepEqual(
        inputErrors.map(({ code, line: at }) => `${code} ${at}`),
        [`MANIFEST_PLACEHOLDER ${line}`],
      );
      assert.ok(inputErrors[0]?.message.includes(`since ${shows} is`), inputErrors[0]?.message);
      assert.deepEqual(findings, []);
    });
  }

  describe('but not', () => {
    for (const { what, text } of [
      {
        what: 'a variable that Kubernetes fills in',
        text: pod('containers: [{name: a, args: [$(A)], env: [{name: B, value: "$(A)-${C}"}]}]'),
      },
      {
        what: 'in an image',
        text: pod('containers: [{name: a, image: "${REGISTRY}/a:{{ tag }}"}]'),
      },
      {
        what: 'in an annotation',
        text: 'apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b, annotations: {a: "${X}"}}\n',
      },
      {
        what: 'in a label of a Deployment that its pods do not have',
        text: 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: b, labels: {v: "${X}"}}\n',
      },
      {
        what: 'in an object that no policy checks',
        text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "${X}"}\n',
      },
      {
        what: 'for the kind of a list, whose objects have their own',
        text: 'apiVersion: v1\nkind: ${KIND}\nitems: [{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: b}}]\n',
      },
      {
        what: 'in what is not an object',
        text: `kind: \${KIND}\n---\n${CONFIG_MAP}`,
      },
      {
        what: 'parameters of a Workflow',
        text: 'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: a-, namespace: b}\nspec: {nodeSelector: {a: "{{workflow.parameters.node}}"}}\n',
      },
      {
        what: 'a value that looks like one',
        text: pod('nodeSelector: {a__b__c: x.y-z_1}'),
      },
      {
        what: 'a percentage',
        text: 'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a, namespace: b}\nspec: {maxUnavailable: 50%, selector: {}}\n',
      },
    ]) {
      test(what, () => assert.deepEqual(errorsIn({ 'a.yaml': text }), []));
    }
  });

  test('a long one is cut', () => {
    const [error] = errorsIn({ 'a.yaml': pod(`nodeName: "{{ ${'x'.repeat(100)} }}"`) });
    assert.ok(error?.includes(`{{ ${'x'.repeat(57)}… is`), error);
  });
});
