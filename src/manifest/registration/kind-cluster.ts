import type { Path } from '../../errors.ts';
import type { JsonObject, JsonValue } from '../../kubernetes/json.ts';
import { isMap, stringAt } from '../../kubernetes/objects.ts';
import { decoded } from './contents.ts';
import { itemsAt, type Part, type PartsOf } from './part.ts';

/** The API of the objects that kind makes for kubeadm, which patches need not name. */
const APIS: Readonly<Record<string, string>> = {
  InitConfiguration: 'kubeadm.k8s.io/v1beta3',
  JoinConfiguration: 'kubeadm.k8s.io/v1beta3',
  ClusterConfiguration: 'kubeadm.k8s.io/v1beta3',
  KubeletConfiguration: 'kubelet.config.k8s.io/v1beta1',
};

/** The patches of kubeadm's and the kubelet's configuration in kind's Cluster: for all nodes, and for each. */
export const kindCluster: PartsOf = (object) => {
  const nodes = itemsAt(object, 'nodes', []);
  const isPlane = ({ role }: JsonObject) => role !== 'worker';
  const planes = nodes.filter(({ item }) => isPlane(item)).length;
  return [
    // With a single control plane node, only workers join.
    ...patchesIn(object, [], planes > 1),
    ...nodes.flatMap(({ item, path }) => patchesIn(item, path, isPlane(item))),
  ];
};

function patchesIn(holder: JsonObject, at: Path, joinsPlane: boolean): readonly Part[] {
  const { kubeadmConfigPatches: merged } = holder;
  const texts = Array.isArray(merged) ? merged : [];
  const merges = texts.flatMap((text: JsonValue, index): Part[] =>
    typeof text === 'string'
      ? [
          {
            path: [...at, 'kubeadmConfigPatches', index],
            name: 'kubeadm.yaml',
            what: "a patch of kubeadm's configuration",
            content: decoded(text, ''),
            as: (value) => (isMap(value) ? configuration(value, joinsPlane) : undefined),
          },
        ]
      : [],
  );
  const patches = itemsAt(holder, 'kubeadmConfigPatchesJSON6902', at).flatMap(({ item, path }) => {
    const text = stringAt(item, 'patch');
    if (text === null) return [];
    const kind = stringAt(item, 'kind') ?? '';
    return [
      {
        path: [...path, 'patch'],
        name: 'kubeadm.yaml',
        what: "a patch of kubeadm's configuration",
        content: decoded(text, ''),
        as: (value: JsonValue) =>
          isMap(value) ? configuration({ kind, ...value }, joinsPlane) : undefined,
      },
    ];
  });
  return [...merges, ...patches];
}

function configuration(value: JsonObject, joinsPlane: boolean): JsonObject | undefined {
  const kind = stringAt(value, 'kind') ?? '';
  const apiVersion = stringAt(value, 'apiVersion') ?? APIS[kind];
  if (apiVersion === undefined) return undefined;
  const joins: JsonObject = kind === 'JoinConfiguration' && joinsPlane ? { controlPlane: {} } : {};
  return { ...joins, ...value, apiVersion, kind };
}
