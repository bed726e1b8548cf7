import type { JsonObject } from '../../kubernetes/json.ts';
import { installConfig } from './install-config.ts';
import { k3s } from './k3s.ts';
import { kubeletPatch } from './kubelet-patch.ts';
import { butane, cloudConfig, ignition } from './machine-files.ts';
import { microk8s } from './microk8s.ts';
import type { Candidate, Shape } from './shape.ts';
import { talos } from './talos.ts';

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
