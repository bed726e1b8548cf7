import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../kubernetes/json.ts';
import { nodesIn } from './nodes.ts';
import { oldestVersion } from './versions.ts';

function node(name: string, kubeletVersion: unknown): JsonObject {
  return JSON.parse(
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name },
      status: { nodeInfo: { kubeletVersion } },
    }),
  ) as JsonObject;
}

function apiServer(image: string, { uid = 'a', namespace = 'kube-system' } = {}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name: 'kube-apiserver-m-1', ...(uid !== '' && { uid }) },
    spec: { containers: [{ name: 'kube-apiserver', image }] },
  };
}

function minor(objects: readonly JsonObject[], server: string | null = null): string | undefined {
  return oldestVersion(nodesIn(objects), objects, server)?.minor;
}

test('the oldest kubelet or API server counts, by numbers', () => {
  assert.equal(
    minor([node('a', 'v1.31.4'), node('b', 'v1.9.11-eks-1'), node('c', 'v1.30.0+k3s1')]),
    '1.9',
  );
  assert.equal(minor([node('a', 'v1.31.4')], 'v1.30.2'), '1.30');
  assert.equal(
    minor([node('a', 'v1.31.4'), apiServer('k8s.gcr.io/kube-apiserver:v1.29.1')]),
    '1.29',
  );
  assert.equal(minor([node('a', 'v1.31.4'), apiServer('a:5000/b:v1.29.1@sha256:0')]), '1.29');
});

test('what says no version, or may be made up, does not count', () => {
  for (const text of ['', 'unknown', 'v2.1.0', '1', 'v1.x', 7, null]) {
    assert.equal(minor([node('a', text)]), undefined, String(text));
  }
  assert.equal(minor([apiServer('b:v1.29.1', { uid: '' })]), undefined);
  assert.equal(minor([apiServer('b:v1.29.1', { namespace: 'shop' })]), undefined);
  assert.equal(minor([apiServer('b:latest')]), undefined);
  assert.equal(minor([node('a', 'v1.31.4')], 'unknown'), '1.31');
});
