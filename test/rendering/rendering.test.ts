import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, describe, test } from 'node:test';
import { tool } from '../../scripts/tools.ts';
import { isMap } from '../../src/kubernetes/objects.ts';
import { readManifest } from '../../src/manifest/read.ts';
import type { Location, Report } from '../../src/report/report.ts';
import { ROOT } from '../support/bulkhead.ts';
import { bulkhead, pathOf } from '../support/rendering.ts';
import { faultsOf } from '../support/schemas.ts';

// Helm and kustomize, as they are, on what authors write to mislead.

const TOOLS = pathOf(['helm', 'kustomize']);
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-rendering-')));
after(() => rmSync(scratch, { recursive: true }));

let count = 0;

/** Writes files to a directory of their own, and returns it. */
function repository(files: Readonly<Record<string, string>>): string {
  count += 1;
  const cwd = join(scratch, String(count));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return cwd;
}

/** What `check` says, a line each: the place, the rendered place in brackets, what, and of which object. */
async function said(
  argv: readonly string[],
  cwd: string,
  path = TOOLS,
): Promise<readonly string[]> {
  const { stdout, stderr } = await bulkhead(
    ['check', ...argv, '--profile', 'kubeadm', '--output', 'json'],
    { cwd, path },
  );
  assert.notEqual(stdout, '', stderr);
  assert.deepEqual(faultsOf('report', stdout), []);
  const report: Report = JSON.parse(stdout);
  const { findings, inputErrors, notes } = report;
  return [
    ...findings.map((one) => `${placeOf(one)} ${one.policy} ${one.object.name}`),
    ...[...inputErrors, ...notes].map((one) => `${placeOf(one)} ${one.code}`),
  ];
}

type Place = Pick<Location, 'file' | 'line' | 'rendered'>;

function placeOf({ file, line, rendered }: Place): string {
  const where = rendered === undefined ? '' : ` [${rendered.input}:${rendered.line}]`;
  return `${file}${line === null ? '' : `:${line}`}${where}`;
}

/** A Pod that can be scheduled onto the control plane: its toleration is on line 7. */
function intruder(name: string, metadata = ''): string {
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  tolerations:\n    - operator: Exists\n  containers:\n    - name: a\n      image: a:1\n${metadata}`;
}

const CHART = 'apiVersion: v2\nname: shop\nversion: 1.0.0\n';

describe('names are names, whatever characters they have', () => {
  for (const name of [
    'a b',
    '-n',
    '--help',
    `it's "quoted"`,
    'line\nbreak',
    '$(touch owned)',
    'x.service',
    'Kustomization',
    'Chart.yaml',
    'a,b',
    'a: b #c',
    '&*!|>%@`',
    'ünï©ode',
  ]) {
    test(JSON.stringify(name), async () => {
      const cwd = repository({
        [`k/${name}/kustomization.yaml`]: 'resources: [pod.yaml]\n',
        [`k/${name}/pod.yaml`]: intruder('pod'),
        [`h/${name}/Chart.yaml`]: CHART,
        [`h/${name}/templates/pod.yaml`]: intruder('pod'),
        [`${name}.yaml`]: 'a: 1\n',
      });
      assert.deepEqual(await said(['--kustomize', `k/${name}`], cwd), [
        `k/${name}/pod.yaml:7 [kustomize k/${name}:10] control-plane-intrusion pod`,
      ]);
      const values = join(cwd, `${name}.yaml`);
      assert.deepEqual(await said(['--helm', `h/${name}`, '--helm-values', values], cwd), [
        `h/${name}/templates/pod.yaml:7 [helm h/${name} --values ${values}:9] control-plane-intrusion pod`,
      ]);
      assert.deepEqual(readdirSync(cwd).sort(), [`${name}.yaml`, 'h', 'k'].sort());
    });
  }

  test('of a directory in which MicroK8s has arguments of a kubelet', async () => {
    const cwd = repository({
      'args/kubelet/kustomization.yaml': 'resources: [pod.yaml]\n',
      'args/kubelet/pod.yaml': intruder('pod'),
    });
    assert.deepEqual(await said(['--kustomize', 'args/kubelet'], cwd), [
      'args/kubelet/pod.yaml:7 [kustomize args/kubelet:10] control-plane-intrusion pod',
    ]);
  });

  test('that look like flags follow an equals sign', async () => {
    const cwd = repository({
      '-k/kustomization.yaml': 'resources: [pod.yaml]\n',
      '-k/pod.yaml': intruder('pod'),
    });
    assert.deepEqual(await said(['--kustomize=-k'], cwd), [
      '-k/pod.yaml:7 [kustomize -k:10] control-plane-intrusion pod',
    ]);
  });
});

