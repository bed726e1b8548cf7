import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UserError } from '../errors.ts';
import type { Answer, Kubectl } from './kubectl.ts';
import { readCluster } from './read.ts';

const KINDS = [
  { kind: 'Pod', groups: [''] },
  { kind: 'Node', groups: [''], isClusterScoped: true },
  { kind: 'ScaledObject', groups: ['keda.sh'] },
];
const RESOURCES = `pods po v1 true Pod
nodes no v1 false Node
`;
const CONFIG = {
  contexts: [
    { name: 'prod', context: { cluster: 'c', user: 'jane' } },
    { name: 'dev', context: { cluster: 'd', user: 'joe' } },
  ],
  'current-context': 'prod',
};

function ended(stdout: string, { status = 0, stderr = '' } = {}): Answer {
  return { kind: 'ended', status, stdout: new TextEncoder().encode(stdout), stderr };
}

function list(...names: readonly string[]): string {
  const items = names.map((name) => ({ metadata: { name } }));
  return JSON.stringify({ items, kind: 'List' });
}

/** A kubectl that gives these answers in place of its own, by the first two words. */
function answering(
  answers: Readonly<Record<string, Answer>> = {},
  asked: (readonly string[])[] = [],
): Kubectl {
  const all: Readonly<Record<string, Answer>> = {
    'config view': ended(JSON.stringify(CONFIG)),
    'version -o': ended('{"serverVersion": {"gitVersion": "v1.31.4"}}'),
    'api-resources --verbs=list': ended(RESOURCES),
    'get pods.v1.': ended(list('a', 'b')),
    'get nodes.v1.': ended(list('n')),
    ...answers,
  };
  return async (argv, take) => {
    asked.push(argv);
    const answer = all[argv.slice(0, 2).join(' ')];
    assert.ok(answer, argv.join(' '));
    if (answer.kind === 'ended' && take !== undefined) take(answer.stdout);
    return answer;
  };
}

const READING = { kinds: KINDS, now: Date.parse('2026-11-30T08:00:00.5Z') };

async function states(answers: Readonly<Record<string, Answer>>) {
  const { cluster } = await readCluster(answering(answers), READING);
  return cluster.kinds.map(({ resource, state, objects, reason }) => [
    resource,
    state,
    objects,
    reason,
  ]);
}

const NODES = ['nodes', 'listed', 1, null];
const SCALED = ['scaledobjects.keda.sh', 'notServed', null, null];

test('a cluster is one file, each object on a line', async () => {
  const { files, cluster, said, notReadable } = await readCluster(answering(), READING);
  const [file] = files;
  assert.ok(file && 'bytes' in file && files.length === 1);
  assert.equal(file.name, 'cluster:prod');
  const [head, ...objects] = new TextDecoder().decode(file.bytes).trim().split('\n');
  assert.deepEqual(JSON.parse(head ?? ''), {
    apiVersion: 'bulkhead.dev/v1',
    kind: 'Snapshot',
    ...cluster,
  });
  assert.deepEqual(
    objects.map((line) => JSON.parse(line)),
    [
      { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } },
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } },
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'b' } },
    ],
  );
  assert.deepEqual(
    { ...cluster, kinds: cluster.kinds.map(({ state }) => state) },
    {
      context: 'prod',
      user: 'jane',
      server: 'v1.31.4',
      namespace: null,
      at: '2026-11-30T08:00:00Z',
      kinds: ['listed', 'listed', 'notServed'],
    },
  );
  assert.deepEqual([said, notReadable], [[], []]);
});

test('no Secret and no ConfigMap is asked for, and everything in pages', async () => {
  const asked: (readonly string[])[] = [];
  await readCluster(answering({}, asked), READING);
  const lists = asked.filter(([verb]) => verb === 'get').map((argv) => argv.join(' '));
  assert.deepEqual(lists.sort(), [
    'get nodes.v1. -A -o json --chunk-size=500 --context=prod',
    'get pods.v1. -A -o json --chunk-size=500 --context=prod',
  ]);
});

