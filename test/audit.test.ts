import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { JsonObject } from '../src/kubernetes/json.ts';
import type { Report } from '../src/report/report.ts';
import { assertGolden } from './support/golden.ts';
import { clusterOf, forbidden, playing, type Scene, sceneOf } from './support/kubectl.ts';
import { bulkhead, type Place, type Ran } from './support/main.ts';

// `bulkhead audit`, with a kubectl that plays what a real one has printed (testdata/bin).

const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-'));
after(() => rmSync(scratch, { recursive: true }));
const TODAY = '2026-11-30';
const CANARY = 'hunter2';

const TEMPLATE = {
  metadata: { labels: { app: 'web' } },
  spec: {
    tolerations: [{ operator: 'Exists' }],
    containers: [
      { name: 'main', image: 'registry.example/web', env: [{ name: 'A', value: CANARY }] },
    ],
  },
};
const HASH = { app: 'web', 'pod-template-hash': '6d4' };

function owned(kind: string, name: string): JsonObject {
  return {
    ownerReferences: [
      { apiVersion: 'apps/v1', kind, name, uid: `uid-${kind}-${name}`, controller: true },
    ],
  };
}

function pod(number: string, nodeName: string): JsonObject {
  const { tolerations, containers } = TEMPLATE.spec;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `web-6d4-${number}`,
      uid: `uid-${number}`,
      namespace: 'shop',
      labels: HASH,
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': CANARY, token: CANARY },
      ...owned('ReplicaSet', 'web-6d4'),
    },
    spec: { nodeName, tolerations, containers },
    status: { phase: 'Running', conditions: [{ type: 'PodScheduled', status: 'True' }] },
  };
}

/** A Deployment that tolerates every taint, with a pod on a control plane node. */
const WEB: readonly JsonObject[] = [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: TEMPLATE },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web-6d4', namespace: 'shop', labels: HASH, ...owned('Deployment', 'web') },
    spec: {
      replicas: 3,
      selector: { matchLabels: HASH },
      template: { ...TEMPLATE, metadata: { labels: HASH } },
    },
  },
  pod('1', 'cp-0'),
  pod('2', 'node-0'),
  pod('3', 'node-0'),
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', namespace: 'shop' },
    data: { a: CANARY },
  },
];
const UNTAINTED: JsonObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: 'cp-2',
    labels: { 'kubernetes.io/os': 'linux', 'node-role.kubernetes.io/control-plane': '' },
  },
  spec: {},
};
const CLEAN = sceneOf(clusterOf('kubeadm'));
const DRIFTED = sceneOf([...clusterOf('kubeadm'), ...WEB, UNTAINTED]);
const FEW_RIGHTS: Scene = {
  ...CLEAN,
  'get nodes.v1.': forbidden('nodes'),
  'get poddisruptionbudgets.v1.policy': forbidden('poddisruptionbudgets', 'policy'),
};

async function audit(
  scene: Scene,
  argv: readonly string[] = [],
  place: Partial<Place> = {},
): Promise<Ran & { readonly calls: readonly string[] }> {
  const { env, calls } = playing(scene);
  const ran = await bulkhead(['audit', '--profile=kubeadm', ...argv], {
    root: scratch,
    today: TODAY,
    env,
    ...place,
  });
  return { ...ran, calls: calls() };
}

async function reportOf(scene: Scene, argv: readonly string[] = []): Promise<Report> {
  const { stdout } = await audit(scene, ['-o', 'json', ...argv]);
  return JSON.parse(stdout);
}

function page({ stdout, stderr, status }: Ran): string {
  return `$ bulkhead audit\n${stdout}${stderr}--- exit status ${status}\n`;
}

describe('the page of', () => {
  const scenes: Readonly<Record<string, Scene>> = {
    clean: CLEAN,
    drifted: DRIFTED,
    'few-rights': FEW_RIGHTS,
    broken: {
      ...DRIFTED,
      'get pods.v1.': { ...DRIFTED['get pods.v1.'], cut: 20 },
      'get services.v1.': { status: 1, stderr: 'Warning: x\nerror: the server is gone\n' },
    },
  };
  for (const [name, scene] of Object.entries(scenes)) {
    test(name, async () => {
      assertGolden(`testdata/audit/${name}.txt`, page(await audit(scene, ['--width=80'])));
    });
  }
});

