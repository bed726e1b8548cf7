import type { Recognise } from './shape.ts';

/** A patch in kubeadm's `patches.directory`, as kubeadm names it. */
const NAME = /(?:^|\/)kubeletconfiguration[^/+]*(?:\+(?:strategic|merge))?\.(?:ya?ml|json)$/;

/** Recognises a patch of the kubelet's configuration, which need not have its kind. */
export const kubeletPatch: Recognise = (value, { name }) => {
  if (!NAME.test(name)) return undefined;
  return {
    what: "a patch of the kubelet's configuration",
    value: {
      ...value,
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
    },
  };
};