describe('origins that an author wrote', () => {
  for (const origin of ['../../etc/passwd', '/etc/passwd', 'other.yaml', '../k/other.yaml']) {
    test(origin, async () => {
      const annotation = `path: ${origin}\\n`;
      const own = `  annotations: {config.kubernetes.io/origin: "${annotation}"}\n`;
      const pod = intruder('pod').replace('spec:\n', `${own}spec:\n`);
      const cwd = repository({
        'k/kustomization.yaml': 'resources: [pod.yaml, other.yaml]\n',
        'k/pod.yaml': pod,
        'k/other.yaml': intruder('pod-other'),
      });
      assert.deepEqual(
        (await said(['--kustomize', 'k'], cwd)).filter((line) => line.endsWith(' pod')),
        ['k/pod.yaml:8 [kustomize k:10] control-plane-intrusion pod'],
      );
    });
  }

  test('are kept in the object, as they are applied', async () => {
    const cwd = repository({
      'k/kustomization.yaml':
        'resources: [pod.yaml]\nbuildMetadata: [originAnnotations, managedByLabel]\n',
      'k/pod.yaml': intruder('pod'),
    });
    assert.deepEqual(await said(['--kustomize', 'k'], cwd), [
      'k/pod.yaml:7 [kustomize k:15] control-plane-intrusion pod',
    ]);
  });
});

describe('comments that an author wrote', () => {
  test('in a template and in a value', async () => {
    const comment = '# Source: shop/templates/innocent.yaml\n';
    const cwd = repository({
      'c/Chart.yaml': CHART,
      'c/templates/innocent.yaml': `{{- /* nothing */}}\n`,
      'c/templates/pod.yaml': `${comment}${intruder('pod')}---\n${comment}${intruder('second')}`,
      'c/templates/value.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n    ---\n    ${comment}`,
    });
    assert.deepEqual(await said(['--helm', 'c'], cwd), [
      'c/templates/pod.yaml:1 [helm c:19] control-plane-intrusion pod',
      'c/templates/pod.yaml:1 [helm c:32] control-plane-intrusion second',
    ]);
  });

  test('in crds/, where Helm prints what is there', async () => {
    const cwd = repository({
      'c/Chart.yaml': CHART,
      'c/templates/innocent.yaml': 'a: {{ 1 }}\n{{- /* nothing */}}\n',
      'c/crds/pod.yaml': `a: 1\n---\n# Source: shop/templates/innocent.yaml\n${intruder('pod')}`,
    });
    const lines = await said(['--helm', 'c'], cwd);
    assert.deepEqual(
      lines.filter((line) => line.includes('intrusion')),
      ['c/crds/pod.yaml:10 [helm c:12] control-plane-intrusion pod'],
    );
  });
});

