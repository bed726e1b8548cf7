import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Waiver } from '../../src/config/waiver.ts';
import { generateGatekeeper } from '../../src/generate.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { builtBulkhead, shippedProfile } from '../support/bulkhead.ts';
import { type Attempt, readThemes } from '../support/red-team.ts';
import { makeAttempt, namespaceOf } from './attempts.ts';
import { type Cluster, startCluster, until } from './cluster.ts';
import { audited, policyOf, roll } from './constraints.ts';
import { type Gatekeeper, startGatekeeper, succeed } from './gatekeeper.ts';
import { ask } from './requests.ts';

// Constraints with waivers in a real cluster: what they are for is admitted, and every attempt to come under one
// is refused.

const profile = shippedProfile('kubeadm');
const theme = readThemes().find(({ file }) => file === 'waivers');
assert.ok(theme);
const { attempts, waivers } = theme;

/** A DaemonSet and a Node with a fault, of which one is waived and its neighbour is not. */
const GRANTED: readonly Waiver[] = [
  waiver(['control-plane-intrusion'], {
    kind: 'DaemonSet',
    namespace: 'logging',
    name: 'fluent-bit',
  }),
  waiver(['untainted-control-plane-node'], { kind: 'Node', name: 'spare-*' }),
];
const NEIGHBOURS: readonly (readonly [waived: JsonObject, open: JsonObject])[] = [
  [daemonSet('fluent-bit'), daemonSet('fluent-bit-2')],
  [node('spare-1'), node('other-1')],
];

describe('waivers in Gatekeeper', () => {
  let cluster: Cluster;
  let gatekeeper: Gatekeeper;
  let api: string;
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-'));
  before(async () => {
    const all = [
      ...waivers,
      ...GRANTED,
      { ...waiver(['control-plane-intrusion'], EXPIRED), expires: '2026-01-31' },
    ];
    const generated = generateGatekeeper(builtBulkhead(), profile, 'deny', {
      waivers: all,
      today: '2026-02-01',
    });
    for (const [path, text] of generated) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    cluster = await startCluster();
    api = await cluster.serve();
    gatekeeper = await startGatekeeper(cluster);
    await prepare(cluster);
    await succeed(cluster, ['apply', '--server-side', '-k', join(directory, 'templates')]);
    await succeed(cluster, [
      ...['wait', '--for=jsonpath={.status.created}=true', '--timeout=90s'],
      ...['constrainttemplates', '--all'],
    ]);
    await succeed(cluster, ['apply', '-k', join(directory, 'sync')]);
    await roll(cluster, join(directory, 'constraints', profile.name));
  });
  after(async () => {
    await gatekeeper?.kill();
    cluster?.stop();
    rmSync(directory, { recursive: true });
  });

  test('what is waived is admitted, and its neighbour is refused', async () => {
    for (const [waived, open] of NEIGHBOURS) {
      const admitted = await ask(api, 'POST', waived, { isDry: false });
      assert.deepEqual([admitted.status, admitted.denied], [201, []], admitted.words);
      const refused = await ask(api, 'POST', open);
      assert.deepEqual([refused.status, refused.denied.length], [403, 1], refused.words);
    }
  });

  test('an expired waiver waives nothing', async () => {
    const { status, denied } = await ask(api, 'POST', daemonSet(EXPIRED.name));
    assert.deepEqual([status, denied.length], [403, 1]);
  });

  for (const attempt of attempts) {
    test(`refused: it ${attempt.name}`, async () => {
      const refusal = await makeAttempt(cluster, attempt);
      assert.match(refusal, expected(attempt), refusal);
      assert.equal(refusal.split('denied the request').length - 1, isByGatekeeper(attempt) ? 1 : 0);
    });
  }

  test('audit counts what is not waived alone', async () => {
    const constraints = await audited(cluster);
    const counted = constraints.flatMap(({ kind, status }) =>
      (status?.violations ?? []).map(({ name }) => `${policyOf(kind)} ${name}`),
    );
    for (const [waived] of NEIGHBOURS) {
      const { name } = Object(waived['metadata']);
      assert.deepEqual(
        counted.filter((line) => line.endsWith(` ${name}`)),
        [],
      );
    }
  });

  test('the Constraint says who granted its waivers', async () => {
    const [constraint] = await cluster.list('bulkheadcontrolplaneintrusion');
    const { metadata, spec } = Object(constraint);
    const granted = JSON.parse(metadata.annotations['bulkhead.dev/waivers']);
    assert.equal(granted.length, spec.parameters.waivers.length);
    assert.deepEqual(granted.at(-1), {
      owner: 'team-logs',
      reason: 'It is accepted here.',
      expires: 'never',
    });
  });
});

/** The API server refuses what it refuses in any cluster, Gatekeeper everything else: the last object, by its name. */
function expected(attempt: Attempt): RegExp {
  const { reality, objects, review } = attempt;
  if (typeof reality === 'object' && 'refused' in reality) return new RegExp(reality.refused);
  const { kind, metadata } = review?.object ?? objects.at(-1) ?? {};
  const { name, generateName } = Object(metadata);
  const place = kind === 'Node' ? '' : `${namespaceOf(attempt)}/`;
  return new RegExp(`denied the request: \\[kubeadm\\] .*\\b${place}${generateName ?? name}`);
}

function isByGatekeeper({ reality }: Attempt): boolean {
  return !(typeof reality === 'object' && 'refused' in reality);
}

/** The namespaces of the attempts, and a kind that another project calls as Kubernetes calls one of its own. */
async function prepare(cluster: Cluster): Promise<void> {
  const names = [...attempts.map(namespaceOf), 'logging'];
  const namespaces = names.map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
  assert.equal(await cluster.create([...namespaces, DAEMON_SETS_OF_KRUISE]), '');
  await until('a service account in every namespace', async () => {
    const accounts = await cluster.list('serviceaccounts');
    const served = new Set(accounts.map(({ metadata }) => Object(metadata)['namespace']));
    return names.every((name) => served.has(name)) || undefined;
  });
  await until('the kind of OpenKruise', async () => {
    const said = await cluster.kubectl(['get', 'daemonsets.apps.kruise.io']);
    return said === '' || undefined;
  });
}

const DAEMON_SETS_OF_KRUISE: JsonObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'daemonsets.apps.kruise.io' },
  spec: {
    group: 'apps.kruise.io',
    scope: 'Namespaced',
    names: { kind: 'DaemonSet', plural: 'daemonsets', singular: 'daemonset' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    ],
  },
};

const EXPIRED = { kind: 'DaemonSet', namespace: 'logging', name: 'collector' };

function waiver(policies: readonly string[], match: Waiver['match']): Waiver {
  const place = { file: 'bulkhead.yaml', line: 1, column: 1 };
  const reason = 'It is accepted here.';
  return { policies, match, reason, owner: 'team-logs', expires: 'never', place };
}

function daemonSet(name: string): JsonObject {
  const labels = { app: name };
  const containers = [{ name: 'main', image: 'registry.example/main' }];
  const spec = { tolerations: [{ operator: 'Exists' }], containers };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: 'logging' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

function node(name: string): JsonObject {
  const labels = { 'node-role.kubernetes.io/control-plane': '', 'kubernetes.io/os': 'linux' };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } };
}