test('of one namespace, what has no namespace is read as well', async () => {
  const asked: (readonly string[])[] = [];
  await readCluster(answering({}, asked), { ...READING, namespace: 'shop' });
  const lists = asked.filter(([verb]) => verb === 'get').map((argv) => argv.join(' '));
  assert.deepEqual(lists.sort(), [
    'get nodes.v1. -A -o json --chunk-size=500 --context=prod',
    'get pods.v1. --namespace=shop -o json --chunk-size=500 --context=prod',
  ]);
});

test('every call is of the context that was read first', async () => {
  const asked: (readonly string[])[] = [];
  await readCluster(answering({}, asked), READING);
  const [config = [], ...others] = asked;
  assert.deepEqual(config, ['config', 'view', '-o', 'json']);
  assert.ok(others.length > 3 && others.every((argv) => argv.includes('--context=prod')));
});

describe('a namespace without any object', () => {
  const NONE = { 'get pods.v1.': ended(list()) };
  const cases: Readonly<Record<string, { answers: Record<string, Answer>; message?: RegExp }>> = {
    'is empty if it is there': {
      answers: { ...NONE, 'get namespaces.v1.': ended('{"kind": "Namespace"}') },
    },
    'is an error if it is not there: its name may be mistyped': {
      answers: { ...NONE, 'get namespaces.v1.': ended('') },
      message: /^the cluster has no namespace shop: kubectl get namespaces lists them$/,
    },
    'is an error if this cannot be read': {
      answers: { ...NONE, 'get namespaces.v1.': ended('', { status: 1, stderr: 'Forbidden\n' }) },
      message: /^nothing was found in namespace shop, .* could not be read \(Forbidden\)/,
    },
    'is in the report if nothing in it may be listed': {
      answers: {
        'get pods.v1.': ended('', { status: 1, stderr: '(Forbidden)' }),
        'get namespaces.v1.': ended('', { status: 1, stderr: '(Forbidden)' }),
      },
    },
  };
  for (const [name, { answers, message }] of Object.entries(cases)) {
    test(name, async () => {
      const read = readCluster(answering(answers), { ...READING, namespace: 'shop' });
      if (message === undefined) assert.equal((await read).cluster.namespace, 'shop');
      else await assert.rejects(read, { code: 'CLUSTER_NAMESPACE', message });
    });
  }
});

test('no more than three lists are read at a time', async () => {
  let running = 0;
  let most = 0;
  const kinds = Array.from({ length: 9 }, (_, index) => ({ kind: `Kind${index}`, groups: [''] }));
  const resources = kinds.map(({ kind }) => `${kind.toLowerCase()}s v1 true ${kind}\n`).join('');
  const known = answering({ 'api-resources --verbs=list': ended(resources) });
  const kubectl: Kubectl = async (argv, take) => {
    if (argv[0] !== 'get') return known(argv, take);
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    take?.(new TextEncoder().encode(list()));
    return ended('');
  };
  const { cluster } = await readCluster(kubectl, { ...READING, kinds });
  assert.deepEqual([most, cluster.kinds.length], [3, 9]);
});