test('a pod that its owner made is not a finding of its own, and says where it is now', async () => {
  const { findings } = await reportOf(DRIFTED);
  const found = findings.map(({ policy, object, now, command }) => [
    `${object.kind} ${object.name}`,
    policy,
    now,
    command,
  ]);
  assert.deepEqual(found, [
    [
      'Deployment web',
      'control-plane-intrusion',
      '1 of its 3 pods runs on cp-0: web-6d4-1',
      'kubectl --context prod -n shop edit deployment.apps web',
    ],
    [
      'Node cp-2',
      'untainted-control-plane-node',
      undefined,
      'kubectl --context prod taint node cp-2 node-role.kubernetes.io/control-plane=:NoSchedule',
    ],
  ]);
});

test('a command is on one line, however narrow the page', async () => {
  const { stdout } = await audit(DRIFTED, ['--width=40']);
  const command =
    '  run: kubectl --context prod taint node cp-2 node-role.kubernetes.io/control-plane=:NoSchedule';
  assert.ok(stdout.split('\n').includes(command));
});

describe('the picture', () => {
  const textOf = async (scene: Scene) => {
    const { stdout, status } = await audit(scene, ['-o', 'html']);
    const text = stdout
      .replace(/<style>.*<\/style>|<script>.*<\/script>/gs, '')
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ');
    return { text, status, html: stdout };
  };

  test('has the pods where they are, and what to run', async () => {
    const { text, status, html } = await textOf(DRIFTED);
    assert.equal(status, 1);
    assert.match(text, /Now 1 of its 3 pods runs on cp-0: web-6d4-1/);
    assert.match(
      text,
      /Run kubectl --context prod taint node cp-2 node-role\.kubernetes\.io\/control-plane=/,
    );
    assert.match(html, /shop\/web on cp-0: can run here, and must not[^<]*1 pod/);
  });

  test('says what was not read', async () => {
    const { text, status } = await textOf(FEW_RIGHTS);
    assert.equal(status, 2);
    assert.match(text, /nodes[^.]*forbidden|may not list nodes|cannot list[^.]*nodes/i);
  });
});

test('only what policies read is asked for, and never Secrets or ConfigMaps', async () => {
  const { calls } = await audit(DRIFTED, ['--context=dev', '--request-timeout=30s', '--', '--v=2']);
  assert.ok(calls.length > 15);
  for (const call of calls) {
    assert.match(call, / --context=dev --request-timeout=30s --v=2$/);
    assert.doesNotMatch(call, /secret|configmap/i);
  }
});

test('a kind that policies need and that is forbidden: exit status 2, and no verdict without it', async () => {
  const ran = await audit(FEW_RIGHTS, ['-o', 'json']);
  const report: Report = JSON.parse(ran.stdout);
  assert.equal(ran.status, 2);
  assert.deepEqual(
    report.inputErrors.map(({ code }) => code),
    ['KIND_FORBIDDEN', 'KIND_FORBIDDEN'],
  );
  assert.deepEqual(report.policies.notAsked, [
    'component-impersonation',
    'missing-disruption-budget',
    'overlapping-disruption-budgets',
    'stuck-rollout',
  ]);
  assert.deepEqual(report.findings, []);
  assert.doesNotMatch(ran.stderr, /Error from server/);
});

test('a kind that policies only take into account, and that is forbidden: a note', async () => {
  const scene = {
    ...CLEAN,
    'get runtimeclasses.v1.node.k8s.io': forbidden('runtimeclasses', 'node.k8s.io'),
  };
  const { stdout, status } = await audit(scene, ['-o', 'json']);
  const { inputErrors, notes }: Report = JSON.parse(stdout);
  assert.deepEqual([status, inputErrors, notes.map(({ code }) => code)], [0, [], ['KIND_UNREAD']]);
});