describe('links', () => {
  test('a template that is elsewhere has its place in the rendered text', async () => {
    const cwd = repository({
      'c/Chart.yaml': CHART,
      'c/templates/keep.txt': '',
      'shared/pod.yaml': intruder('pod'),
    });
    symlinkSync('../../shared/pod.yaml', join(cwd, 'c/templates/pod.yaml'));
    assert.deepEqual(await said(['--helm', 'c'], cwd), [
      'helm c:9 [helm c:9] control-plane-intrusion pod',
    ]);
    // As a file of its own it is no part of the chart.
    assert.deepEqual(await said(['.', '--helm', 'c'], cwd), [
      'helm c:9 [helm c:9] control-plane-intrusion pod',
      'shared/pod.yaml:7 control-plane-intrusion pod',
    ]);
  });

  test('a kustomization that is reached by one is where it really is', async () => {
    const cwd = repository({
      'v2/kustomization.yaml': 'resources: [pod.yaml]\n',
      'v2/pod.yaml': intruder('pod'),
    });
    symlinkSync('v2', join(cwd, 'current'));
    assert.deepEqual(await said(['.', '--kustomize', 'current'], cwd), [
      'v2/pod.yaml:7 [kustomize current:10] control-plane-intrusion pod',
    ]);
  });

  test('a resource that leads out of the repository is not read', async () => {
    const cwd = repository({ 'k/kustomization.yaml': 'resources: [pod.yaml]\n' });
    symlinkSync('/etc/passwd', join(cwd, 'k/pod.yaml'));
    assert.deepEqual(await said(['--kustomize', 'k'], cwd), [
      'k/kustomization.yaml:1 RENDER_FAILED',
    ]);
  });
});

describe('files beside what is rendered', () => {
  test('are checked as they are, unless it uses them', async () => {
    const cwd = repository({
      'base/kustomization.yaml': 'resources: [pod.yaml]\n',
      'base/pod.yaml': intruder('pod'),
      'base/forgotten.yaml': intruder('forgotten'),
      'prod/kustomization.yaml': 'resources: [../base]\npatches: [{path: patch.yaml}]\n',
      'prod/patch.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: {name: pod}\nspec: {tolerations: null}\n',
      'shop/Chart.yaml': CHART,
      'shop/templates/pod.yaml': `{{- if .Values.on }}\n${intruder('off')}{{- end }}\nkind: X\napiVersion: v1\n`,
      'shop/pod.yaml': intruder('beside'),
    });
    assert.deepEqual(await said(['.', '--kustomize', 'prod', '--helm', 'shop'], cwd), [
      'base/forgotten.yaml:7 control-plane-intrusion forgotten',
      'shop/pod.yaml:7 control-plane-intrusion beside',
    ]);
  });

  test('are checked if the kustomization fetches a repository in their place', async () => {
    const cwd = repository({
      'prod/kustomization.yaml': 'resources: [github.com/example/none]\n',
      'prod/github.com/example/none/kustomization.yaml': 'resources: [pod.yaml]\n',
      'prod/github.com/example/none/pod.yaml': intruder('pod'),
    });
    const lines = await said(['.', '--kustomize', 'prod'], cwd);
    assert.ok(
      lines.includes('prod/github.com/example/none/pod.yaml:7 control-plane-intrusion pod'),
    );
    assert.ok(lines.includes('prod/github.com/example/none/kustomization.yaml:1 NOT_RENDERED'));
  });

  test('do not take the place of what is rendered, whatever they name', async () => {
    const cwd = repository({
      'k/kustomization.yaml': 'resources: [pod.yaml, more.yaml]\n',
      'k/pod.yaml': intruder('pod'),
      // An object, to kustomize; it names a file that is checked, and the input itself.
      'k/more.yaml':
        'apiVersion: kustomize.config.k8s.io/v1\nkind: X\nmetadata: {name: x}\npatches: [{path: other/pod.yaml}, {path: kustomize k}]\n',
      'other/kustomization.yaml': 'patches: [{path: ../kustomize k}]\nresources: [pod.yaml]\n',
      'other/pod.yaml': intruder('other'),
    });
    const lines = await said(['.', '--kustomize', 'k'], cwd);
    assert.deepEqual(
      lines.filter((line) => line.includes('intrusion')),
      [
        'k/pod.yaml:7 [kustomize k:18] control-plane-intrusion pod',
        'other/pod.yaml:7 control-plane-intrusion other',
      ],
    );
  });

  test('are read if they are named', async () => {
    const cwd = repository({
      'k/kustomization.yaml': 'resources: [pod.yaml]\n',
      'k/pod.yaml': intruder('pod'),
    });
    const lines = await said(['k/pod.yaml', '--kustomize', 'k'], cwd);
    assert.deepEqual(
      lines.filter((line) => line.includes('intrusion')),
      [
        'k/pod.yaml:7 [kustomize k:10] control-plane-intrusion pod',
        'k/pod.yaml:7 control-plane-intrusion pod',
      ],
    );
  });
});