describe('what becomes of a kind', () => {
  test('forbidden: kubectl prints an empty list beside its error', async () => {
    const stderr =
      'Error from server (Forbidden): pods is forbidden: User "system:jane" cannot list resource "pods" in API group "" at the cluster scope\n';
    const answers = { 'get pods.v1.': ended(list(), { status: 1, stderr }) };
    assert.deepEqual(await states(answers), [
      NODES,
      ['pods', 'forbidden', null, stderr.trim()],
      SCALED,
    ]);
    const { cluster, notReadable } = await readCluster(answering(answers), READING);
    assert.equal(cluster.user, 'system:jane');
    assert.deepEqual(
      notReadable.map(({ resource }) => resource),
      ['pods'],
    );
  });

  test('cut short', async () => {
    assert.deepEqual(await states({ 'get pods.v1.': ended(list('a', 'b').slice(0, -4)) }), [
      NODES,
      ['pods', 'unreadable', null, 'what kubectl printed is not JSON, or was cut short'],
      SCALED,
    ]);
  });

  test('vanished since it was discovered', async () => {
    const stderr = 'error: the server doesn\'t have a resource type "pods"';
    assert.deepEqual(await states({ 'get pods.v1.': ended('', { status: 1, stderr }) }), [
      NODES,
      ['pods', 'unreadable', null, stderr],
      SCALED,
    ]);
  });

  test('stopped by a limit', async () => {
    const stopped = { kind: 'stopped', reason: 'did not end within 900 s', stderr: '' } as const;
    assert.deepEqual(await states({ 'get pods.v1.': stopped }), [
      NODES,
      ['pods', 'unreadable', null, 'kubectl did not end within 900 s'],
      SCALED,
    ]);
  });

  test('not in what kubectl says is served, though it is in every cluster', async () => {
    const cut = { 'api-resources --verbs=list': ended('nodes no v1 false Node\n') };
    assert.deepEqual(await states(cut), [
      NODES,
      [
        ...['pods', 'unreadable', null],
        'kubectl api-resources does not name it, though every API server has it',
      ],
      SCALED,
    ]);
  });

  test('one page of it', async () => {
    const page = '{"items": [], "metadata": {"continue": "x"}}';
    const [, pods] = await states({ 'get pods.v1.': ended(page) });
    assert.deepEqual(pods?.slice(0, 2), ['pods', 'unreadable']);
  });

  test('in a group whose server is down, so that it is not known whether it is served', async () => {
    const stderr =
      'error: unable to retrieve the complete list of server APIs: keda.sh/v1alpha1: the server is currently unable to handle the request';
    const down = ended(RESOURCES, { status: 1, stderr });
    assert.deepEqual(await states({ 'api-resources --verbs=list': down }), [
      NODES,
      ['pods', 'listed', 2, null],
      ['scaledobjects.keda.sh', 'unreadable', null, stderr],
    ]);
  });
});

test('what is only said where it is served is not in the list where it is not', async () => {
  const optional = [{ kind: 'BulkheadX', groups: ['constraints.gatekeeper.sh'] }];
  const { cluster } = await readCluster(answering(), { ...READING, optional });
  assert.equal(cluster.kinds.length, 3);
});

test('the warnings of kubectl are kept, each once', async () => {
  const warning = (time: string) => `E1130 ${time}   28004 memcache.go:287] "Unhandled Error"\n`;
  const answers = {
    'get pods.v1.': ended(list(), { stderr: `${warning('00:00:01.1')}Warning: old\n` }),
    'get nodes.v1.': ended(list(), { stderr: warning('00:00:02.1') }),
  };
  const { said } = await readCluster(answering(answers), READING);
  assert.equal(said.length, 2);
  assert.ok(said.includes('Warning: old'));
});