test('the report says of each kind whether it was read', async () => {
  const { read } = await reportOf(FEW_RIGHTS);
  const [{ file, state, cluster } = assert.fail()] = read;
  assert.deepEqual(
    [file, state, cluster?.context, cluster?.user],
    ['cluster:prod', 'read', 'prod', 'jane'],
  );
  const states = Object.fromEntries(
    (cluster?.kinds ?? []).map((kind) => [kind.resource, [kind.state, kind.objects]]),
  );
  assert.deepEqual(states['nodes'], ['forbidden', null]);
  assert.deepEqual(states['daemonsets.apps'], ['listed', 1]);
  assert.deepEqual(states['rollouts.argoproj.io'], ['notServed', null]);
});

describe('what is saved', () => {
  const file = join(scratch, 'prod.json');

  test('gives the same page', async () => {
    for (const scene of [DRIFTED, FEW_RIGHTS]) {
      const live = await audit(scene, ['--save', file]);
      const saved = await audit({}, ['--from', file]);
      assert.deepEqual([saved.stdout, saved.status], [live.stdout, live.status]);
      assert.deepEqual(saved.calls, []);
    }
  });

  test('gives the same findings to check, at the lines that it has', async () => {
    await audit(DRIFTED, ['--save', file]);
    const live = await reportOf(DRIFTED);
    const ran = await bulkhead(['check', file, '--profile=kubeadm', '--output=json'], {
      root: scratch,
      today: TODAY,
    });
    const checked: Report = JSON.parse(ran.stdout);
    const without = ({ findings }: Report) =>
      findings.map(({ file: _, related: __, ...finding }) => finding);
    assert.deepEqual(without(checked), without(live));
    assert.equal(checked.summary.objects, live.summary.objects);
  });

  test('has no values of environment variables, annotations and Secrets, and neither has any format', async () => {
    const { stdout } = await audit(DRIFTED, ['--save', file]);
    assert.ok(!readFileSync(file, 'utf8').includes(CANARY));
    assert.ok(!stdout.includes(CANARY));
    const formats = ['concise', 'json', 'sarif', 'github', 'gitlab', 'junit', 'markdown'];
    const outputs = formats.map((format) => `--output=${format}=${join(scratch, format)}`);
    await audit({}, ['--from', file, ...outputs]);
    for (const format of formats) {
      const printed = readFileSync(join(scratch, format), 'utf8');
      assert.ok(printed.includes('cp-2'), format);
      assert.ok(!printed.includes(CANARY), format);
    }
  });

  test('is not asked for what was not read when it was saved', async () => {
    await audit(DRIFTED, ['--save', file, '--policy=control-plane-intrusion']);
    const { stdout, status } = await audit({}, ['--from', file, '--output=json']);
    const { inputErrors }: Report = JSON.parse(stdout);
    assert.equal(status, 2);
    assert.ok(
      inputErrors.some(({ message }) =>
        message.startsWith('PodDisruptionBudget.policy could not be read (it was not asked for'),
      ),
    );
  });

  describe('without some of its lines is an error: these objects may be what is wrong', () => {
    const cases: Readonly<Record<string, (lines: readonly string[]) => readonly string[]>> = {
      'the end is cut off': (lines) => lines.slice(0, -3),
      'one is left out': (lines) => lines.filter((line) => !line.includes('"name":"cp-2"')),
      'one is there twice': (lines) => [...lines.slice(0, 2), ...lines.slice(1)],
      'only the first is left': (lines) => lines.slice(0, 1),
      'the first says that there are fewer': ([head = '', ...lines]) => [
        head.replace('"state":"listed","objects":3', '"state":"listed","objects":2'),
        ...lines,
      ],
    };
    for (const [name, change] of Object.entries(cases)) {
      test(name, async () => {
        await audit(DRIFTED, ['--save', file]);
        const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
        writeFileSync(file, `${change(lines).join('\n')}\n`);
        const own = await audit({}, ['--from', file, '--output=json']);
        const place = { root: scratch, today: TODAY };
        const argv = ['check', file, '--profile=kubeadm', '--output=json'];
        for (const { status, stdout } of [own, await bulkhead(argv, place)]) {
          const { inputErrors }: Report = JSON.parse(stdout);
          assert.deepEqual(
            [status, inputErrors.map(({ code, line }) => [code, line])],
            [2, [['SNAPSHOT_INVALID', 1]]],
          );
          assert.match(
            inputErrors[0]?.message ?? '',
            /: it has \d+ of \d+ [a-z]+.*\. Save it again$/,
          );
        }
      });
    }
  });

  test('has one first line: a second one hides nothing of what the first says', async () => {
    await audit(FEW_RIGHTS, ['--save', file]);
    const few = readFileSync(file, 'utf8');
    await audit(CLEAN, ['--save', file]);
    const [head] = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, `${few}${head}\n`);
    const { status, stdout } = await audit({}, ['--from', file, '--output=json']);
    const { inputErrors }: Report = JSON.parse(stdout);
    const codes = new Set(inputErrors.map(({ code }) => code));
    assert.deepEqual([status, [...codes].sort()], [2, ['KIND_FORBIDDEN', 'SNAPSHOT_INVALID']]);
  });

  test('says nothing of a dump that is checked with it', async () => {
    await audit(CLEAN, ['--save', file, '--policy=untainted-control-plane-node']);
    const dump = join(scratch, 'dump.json');
    const items = WEB.slice(0, 1).map((object) => ({
      ...object,
      metadata: { ...(object['metadata'] as object), uid: 'x' },
    }));
    writeFileSync(dump, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const ran = await bulkhead(
      [
        'check',
        file,
        dump,
        '--profile=kubeadm',
        '--policy=missing-disruption-budget',
        '-o',
        'json',
      ],
      { root: scratch, today: TODAY },
    );
    const { inputErrors }: Report = JSON.parse(ran.stdout);
    assert.ok(inputErrors.some(({ code }) => code === 'KIND_ABSENT'));
  });

  test('is read from standard input', async () => {
    await audit(DRIFTED, ['--save', file]);
    const live = await audit(DRIFTED);
    const saved = await audit({}, ['--from=-'], { stdin: readFileSync(file) });
    assert.equal(saved.stdout, live.stdout);
  });

  test('is refused if it is another file', async () => {
    writeFileSync(file, '{"apiVersion": "v1", "kind": "List", "items": []}');
    const { stderr, status } = await audit({}, ['--from', file]);
    assert.equal(status, 2);
    assert.match(stderr, /is not a file of bulkhead audit --save/);
  });

  test('has a first line that can be read, or is an error', async () => {
    writeFileSync(
      file,
      '{"apiVersion":"bulkhead.dev/v1","kind":"Snapshot","context":1}\n{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}\n',
    );
    const ran = await bulkhead(['check', file, '--profile=kubeadm', '--output=json'], {
      root: scratch,
      today: TODAY,
    });
    const { inputErrors }: Report = JSON.parse(ran.stdout);
    assert.deepEqual(
      [ran.status, inputErrors.map(({ code, line }) => [code, line])],
      [2, [['SNAPSHOT_INVALID', 1]]],
    );
  });
});

