import { PROFILE_NAMES } from '../../scripts/profiles.ts';
import { shippedProfile } from '../support/bulkhead.ts';

const kubeadm = shippedProfile('kubeadm');

/** The built-in profiles. */
export const SHIPPED = PROFILE_NAMES.map(shippedProfile);

/** A profile that also requires everything of the other workloads: every policy has something to check. */
export const DEMANDING = {
  ...kubeadm,
  name: 'demanding',
  otherWorkloads: { nodeRole: 'worker', antiAffinity: true, disruptionControl: true },
};
