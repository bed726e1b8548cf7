import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { check } from '../src/check.ts';
import { type Derivation, type InitInput, init } from '../src/init.ts';
import type { InputFile } from '../src/input.ts';
import type { JsonObject, JsonValue } from '../src/kubernetes/json.ts';
import { readOwnConfig, readOwnProfile } from '../src/own-files.ts';
import { type Component, fits, type Profile } from '../src/profile/profile.ts';
import type { Finding, Report } from '../src/report/report.ts';
import { builtBulkhead, textOf } from './support/bulkhead.ts';
import { assertGolden } from './support/golden.ts';

// What init derives from a dump of each distribution, through the policies as they are built.

const DUMPS = 'testdata/init/dumps';
const built = builtBulkhead();
const names = readdirSync(new URL(`../${DUMPS}`, import.meta.url))
  .map((name) => name.replace(/\.yaml$/, ''))
  .sort();

/** How often drawn cases are tried: each of them derives and checks. */
const RUNS = Number(process.env['INIT_RUNS'] ?? 30);

const SCHEMAS = { config: './config.schema.json', profile: './profile.schema.json' };

function derive(files: readonly InputFile[], more: Partial<InitInput> = {}): Derivation {
  return init(built, {
    source: 'dump.yaml',
    cluster: files,
    directory: [],
    name: 'sample',
    schemas: SCHEMAS,
    width: 100,
    ...more,
  });
}

function dump(name: string): readonly InputFile[] {
  return [fileOf(textOf(`${DUMPS}/${name}.yaml`))];
}

function fileOf(text: string, name = 'dump.yaml'): InputFile {
  return { name, bytes: new TextEncoder().encode(text) };
}

function objectsIn(name: string): readonly JsonObject[] {
  return parse(textOf(`${DUMPS}/${name}.yaml`)).items;
}

function listOf(objects: readonly JsonValue[]): readonly InputFile[] {
  return [fileOf(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }))];
}

function profileText({ files }: Derivation): string {
  return files.get('bulkhead.profile.yaml') ?? '';
}

function profileIn(text: string): Profile {
  const read = readOwnProfile(built, { file: 'p.yaml', text }, () => {
    throw new Error('no file is extended');
  });
  assert.equal(read.kind, 'profile', read.kind === 'errors' ? read.errors[0]?.message : '');
  return read.kind === 'profile' ? read.profile : assert.fail();
}