describe('what goes wrong with kubectl', () => {
  const cases: Readonly<
    Record<string, { scene: Scene; argv?: readonly string[]; stderr: RegExp }>
  > = {
    'no context': {
      scene: {
        ...CLEAN,
        'config view': {
          stdout: '{"contexts": [{"name": "b"}, {"name": "a"}], "current-context": ""}',
        },
      },
      stderr:
        /^bulkhead: no context of the kubeconfig is the current one: use --context with one of a, b\n$/,
    },
    'another context': {
      scene: CLEAN,
      argv: ['--context=prdo'],
      stderr: /^bulkhead: kubectl has no context prdo: use --context with one of dev, prod\n$/,
    },
    'connection refused': {
      scene: {
        ...CLEAN,
        'version -o': {
          status: 1,
          stderr:
            'E1130 00:00:00.1   1 x.go:1] a\nThe connection to the server localhost:8080 was refused - did you specify the right host or port?\n',
        },
      },
      stderr:
        /^kubectl: E1130 .* a\nbulkhead: cannot read cluster prod: The connection to the server localhost:8080 was refused - did you specify the right host or port\? \(check the address: kubectl cluster-info\)\n$/,
    },
    'expired credentials': {
      scene: {
        ...CLEAN,
        'version -o': {
          status: 1,
          stderr: 'error: You must be logged in to the server (Unauthorized)\n',
        },
      },
      stderr: /You must be logged in to the server \(Unauthorized\) \(sign in again/,
    },
    'a huge standard error, of which the end is kept': {
      scene: {
        ...CLEAN,
        'version -o': { status: 1, stderr: `%d ${'x'.repeat(1000)}\n`, lines: 2000 },
      },
      stderr: /^(?:kubectl: .*\n)*bulkhead: cannot read cluster prod: 1999 x{495}\n$/,
    },
  };
  for (const [name, { scene, argv, stderr }] of Object.entries(cases)) {
    test(name, async () => {
      const ran = await audit(scene, argv);
      assert.deepEqual([ran.stdout, ran.status], ['', 2]);
      assert.match(ran.stderr, stderr);
    });
  }

  test('no kubectl', async () => {
    const ran = await audit(CLEAN, [], { env: { PATH: scratch } });
    assert.deepEqual([ran.stdout, ran.status], ['', 2]);
    assert.match(ran.stderr, /^bulkhead: kubectl is not on PATH/);
  });

  test('slow lists and warnings: the result is whole, and the warnings are shown', async () => {
    const pods = { ...DRIFTED['get pods.v1.'], wait: 300, stderr: 'Warning: old \u202e\n' };
    const [fast, slow] = [await audit(DRIFTED), await audit({ ...DRIFTED, 'get pods.v1.': pods })];
    assert.equal(slow.stdout, fast.stdout);
    assert.equal(slow.stderr, 'kubectl: Warning: old \\u202e\n');
  });
});

test('10,000 pods are read and checked', async () => {
  const scene = { ...DRIFTED, 'get pods.v1.': { items: [pod('%d', 'cp-2')], copies: 10_000 } };
  const { summary, findings } = await reportOf(scene, ['--policy=untainted-control-plane-node']);
  const others = clusterOf('kubeadm').filter(({ kind }) => kind !== 'Pod').length + 3;
  assert.equal(summary.objects, 10_000 + others);
  assert.deepEqual(
    findings.map(({ policy, now }) => [policy, now]),
    [['untainted-control-plane-node', '10000 pods of other workloads run there']],
  );
});

describe('a namespace', () => {
  test('is a part of a cluster: no component is missing in it', async () => {
    const { stdout, calls } = await audit(DRIFTED, ['-n', 'shop', '--output=json']);
    const { scope, read }: Report = JSON.parse(stdout);
    assert.deepEqual([scope, read[0]?.cluster?.namespace], ['part', 'shop']);
    assert.ok(
      calls.includes('get pods.v1. --namespace=shop -o json --chunk-size=500 --context=prod'),
    );
    assert.ok(calls.includes('get nodes.v1. -A -o json --chunk-size=500 --context=prod'));
  });

  test('and all of them is a contradiction', async () => {
    const { stderr, status } = await audit(CLEAN, ['-n', 'shop', '-A']);
    assert.deepEqual(
      [status, stderr],
      [2, 'bulkhead: --namespace and --all-namespaces contradict each other: leave one out\n'],
    );
  });
});

test('a whole cluster misses its components', async () => {
  const { stdout, status } = await audit(sceneOf(WEB.slice(0, 0).concat(UNTAINTED)), [
    '--require-components',
    '--fail-on=never',
  ]);
  assert.match(stdout, /Components not found \(7 of 7\)/);
  assert.equal(status, 1);
});

describe('what follows --', () => {
  const refused: Readonly<Record<string, RegExp>> = {
    '--field-selector=metadata.name=x': /cannot be passed on to kubectl/,
    '-l app=web': /-l cannot be passed on/,
    '-lapp=web': /-lapp=web cannot be passed on/,
    '--selector app=web': /cannot be passed on/,
    '--chunk-size=0': /cannot be passed on/,
    '--api-group=apps': /cannot be passed on/,
    '--insecure-skip-tls-verify web': /web cannot be passed on/,
    'web api': /web cannot be passed on/,
    '--': /-- cannot be passed on/,
    '--token x y': /y cannot be passed on/,
    '-o yaml': /-o cannot be passed on/,
    '--output=yaml': /--output is a flag of bulkhead too: write it before --/,
    '--namespace=shop': /--namespace is a flag of bulkhead too/,
    '-n shop': /--namespace is a flag of bulkhead too/,
    '-nshop': /--namespace is a flag of bulkhead too/,
    '--context=dev': /--context is a flag of bulkhead too/,
    '--as joe': /--as is a flag of bulkhead too/,
  };
  for (const [flags, message] of Object.entries(refused)) {
    test(`${flags}: would change what is listed`, async () => {
      const { status, stderr, stdout, calls } = await audit(CLEAN, ['--', ...flags.split(' ')]);
      assert.deepEqual([status, stdout, calls], [2, '', []]);
      assert.match(stderr, message);
    });
  }

  for (const flags of ['--insecure-skip-tls-verify', '-v 4', '-v4', '--token x --v=4 -s=y']) {
    test(`${flags}: goes to each call`, async () => {
      const { status, calls } = await audit(CLEAN, ['--', ...flags.split(' ')]);
      assert.equal(status, 0);
      assert.ok(calls.length > 9 && calls.every((call) => call.endsWith(` ${flags}`)));
    });
  }
});

test('no kubectl is taken from the current directory', async () => {
  const cwd = join(scratch, 'evil');
  mkdirSync(cwd);
  const marker = join(scratch, 'was-run');
  writeFileSync(join(cwd, 'kubectl'), `#!/bin/sh\ntouch '${marker}'\n`, { mode: 0o755 });
  for (const first of ['.', '', 'evil', '../evil']) {
    const { env } = playing(CLEAN);
    const PATH = `${first}:${env['PATH']}`;
    const place = { root: scratch, cwd: 'evil', today: TODAY, env: { ...env, PATH } };
    const { status } = await bulkhead(['audit', '--profile=kubeadm'], place);
    assert.deepEqual([status, existsSync(marker)], [0, false]);
  }
});

test('--from takes no flags of kubectl', async () => {
  for (const flags of [['--context=dev'], ['--', '--v=2']]) {
    const { stderr, status } = await audit({}, ['--from', 'x.json', ...flags]);
    assert.equal(status, 2);
    assert.match(stderr, /--from reads no cluster: leave out (?:--context|flags after --)\n/);
  }
});

test('without a profile, the error says what the cluster looks like', async () => {
  const node = {
    ...UNTAINTED,
    metadata: {
      ...(UNTAINTED['metadata'] as object),
      annotations: { 'kubeadm.alpha.kubernetes.io/cri-socket': 'x' },
    },
  };
  const { env, calls } = playing(sceneOf([node as JsonObject]));
  const { stderr, status } = await bulkhead(['audit', '--no-config'], {
    root: scratch,
    today: TODAY,
    env,
  });
  assert.equal(status, 2);
  assert.match(stderr, /the cluster looks like kubeadm: --profile kubeadm\n$/);
  assert.equal(calls().filter((call) => call.startsWith('get ')).length, 1);
});

describe('ValidatingAdmissionPolicies of the cluster', () => {
  const match = { kind: 'DaemonSet', namespace: 'logging', name: 'agent' };
  const policy = (waivers: string | undefined, name = 'control-plane-intrusion.bulkhead.dev') => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: {
      name,
      ...(waivers !== undefined && { annotations: { 'bulkhead.dev/waivers': waivers } }),
    },
    spec: { validations: [{ expression: '!has(object.spec.tolerations)' }] },
  });
  const expired = JSON.stringify([
    { match, owner: 'a', reason: 'r', expires: '2026-11-29' },
    { match, owner: 'b', reason: 'r', expires: '2026-11-30' },
  ]);
  const fix = 'Generate it again with bulkhead generate vap, and apply it';
  const title = 'ValidatingAdmissionPolicy control-plane-intrusion.bulkhead.dev';
  const cases: Readonly<Record<string, { object: JsonObject; notes: readonly string[] }>> = {
    'whose waiver has expired are named': {
      object: policy(expired),
      notes: [
        `${title} still waives for DaemonSet logging/agent, which expired on 2026-11-29 (owner: a). ${fix}`,
      ],
    },
    'whose waivers cannot be read are named': {
      object: policy('{'),
      notes: [
        `${title} has waivers, and does not say until when: its annotation bulkhead.dev/waivers cannot be read. ${fix}`,
      ],
    },
    'without waivers are not': { object: policy(undefined), notes: [] },
    'of others are not': { object: policy(expired, 'control-plane-intrusion.example'), notes: [] },
  };
  for (const [name, { object, notes }] of Object.entries(cases)) {
    test(name, async () => {
      const report = await reportOf(sceneOf([...clusterOf('kubeadm'), object]));
      const found = report.notes.filter(({ code }) => code === 'WAIVER_IN_CLUSTER');
      assert.deepEqual(
        found.map(({ message }) => message),
        notes,
      );
    });
  }

  test('are kept in a snapshot, and those of others are not', async () => {
    const objects = [policy(expired), policy(undefined, 'own.example')];
    const ran = await audit(sceneOf([...clusterOf('kubeadm'), ...objects]), [
      ...['--save', join(scratch, 'policies.json')],
    ]);
    assert.equal(ran.stderr, '');
    const saved = readFileSync(join(scratch, 'policies.json'), 'utf8');
    assert.deepEqual(
      ['control-plane-intrusion.bulkhead.dev', 'own.example'].map((name) => saved.includes(name)),
      [true, false],
    );
  });
});

