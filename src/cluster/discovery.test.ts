import assert from 'node:assert/strict';
import { test } from 'node:test';
import { qualified, servedAs, servedKinds, unknownGroups } from './discovery.ts';

const TEXT = `pods                po           v1            true    Pod
nodes               no           v1            false   Node
bindings                         v1            true    Binding
deployments         deploy       apps/v1       true    Deployment
deployments         deploy       extensions/v1beta1   true    Deployment
`;

const SERVED = servedKinds(TEXT).served;

test('the lines of api-resources are read with and without short names', () => {
  assert.deepEqual(servedKinds(TEXT).served, [
    { resource: 'pods', apiVersion: 'v1', kind: 'Pod', isNamespaced: true },
    { resource: 'nodes', apiVersion: 'v1', kind: 'Node', isNamespaced: false },
    { resource: 'bindings', apiVersion: 'v1', kind: 'Binding', isNamespaced: true },
    { resource: 'deployments', apiVersion: 'apps/v1', kind: 'Deployment', isNamespaced: true },
    {
      resource: 'deployments',
      apiVersion: 'extensions/v1beta1',
      kind: 'Deployment',
      isNamespaced: true,
    },
  ]);
});

test('the first line that cannot be read is not left out', () => {
  const lines = [
    'x   a,b   too   many   words  here',
    'deployments   deploy   apps   true   Deployment', // as kubectl 1.19 prints it
    'pods   po   true   Pod',
    'pods   po   v1   tr',
    'pods   po   v1   true',
    'pods   v1',
  ];
  for (const line of lines) {
    assert.equal(servedKinds(`nodes no v1 false Node\n${line}\n`).unread, line);
  }
  assert.equal(servedKinds(TEXT).unread, undefined);
});

test('of several groups that serve a kind, the first is read', () => {
  const wanted = { kind: 'Deployment', groups: ['apps', 'extensions'] };
  const found = servedAs(wanted, SERVED);
  assert.equal(found && qualified(found), 'deployments.v1.apps');
  assert.equal(servedAs({ kind: 'Pod', groups: ['metrics.k8s.io'] }, SERVED), undefined);
});

test('a resource of the core group is named with an empty group', () => {
  const found = servedAs({ kind: 'Pod', groups: [''] }, SERVED);
  assert.equal(found && qualified(found), 'pods.v1.');
});

test('the groups that cannot be asked are in the warnings and in the error of kubectl', () => {
  const warning = `E1130 00:20:22.860927   28004 memcache.go:287] "Unhandled Error" err="couldn't get resource list for metrics.k8s.io/v1beta1: the server is currently unable to handle the request"`;
  const error =
    'error: unable to retrieve the complete list of server APIs: policy/v1: x, external.metrics.k8s.io/v1beta1: y';
  assert.deepEqual(
    [...unknownGroups(`${warning}\n${error}`)],
    ['metrics.k8s.io', 'policy', 'external.metrics.k8s.io'],
  );
});