/** The profile after a user has uncommented every row. */
function withRows(text: string): string {
  const start = text.indexOf('# components:');
  return text.slice(0, start) + text.slice(start).replaceAll(/^# /gm, '');
}

function checked(profile: Profile, files: readonly InputFile[]): Report {
  return check(built, profile, files);
}

function nameOf({ object }: Pick<Finding, 'object'>): string {
  return `${object.kind} ${object.namespace === null ? '' : `${object.namespace}/`}${object.name}`;
}

/** The Nodes that the page says are not reserved. */
const UNTAINTED: Readonly<Record<string, string>> = {
  kind: 'Node kind-control-plane',
  minikube: 'Node minikube',
};
const WITHOUT_PROFILE = ['unknown'];
const known = names.filter((name) => !WITHOUT_PROFILE.includes(name));

describe('a dump of each distribution', () => {
  for (const name of names) {
    test(`${name}: the page and the files`, () => {
      const derivation = derive(dump(name));
      assertGolden(`testdata/init/expected/${name}.txt`, derivation.page);
      assertGolden(`testdata/init/expected/${name}.profile.yaml`, profileText(derivation));
      const config = derivation.files.get('bulkhead.yaml') ?? '';
      assertGolden('testdata/init/expected/bulkhead.yaml', config);
      assert.equal(readOwnConfig(built, { file: 'bulkhead.yaml', text: config }).kind, 'config');
      assert.ok(derivation.isWhole);
    });
  }

  for (const name of known) {
    test(`${name}: a check of it finds the candidates, and nothing else`, () => {
      const text = profileText(derive(dump(name)));
      const { findings, inputErrors } = checked(profileIn(text), dump(name));
      assert.deepEqual(inputErrors, []);
      const found = new Set(findings.map(nameOf));
      found.delete(UNTAINTED[name] ?? '');
      assert.deepEqual([...found].sort(), candidatesIn(text));
    });

    test(`${name}: with the rows of the candidates, a check of it is clean`, () => {
      const text = withRows(profileText(derive(dump(name))));
      const { findings } = checked(profileIn(text), dump(name));
      const others = findings.filter((finding) => nameOf(finding) !== UNTAINTED[name]);
      assert.deepEqual(
        others.map(({ message }) => message),
        [],
      );
    });
  }

  test('one of them is of every distribution', () => {
    const found = names.map(
      (name) => /distribution {2}(\S+(?: API)?)/.exec(derive(dump(name)).page)?.[1],
    );
    const all = [
      'AKS',
      'Cluster API',
      'EKS',
      'GKE',
      'Kubespray',
      'MicroK8s',
      'OpenShift',
      'RKE2',
      'Talos',
    ];
    const others = [
      'Tectonic',
      'Typhoon',
      'k0s',
      'k3s',
      'kOps',
      'kind',
      'kubeadm',
      'minikube',
      'unknown',
    ];
    const seen = new Set(found.map((one) => one?.replace(/,$/, '')));
    assert.deepEqual([...seen].sort(), [...all, ...others]);
  });
});

/** The objects that are comments under `components`. */
function candidatesIn(text: string): readonly string[] {
  return [...text.matchAll(/^# {3}# (\S+ \S+): (?:on|without) /gm)]
    .map(([, one]) => one ?? '')
    .sort();
}

describe('manifests without Nodes', () => {
  // The built-in profile reserves nothing there until a Node has the taint.
  for (const name of ['k3s', 'rke2', 'eks', 'aks']) {
    test(`${name}: what a taint of all Nodes keeps away is found`, () => {
      const profile = profileIn(profileText(derive(dump(name))));
      const workloads = listOf(objectsIn(name).filter(({ kind }) => kind !== 'Node'));
      const { findings } = checked(profile, workloads);
      assert.ok(findings.some((one) => nameOf(one) === 'DaemonSet monitoring/node-exporter'));
      const before = checked(built.profiles()[name] ?? assert.fail(), workloads);
      assert.deepEqual(
        before.findings.filter((one) => nameOf(one) === 'DaemonSet monitoring/node-exporter'),
        [],
      );
    });
  }
});

describe('an intruder in the dump', () => {
  // Where no Node has a taint, no node is reserved.
  const reserving = known.filter((name) => !['k3s-untainted', 'gke', 'microk8s'].includes(name));
  const addonRows = Object.values(built.addons()).flatMap(({ components }) => components);
  const builtInRows = new Set(
    [...Object.values(built.profiles()), ...Object.values(built.addons())].flatMap(
      ({ components }) => components.map(({ name }) => name),
    ),
  );
  const clusters = new Map(
    reserving.map((name) => [
      name,
      { objects: objectsIn(name), profile: profileIn(profileText(derive(dump(name)))) },
    ]),
  );

  function findingsWith(name: string, object: JsonObject): readonly Finding[] {
    const { kind, metadata } = object as unknown as Drawn;
    const files = listOf([...(clusters.get(name)?.objects ?? []), object]);
    const profile = profileIn(profileText(derive(files)));
    const own = profile.components.filter((row) => !builtInRows.has(row.name));
    assert.deepEqual(own, [], 'only built-in rows are in force');
    const { findings } = checked(profile, files);
    return findings.filter(
      ({ object: found }) => found.name === metadata.name && found.kind === kind,
    );
  }

  for (const name of reserving) {
    test(`${name}: stays a finding`, () => {
      const made = workload({
        place: { namespace: 'shop', name: 'kube-proxy' },
        kind: 'DaemonSet',
        tolerations: [{ operator: 'Exists' }],
        annotations: { 'kubernetes.io/config.mirror': 'x' },
        labels: { 'k8s-app': 'kube-proxy' },
      });
      assert.ok(findingsWith(name, made).some(({ severity }) => severity === 'error'));
    });
  }

  test('stays a finding, whatever it is called, tolerates and says of itself', () => {
    const drawn = fc.constantFrom(...reserving).chain((name) => {
      const { profile, objects } = clusters.get(name) ?? assert.fail();
      const rows = [...profile.components, ...addonRows];
      return intruder(rows, taintsIn(objects)).map((object) => ({ name, object }));
    });
    fc.assert(
      fc.property(drawn, ({ name, object }) => {
        const { kind, metadata } = object as unknown as Drawn;
        const { profile } = clusters.get(name) ?? assert.fail();
        // What a row names with its kind is that component, and exempt namespaces are the distribution's own.
        fc.pre(![...profile.components, ...addonRows].some((row) => isRowOf(row, kind, metadata)));
        fc.pre(!profile.exemptNamespaces.some((one) => fits(one, metadata.namespace)));
        assert.notDeepEqual(findingsWith(name, object), [], JSON.stringify(object));
      }),
      { numRuns: RUNS },
    );
  });

  test('called like the agent of a network that the cluster does not have, it stays one', () => {
    const agent = (namespace: string, name: string) =>
      workload({
        place: { namespace, name },
        kind: 'DaemonSet',
        tolerations: [{ operator: 'Exists' }],
        annotations: {},
        labels: { app: name },
      });
    const alone = [
      agent('kube-system', 'calico-node'),
      agent('kube-flannel', 'kube-flannel-ds'),
      agent('metallb-system', 'speaker'),
      agent('monitoring', 'node-exporter'),
      agent('vmware-system-csi', 'vsphere-csi-node'),
    ];
    for (const object of alone) {
      const found = findingsWith('kind', object).map(({ policy }) => policy);
      assert.ok(found.includes('control-plane-intrusion'), JSON.stringify(object));
    }
  });
});

describe('candidates', () => {
  const template = {
    metadata: { labels: { app: 'a' } },
    spec: {
      tolerations: [{ operator: 'Exists' }],
      nodeSelector: { 'kubernetes.io/hostname': 'cp-of-tomorrow' },
      containers: [{ name: 'a', image: 'a' }],
    },
  };
  const withObject = (object: JsonObject) => derive(listOf([...objectsIn('kubeadm'), object]));

  test('are what can run on reserved nodes, even if no Node of today has its labels', () => {
    const derivation = withObject({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace: 'shop', name: 'later', uid: 'x' },
      spec: { selector: { matchLabels: { app: 'a' } }, template },
    });
    assert.match(derivation.page, /Deployment shop\/later +on control-plane nodes +a mistake\?/);
  });

  test('are what a check finds, even if it has no pods of its own', () => {
    const derivation = withObject({
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { namespace: 'shop', name: 'bound' },
      target: { kind: 'Node', name: 'cp-0' },
    });
    assert.match(derivation.page, /Binding shop\/bound +without the scheduler +a mistake\?/);
    assert.match(profileText(derivation), /Binding shop\/bound: .* No row can name it/);
  });

  test('may be among what cannot be checked: this is said, and not all was read', () => {
    const derivation = withObject({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace: 'shop', name: 'odd' },
      spec: { template: { ...template, metadata: { labels: { app: 1 } } } },
    });
    assert.equal(derivation.isWhole, false);
    assert.match(derivation.page, /^! /m);
  });
});

/** Tolerations of the taints that Nodes have, each set of a Node. */
function taintsIn(objects: readonly JsonObject[]): readonly (readonly object[])[] {
  const sets = objects
    .filter(({ kind }) => kind === 'Node')
    .map(({ spec }) => (spec as { readonly taints?: readonly Tainted[] } | undefined)?.taints ?? [])
    .map((taints) => taints.filter(({ key }) => !key.startsWith('node.kubernetes.io/')))
    .filter((taints) => taints.length > 0 && taints.every(({ key }) => key !== 'spot'));
  return sets.map((taints) =>
    taints.map(({ key, value = '', effect }) => ({ key, operator: 'Equal', value, effect })),
  );
}

interface Tainted {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

interface Drawn {
  readonly kind: string;
  readonly metadata: { readonly namespace: string; readonly name: string };
}

function isRowOf(
  { match, type, kinds = [] }: Component,
  kind: string,
  { namespace, name }: Drawn['metadata'],
): boolean {
  const own = match.kind === undefined ? (type === undefined ? kinds : [type]) : [match.kind];
  const isKind = own.length === 0 || own.includes(kind as (typeof own)[number]);
  return isKind && fits(match.namespace, namespace) && fits(match.name, name);
}

/** A workload that gets onto reserved nodes, with what an author can write to look like a component. */
function intruder(
  rows: readonly Component[],
  exact: readonly (readonly object[])[],
): fc.Arbitrary<JsonObject> {
  const places = rows.map(({ match }) => ({
    namespace: match.namespace.replace('*', 'x'),
    name: match.name.replace('*', 'x'),
  }));
  const place = fc.oneof(
    fc.constantFrom(...places),
    fc.record({
      namespace: fc.constantFrom('shop', 'kube-system', 'monitoring'),
      name: fc.stringMatching(/^[a-z][a-z0-9]{2,8}$/),
    }),
  );
  return fc
    .record({
      place,
      kind: fc.constantFrom('DaemonSet', 'Deployment', 'StatefulSet', 'Job', 'Pod'),
      tolerations: fc.constantFrom<readonly object[]>([{ operator: 'Exists' }], ...exact),
      annotations: fc.constantFrom<Record<string, string>>(
        {},
        { 'kubernetes.io/config.mirror': 'x', 'kubernetes.io/config.source': 'file' },
        { 'bulkhead.dev/waive.control-plane-intrusion': 'a part of the cluster' },
        { 'scheduler.alpha.kubernetes.io/critical-pod': '' },
      ),
      labels: fc.constantFrom<Record<string, string>>(
        { app: 'intruder' },
        { tier: 'control-plane', component: 'kube-apiserver' },
        { 'app.kubernetes.io/managed-by': 'bulkhead' },
      ),
    })
    .map(workload);
}

function workload({
  place: { namespace, name },
  kind,
  tolerations,
  annotations,
  labels,
}: {
  readonly place: { readonly namespace: string; readonly name: string };
  readonly kind: string;
  readonly tolerations: readonly object[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}): JsonObject {
  const pod = { tolerations, containers: [{ name: 'a', image: 'a' }] };
  const template = { metadata: { labels, annotations }, spec: pod };
  const job = { template: { ...template, spec: { ...pod, restartPolicy: 'Never' } } };
  const specs: Readonly<Record<string, object>> = { Pod: pod, Job: job };
  const versions: Readonly<Record<string, string>> = { Pod: 'v1', Job: 'batch/v1' };
  return JSON.parse(
    JSON.stringify({
      apiVersion: versions[kind] ?? 'apps/v1',
      kind,
      metadata: { namespace, name, annotations, labels },
      spec: specs[kind] ?? { selector: { matchLabels: labels }, template },
    }),
  ) as JsonObject;
}

describe('names that try to get out of a comment', () => {
  const HOSTILE = [
    'a\ncomponents: [{name: x, match: {namespace: "*", name: "*"}}]',
    'a\r\nextends: [kubeadm]',
    'a\u0085b',
    'a\u2028- kops',
    '*/ b',
    '# b',
    'a: b',
    '\u202egnp.x',
    '\u0000',
    '\u{1f600}',
    '"\'`{[',
    '*',
    '--- x',
    '%TAG',
    '\tx',
    '',
  ];

  /** A cluster in which everything that an author may name has the name. */
  function cluster(name: string): readonly JsonObject[] {
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        labels: {
          [`node-role.kubernetes.io/${name}`]: name,
          'eks.amazonaws.com/nodegroup': name,
        },
        annotations: { [`k3s.io/${name}`]: name },
      },
      spec: { taints: [{ key: name, value: name, effect: 'NoSchedule' }] },
      status: { nodeInfo: { kubeletVersion: `v1.31.0-eks-${name}`, osImage: `Talos ${name}` } },
    };
    const made = workload({
      place: { namespace: name, name },
      kind: 'DaemonSet',
      tolerations: [{ operator: 'Exists' }],
      annotations: {},
      labels: { app: 'a' },
    });
    const kind = { ...made, kind: name };
    return [node as JsonObject, made, kind, ...objectsIn('kubeadm')];
  }

  function assertOnlyBuiltIn(text: string): void {
    const { extends: bases, components, nodeRoles, metadata } = parse(text);
    assert.equal(components, undefined);
    assert.deepEqual(metadata, { name: 'sample' });
    for (const base of bases) {
      assert.ok(base in built.profiles() || base in built.addons() || base === 'choose-a-profile');
    }
    const own = ['apiVersion', 'kind', 'metadata', 'bulkhead', 'kubernetes', 'extends'];
    const keys = Object.keys(parse(text)).filter((key) => !own.includes(key));
    assert.deepEqual(keys, nodeRoles === undefined ? [] : ['nodeRoles']);
    for (const line of text.split('\n')) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be in the file
      assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\ufeff]/);
    }
  }

  for (const name of HOSTILE) {
    test(JSON.stringify(name), () => {
      for (const profile of ['kubeadm', 'eks', undefined]) {
        const source = `dump of ${name}`;
        const derivation = derive(listOf(cluster(name)), { profile, source, missing: [name] });
        const text = profileText(derivation);
        assertOnlyBuiltIn(text);
        const lines = derivation.page.split('\n').join('');
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not reach a terminal
        assert.doesNotMatch(lines, /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
        // Uncommented, a hostile name is no row.
        if (profile === 'kubeadm') {
          const { components = [] } = parse(withRows(text));
          const rows: readonly { readonly match: { readonly name: string } }[] = components;
          assert.deepEqual(rows.map((row) => row.match.name).sort(), [
            'cart',
            'fluent-bit',
            'node-exporter',
          ]);
        }
      }
    });
  }
});