describe('Constraints of the cluster', () => {
  const constraint = (grants: JsonObject[] | string, waivers: number): JsonObject => ({
    apiVersion: 'constraints.gatekeeper.sh/v1beta1',
    kind: 'BulkheadControlPlaneIntrusion',
    metadata: {
      name: 'kubeadm',
      annotations: {
        'bulkhead.dev/waivers': typeof grants === 'string' ? grants : JSON.stringify(grants),
      },
    },
    spec: {
      parameters: {
        waivers: Array.from({ length: waivers }, (_, index) => ({
          match: { kind: 'DaemonSet', namespace: 'logging', name: `agent-${index}` },
        })),
      },
    },
  });
  const cases: Readonly<Record<string, { object: JsonObject; notes: readonly string[] }>> = {
    'that have expired are named': {
      object: constraint(
        [
          { owner: 'a', reason: 'r', expires: '2026-11-29' },
          { owner: 'b', reason: 'r', expires: '2026-11-30' },
          { owner: 'c', reason: 'r', expires: 'never' },
        ],
        3,
      ),
      notes: [
        'Constraint BulkheadControlPlaneIntrusion kubeadm still waives for DaemonSet logging/agent-0, which expired on 2026-11-29 (owner: a). Generate it again with bulkhead generate gatekeeper, and apply it',
      ],
    },
    'that do not say until when are named': {
      object: constraint('{', 2),
      notes: [
        'Constraint BulkheadControlPlaneIntrusion kubeadm has 2 waivers, and does not say until when: its annotation bulkhead.dev/waivers cannot be read. Generate it again with bulkhead generate gatekeeper, and apply it',
      ],
    },
    'that have a day that no calendar has are named': {
      object: constraint([{ owner: 'a', expires: '2026-02-31' }], 1),
      notes: [
        'Constraint BulkheadControlPlaneIntrusion kubeadm waives for DaemonSet logging/agent-0, and does not say until when. Generate it again with bulkhead generate gatekeeper, and apply it',
      ],
    },
    'without waivers are not': { object: constraint([], 0), notes: [] },
  };
  for (const [name, { object, notes }] of Object.entries(cases)) {
    test(name, async () => {
      const report = await reportOf(sceneOf([...clusterOf('kubeadm'), object]));
      const found = report.notes.filter(({ code }) => code === 'WAIVER_IN_CLUSTER');
      assert.deepEqual(
        found.map(({ message }) => message),
        notes,
      );
    });
  }
});

