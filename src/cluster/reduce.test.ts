import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../kubernetes/json.ts';
import { reduced } from './reduce.ts';

const CANARY = 'hunter2';

/** An object with the canary wherever nothing may be kept. */
const POD: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web',
    namespace: 'shop',
    uid: 'u',
    resourceVersion: CANARY,
    labels: { env: 'prod', data: 'x', 'secret-zone': 'a' },
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': `{"env": "${CANARY}"}`,
      'example.com/password': CANARY,
      'kubernetes.io/config.mirror': 'hash',
      empty: '',
    },
    managedFields: [{ manager: CANARY }],
    ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1', controller: true }],
  },
  spec: {
    nodeSelector: { env: 'prod', token: 'yes' },
    tolerations: [{ key: 'data', operator: 'Equal', value: 'x', effect: 'NoSchedule' }],
    containers: [
      {
        name: 'web',
        args: ['--flag'],
        env: [
          { name: 'A', value: CANARY },
          { name: 'B', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
        ],
        resources: { requests: { cpu: '1', 'example.com/token': '2' } },
      },
    ],
  },
  status: {
    phase: 'Running',
    podIP: CANARY,
    conditions: [{ type: 'PodScheduled', status: 'True', lastProbeTime: CANARY }],
  },
};

test('a pod keeps what decides, and nothing that may be confidential', () => {
  const pod = reduced(POD);
  assert.ok(!JSON.stringify(pod).includes(CANARY));
  assert.deepEqual(pod, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'u',
      labels: { env: 'prod', data: 'x', 'secret-zone': 'a' },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1', controller: true }],
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': '…',
        'example.com/password': '…',
        'kubernetes.io/config.mirror': 'hash',
        empty: '',
      },
    },
    spec: {
      nodeSelector: { env: 'prod', token: 'yes' },
      tolerations: [{ key: 'data', operator: 'Equal', value: 'x', effect: 'NoSchedule' }],
      containers: [
        {
          name: 'web',
          args: ['--flag'],
          env: [{ name: 'A' }, { name: 'B', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
          resources: { requests: { cpu: '1', 'example.com/token': '2' } },
        },
      ],
    },
    status: { phase: 'Running', conditions: [{ type: 'PodScheduled', status: 'True' }] },
  });
});

test('of a ConfigMap only the keys are kept, of a revision of a workload its pod template', () => {
  const map = reduced({ apiVersion: 'v1', kind: 'ConfigMap', data: { a: CANARY } });
  assert.deepEqual(map['data'], { a: '…' });
  const revision = reduced({
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    data: {
      spec: {
        template: {
          metadata: { annotations: { a: CANARY } },
          spec: { nodeName: 'n', containers: [{ env: [{ name: 'A', value: CANARY }] }] },
        },
      },
    },
  });
  assert.deepEqual(revision['data'], {
    spec: {
      template: {
        metadata: { annotations: { a: '…' } },
        spec: { nodeName: 'n', containers: [{ env: [{ name: 'A' }] }] },
      },
    },
  });
});

test('a status of other kinds is dropped, a budget keeps its counts', () => {
  assert.equal(
    reduced({ apiVersion: 'apps/v1', kind: 'Deployment', status: { a: 1 } })['status'],
    undefined,
  );
  const status = { observedGeneration: 2, expectedPods: 3, disruptionsAllowed: 0, other: CANARY };
  const budget = reduced({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', status });
  assert.deepEqual(budget['status'], {
    observedGeneration: 2,
    expectedPods: 3,
    disruptionsAllowed: 0,
  });
});

test('texts that are secrets by their name are dropped in custom resources', () => {
  const config = reduced({
    apiVersion: 'bootstrap.cluster.x-k8s.io/v1beta1',
    kind: 'KubeadmConfig',
    spec: {
      users: [{ name: 'a', passwd: CANARY }],
      joinConfiguration: { discovery: { bootstrapToken: { token: CANARY } } },
      stringData: { a: CANARY },
    },
  });
  assert.ok(!JSON.stringify(config).includes(CANARY));
});

const header = { httpGet: { httpHeaders: [{ name: 'X-Key', value: CANARY }] } };
const SECRETS: Readonly<Record<string, JsonObject>> = {
  'headers of a probe': { containers: [{ livenessProbe: header }] },
  'headers of a hook': { containers: [{ lifecycle: { preStop: header } }] },
  'variables of an operator': { extraEnv: [{ name: 'A', value: CANARY }] },
  'variables by their names': { envVars: { A: CANARY }, environment: { B: CANARY } },
  'variables in a text': { podEnv: CANARY },
  'a parameter with a telling name': { params: [{ name: 'db-password', value: CANARY }] },
  'a parameter with several values': { params: [{ name: 'tokens', value: [CANARY] }] },
  'a sequence of passwords': { passwords: [CANARY, [CANARY]] },
  'cloud-init of a machine': { cloudInitNoCloud: { userData: CANARY, userDataBase64: CANARY } },
  keys: { apiKey: CANARY, access_key: CANARY, certificateKey: CANARY, accountKey: CANARY },
  'a name and a password in a URL': { url: `postgres://admin:${CANARY}@db/x` },
  'a password in a URL in an argument': {
    args: [`--dsn=http://x:${CANARY}@y,https://${CANARY}@z`],
  },
  connections: { connectionString: CANARY, kubeconfig: CANARY, authorization: CANARY },
  'annotations of a template': { template: { metadata: { annotations: { a: CANARY } } } },
  'options of a volume': { volumes: [{ csi: { volumeAttributes: { password: CANARY } } }] },
};

for (const [name, spec] of Object.entries(SECRETS)) {
  test(`${name}: not kept`, () => {
    for (const kind of ['Pod', 'Workflow']) {
      const text = JSON.stringify(reduced({ apiVersion: 'v1', kind, spec }));
      assert.ok(!text.includes(CANARY), text);
    }
  });
}

test('what decides where pods run is kept, whatever it is called', () => {
  const spec = {
    nodeSelector: { env: 'a', token: 'b', environment: 'c', apiKey: 'd' },
    tolerations: [{ key: 'secret', operator: 'Equal', value: 'x', effect: 'NoExecute' }],
    affinity: { nodeAffinity: { key: 'token', operator: 'In', values: ['x'] } },
    template: { metadata: { labels: { env: 'a', password: 'b' } } },
    automountServiceAccountToken: false,
    volumes: [{ name: 'a', secret: { items: [{ key: 'k', path: 'p' }] }, hostPath: { path: '/' } }],
    containers: [{ name: 'token', image: 'a/b@sha256:1', args: ['a@b', '--x=http://y/z'] }],
    envFrom: [{ secretRef: { name: 's' } }],
  };
  assert.deepEqual(reduced({ apiVersion: 'v1', kind: 'Pod', spec })['spec'], spec);
});