describe('a directory', () => {
  const kustomization = (resources: readonly string[], more = {}) =>
    JSON.stringify({ resources, ...more });
  const chart = (more = {}) => JSON.stringify({ apiVersion: 'v2', name: 'shop', ...more });

  function configOf(files: Readonly<Record<string, string>>) {
    const directory = Object.entries(files).map(([name, text]) => fileOf(text, name));
    const derivation = init(built, {
      source: 'this directory',
      directory,
      name: 'sample',
      schemas: SCHEMAS,
      width: 100,
    });
    const text = derivation.files.get('bulkhead.yaml') ?? '';
    const read = readOwnConfig(built, { file: 'bulkhead.yaml', text });
    assert.equal(read.kind, 'config');
    return { text, page: derivation.page, written: parse(text), profile: profileText(derivation) };
  }

  const POD = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', namespace: 'shop' },
    spec: { containers: [] },
  });

  test('charts and kustomizations are inputs beside the directory', () => {
    const { written } = configOf({
      'pod.yaml': POD,
      'clusters/prod/kustomization.yaml': kustomization(['../../base']),
      'base/kustomization.yaml': kustomization(['pod.yaml']),
      'base/pod.yaml': POD,
      'charts/shop/Chart.yaml': chart(),
      'charts/shop/charts/sub/Chart.yaml': chart(),
      'charts/shop/templates/a.yaml': '{{ x }}',
      'charts/shop/kustomize/kustomization.yaml': kustomization([]),
    });
    assert.deepEqual(written.inputs, [
      { path: '.' },
      { kustomize: 'charts/shop/kustomize' },
      { kustomize: 'clusters/prod' },
      { helm: 'charts/shop' },
    ]);
    assert.equal(written.exclude, undefined);
  });

  test('what cannot be rendered by itself is left out', () => {
    const { written } = configOf({
      'charts/lib/Chart.yaml': chart({ type: 'library' }),
      'parts/debug/kustomization.yaml': kustomization([], {
        apiVersion: 'kustomize.config.k8s.io/v1alpha1',
        kind: 'Component',
      }),
      'odd [a]!/Chart.yaml': chart({ type: 'library' }),
      'pod.yaml': POD,
    });
    assert.deepEqual(written.inputs, [{ path: '.' }]);
    assert.deepEqual(written.exclude, ['parts/debug/', 'charts/lib/', '/odd \\[a\\]\\!/']);
  });

  test('kustomizations that share a base are environments, with everything else in each', () => {
    const { written, page } = configOf({
      'apps/a/base/kustomization.yaml': kustomization(['pod.yaml']),
      'apps/a/base/pod.yaml': POD,
      'apps/a/overlays/dev/kustomization.yaml': kustomization(['../../base']),
      'apps/a/overlays/prod/kustomization.yaml': kustomization(['../../base']),
      'apps/b/base/kustomization.yaml': kustomization([]),
      'apps/b/overlays/dev/kustomization.yaml': kustomization(['../../base']),
      'apps/b/overlays/prod/kustomization.yaml': kustomization(['../../base']),
      'infra/kustomization.yaml': kustomization(['pod.yaml']),
      'infra/pod.yaml': POD,
      'charts/shop/Chart.yaml': chart(),
    });
    const common = [{ path: '.' }, { kustomize: 'infra' }, { helm: 'charts/shop' }];
    assert.equal(written.inputs, undefined);
    assert.deepEqual(written.environments, {
      dev: {
        inputs: [
          { kustomize: 'apps/a/overlays/dev' },
          { kustomize: 'apps/b/overlays/dev' },
          ...common,
        ],
      },
      prod: {
        inputs: [
          { kustomize: 'apps/a/overlays/prod' },
          { kustomize: 'apps/b/overlays/prod' },
          ...common,
        ],
      },
    });
    assert.deepEqual(written.exclude, [
      'apps/a/overlays/dev/',
      'apps/b/overlays/dev/',
      'apps/a/overlays/prod/',
      'apps/b/overlays/prod/',
    ]);
    assert.match(page, /environments: dev,\s+prod/);
  });

  test('components of kustomize are no base, and do not make variants', () => {
    const component = kustomization([], {
      kind: 'Component',
      apiVersion: 'kustomize.config.k8s.io/v1alpha1',
    });
    const { written } = configOf({
      'a/kustomization.yaml': kustomization([], { components: ['../c'] }),
      'b/kustomization.yaml': kustomization([], { components: ['../c'] }),
      'c/kustomization.yaml': component,
    });
    assert.deepEqual(written.inputs, [{ path: '.' }, { kustomize: 'a' }, { kustomize: 'b' }]);
    assert.equal(written.environments, undefined);
  });

  test('what a user has to say of an input is a comment at it', () => {
    const { text } = configOf({
      'shop/Chart.yaml': chart({ dependencies: [{ name: 'redis' }] }),
      'shop/values-prod.yaml': 'a: 1',
      'web/kustomization.yaml': kustomization(['https://example.org/base?ref=v1']),
    });
    assert.match(
      text,
      /- helm: shop\n {4}# values: \[shop\/values-prod\.yaml\] # choose\n {4}# it has dependencies/,
    );
  });

  test('nothing to check is no input', () => {
    const { written, text } = configOf({ 'notes.yaml': 'a: 1' });
    assert.equal(written.inputs, undefined);
    assert.match(text, /^# inputs:$/m);
  });

  test('without Nodes the profile has to be chosen; kinds of a distribution come first', () => {
    const cluster = JSON.stringify({
      apiVersion: 'kops.k8s.io/v1alpha2',
      kind: 'Cluster',
      metadata: { name: 'a' },
    });
    const { profile, page } = configOf({ 'cluster.yaml': cluster });
    assert.match(
      profile,
      /^ {2}- choose-a-profile\n {2}# - kops # kOps .*kops\.k8s\.io\n {2}# - aks /m,
    );
    assert.match(page, /unknown/);
    assert.match(page, /No Node was seen/);
    const read = readOwnProfile(built, { file: 'p.yaml', text: profile }, () => assert.fail());
    assert.equal(read.kind, 'errors');
  });
});