test('an annotation waives nothing in a live cluster', async () => {
  writeFileSync(
    join(scratch, 'bulkhead.yaml'),
    'apiVersion: bulkhead.dev/v1\nkind: Config\nprofile: kubeadm\ninlineWaivers: [unspread-replicas]\n',
  );
  const [web = {}] = WEB;
  const annotations = {
    'bulkhead.dev/waive':
      'unspread-replicas until 2027-03-31 by team-shop: one replica for each zone',
  };
  const object = { ...web, metadata: { name: 'web', namespace: 'shop', annotations } };
  const { notes } = await reportOf(sceneOf([object]));
  rmSync(join(scratch, 'bulkhead.yaml'));
  const [ignored] = notes.filter(({ code }) => code === 'WAIVER_IGNORED');
  assert.match(ignored?.message ?? '', /in a live cluster annotations do not count/);
});

test('--print-rbac needs no cluster, and lists only', async () => {
  const ran = await audit(CLEAN, ['--print-rbac', '--as', 'jane'], { env: { PATH: scratch } });
  assert.deepEqual([ran.stderr, ran.status], ['', 0]);
  assertGolden('testdata/audit/rbac.txt', ran.stdout);
  const others = await Promise.all(
    [[], ['--as=system:serviceaccount:audit:bot']].map((flags) =>
      audit({}, ['--print-rbac', ...flags]),
    ),
  );
  assert.match(others[0]?.stdout ?? '', /kind: Group\n {2}name: "bulkhead:auditors"\n$/);
  assert.match(
    others[1]?.stdout ?? '',
    /kind: ServiceAccount\n {2}name: "bot"\n {2}namespace: "audit"\n$/,
  );
});

