import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { tool } from '../scripts/tools.ts';
import { generateConftest } from '../src/generate.ts';
import { openSession } from '../src/session.ts';
import { builtBulkhead, ROOT, shippedProfile } from './support/bulkhead.ts';
import { run } from './surfaces/run.ts';

const bulkhead = builtBulkhead();

test('conftest asks of an object of each kind the policies that a check asks', () => {
  const profile = shippedProfile('kubeadm');
  const { catalogue, policiesFor } = openSession(bulkhead, profile, []);
  const kinds = catalogue.policies.flatMap((policy) => [...policy.kinds, ...policy.inventory]);
  const { policies: bound, checks } = data();
  for (const { kind, groups } of [...kinds, { kind: 'ConfigMap', groups: [''] }]) {
    for (const group of [...groups, 'other.example']) {
      const apiVersion = group === '' ? 'v1' : `${group}/v1`;
      const expected = policiesFor({ apiVersion, kind }).map(({ id }) => id);
      const asked = checks
        .filter((checked) => checked.kinds[kind]?.includes(group))
        .flatMap(({ policies }) => policies.filter((id) => id in bound));
      assert.deepEqual(asked.sort(), expected.sort(), `${apiVersion} ${kind}`);
    }
  }
});

test('each object is in the inventory under its own identity, the later of two with the same', () => {
  const pod = (metadata: object, more = {}) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    ...more,
  });
  const [first, later] = [{ spec: { a: 1 } }, { spec: { b: 2 } }].map((spec) =>
    pod({ namespace: 'n', name: 'x' }, spec),
  );
  const nameless = pod({ namespace: null, generateName: 'x-' });
  const numbered = pod({ namespace: 'n', name: 1 });
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'm' } };
  const list = { apiVersion: 'v1', kind: 'List', items: [{ metadata: { name: 'no-kind' } }, node] };
  const input = [first, list, nameless, nameless, later, numbered].map((contents) => ({
    path: '',
    contents,
  }));
  const shared = { v1: { Node: { m: node }, Pod: { '#3': nameless, '#4': nameless } } };
  assert.deepEqual(inventory(input), {
    namespace: { '': shared, n: { v1: { Pod: { 1: numbered, x: later } } } },
    cluster: shared,
  });
  assert.deepEqual(inventory([]), { namespace: {}, cluster: {} });
});

test('what is generated is all that conftest needs, and no more', async () => {
  const files = generateConftest(bulkhead, shippedProfile('kubeadm'));
  const modules = new Map([...files].filter(([path]) => path.endsWith('.rego')));
  const directory = (at: string) => [join(at, 'policy')];
  assert.equal(
    await run({
      name: 'opa',
      argv: (at) => ['check', '--strict', ...directory(at)],
      files: modules,
    }),
    '',
  );
  assert.equal(
    await run({ name: 'opa', argv: (at) => ['fmt', '--list', ...directory(at)], files: modules }),
    '',
  );
  const text = [...modules.values()].join('');
  // Notes, tables and simulations are for reports.
  assert.doesNotMatch(text, /^(?:note|verdict|cells|simulation)\b/m);
  const { catalogue } = bulkhead;
  assert.deepEqual(
    [...text.matchAll(/^package policies\["(.*)"\]$/gm)].map(([, id]) => id).sort(),
    catalogue.policies.map(({ id }) => id).sort(),
  );
});

test('an object is checked alike by itself, in lists, and without a name, but not in a namespace that is exempt', async () => {
  const spec = {
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { tolerations: [{ operator: 'Exists' }] },
    },
  };
  const named = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec };
  const nameless = { ...named, metadata: { generateName: 'web-' } };
  const { apiVersion, kind, ...item } = named;
  const exempt = { ...named, metadata: { name: 'web', namespace: 'ops-1' } };
  const files = new Map([
    ...generateConftest(bulkhead, { ...shippedProfile('kubeadm'), exemptNamespaces: ['ops-*'] }),
    ['objects/0.json', JSON.stringify(named)],
    [
      'objects/1.json',
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [nameless, 1, named] }),
    ],
    ['objects/2.json', JSON.stringify({ apiVersion, kind: `${kind}List`, items: [item] })],
    ['objects/3.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [] })],
    ['objects/4.json', JSON.stringify({ items: [named] })],
    ['objects/5.json', JSON.stringify(exempt)],
  ]);
  for (const flags of [['--combine'], []]) {
    const printed = await run({
      name: 'conftest',
      argv: (at) => [
        ...['test', '-p', join(at, 'policy'), '-d', join(at, 'data'), '-o', 'json', ...flags],
        join(at, 'objects'),
      ],
      files,
    });
    const found: readonly Result[] = JSON.parse(printed).flatMap(
      (one: Results) => one.failures ?? [],
    );
    const names = found
      .filter(({ metadata }) => metadata.policy === 'control-plane-intrusion')
      .map(({ metadata }) => metadata.object.name);
    assert.deepEqual(names.sort(), [null, 'web', 'web', 'web'].sort(), flags.join());
  }
});

interface Results {
  readonly failures?: readonly Result[];
}

interface Result {
  readonly metadata: { readonly policy: string; readonly object: { readonly name: unknown } };
}

interface Data {
  readonly policies: Readonly<Record<string, unknown>>;
  readonly checks: readonly {
    readonly policies: readonly string[];
    readonly kinds: Readonly<Record<string, readonly string[]>>;
  }[];
}

function data(): Data {
  const [text = ''] = generateConftest(bulkhead, shippedProfile('kubeadm')).values();
  return parse(text).bulkhead;
}

/** What the adapter gives the policies as the inventory. */
function inventory(input: readonly object[]): unknown {
  const paths = ['policies/lib', 'policies/entry.rego', 'conftest/policy'].map((path) =>
    join(ROOT, path),
  );
  const query = 'object.remove(data.main.cluster.inventory, ["index"])';
  const printed = execFileSync(
    tool('opa'),
    ['eval', ...paths.flatMap((path) => ['-d', path]), '-I', '-f', 'raw', query],
    { input: JSON.stringify(input), encoding: 'utf8' },
  );
  return JSON.parse(printed);
}
