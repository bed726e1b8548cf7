import type { JsonObject } from '../kubernetes/json.ts';
import { reference } from '../kubernetes/objects.ts';
import { groupOf } from '../kubernetes/resources.ts';
import { compareText } from '../report/order.ts';

/** A built-in profile that kinds of custom resources point to. */
export interface ProfileHint {
  readonly profile: string;
  readonly group: string;
}

/** The API groups by which manifests of a distribution are known. Anyone may use some of them elsewhere: they decide nothing. */
const GROUPS: readonly (readonly [pattern: RegExp, profile: string])[] = [
  [/^(?:kubeadm\.k8s\.io|kind\.x-k8s\.io)$/, 'kubeadm'],
  [/^kops\.k8s\.io$/, 'kops'],
  [/^(?:eksctl\.io|karpenter\.k8s\.aws|vpcresources\.k8s\.aws)$/, 'eks'],
  [/^(?:karpenter\.azure\.com|aadpodidentity\.k8s\.io)$/, 'aks'],
  [/^(?:networking\.gke\.io|cloud\.google\.com)$/, 'gke'],
  [/^hypershift\.openshift\.io$/, 'hypershift'],
  [
    /^(?:config|machineconfiguration|operator|route|security|apps|project)\.openshift\.io$/,
    'openshift-4',
  ],
  [/^(?:helm|k3s)\.cattle\.io$/, 'k3s'],
  [/^helm\.cattle\.io$/, 'rke2'],
  [/^(?:k0s|k0smotron)\.(?:k0sproject\.)?io$/, 'k0s'],
  [/^cluster\.x-k8s\.io$/, 'cluster-api'],
];

/** Finds the built-in profiles that the API groups of objects point to. */
export function profileHints(objects: readonly JsonObject[]): readonly ProfileHint[] {
  const groups = new Set(objects.map((object) => groupOf(reference(object).apiVersion)));
  return [...groups]
    .sort(compareText)
    .flatMap((group) =>
      GROUPS.filter(([pattern]) => pattern.test(group)).map(([, profile]) => ({ profile, group })),
    );
}