describe('without a connection there is no result', () => {
  const cases: Readonly<
    Record<
      string,
      { answers: Readonly<Record<string, Answer>>; context?: string; code: string; message: string }
    >
  > = {
    'no kubectl': {
      answers: { 'config view': { kind: 'missing' } },
      code: 'TOOL_MISSING',
      message:
        'kubectl is not on PATH: audit reads clusters through it. Install it, or on another machine use audit --save FILE, and here --from FILE',
    },
    'a kubeconfig that cannot be read': {
      answers: { 'config view': ended('', { status: 1, stderr: 'error: yaml: line 3\n' }) },
      code: 'CLUSTER_CONTEXT',
      message: 'kubectl cannot read its configuration: error: yaml: line 3',
    },
    'a configuration that is not JSON, so that it is not known which cluster it is': {
      answers: { 'config view': ended(`Warning: x\n${JSON.stringify(CONFIG)}`) },
      code: 'CLUSTER_CONTEXT',
      message: 'kubectl config view did not print JSON, so it is not known which cluster it is',
    },
    'several contexts, and none is the current one': {
      answers: { 'config view': ended(JSON.stringify({ ...CONFIG, 'current-context': '' })) },
      code: 'CLUSTER_CONTEXT',
      message:
        'no context of the kubeconfig is the current one: use --context with one of dev, prod',
    },
    'a context that does not exist': {
      answers: {},
      context: 'test',
      code: 'CLUSTER_CONTEXT',
      message: 'kubectl has no context test: use --context with one of dev, prod',
    },
    'a server that does not answer': {
      answers: {
        'version -o': ended('{}', {
          status: 1,
          stderr:
            'The connection to the server 127.0.0.1:9913 was refused - did you specify the right host or port?\n',
        }),
      },
      code: 'CLUSTER_UNREACHABLE',
      message:
        'cannot read cluster prod: The connection to the server 127.0.0.1:9913 was refused - did you specify the right host or port? (check the address: kubectl cluster-info)',
    },
    'credentials that have expired': {
      answers: {
        'version -o': ended('', {
          status: 1,
          stderr: 'E1130 x\nerror: You must be logged in to the server (Unauthorized)\n',
        }),
      },
      code: 'CLUSTER_UNREACHABLE',
      message:
        'cannot read cluster prod: error: You must be logged in to the server (Unauthorized) (sign in again, as for any other command of kubectl)',
    },
    'discovery that fails as a whole': {
      answers: { 'api-resources --verbs=list': ended('', { status: 1, stderr: 'error: no\n' }) },
      code: 'CLUSTER_UNREACHABLE',
      message: 'cannot read cluster prod: error: no',
    },
    'discovery with a line that cannot be read': {
      answers: { 'api-resources --verbs=list': ended(`${RESOURCES}deployments deploy apps tr`) },
      code: 'CLUSTER_UNREACHABLE',
      message:
        'cannot read cluster prod: kubectl api-resources printed what cannot be read: deployments deploy apps tr (kubectl 1.20 or later is needed)',
    },
    'discovery of nothing': {
      answers: { 'api-resources --verbs=list': ended('') },
      code: 'CLUSTER_UNREACHABLE',
      message: 'cannot read cluster prod: it serves no kind that can be listed',
    },
    'discovery that fails without saying of what': {
      answers: {
        'api-resources --verbs=list': ended(RESOURCES, { status: 1, stderr: 'error: no\n' }),
      },
      code: 'CLUSTER_UNREACHABLE',
      message: 'cannot read cluster prod: error: no',
    },
  };
  for (const [name, { answers, context, code, message }] of Object.entries(cases)) {
    test(name, async () => {
      await assert.rejects(readCluster(answering(answers), { ...READING, context }), (error) => {
        assert.ok(error instanceof UserError);
        assert.deepEqual([error.code, error.message], [code, message]);
        return true;
      });
    });
  }
});

test('without a kubeconfig, kubectl uses the account of its pod', async () => {
  const answers = { 'config view': ended('{"contexts": null, "current-context": ""}') };
  const { cluster } = await readCluster(answering(answers), READING);
  assert.deepEqual([cluster.context, cluster.user], ['in-cluster', null]);
});

test('single ConfigMaps are read if they are there, without their data', async () => {
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { a: 'x' } };
  const configMaps = [{ namespace: 'kube-system', name: 'm' }];
  const reading = { ...READING, kinds: [], configMaps };
  const textOf = async (answer: Answer) => {
    const { files } = await readCluster(answering({ 'get configmaps': answer }), reading);
    const [file] = files;
    return file && 'bytes' in file ? new TextDecoder().decode(file.bytes).split('\n')[1] : '';
  };
  assert.equal(
    await textOf(ended(JSON.stringify(map))),
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"a":"…"}}',
  );
  assert.equal(await textOf(ended('')), '');
});
