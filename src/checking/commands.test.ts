import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JsonObject } from '../kubernetes/json.ts';
import type { Fix } from '../report/report.ts';
import { commandFor } from './commands.ts';

const NO_FIX: Fix = { title: 'x', safe: false, edits: [] };
const TAINT = { key: 'a/b', effect: 'NoSchedule' };

function object(kind: string, metadata: JsonObject = {}, apiVersion = 'apps/v1'): JsonObject {
  return { apiVersion, kind, metadata: { name: 'web', namespace: 'shop', ...metadata } };
}

function node(name: string): JsonObject {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name } };
}

function adding(value: JsonObject): Fix {
  return { ...NO_FIX, edits: [{ op: 'add', path: ['spec', 'taints'], value: [value] }] };
}

describe('the command for a finding', () => {
  const HOST = 'in-cluster';
  const cases: Readonly<
    Record<string, { value: JsonObject; fix?: Fix; command?: string; context?: string }>
  > = {
    'opens the object': {
      value: object('Deployment'),
      command: 'kubectl -n shop edit deployment.apps web',
    },
    'of a kind of the core group has no group': {
      value: object('ReplicationController', {}, 'v1'),
      command: 'kubectl -n shop edit replicationcontroller web',
    },
    'is none for what a controller makes again': {
      value: object('ReplicaSet', { ownerReferences: [{ controller: true, name: 'web' }] }),
    },
    'is none for a pod, whose fields cannot change': { value: object('Pod', {}, 'v1') },
    'is none for a name that a shell would read': { value: object('Deployment', { name: '$(x)' }) },
    'adds a taint to a Node': {
      value: node('cp-0'),
      fix: adding(TAINT),
      command: 'kubectl taint node cp-0 a/b=:NoSchedule',
    },
    'adds a taint with a value': {
      value: node('cp-0'),
      fix: {
        ...NO_FIX,
        edits: [{ op: 'add', path: ['spec', 'taints', 1], value: { ...TAINT, value: 'c' } }],
      },
      command: 'kubectl taint node cp-0 a/b=c:NoSchedule',
    },
    'is none for a Node of which something else is to be changed': {
      value: node('cp-0'),
      fix: { ...NO_FIX, edits: [{ op: 'set', path: ['spec', 'taints', 0, 'value'], value: 'c' }] },
    },
    'is none for a Node of which something is to be removed': {
      value: node('cp-0'),
      fix: {
        ...NO_FIX,
        edits: [...adding(TAINT).edits, { op: 'remove', path: ['metadata', 'labels', 'x'] }],
      },
    },
    'names the context that was read': {
      value: object('Deployment'),
      context: 'kubernetes-admin@kubernetes',
      command: 'kubectl --context kubernetes-admin@kubernetes -n shop edit deployment.apps web',
    },
    'names it for a Node as well': {
      value: node('cp-0'),
      fix: adding(TAINT),
      context: 'arn:aws:eks:eu-west-1:1:cluster/prod',
      command:
        'kubectl --context arn:aws:eks:eu-west-1:1:cluster/prod taint node cp-0 a/b=:NoSchedule',
    },
    'is none for a context that a shell would read': {
      value: object('Deployment'),
      context: 'prod; rm',
    },
    'is none for a context that kubectl would take for a flag': {
      value: object('Deployment'),
      context: '-x',
    },
    'is none for an object that is called like a flag': {
      value: object('Deployment', { name: '-n' }),
    },
    'is none for a taint that a shell would read': {
      value: node('cp-0'),
      fix: adding({ ...TAINT, value: '; rm' }),
    },
  };
  for (const [name, { value, fix = NO_FIX, command, context = HOST }] of Object.entries(cases)) {
    test(name, () => assert.equal(commandFor({ fix }, { value }, context), command));
  }
});
