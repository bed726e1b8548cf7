import type { JsonObject } from '../../src/kubernetes/json.ts';
import { identityOf, reference } from '../../src/kubernetes/objects.ts';
import { tableCases } from '../support/component-cells.ts';
import { edited, type ProfileCase } from '../support/profile-cases.ts';
import { clusterObjects, DRIFTED, deployment, mapIn, objectIn, pod, SEPARATED } from './objects.ts';
import type { Verb } from './requests.ts';

/** Requests that make each cell of the component table deviate. */
export function cellFaults(): readonly (readonly [Verb, JsonObject])[] {
  const objects = clusterObjects(SEPARATED);
  return tableCases().map((row): readonly [Verb, JsonObject] => {
    const changed = edited(objects, [row]);
    const [index = -1] = changed.flatMap((object, at) => (object === objects[at] ? [] : [at]));
    const { [index]: object = {} } = changed;
    // What takes a budget away is a request.
    const { [index]: old = {} } = objects;
    if (old['kind'] === 'PodDisruptionBudget') return ['DELETE', old];
    return ['POST', asCreated(object)];
  });
}

/**
 * A cluster in which every cell of the component table deviates: the drifted one, and beside each component one of
 * another kind than the table says, which breaks the other cells of its row as well.
 */
export function everyCell(): readonly JsonObject[] {
  const cases = tableCases();
  const scaled = cases.filter(({ name }) => name === 'etcd-operator has 2 replicas');
  const others = twins(cases);
  const taken = new Set(others.map((object) => identityOf(reference(object))));
  const drifted = edited(clusterObjects(DRIFTED), scaled);
  return [...drifted.filter((object) => !taken.has(identityOf(reference(object)))), ...others];
}

function twins(cases: readonly ProfileCase[]): readonly JsonObject[] {
  const objects = clusterObjects(SEPARATED);
  return cases
    .filter(({ expect }) => expect.some(({ policy }) => policy === 'wrong-workload-kind'))
    .map((row) => {
      const others = ['wrong-replica-count', 'off-role-placement', 'unreachable-node-role'].flatMap(
        (policy) =>
          cases.find(
            ({ object, expect }) => object === row.object && expect[0]?.policy === policy,
          ) ?? [],
      );
      const edits = [...others, row].flatMap((one) => one.edits);
      const changed = edited(objects, [{ ...row, edits }]);
      const twin = changed.find((object, index) => object !== objects[index]);
      return asCreated(twin ?? {});
    });
}

/** A Pod that is a Job in a case has no template: the API server refuses it before it asks Gatekeeper. */
function asCreated(object: JsonObject): JsonObject {
  if (object['kind'] !== 'Job') return object;
  const template = { spec: { ...mapIn(object, 'spec'), restartPolicy: 'Never' } };
  return { ...object, spec: { template } };
}

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
