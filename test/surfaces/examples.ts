import type { JsonObject } from '../../src/kubernetes/json.ts';
import { DEMANDING } from './profiles.ts';
import type { Scene } from './scene.ts';

// Minimal scenes with what few manifests have.

/** Scenes in which a surface that sees less has other findings. */
export const EXAMPLES: ReadonlyMap<string, Scene> = new Map(
  Object.entries({
    'a budget that names no namespace': [budget({ name: 'web' }, 'x'), web({})],
    'two budgets without a name': [
      budget({ generateName: 'web-', namespace: 'shop' }, 'x'),
      budget({ generateName: 'other-', namespace: 'shop' }, 'y'),
      web({ namespace: 'shop' }),
    ],
    "a kubelet's configuration in a ConfigMap": [kubeletConfig()],
  }).map(([name, objects]) => [name, { profile: DEMANDING, objects }]),
);

function budget(metadata: JsonObject, app: string): JsonObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata,
    spec: { maxUnavailable: 1, selector: { matchLabels: { app } } },
  };
}

/** As a NodePool of HyperShift names it. */
function kubeletConfig(): JsonObject {
  const taint = '{key: node-role.kubernetes.io/control-plane, value: x, effect: NoSchedule}';
  const config = `apiVersion: machineconfiguration.openshift.io/v1
kind: KubeletConfig
metadata: {name: masters}
spec: {kubeletConfig: {registerWithTaints: [${taint}]}}
`;
  const metadata = { name: 'masters', namespace: 'clusters' };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { config } };
}

function web(metadata: JsonObject): JsonObject {
  const labels = { app: 'x' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', ...metadata },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: {} },
    },
  };
}
