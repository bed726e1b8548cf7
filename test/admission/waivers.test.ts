import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import type { AdmissionRequest } from '../support/admission-oracle.ts';
import { askAdmission } from '../support/admission-oracle.ts';
import { shippedProfile } from '../support/bulkhead.ts';
import { idOf, policiesOf, requestFor } from './asking.ts';
import { complete } from './complete.ts';
import { WAIVERS } from './waivers.ts';

// Waivers, in what a user creates and in what a controller makes of it.

const ANY = { tolerations: [{ operator: 'Exists' }] };
const BY_CONTROLLER = {
  userInfo: { username: 'system:serviceaccount:kube-system:replicaset-controller', groups: [] },
};
const INTRUSION = ['control-plane-intrusion'];

type Row = readonly [string, JsonObject, Partial<AdmissionRequest>, readonly string[]];

const ROWS: readonly Row[] = [
  ['a waived object', workload('DaemonSet', 'agent', ANY), {}, []],
  ['another namespace', workload('DaemonSet', 'agent', ANY, 'shop'), {}, INTRUSION],
  ['another kind', workload('Deployment', 'agent', ANY), {}, INTRUSION],
  ['a longer name', workload('DaemonSet', 'agent-2', ANY), {}, INTRUSION],
  ['a waiver that has expired', workload('DaemonSet', 'expired', ANY), {}, INTRUSION],
  [
    'a waived object by another policy',
    workload('DaemonSet', 'agent', { ...ANY, nodeName: 'n1' }),
    {},
    [],
  ],
  [
    'a pod that a controller makes of it',
    pod('agent-x', 'DaemonSet', 'agent', {}),
    BY_CONTROLLER,
    [],
  ],
  ['a pod of a user that names it', pod('agent-x', 'DaemonSet', 'agent', {}), {}, INTRUSION],
  ['a waived field', workload('Deployment', 'web-1', ANY), {}, []],
  ['a waived field of another object', workload('Deployment', 'web', ANY), {}, INTRUSION],
  [
    'a waived field in a pod',
    pod('web-1-5d-x', 'ReplicaSet', 'web-1-5d', { 'pod-template-hash': '5d' }),
    BY_CONTROLLER,
    [],
  ],
  [
    'a waived field in a pod of a user',
    pod('web-1-5d-x', 'ReplicaSet', 'web-1-5d', { 'pod-template-hash': '5d' }),
    {},
    INTRUSION,
  ],
  [
    'a field that is not waived, in an object with a waived one',
    workload('Deployment', 'web-1', {
      tolerations: Array.from({ length: 251 }, (_, index) => ({
        key: `k${index}`,
        operator: 'Exists',
      })),
    }),
    {},
    INTRUSION,
  ],
  [
    'a name that the API server completes',
    generated(workload('DaemonSet', 'agent', ANY)),
    {},
    INTRUSION,
  ],
  [
    'a ReplicaSet of a user whose pods would be waived',
    workload('ReplicaSet', 'web-1-5d', {}, 'logging', { 'pod-template-hash': '5d' }),
    {},
    INTRUSION,
  ],
  ['a Job of a user whose pods would be waived', job('cleaner-29384720', {}), {}, INTRUSION],
  [
    'a waived field of a CronJob, in its Job',
    job('cleaner-29384720', ANY, 'CronJob/cleaner'),
    BY_CONTROLLER,
    [],
  ],
  ['a waived Node', node('lab-1'), {}, []],
  ['another Node', node('n1'), {}, ['untainted-control-plane-node']],
];

const policies = policiesOf(shippedProfile('kubeadm'), { waivers: WAIVERS, today: '2026-11-30' });
const requests = ROWS.map(([name, object, rest]) => {
  const request = requestFor(object, rest);
  if (request === undefined) throw new Error(name);
  return request;
});

test('waivers', async (context) => {
  const { answers } = await askAdmission(policies, requests);
  for (const [index, [name, , , refused]] of ROWS.entries()) {
    await context.test(name, () => {
      const answer = answers[index];
      assert.deepEqual([answer?.undecodable, answer?.invalid ?? []], [undefined, []]);
      const denied = (answer?.decisions ?? []).filter(
        ({ action }) => !['admit', 'skip'].includes(action),
      );
      assert.deepEqual(
        denied.map(({ policy }) => idOf(policy)),
        refused,
        JSON.stringify(denied),
      );
    });
  }
});

test('without waivers each of these is refused', async () => {
  const { answers } = await askAdmission(policiesOf(shippedProfile('kubeadm')), requests);
  for (const [index, [name]] of ROWS.entries()) {
    const isDenied = answers[index]?.decisions.some(({ action }) => action === 'deny');
    // Who would make it pass for a waived object does no harm where none is waived.
    assert.equal(isDenied, !name.endsWith('whose pods would be waived'), name);
  }
});

test('a policy names who granted its waivers', () => {
  const found = policies.map(
    ({ policy }) => Object(policy['metadata']).annotations['bulkhead.dev/waivers'],
  );
  const grants = found.flatMap((text) => (text === undefined ? [] : JSON.parse(text)));
  assert.deepEqual(new Set(grants.map(({ owner }: { owner: string }) => owner)), new Set(['team']));
  assert.equal(grants.length, 6);
});

function generated(object: JsonObject): JsonObject {
  return { ...object, metadata: { ...Object(object['metadata']), generateName: 'agent' } };
}

function job(name: string, spec: JsonObject, owner?: string): JsonObject {
  const [kind = '', of = ''] = owner?.split('/') ?? [];
  const reference = { apiVersion: 'batch/v1', kind, name: of, uid: 'u', controller: true };
  const metadata = {
    name,
    namespace: 'logging',
    ...(owner !== undefined && { ownerReferences: [reference] }),
  };
  return complete({ apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { template: { spec } } });
}

function workload(
  kind: string,
  name: string,
  spec: JsonObject,
  namespace = 'logging',
  labels: JsonObject = {},
): JsonObject {
  return complete({
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace },
    spec: { template: { metadata: { labels }, spec } },
  });
}

function pod(name: string, kind: string, owner: string, labels: JsonObject): JsonObject {
  const reference = { apiVersion: 'apps/v1', kind, name: owner, uid: 'u', controller: true };
  return complete({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'logging', labels, ownerReferences: [reference] },
    spec: ANY,
  });
}

function node(name: string): JsonObject {
  const labels = { 'node-role.kubernetes.io/control-plane': '' };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: {} };
}
