import type { JsonObject } from '../../src/kubernetes/json.ts';
import { clusterObjects, DRIFTED, deployment, mapIn, objectIn, pod } from './objects.ts';
import type { Verb } from './requests.ts';

/** Requests about which every policy reports something, in the cluster without findings. */
export function faults(world: readonly JsonObject[]): readonly (readonly [Verb, JsonObject])[] {
  const scheduler = objectIn(world, 'Deployment', 'kube-scheduler');
  const budget = objectIn(world, 'PodDisruptionBudget', 'kube-scheduler');
  const labels = { 'k8s-app': 'kube-scheduler' };
  const selector = { matchLabels: labels };
  const withSpec = (object: JsonObject, spec: JsonObject) => ({ ...object, spec });
  const changed = (spec: JsonObject) =>
    withSpec(scheduler, { ...mapIn(scheduler, 'spec'), ...spec });
  const withPod = (object: JsonObject, spec: JsonObject) => {
    const old = mapIn(mapIn(object, 'spec'), 'template');
    const pod = { ...old, spec: { ...mapIn(old, 'spec'), ...spec } };
    return withSpec(object, { ...mapIn(object, 'spec'), template: pod });
  };
  const template = mapIn(mapIn(scheduler, 'spec'), 'template');
  const apart = {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: selector },
      ],
    },
  };
  const rollingUpdate = { maxSurge: 1, maxUnavailable: 0 };
  const second = { ...budget, metadata: { name: 'second', namespace: 'kube-system' } };
  const guise = deployment('guise', 1, []);
  const repelling = deployment('repelling', 1, [{ operator: 'Exists' }]);
  const everywhere = {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        {
          topologyKey: 'kubernetes.io/hostname',
          labelSelector: selector,
          namespaceSelector: {},
        },
      ],
    },
  };
  return [
    ...clusterObjects(DRIFTED).map((object) => ['POST', object] as const),
    ['POST', pod('bypass', { nodeName: 'master-0' })],
    ['PUT', withSpec(budget, { maxUnavailable: '100%', selector })],
    ['PUT', withSpec(budget, { minAvailable: 2, selector })],
    ['POST', withSpec(second, { minAvailable: 1, selector })],
    ['DELETE', budget],
    ['PUT', changed({ strategy: { type: 'Recreate' } })],
    ['PUT', changed({ replicas: 0 })],
    ['POST', withPod(repelling, { affinity: everywhere })],
    [
      'PUT',
      changed({
        replicas: 3,
        strategy: { type: 'RollingUpdate', rollingUpdate },
        template: { ...template, spec: { ...mapIn(template, 'spec'), affinity: apart } },
      }),
    ],
    [
      'POST',
      {
        ...guise,
        metadata: { name: 'guise', namespace: 'kube-system' },
        spec: {
          ...mapIn(guise, 'spec'),
          selector,
          template: { ...mapIn(mapIn(guise, 'spec'), 'template'), metadata: { labels } },
        },
      },
    ],
  ];
}
