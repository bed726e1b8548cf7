import { PROFILE_NAMES } from '../../scripts/profiles.ts';
import { shippedProfile } from '../support/bulkhead.ts';

const kubeadm = shippedProfile('kubeadm');

/** The built-in profiles. */
export const SHIPPED = PROFILE_NAMES.map(shippedProfile);

/** Those that differ most: in alternative and optional taints, patterns of namespaces, and static pods. */
export const VARIED = ['kubeadm', 'tectonic-1.6.4', 'k3s', 'openshift-4'].map(shippedProfile);

/** Those that the real manifests are for. */
export const LEADING = ['kubeadm', 'tectonic-1.6.4'].map(shippedProfile);

/** A profile that also requires everything of the other workloads: every policy has something to check. */
export const DEMANDING = {
  ...kubeadm,
  name: 'demanding',
  otherWorkloads: { nodeRole: 'worker', antiAffinity: true, disruptionControl: true },
};