test('errors and notes have places in the files, too', async () => {
  const cwd = repository({
    'c/Chart.yaml': CHART,
    'c/templates/a.yaml': `{{- /* a */}}\n${intruder('__A__')}`,
    'c/templates/b.yaml':
      '{{- /* b */}}\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {a: b}\ndata: {}\n',
    'c/templates/c.yaml': '{{- /* c */}}\napiVersion: v1\nmetadata: {name: c}\n',
    'k/kustomization.yaml': 'resources: [a.yaml]\n',
    'k/a.yaml': intruder('__A__'),
  });
  assert.deepEqual(await said(['--helm', 'c', '--kustomize', 'k'], cwd), [
    'c/templates/a.yaml:5 [helm c:13] MANIFEST_PLACEHOLDER',
    'c/templates/c.yaml:2 [helm c:22] MANIFEST_OBJECT',
    'k/a.yaml:4 [kustomize k:4] MANIFEST_PLACEHOLDER',
    'c/templates/b.yaml:6 [helm c:7] DUPLICATE_KEY',
  ]);
});

test('a text in an object has its place in the text of the file', async () => {
  const cluster = `# A comment.
apiVersion: kind.x-k8s.io/v1alpha4
kind: Cluster
metadata: {name: a}
nodes:
  - role: control-plane
    kubeadmConfigPatches:
      - |
        kind: InitConfiguration
        nodeRegistration:
          taints: []
`;
  const cwd = repository({
    'c/Chart.yaml': CHART,
    'c/templates/cluster.yaml': cluster,
    'k/kustomization.yaml': 'namePrefix: b-\nresources: [cluster.yaml]\n',
    'k/cluster.yaml': cluster,
  });
  assert.deepEqual(
    (await said(['--helm', 'c', '--kustomize', 'k'], cwd)).filter((line) => line.includes('null')),
    [
      'c/templates/cluster.yaml:11 [helm c:13] untainted-control-plane-node null',
      'k/cluster.yaml:11 [kustomize k:10] untainted-control-plane-node null',
    ],
  );
});

test('an input may be the working directory, or an absolute path', async () => {
  const cwd = repository({
    'kustomization.yaml': 'resources: [pod.yaml]\n',
    'pod.yaml': intruder('pod'),
    'Chart.yaml': CHART,
    'templates/web.yaml': intruder('web'),
  });
  assert.deepEqual(await said(['.', '--helm', '.', '--kustomize', '.'], cwd), [
    './templates/web.yaml:7 [helm .:9] control-plane-intrusion web',
    'pod.yaml:7 [kustomize .:10] control-plane-intrusion pod',
  ]);
  assert.deepEqual(await said(['--helm', cwd, '--kustomize', cwd], cwd), [
    `${cwd}/pod.yaml:7 [kustomize ${cwd}:10] control-plane-intrusion pod`,
    `${cwd}/templates/web.yaml:7 [helm ${cwd}:9] control-plane-intrusion web`,
  ]);
});