describe('a dump given to check', () => {
  const shown = (objects: readonly JsonObject[]) =>
    Object.values(sceneOf(objects)).flatMap(({ items = [] }) => items);
  const check = async (
    objects: readonly JsonObject[],
    profile = 'kubeadm',
  ): Promise<Report & { status: number }> => {
    const file = join(scratch, 'dump.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    const ran = await bulkhead(['check', file, `--profile=${profile}`, '--output=json'], {
      root: scratch,
      today: TODAY,
    });
    return { ...JSON.parse(ran.stdout), status: ran.status };
  };

  test('says which kinds it lacks, and does not ask the policies that need them', async () => {
    const objects = shown(clusterOf('kubeadm')).filter(({ kind }) => kind !== 'Node');
    const { inputErrors, policies, status, findings } = await check(objects);
    assert.deepEqual(
      inputErrors.map(({ code, message }) => [code, message]),
      [
        [
          'KIND_ABSENT',
          'this dump has no Services, no PodDisruptionBudgets and no Nodes, without which policies cannot decide: component-impersonation, missing-disruption-budget and stuck-rollout were not asked. If the cluster has some, use bulkhead audit, or add them to the dump',
        ],
      ],
    );
    assert.deepEqual(policies.notAsked, [
      'component-impersonation',
      'missing-disruption-budget',
      'stuck-rollout',
    ]);
    assert.deepEqual([findings, status], [[], 2]);
  });

  test('without budgets is not taken for a cluster without budgets', async () => {
    const scheduler: JsonObject = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'kube-scheduler', namespace: 'kube-system' },
      spec: {
        replicas: 2,
        selector: { matchLabels: HASH },
        template: { metadata: { labels: HASH } },
      },
    };
    const found = async (objects: readonly JsonObject[]) => {
      const { findings, status } = await check(objects, 'tectonic-1.6.4');
      const ids = findings.map(({ policy }) => policy);
      return [ids.includes('missing-disruption-budget'), status];
    };
    assert.deepEqual(await found(shown([scheduler])), [false, 2]);
    // As a manifest, which is all that there is of it.
    assert.deepEqual(await found([scheduler]), [true, 1]);
  });

  test('of Nodes, or beside manifests, lacks nothing', async () => {
    const nodes = shown(clusterOf('kubeadm')).filter(({ kind }) => kind === 'Node');
    const { inputErrors } = await check(nodes);
    assert.deepEqual(inputErrors, []);
  });
});
