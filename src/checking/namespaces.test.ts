import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { builtBulkhead, shippedProfile } from '../../test/support/bulkhead.ts';
import { check } from '../check.ts';

const bulkhead = builtBulkhead();
const profile = shippedProfile('kubeadm');

function report(text: string, namespace?: string) {
  const files = [{ name: 'a.yaml', bytes: new TextEncoder().encode(text) }];
  return check(bulkhead, profile, files, { namespace });
}

/** The lines and messages of the notes on unknown namespaces. */
function notesOn(text: string, namespace?: string): readonly string[] {
  return report(text, namespace)
    .notes.filter(({ code }) => code === 'NAMESPACE_UNKNOWN')
    .map(({ line, message }) => `${line} ${message}`);
}

const budget = (metadata: string, selector = '{matchLabels: {app: web}}') =>
  `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: ${metadata}\nspec: {maxUnavailable: 1, selector: ${selector}}\n`;
const scaler = (metadata: string, name: string) =>
  `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: ${metadata}\nspec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ${name}}, maxReplicas: 3}\n`;
const deployment = (metadata: string, spec = '') =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: ${metadata}\nspec: {template: {metadata: {labels: {app: web}}, spec: {${spec}}}}\n`;
const term = (namespaces: string) =>
  `{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}, namespaces: ${namespaces}}`;

describe('an object that names no namespace is noted where it matters', () => {
  for (const { what, text, says } of [
    {
      what: 'if a row would match it',
      text: deployment('{name: coredns}'),
      says: '1 Deployment coredns names no namespace, so it was not checked as component coredns: if it is meant for kube-system, pass --namespace kube-system',
    },
    {
      what: 'if its namespace is empty or null',
      text: `${deployment('{name: coredns, namespace: ""}')}---\n${deployment('{name: coredns, namespace: null}')}`,
      says: '1 Deployment coredns names no namespace, so it was not checked as component coredns: if it is meant for kube-system, pass --namespace kube-system\n6 Deployment coredns names no namespace, so it was not checked as component coredns: if it is meant for kube-system, pass --namespace kube-system',
    },
    {
      what: 'if a pattern of a row matches its name',
      text: 'apiVersion: v1\nkind: Pod\nmetadata: {name: kube-apiserver-a}\n',
      says: '1 Pod kube-apiserver-a names no namespace, so it was not checked as component kube-apiserver: if it is meant for kube-system, pass --namespace kube-system',
    },
    {
      what: 'if a row would match a custom resource',
      text: 'apiVersion: apps.kruise.io/v1alpha1\nkind: DaemonSet\nmetadata: {name: kube-proxy}\n',
      says: '1 DaemonSet kube-proxy names no namespace, so it was not checked as component kube-proxy: if it is meant for kube-system, pass --namespace kube-system',
    },
    {
      what: 'if it scales what a row would match',
      text: scaler('{name: dns}', 'coredns'),
      says: '1 HorizontalPodAutoscaler dns names no namespace, so it does not count for component coredns: if it is meant for kube-system, pass --namespace kube-system',
    },
    {
      what: 'if it is a budget that would select a workload',
      text: `${deployment('{name: web, namespace: shop}')}---\n${budget('{name: web}')}`,
      says: '6 PodDisruptionBudget web names no namespace, so it was not checked together with Deployment shop/web: if it is meant for shop, pass --namespace shop',
    },
    {
      what: 'if it is a budget with an expression',
      text: `${deployment('{name: web, namespace: shop}')}---\n${budget('{name: web}', '{matchExpressions: [{key: app, operator: In, values: [a, web]}, {key: b, operator: DoesNotExist}, {key: app, operator: Exists}, {key: app, operator: NotIn, values: [b]}]}')}`,
      says: '6 PodDisruptionBudget web names no namespace, so it was not checked together with Deployment shop/web: if it is meant for shop, pass --namespace shop',
    },
    {
      what: 'if a budget would select its pods',
      text: `${deployment('{name: web}')}---\n${budget('{name: web, namespace: shop}')}`,
      says: '1 Deployment web names no namespace, so it was not checked together with PodDisruptionBudget shop/web: if it is meant for shop, pass --namespace shop',
    },
    {
      what: 'if an autoscaler would scale it',
      text: `${deployment('{name: web}')}---\n${scaler('{name: a, namespace: shop}', 'web')}`,
      says: '1 Deployment web names no namespace, so it was not checked together with HorizontalPodAutoscaler shop/a: if it is meant for shop, pass --namespace shop',
    },
    {
      what: 'if it would scale a workload',
      text: `${deployment('{name: web, namespace: shop}')}---\n${scaler('{name: a}', 'web')}`,
      says: '6 HorizontalPodAutoscaler a names no namespace, so it was not checked together with Deployment shop/web: if it is meant for shop, pass --namespace shop',
    },
    {
      what: 'if its anti-affinity names one',
      text: deployment(
        '{name: web}',
        `affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [${term('[shop]')}]}}`,
      ),
      says: '1 Deployment web names no namespace, so a term of its pod affinity, which names shop, was taken to apply to its own pods: if it is meant for shop, pass --namespace shop',
    },
    {
      what: 'if its preferred affinity names one',
      text: deployment(
        '{name: web}',
        `affinity: {podAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: ${term('[shop, other]')}}]}}`,
      ),
      says: '1 Deployment web names no namespace, so a term of its pod affinity, which names shop, was taken to apply to its own pods: if it is meant for shop, pass --namespace shop',
    },
  ]) {
    test(what, () => {
      assert.equal(notesOn(text).join('\n'), says);
      assert.deepEqual(notesOn(text, 'shop'), []);
    });
  }
});

describe('nothing is noted', () => {
  for (const { what, text } of [
    { what: 'of a workload that no row matches', text: deployment('{name: web}') },
    {
      what: 'of objects that all name none',
      text: `${deployment('{name: web}')}---\n${budget('{name: web}')}---\n${scaler('{name: web}', 'web')}`,
    },
    { what: 'of one of another name', text: deployment('{name: coredns-2}') },
    { what: 'of one without a name', text: deployment('{generateName: coredns}') },
    { what: 'of one of another kind than static pods', text: deployment('{name: etcd-backup}') },
    { what: 'of a Node', text: 'apiVersion: v1\nkind: Node\nmetadata: {name: coredns}\n' },
    {
      what: 'of a kind that no policy checks',
      text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: coredns}\n',
    },
    {
      what: 'of a budget that selects other pods',
      text: `${deployment('{name: web, namespace: shop}')}---\n${budget('{name: web}', '{matchLabels: {app: db}}')}`,
    },
    {
      what: 'of an autoscaler of another kind',
      text: `${deployment('{name: web, namespace: shop}').replace('Deployment', 'StatefulSet')}---\n${scaler('{name: a}', 'web')}`,
    },
    {
      what: 'of a term that selects other pods',
      text: deployment(
        '{name: web}',
        `affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [${term('[shop]').replace('web', 'db')}]}}`,
      ),
    },
    {
      what: 'of terms without namespaces',
      text: deployment(
        '{name: web}',
        `affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [${term('[]')}, ${term('null')}]}}`,
      ),
    },
  ]) {
    test(what, () => assert.deepEqual(notesOn(text), []));
  }
});

describe('a namespace that is given', () => {
  test('is that of objects of namespaced kinds that name none', () => {
    const text = [
      deployment('{name: coredns}'),
      deployment('{name: web, namespace: shop}'),
      'apiVersion: v1\nkind: Pod\n',
      'apiVersion: v1\nkind: Node\nmetadata: {name: a}\n',
      'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: web}\n',
      'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n',
    ].join('---\n');
    const { checked, components } = report(text, 'kube-system');
    assert.deepEqual(checked.map(({ kind, namespace }) => `${kind} ${namespace}`).sort(), [
      'Deployment kube-system',
      'Deployment shop',
      'KubeletConfiguration null',
      'Node null',
      'Pod kube-system',
      'Rollout kube-system',
    ]);
    assert.equal(components.find(({ name }) => name === 'coredns')?.state, 'present');
  });

  test('brings a budget and its workload together, and keeps the places', () => {
    const demanding = {
      ...profile,
      otherWorkloads: { nodeRole: 'worker', disruptionControl: true },
    };
    const text = `${deployment('{name: web}')}---\n${budget('{name: web, namespace: shop}')}---\n${deployment('{name: db}', 'tolerations: [{operator: Exists}]').replace('app: web', 'app: db')}`;
    const files = [{ name: 'a.yaml', bytes: new TextEncoder().encode(text) }];
    const found = (namespace: string) =>
      check(bulkhead, demanding, files, { namespace }).findings.map(
        ({ policy, line, object }) => `${policy} ${object.namespace}/${object.name} ${line}`,
      );
    const others = ['missing-disruption-budget', 'control-plane-intrusion'];
    assert.deepEqual(
      found('shop').filter((one) => others.some((policy) => one.startsWith(policy))),
      ['missing-disruption-budget shop/db 14', 'control-plane-intrusion shop/db 14'],
    );
  });
});
