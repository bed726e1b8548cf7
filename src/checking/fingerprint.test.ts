import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FINDING } from '../../test/support/samples.ts';
import type { JsonObject } from '../kubernetes/json.ts';
import { fingerprint, keyOf, numbered } from './fingerprint.ts';

const IDENTITY = { policy: 'p', environment: null, component: 'c', path: ['spec', 'a', 0, 'b'] };
const OBJECT: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'n', name: 'x' },
};

test('a fingerprint is half of the SHA-256 of what identifies a finding', () => {
  // printf 'p\0\0apps\0Deployment\0n\0x\0c\0spec\0a\0*\0b' | sha256sum | head -c 32
  assert.equal(fingerprint(IDENTITY, OBJECT), 'b83e5e25ea6a6c501f8c1b8647de5e65');
});

describe('a fingerprint stays', () => {
  for (const [what, identity, object] of [
    ['at another position of a list', { path: ['spec', 'a', 7, 'b'] }, {}],
    ['in another version of the API', {}, { apiVersion: 'apps/v1beta2' }],
    ['whatever else the object says', {}, { spec: { replicas: 3 } }],
  ] as const) {
    test(what, () => {
      const found = fingerprint({ ...IDENTITY, ...identity }, { ...OBJECT, ...object });
      assert.equal(found, fingerprint(IDENTITY, OBJECT));
    });
  }
});

describe('a fingerprint changes', () => {
  for (const [what, identity, object] of [
    ['with the policy', { policy: 'q' }, {}],
    ['with the environment', { environment: 'e' }, {}],
    ['with the component', { component: null }, {}],
    ['with the field', { path: ['spec', 'a', 0, 'c'] }, {}],
    ['with the group', {}, { apiVersion: 'extensions/v1' }],
    ['with the kind', {}, { kind: 'DaemonSet' }],
    ['with the namespace', {}, { metadata: { namespace: 'm', name: 'x' } }],
    ['with the name', {}, { metadata: { namespace: 'n', name: 'y' } }],
    ['with a name that is completed', {}, { metadata: { namespace: 'n', generateName: 'x' } }],
  ] as const) {
    test(what, () => {
      const found = fingerprint({ ...IDENTITY, ...identity }, { ...OBJECT, ...object });
      assert.notEqual(found, fingerprint(IDENTITY, OBJECT));
    });
  }
});

test('the start of a name that an API server completes identifies an object', () => {
  const [one, other, none] = ['a-', 'b-', ''].map((generateName) => ({
    ...OBJECT,
    metadata: { namespace: 'n', generateName },
  }));
  assert.ok(one && other && none);
  assert.notEqual(fingerprint(IDENTITY, one), fingerprint(IDENTITY, other));
  assert.equal(
    fingerprint(IDENTITY, none),
    fingerprint(IDENTITY, { ...OBJECT, metadata: { namespace: 'n' } }),
  );
  assert.equal(keyOf(IDENTITY, one), 'Deployment.apps n/"a-*" spec.a[*].b (c)');
});

describe('a pod is named by the controller that made it', () => {
  const pod = (name: string, ...ownerReferences: readonly JsonObject[]): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'n', name, ownerReferences },
  });
  const controller = { kind: 'ReplicaSet', name: 'web-5d8', controller: true };
  const [one, other] = [pod('web-5d8-a', controller), pod('web-5d8-b', controller)];

  test('two pods of one controller are the same', () => {
    assert.equal(fingerprint(IDENTITY, one), fingerprint(IDENTITY, other));
  });

  for (const [what, owner] of [
    ['an owner that is no controller', { ...controller, controller: false }],
    ['the Node of a static pod', { kind: 'Node', name: 'master-1', controller: true }],
  ] as const) {
    test(`${what} does not name it`, () => {
      const [first, second] = [pod('a', owner), pod('b', owner)];
      assert.notEqual(fingerprint(IDENTITY, first), fingerprint(IDENTITY, second));
    });
  }
});

test('findings with one fingerprint are numbered in their order', () => {
  const found = ['a', 'b', 'a'].map((print) => ({ ...FINDING, fingerprint: print }));
  assert.deepEqual(
    numbered(found).map((one) => [one.fingerprint, one.ordinal]),
    [
      ['a', 1],
      ['b', 1],
      ['a', 2],
    ],
  );
});
