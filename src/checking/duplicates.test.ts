import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { builtBulkhead, shippedProfile } from '../../test/support/bulkhead.ts';
import { check } from '../check.ts';

const bulkhead = builtBulkhead();
const profile = shippedProfile('kubeadm');

/** The places and messages of the notes on objects that are defined more than once. */
function notesOn(files: Readonly<Record<string, string>>): readonly string[] {
  const given = Object.entries(files).map(([name, text]) => ({
    name,
    bytes: new TextEncoder().encode(text),
  }));
  return check(bulkhead, profile, given)
    .notes.filter(({ code }) => code === 'DUPLICATE_OBJECT')
    .map(({ file, line, message }) => `${file}:${line} ${message.replace(/ with .*/, '')}`);
}

const object = (apiVersion: string, kind: string, rest: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\n${rest}`;
const NAMED = 'metadata: {name: web, namespace: shop}\n';

describe('both definitions of an object are noted, of every kind that is checked or read', () => {
  for (const { kind, one, other } of [
    ...['Deployment', 'StatefulSet', 'ReplicaSet', 'DaemonSet'].map((name) => ({
      kind: name,
      one: object('apps/v1', name, `${NAMED}spec: {minReadySeconds: 1}\n`),
      other: object('apps/v1', name, `${NAMED}spec: {minReadySeconds: 2}\n`),
    })),
    {
      kind: 'Pod',
      one: object('v1', 'Pod', NAMED),
      other: object('v1', 'Pod', `${NAMED}spec: {nodeName: a}\n`),
    },
    {
      kind: 'CronJob',
      one: object('batch/v1', 'CronJob', NAMED),
      other: object('batch/v1', 'CronJob', `${NAMED}spec: {suspend: true}\n`),
    },
    {
      kind: 'PodDisruptionBudget',
      one: object('policy/v1', 'PodDisruptionBudget', `${NAMED}spec: {minAvailable: 1}\n`),
      other: object('policy/v1', 'PodDisruptionBudget', `${NAMED}spec: {minAvailable: 2}\n`),
    },
    {
      kind: 'HorizontalPodAutoscaler',
      one: object('autoscaling/v2', 'HorizontalPodAutoscaler', `${NAMED}spec: {minReplicas: 1}\n`),
      other: object(
        'autoscaling/v1',
        'HorizontalPodAutoscaler',
        `${NAMED}spec: {minReplicas: 2}\n`,
      ),
    },
    {
      kind: 'Service',
      one: object('v1', 'Service', `${NAMED}spec: {selector: {a: b}}\n`),
      other: object('v1', 'Service', `${NAMED}spec: {selector: {a: c}}\n`),
    },
    {
      kind: 'Rollout',
      one: object('argoproj.io/v1alpha1', 'Rollout', `${NAMED}spec: {replicas: 1}\n`),
      other: object('argoproj.io/v1alpha1', 'Rollout', `${NAMED}spec: {replicas: 2}\n`),
    },
  ]) {
    test(kind, () => {
      assert.deepEqual(notesOn({ 'dev/a.yaml': one, 'prod/a.yaml': other }), [
        `dev/a.yaml:1 ${kind} shop/web is also defined at prod/a.yaml:1`,
        `prod/a.yaml:1 ${kind} shop/web is also defined at dev/a.yaml:1`,
      ]);
    });
  }

  test('Node, which has no namespace', () => {
    const text = `${object('v1', 'Node', 'metadata: {name: a}\n')}---\n${object('v1', 'Node', 'metadata: {name: a, uid: u}\n')}`;
    assert.deepEqual(notesOn({ 'a.yaml': text }), [
      'a.yaml:1 Node a is also defined at a.yaml:5',
      'a.yaml:5 Node a is also defined at a.yaml:1',
    ]);
  });
});

test('of many definitions, each content is noted once', () => {
  const one = object('v1', 'Pod', NAMED);
  const two = object('v1', 'Pod', `${NAMED}spec: {hostNetwork: true}\n`);
  const three = object('v1', 'Pod', `${NAMED}spec: {hostNetwork: false}\n`);
  assert.deepEqual(
    notesOn({ 'a.yaml': one, 'b.yaml': two, 'c.yaml': two, 'd.yaml': three, 'e.yaml': one }),
    [
      'b.yaml:1 Pod shop/web is also defined at e.yaml:1 and 1 more',
      'd.yaml:1 Pod shop/web is also defined at e.yaml:1 and 1 more',
      'e.yaml:1 Pod shop/web is also defined at b.yaml:1 and 1 more',
    ],
  );
});

describe('nothing is noted', () => {
  const deployment = object('apps/v1', 'Deployment', NAMED);
  const changed = `${deployment}spec: {replicas: 2}\n`;
  for (const { what, files } of [
    { what: 'for equal definitions', files: [deployment, `# again\n${deployment}`] },
    {
      what: 'for objects of different namespaces',
      files: [deployment, changed.replace('shop', 'other')],
    },
    {
      what: 'for objects of different kinds',
      files: [deployment, changed.replace('Deployment', 'StatefulSet')],
    },
    {
      what: 'for objects of different groups',
      files: [
        object('apps.kruise.io/v1beta1', 'StatefulSet', NAMED),
        changed.replace('Deployment', 'StatefulSet'),
      ],
    },
    {
      what: 'for objects whose names the API server generates',
      files: [
        object('v1', 'Pod', 'metadata: {generateName: web-, namespace: shop}\n'),
        object('v1', 'Pod', 'metadata: {generateName: web-, namespace: shop, labels: {a: b}}\n'),
      ],
    },
    {
      what: 'for objects that no policy checks or reads',
      files: [
        object('v1', 'ConfigMap', `${NAMED}data: {a: b}\n`),
        object('v1', 'ConfigMap', `${NAMED}data: {a: c}\n`),
      ],
    },
  ]) {
    test(what, () => {
      const named = files.map((text, index) => [`${index}.yaml`, text] as const);
      assert.deepEqual(notesOn(Object.fromEntries(named)), []);
    });
  }

  test('for the units of two machines', () => {
    const unit = (flag: string) => `[Service]\nExecStart=/usr/bin/kubelet ${flag}\n`;
    const files = { 'a/kubelet.service': unit('--v=1'), 'b/kubelet.service': unit('--v=2') };
    assert.deepEqual(notesOn(files), []);
  });
});
