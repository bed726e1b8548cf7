import type { JsonObject, JsonValue } from '../../kubernetes/json.ts';
import { installConfig } from './install-config.ts';
import { isPatch } from './json-patch.ts';
import { k3s } from './k3s.ts';
import { isKubeletPatch, kubeletConfiguration, kubeletPatch } from './kubelet-patch.ts';
import { butane, cloudConfig, ignition, isCloudConfig } from './machine-files.ts';
import { microk8s } from './microk8s.ts';
import type { Candidate, Shape } from './shape.ts';
import { machineConfig, talos } from './talos.ts';

/** The surest signs come first. */
const SHAPES = [
  cloudConfig,
  ignition,
  butane,
  kubeletPatch,
  installConfig,
  talos,
  microk8s,
  k3s,
] as const;

/** Returns what a document without both an apiVersion and a kind is taken for. */
export function shapeOf(value: JsonObject, candidate: Candidate): Shape | undefined {
  for (const recognise of SHAPES) {
    const shape = recognise(value, candidate);
    if (shape !== undefined) return shape;
  }
  return undefined;
}

/** Whether a document that cannot be read may be one of them. */
export function mayRegister({ name, text }: Candidate): boolean {
  return isKubeletPatch(name) || isCloudConfig(text) || NAME.test(name) || KEY.test(text);
}

const NAME = /(?:^|\/)(?:(?:k3s|rke2)\/config\.ya?ml(?:\.d\/[^/]+)?|install-config\.ya?ml)$/;

/** Keys that hardly any other file has. */
const KEY =
  /^[ \t{"']{0,8}(?:node-(?:taint|label)|kubelet-arg|nodeTaints|extraKubelet(?:Server)?Args|allowSchedulingOnControlPlanes)["']?[ \t]*:/m;

/** Returns what the fields that a JSON Patch sets are taken for. Undefined if the value is not such a patch. */
export function patchShapeOf(
  value: JsonValue,
  { name }: Candidate,
): ((fields: JsonObject) => Shape) | undefined {
  if (isPatch(value, /^\/(?:machine|cluster)\//)) {
    const what = 'a JSON Patch of a machine configuration of Talos';
    return (fields) => ({ what, value: machineConfig(fields, name) });
  }
  if (isKubeletPatch(name) && isPatch(value, /^\//)) {
    const what = "a JSON Patch of the kubelet's configuration";
    return (fields) => ({ what, value: kubeletConfiguration(fields) });
  }
  return undefined;
}