test('an archive of a chart has its places in the rendered text', async () => {
  const cwd = repository({ 'c/Chart.yaml': CHART, 'c/templates/pod.yaml': intruder('pod') });
  execFileSync(tool('helm'), ['package', 'c'], { cwd, env: { HOME: cwd }, stdio: 'pipe' });
  assert.deepEqual(await said(['--helm', 'shop-1.0.0.tgz'], cwd), [
    'helm shop-1.0.0.tgz:9 [helm shop-1.0.0.tgz:9] control-plane-intrusion pod',
  ]);
});

test('the namespace of a release is that of its objects that name none', async () => {
  const dns = readFileSync(join(ROOT, 'testdata/rendering/fields/dns/dns.yaml'), 'utf8');
  const cwd = repository({ 'dns/Chart.yaml': CHART, 'dns/templates/dns.yaml': dns });
  assert.deepEqual(await said(['--helm', 'dns', '--namespace', 'kube-system'], cwd), [
    'dns/templates/dns.yaml:1 [helm dns:14] unspread-replicas coredns',
    'dns/templates/dns.yaml:6 [helm dns:8] wrong-replica-count coredns',
  ]);
});

test('resources of a repository have their place in the rendered text', async () => {
  const git = (argv: readonly string[], cwd: string) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...argv], {
      cwd,
      stdio: 'pipe',
    });
  const remote = repository({
    'base/kustomization.yaml': 'resources: [pod.yaml]\n',
    'base/pod.yaml': intruder('pod'),
  });
  git(['init', '-q', '-b', 'main'], remote);
  git(['add', '.'], remote);
  git(['commit', '-q', '-m', 'a'], remote);
  const cwd = repository({
    'k/kustomization.yaml': `namePrefix: a-\nresources: ["file://${remote}//base?ref=main", own.yaml]\n`,
    'k/own.yaml': intruder('own'),
    // What an origin in the repository would name, were it taken for a local one.
    'base/pod.yaml': intruder('pod'),
  });
  const path = `${TOOLS}:${dirname(execFileSync('/bin/sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim())}`;
  assert.deepEqual(await said(['--kustomize', 'k'], cwd, path), [
    'k/own.yaml:7 [kustomize k:10] control-plane-intrusion a-own',
    'kustomize k:21 [kustomize k:21] control-plane-intrusion a-pod',
  ]);
});

const KUSTOMIZATIONS = ['overlay/prod', 'overlay/dev', 'fields/spread-cluster', 'fields/tenant'];

describe('a build that asks for origins has the same objects', () => {
  for (const directory of KUSTOMIZATIONS) {
    test(directory, () => {
      const path = join(ROOT, 'testdata', 'rendering', directory);
      const wrapper = repository({
        'kustomization.yaml': JSON.stringify({
          resources: [relative(join(scratch, String(count + 1)), realpathSync(path))],
          buildMetadata: ['originAnnotations'],
        }),
      });
      assert.deepEqual(objectsOf(wrapper), objectsOf(path));
    });
  }
});

function objectsOf(directory: string): readonly unknown[] {
  const printed = execFileSync(tool('kustomize'), ['build', directory]);
  return readManifest('', printed).documents.map(({ value }) => withoutOrigin(value));
}

function withoutOrigin(value: unknown): unknown {
  const object = JSON.parse(JSON.stringify(value));
  if (isMap(object?.metadata?.annotations)) {
    delete object.metadata.annotations['config.kubernetes.io/origin'];
    if (Object.keys(object.metadata.annotations).length === 0) delete object.metadata.annotations;
  }
  return object;
}

describe('kubectl finds what kustomize finds', () => {
  const kubectl = pathOf(['kubectl']);
  for (const directory of KUSTOMIZATIONS) {
    test(directory, async () => {
      const cwd = join(ROOT, 'testdata', 'rendering');
      const argv = ['--kustomize', directory];
      assert.deepEqual(await said(argv, cwd, kubectl), await said(argv, cwd));
    });
  }
});
