import { PROFILE_NAMES } from '../../scripts/profiles.ts';
import { shippedProfile } from '../support/bulkhead.ts';

const kubeadm = shippedProfile('kubeadm');

/** The built-in profiles. */
export const SHIPPED = PROFILE_NAMES.map(shippedProfile);

/** One that demands all of the other workloads, too, so that every policy has something to judge. */
export const DEMANDING = {
  ...kubeadm,
  name: 'demanding',
  otherWorkloads: { nodeRole: 'worker', antiAffinity: true, disruptionControl: true },
};
