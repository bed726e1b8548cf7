import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { tool } from '../scripts/tools.ts';
import { generateConftest } from '../src/generate.ts';
import { openSession } from '../src/session.ts';
import { builtBulkhead, ROOT, shippedProfile } from './support/bulkhead.ts';

const bulkhead = builtBulkhead();

test('conftest asks of an object of each kind the policies that a check asks', () => {
  const profile = shippedProfile('kubeadm');
  const { catalogue, policiesFor } = openSession(bulkhead, profile, []);
  const kinds = catalogue.policies.flatMap((policy) => [...policy.kinds, ...policy.inventory]);
  const { parameters, checks } = data();
  const bound = new Set(Object.keys(parameters));
  for (const { kind, groups } of [...kinds, { kind: 'ConfigMap', groups: [''] }]) {
    for (const group of [...groups, 'other.example']) {
      const apiVersion = group === '' ? 'v1' : `${group}/v1`;
      const expected = policiesFor({ apiVersion, kind }).map(({ id }) => id);
      const asked = checks
        .filter((checked) => checked.kinds[kind]?.includes(group))
        .flatMap(({ policies }) => policies.filter((id) => bound.has(id)));
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
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'm' } };
  const list = { apiVersion: 'v1', kind: 'List', items: [{ metadata: { name: 'no-kind' } }, node] };
  const input = [first, list, nameless, nameless, later].map((contents) => ({
    path: '',
    contents,
  }));
  const shared = { v1: { Node: { m: node }, Pod: { '#3': nameless, '#4': nameless } } };
  assert.deepEqual(inventory(input), {
    namespace: { '': shared, n: { v1: { Pod: { x: later } } } },
    cluster: shared,
  });
  assert.deepEqual(inventory([]), { namespace: {}, cluster: {} });
});

interface Data {
  readonly parameters: Readonly<Record<string, unknown>>;
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
  const printed = execFileSync(
    tool('opa'),
    ['eval', ...paths.flatMap((path) => ['-d', path]), '-I', '-f', 'raw', 'data.main._inventory'],
    { input: JSON.stringify(input), encoding: 'utf8' },
  );
  return JSON.parse(printed);
}
