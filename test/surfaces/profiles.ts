import { shippedProfile } from '../support/bulkhead.ts';

const kubeadm = shippedProfile('kubeadm');

/** The profiles that ship. */
export const SHIPPED = [shippedProfile('tectonic-1.6.4'), kubeadm];

/** One that demands all of the other workloads, too, so that every policy has something to judge. */
export const DEMANDING = {
  ...kubeadm,
  name: 'demanding',
  otherWorkloads: { nodeRole: 'worker', antiAffinity: true, disruptionControl: true },
};
