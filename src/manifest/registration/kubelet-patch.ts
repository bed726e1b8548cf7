import type { JsonObject } from '../../kubernetes/json.ts';
import type { Recognise } from './shape.ts';

/** A patch in kubeadm's `patches.directory`, by the name that kubeadm requires. */
const NAME = /(?:^|\/)kubeletconfiguration[^/+]*(?:\+(?:strategic|merge|json))?\.(?:ya?ml|json)$/;

/** Whether a file is a patch of the kubelet's configuration. */
export function isKubeletPatch(name: string): boolean {
  return NAME.test(name);
}

/** Returns what a patch of the kubelet's configuration sets, which need not have its kind. */
export function kubeletConfiguration(fields: JsonObject): JsonObject {
  const apiVersion = 'kubelet.config.k8s.io/v1beta1';
  return { ...fields, apiVersion, kind: 'KubeletConfiguration' };
}

/** Recognises a patch of the kubelet's configuration. */
export const kubeletPatch: Recognise = (value, { name }) =>
  isKubeletPatch(name)
    ? { what: "a patch of the kubelet's configuration", value: kubeletConfiguration(value) }
    : undefined;
