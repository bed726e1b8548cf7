import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ADDON_NAMES, builtInAddon } from '../../scripts/profiles.ts';
import type { JsonObject } from '../kubernetes/json.ts';
import { findAddons } from './addons.ts';
import { nodesIn } from './nodes.ts';

const ADDONS = Object.fromEntries(ADDON_NAMES.map((name) => [name, builtInAddon(name)]));

function object(kind: string, path: string): JsonObject {
  const [namespace = '', name = ''] = path.split('/');
  return { apiVersion: 'apps/v1', kind, metadata: { namespace, name } };
}

function node(annotation: string, kubeletVersion = 'v1.31.4'): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'a', annotations: { [annotation]: 'x' } },
    status: { nodeInfo: { kubeletVersion } },
  };
}

const agent = (path: string) => object('DaemonSet', path);
const deployment = (path: string) => object('Deployment', path);
const CALICO = node('projectcalico.org/IPv4Address');
const FLANNEL = node('flannel.alpha.coreos.com/backend-type');

/** Each add-on that has an object, and why it is doubted. */
function found(...objects: readonly JsonObject[]): Readonly<Record<string, string | null>> {
  const addons = findAddons(ADDONS, objects, nodesIn(objects));
  return Object.fromEntries(addons.map(({ name, doubt }) => [name, doubt]));
}

const ALONE = 'the cluster has nothing else of it';
const open = (namespace: string) => `tenants may own the namespace ${namespace}`;

describe('an add-on is', () => {
  const cases: Readonly<
    Record<
      string,
      { objects: readonly JsonObject[]; addons: Readonly<Record<string, string | null>> }
    >
  > = {
    'none without an object of it': { objects: [CALICO, agent('shop/calico-node')], addons: {} },
    'none of another kind': { objects: [deployment('kube-system/kindnet')], addons: {} },
    'none by a pattern': {
      objects: [agent('kube-system/kube-flannel-ds-amd64'), FLANNEL],
      addons: {},
    },
    'none by an object that is called like a pattern': {
      objects: [deployment('kube-system/cluster-autoscaler*')],
      addons: {},
    },
    'taken by two of its rows': {
      objects: [agent('metallb-system/speaker'), deployment('metallb-system/controller')],
      addons: { 'addons/metallb': null },
    },
    'not taken by one object twice': {
      objects: [agent('metallb-system/speaker'), agent('metallb-system/speaker')],
      addons: { 'addons/metallb': ALONE },
    },
    'taken by its agent, and what it writes at Nodes': {
      objects: [agent('kube-system/calico-node'), CALICO],
      addons: { 'addons/calico': null },
    },
    'not taken by what another agent writes there': {
      objects: [agent('kube-system/calico-node'), FLANNEL],
      addons: { 'addons/calico': ALONE },
    },
    'not taken by its agent alone': {
      objects: [agent('kube-system/calico-node')],
      addons: { 'addons/calico': ALONE },
    },
    'not taken by what is not its agent': {
      objects: [deployment('calico-system/calico-typha'), CALICO],
      addons: { 'addons/calico': ALONE },
    },
    'taken where only administrators create objects, if it is one workload': {
      objects: [deployment('kube-system/metrics-server')],
      addons: { 'addons/metrics-server': null },
    },
    'not taken where tenants may, though it is one workload': {
      objects: [agent('logging/fluent-bit')],
      addons: { 'addons/fluent-bit': open('logging') },
    },
    'taken in a namespace of its own, if nothing else writes at Nodes': {
      objects: [agent('kube-flannel/kube-flannel-ds'), FLANNEL],
      addons: { 'addons/flannel': null },
    },
    'not taken there if the distribution has an agent that writes the same': {
      objects: [agent('kube-flannel/kube-flannel-ds'), agent('kube-system/kube-flannel'), FLANNEL],
      addons: {
        'addons/flannel': `DaemonSet kube-system/kube-flannel writes the same at Nodes, and ${open('kube-flannel')}`,
      },
    },
    'not taken there beside Canal, which has flannel': {
      objects: [agent('kube-flannel/kube-flannel-ds'), agent('kube-system/rke2-canal'), FLANNEL],
      addons: {
        'addons/flannel': `DaemonSet kube-system/rke2-canal writes the same at Nodes, and ${open('kube-flannel')}`,
      },
    },
    'not taken there in k3s, which has flannel in its process': {
      objects: [
        agent('kube-flannel/kube-flannel-ds'),
        node('flannel.alpha.coreos.com/backend-type', 'v1.31.4+k3s1'),
      ],
      addons: { 'addons/flannel': `k3s writes the same at Nodes, and ${open('kube-flannel')}` },
    },
    'not taken there for an agent of another namespace that tenants own': {
      objects: [agent('kube-flannel/kube-flannel-ds'), agent('shop/flannel'), FLANNEL],
      addons: { 'addons/flannel': null },
    },
    'not taken if a part of it is where another installation of it would be': {
      objects: [
        agent('kube-system/calico-node'),
        deployment('kube-system/calico-kube-controllers'),
        agent('calico-system/csi-node-driver'),
        CALICO,
      ],
      addons: {
        'addons/calico': `it is in kube-system, and ${open('calico-system')}`,
        'addons/canal': ALONE,
      },
    },
    'taken with all of its namespaces if it can only be installed once': {
      objects: [
        agent('kube-system/kindnet'),
        deployment('local-path-storage/local-path-provisioner'),
      ],
      addons: { 'addons/kindnet': null },
    },
  };
  for (const [name, { objects, addons }] of Object.entries(cases)) {
    test(name, () => assert.deepEqual(found(...objects), addons));
  }
});
