import type { JsonObject, JsonValue } from '../src/kubernetes/json.ts';
import type { Profile } from '../src/profile/profile.ts';

// Objects with one field that is as large as an attacker likes: what a policy does with each must not take
// longer than the API server waits.

/** A sort of objects of which one field grows. */
export interface Shape {
  readonly name: string;
  /** The object under review with so many items, and the other objects beside it. */
  readonly of: (count: number) => Adverse;
}

export interface Adverse {
  readonly object: JsonObject;
  readonly others?: readonly JsonObject[];
}

/** The profile that asks most: every column also of other workloads. */
export function strictest(profile: Profile): Profile {
  return {
    ...profile,
    otherWorkloads: { nodeRole: 'worker', antiAffinity: true, disruptionControl: true },
  };
}

const CONTAINER = { name: 'main', image: 'registry.example/main:1' };
const EVERYWHERE: JsonValue = [{ operator: 'Exists' }];
const MASTER = 'node-role.kubernetes.io/master';

function times<T>(count: number, of: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => of(index));
}

function pod(spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' }, ...metadata },
    spec: { containers: [CONTAINER], tolerations: EVERYWHERE, ...spec },
  };
}

function deployment(spec: JsonObject, name = 'web', namespace = 'shop'): JsonObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [CONTAINER], ...spec } },
    },
  };
}

function terms(nodeSelectorTerms: JsonValue): JsonObject {
  return {
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
    },
  };
}

function antiAffinity(items: JsonValue): JsonObject {
  return {
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: items } },
  };
}

function budget(name: string, spec: JsonObject, namespace = 'shop'): JsonObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace },
    spec: { minAvailable: 1, ...spec },
  };
}

function kubelet(args: JsonValue): JsonObject {
  return pod({ containers: [{ name: 'kubelet', image: 'registry.example/kubelet:1', args }] });
}

function custom(apiVersion: string, kind: string, spec: JsonObject): JsonObject {
  return { apiVersion, kind, metadata: { name: 'web', namespace: 'shop' }, spec };
}

const TOLERATION = (index: number): JsonObject => ({
  key: `example.com/dedicated-${index}`,
  operator: 'Exists',
});

const NODE = (index: number): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: `cp-${index}`,
    uid: `uid-${index}`,
    labels: { [MASTER]: '', 'kubernetes.io/hostname': `cp-${index}` },
  },
  spec: { taints: [{ key: MASTER, effect: 'NoSchedule' }] },
});

/** The shapes of one object. */
export const SHAPES: readonly Shape[] = [
  { name: 'tolerations', of: (n) => ({ object: pod({ tolerations: times(n, TOLERATION) }) }) },
  {
    name: 'tolerations of the taint',
    of: (n) => ({
      object: pod({
        tolerations: times(n, (index) => ({
          key: MASTER,
          operator: 'Exists',
          tolerationSeconds: index,
        })),
      }),
    }),
  },
  {
    name: 'tolerations of a component',
    of: (n) => ({
      object: deployment({ tolerations: times(n, TOLERATION) }, 'kube-scheduler', 'kube-system'),
    }),
  },
  {
    name: 'tolerations of a pod and its owner',
    of: (n) => {
      const tolerations = times(n, TOLERATION);
      const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', controller: true };
      const replicaSet = deployment({ tolerations }, 'web-1');
      return {
        object: pod(
          { tolerations: tolerations.toReversed() },
          { name: 'web-1-x', labels: { app: 'web-1' }, ownerReferences: [owner] },
        ),
        others: [{ ...replicaSet, kind: 'ReplicaSet' }],
      };
    },
  },
  {
    name: 'nodeSelector pairs',
    of: (n) => ({
      object: pod({
        nodeSelector: Object.fromEntries(times(n, (index) => [`example.com/k${index}`, 'v'])),
      }),
    }),
  },
  {
    name: 'nodeSelector pairs and terms',
    of: (n) => ({
      object: pod({
        nodeSelector: Object.fromEntries(times(n, (index) => [`example.com/k${index}`, 'v'])),
        ...terms(
          times(n, (index) => ({
            matchExpressions: [{ key: `example.com/t${index}`, operator: 'Exists' }],
          })),
        ),
      }),
    }),
  },
  {
    name: 'nodeSelector pairs of a component',
    of: (n) => ({
      object: deployment(
        { nodeSelector: Object.fromEntries(times(n, (index) => [`example.com/k${index}`, 'v'])) },
        'kube-scheduler',
        'kube-system',
      ),
    }),
  },
  {
    name: 'requirements of a term',
    of: (n) => ({
      object: pod(
        terms([
          {
            matchExpressions: times(n, (index) => ({
              key: `example.com/k${index}`,
              operator: 'DoesNotExist',
            })),
          },
        ]),
      ),
    }),
  },
  {
    name: 'requirements on one label',
    of: (n) => ({
      object: pod(
        terms([
          {
            matchExpressions: times(n, (index) => ({
              key: 'example.com/pool',
              operator: 'NotIn',
              values: [`v${index}`],
            })),
          },
        ]),
      ),
    }),
  },
  {
    name: 'terms',
    of: (n) => ({
      object: pod(
        terms(
          times(n, (index) => ({
            matchExpressions: [
              { key: 'example.com/pool', operator: 'In', values: [`v${index}`] },
              { key: MASTER, operator: 'DoesNotExist' },
            ],
          })),
        ),
      ),
    }),
  },
  {
    name: 'terms of a component of every node',
    of: (n) => ({
      object: {
        ...deployment(
          terms(
            times(n, (index) => ({
              matchExpressions: [
                { key: 'example.com/pool', operator: 'In', values: [`v${index}`] },
              ],
            })),
          ),
          'kube-proxy',
          'kube-system',
        ),
        kind: 'DaemonSet',
      },
    }),
  },
  {
    name: 'values of a requirement',
    of: (n) => ({
      object: pod(
        terms([
          {
            matchExpressions: [
              {
                key: 'kubernetes.io/hostname',
                operator: 'In',
                values: times(n, (index) => `w-${index}`),
              },
            ],
          },
        ]),
      ),
    }),
  },
  {
    name: 'values of two requirements',
    of: (n) => ({
      object: pod(
        terms([
          {
            matchExpressions: ['a', 'b'].map((name) => ({
              key: 'example.com/pool',
              operator: 'In',
              values: times(n, (index) => `${name}${index}`),
            })),
          },
        ]),
      ),
    }),
  },
  {
    name: 'matchFields',
    of: (n) => ({
      object: pod(
        terms([
          {
            matchFields: times(n, (index) => ({
              key: 'metadata.name',
              operator: 'NotIn',
              values: [`w-${index}`],
            })),
          },
        ]),
      ),
    }),
  },
  {
    name: 'containers',
    of: (n) => ({
      object: pod({
        containers: times(n, (index) => ({ name: `c-${index}`, image: 'registry.example/main:1' })),
      }),
    }),
  },
  {
    name: 'init containers',
    of: (n) => ({
      object: deployment({
        initContainers: times(n, (index) => ({
          name: `c-${index}`,
          image: 'registry.example/main:1',
          restartPolicy: 'Always',
        })),
      }),
    }),
  },
  {
    name: 'containers of kubelets',
    of: (n) => ({
      object: pod({
        containers: times(n, (index) => ({
          name: `c-${index}`,
          image: 'registry.example/kubelet:1',
          args: ['--v=2'],
        })),
      }),
    }),
  },
  {
    name: 'args of a kubelet',
    of: (n) => ({ object: kubelet(times(n, (index) => `--a${index}`)) }),
  },
  {
    name: 'node labels of a kubelet',
    of: (n) => ({
      object: kubelet([`--node-labels=${times(n, (index) => `k${index}=v`).join(',')}`]),
    }),
  },
  {
    name: 'taints of a kubelet',
    of: (n) => ({
      object: kubelet([
        `--register-with-taints=${times(n, (index) => `k${index}=v:NoSchedule`).join(',')}`,
      ]),
    }),
  },
  {
    name: 'a script with quotes',
    of: (n) => ({ object: kubelet([`kubelet ${times(n, () => '"a"').join(' ')}`]) }),
  },
  {
    name: 'a script with separators',
    of: (n) => ({ object: kubelet([`kubelet ${times(n, () => ';').join(' ')}`]) }),
  },
  {
    name: 'a script of variables',
    of: (n) => ({ object: kubelet([`kubelet ${times(n, (index) => `$A${index}`).join(' ')}`]) }),
  },
  {
    name: 'a script in a script',
    of: (n) => ({
      object: kubelet([`sh -c "kubelet ${times(n, () => "'a b'").join(' ')}"`]),
    }),
  },
  {
    name: 'env',
    of: (n) => ({
      object: pod({
        containers: [
          { ...CONTAINER, env: times(n, (index) => ({ name: `E${index}`, value: 'v' })) },
        ],
      }),
    }),
  },
  {
    name: 'host ports',
    of: (n) => ({
      object: deployment({
        containers: [
          {
            ...CONTAINER,
            ports: times(n, (index) => ({ containerPort: 80, hostPort: 1 + (index % 65535) })),
          },
        ],
      }),
    }),
  },
  {
    name: 'labels',
    of: (n) => {
      const labels = Object.fromEntries(times(n, (index) => [`example.com/k${index}`, 'v']));
      const spec = { template: { metadata: { labels }, spec: { containers: [CONTAINER] } } };
      return {
        object: { ...deployment({}, 'web', 'kube-system'), spec: { replicas: 2, ...spec } },
        others: [budget('web', { selector: { matchLabels: { app: 'x' } } }, 'kube-system')],
      };
    },
  },
  {
    name: 'annotations',
    of: (n) => ({
      object: pod(
        {},
        { annotations: Object.fromEntries(times(n, (index) => [`example.com/k${index}`, 'v'])) },
      ),
    }),
  },
  {
    name: 'ownerReferences',
    of: (n) => {
      const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true };
      return {
        object: pod(
          {},
          {
            name: 'web-1-x',
            ownerReferences: times(n, () => ({ ...owner, name: 'web-1' })),
          },
        ),
        others: [{ ...deployment({}, 'web-1'), kind: 'ReplicaSet' }],
      };
    },
  },
  {
    name: 'topologySpreadConstraints',
    of: (n) => ({
      object: deployment({
        topologySpreadConstraints: times(n, (index) => ({
          maxSkew: 1,
          topologyKey: 'kubernetes.io/hostname',
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: { matchLabels: { app: `a${index}` } },
        })),
      }),
    }),
  },
  {
    name: 'podAntiAffinity terms',
    of: (n) => ({
      object: deployment(
        antiAffinity(
          times(n, (index) => ({
            topologyKey: 'kubernetes.io/hostname',
            labelSelector: { matchLabels: { app: `a${index}` } },
          })),
        ),
      ),
    }),
  },
  {
    name: 'a selector of podAntiAffinity',
    of: (n) => ({
      object: deployment(
        antiAffinity([
          {
            topologyKey: 'kubernetes.io/hostname',
            labelSelector: {
              matchExpressions: times(n, (index) => ({
                key: `example.com/k${index}`,
                operator: 'Exists',
              })),
            },
          },
        ]),
      ),
    }),
  },
  {
    name: 'namespaces of a term',
    of: (n) => ({
      object: deployment(
        antiAffinity([
          {
            topologyKey: 'kubernetes.io/hostname',
            namespaces: times(n, (index) => `ns-${index}`),
            labelSelector: { matchLabels: { app: 'web' } },
          },
        ]),
      ),
    }),
  },
  {
    name: 'matchLabelKeys of a term',
    of: (n) => ({
      object: deployment(
        antiAffinity([
          {
            topologyKey: 'kubernetes.io/hostname',
            matchLabelKeys: times(n, (index) => `example.com/k${index}`),
            labelSelector: { matchLabels: { app: 'web' } },
          },
        ]),
      ),
    }),
  },
  {
    name: 'volumes',
    of: (n) => ({
      object: pod({ volumes: times(n, (index) => ({ name: `v-${index}`, emptyDir: {} })) }),
    }),
  },
  {
    name: 'schedulingGates',
    of: (n) => ({
      object: pod({ schedulingGates: times(n, (index) => ({ name: `example.com/g${index}` })) }),
    }),
  },
  {
    name: 'taints of a Node',
    of: (n) => ({
      object: {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: 'cp-1', labels: { [MASTER]: '' } },
        spec: { taints: times(n, (index) => ({ key: `k${index}`, effect: 'NoSchedule' })) },
      },
    }),
  },
  {
    name: 'labels of a Node',
    of: (n) => ({
      object: {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name: 'cp-1',
          labels: Object.fromEntries(times(n, (index) => [`example.com/k${index}`, 'v'])),
        },
        spec: { taints: [{ key: MASTER, effect: 'NoSchedule' }] },
      },
    }),
  },
  {
    name: 'taints of a registration',
    of: (n) => ({
      object: {
        apiVersion: 'kubeadm.k8s.io/v1beta4',
        kind: 'InitConfiguration',
        nodeRegistration: {
          taints: times(n, (index) => ({ key: `k${index}`, effect: 'NoSchedule' })),
        },
      },
    }),
  },
  {
    name: 'flags of a registration',
    of: (n) => ({
      object: {
        apiVersion: 'kubeadm.k8s.io/v1beta4',
        kind: 'JoinConfiguration',
        nodeRegistration: {
          kubeletExtraArgs: times(n, (index) => ({
            name: 'node-labels',
            value: `k${index}=v`,
          })),
        },
      },
    }),
  },
  {
    name: 'labels of a node pool',
    of: (n) => ({
      object: custom('hypershift.openshift.io/v1beta1', 'NodePool', {
        nodeLabels: Object.fromEntries(times(n, (index) => [`k${index}`, 'v'])),
      }),
    }),
  },
  {
    name: 'pools of a cluster',
    of: (n) => ({
      object: custom('containerservice.azure.com/v1api20240901', 'ManagedCluster', {
        agentPoolProfiles: times(n, () => ({
          mode: 'System',
          nodeTaints: ['CriticalAddonsOnly=true:NoSchedule'],
        })),
      }),
    }),
  },
  {
    name: 'commands of a new machine',
    of: (n) => ({
      object: custom('bootstrap.cluster.x-k8s.io/v1beta1', 'KubeadmConfig', {
        postKubeadmCommands: times(n, () => `kubectl taint nodes --all ${MASTER}-`),
      }),
    }),
  },
  {
    name: 'pod specs of a custom resource',
    of: (n) => ({
      object: custom('jobset.x-k8s.io/v1alpha2', 'JobSet', {
        replicatedJobs: times(n, () => ({
          template: { spec: { template: { spec: { tolerations: EVERYWHERE } } } },
        })),
      }),
    }),
  },
  {
    name: 'templates of a Workflow',
    of: (n) => ({
      object: custom('argoproj.io/v1alpha1', 'Workflow', {
        templates: times(n, (index) => ({ name: `t-${index}` })),
      }),
    }),
  },
  {
    name: 'deep nesting',
    of: (n) => ({ object: pod({ extra: nested(Math.min(n, 900)) }) }),
  },
  {
    name: "a budget's matchExpressions",
    of: (n) => ({
      object: budget('web', {
        selector: {
          matchExpressions: times(n, (index) => ({
            key: `example.com/k${index}`,
            operator: 'DoesNotExist',
          })),
        },
      }),
      others: times(5, (index) => deployment({}, `web-${index}`)),
    }),
  },
  {
    name: "a budget's values",
    of: (n) => ({
      object: budget('web', {
        selector: {
          matchExpressions: [
            { key: 'app', operator: 'NotIn', values: times(n, (index) => `v${index}`) },
          ],
        },
      }),
      others: times(5, (index) => deployment({}, `web-${index}`)),
    }),
  },
  {
    name: "a budget's matchLabels",
    of: (n) => ({
      object: budget('web', {
        selector: { matchLabels: Object.fromEntries(times(n, (index) => [`k${index}`, 'v'])) },
      }),
      others: times(5, (index) => deployment({}, `web-${index}`)),
    }),
  },
];

function nested(depth: number): JsonValue {
  let value: JsonValue = {};
  for (let level = 0; level < depth; level += 1) value = { a: value };
  return value;
}

/** One of many autoscalers of one Deployment. */
function autoscaler(index: number): JsonObject {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: `web-${index}`, namespace: 'shop' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 1,
      maxReplicas: 3,
    },
  };
}

/** Shapes of the other objects: of those in one namespace, and of the Nodes. */
export const INVENTORIES: readonly Shape[] = [
  {
    name: 'budgets of all pods, beside as many workloads',
    of: (n) => ({
      object: budget('b-0', { selector: {} }),
      others: times(n, (index) => [
        deployment({}, `web-${index}`),
        budget(`b-${index}`, { selector: {} }),
      ]).flat(),
    }),
  },
  {
    name: 'budgets of all pods, beside a workload',
    of: (n) => ({
      object: deployment({}, 'web-0'),
      others: [
        deployment({}, 'web-0'),
        ...times(n, (index) => budget(`b-${index}`, { selector: {} })),
      ],
    }),
  },
  {
    name: 'budgets of all pods, beside a component',
    of: (n) => ({
      object: budget('b-0', { selector: {} }, 'kube-system'),
      others: [
        ...['kube-scheduler', 'kube-controller-manager'].map((name) =>
          deployment({}, name, 'kube-system'),
        ),
        ...times(n, (index) => budget(`b-${index}`, { selector: {} }, 'kube-system')),
      ],
    }),
  },
  {
    name: 'bare pods of a row',
    of: (n) => {
      const etcd = (index: number): JsonObject =>
        pod(
          { tolerations: [{ key: MASTER, operator: 'Exists' }] },
          {
            name: `kube-etcd-${index}`,
            namespace: 'kube-system',
            labels: { app: `etcd-${index}` },
          },
        );
      return { object: etcd(0), others: times(n, etcd) };
    },
  },
  {
    name: 'autoscalers of a namespace',
    of: (n) => ({ object: deployment({}), others: times(n, autoscaler) }),
  },
  {
    name: 'ScaledObjects of a namespace',
    of: (n) => ({
      object: deployment({}),
      others: times(n, (index) => ({
        apiVersion: 'keda.sh/v1alpha1',
        kind: 'ScaledObject',
        metadata: { name: `web-${index}`, namespace: 'shop' },
        spec: { scaleTargetRef: { name: 'web' }, minReplicaCount: 1, triggers: [{ type: 'cpu' }] },
      })),
    }),
  },
  {
    name: 'autoscalers of a workload under a budget',
    of: (n) => ({
      object: budget('web', { minAvailable: 1, selector: {} }),
      others: [deployment({}, 'web'), ...times(n, autoscaler)],
    }),
  },
  {
    name: 'Services of a namespace',
    of: (n) => ({
      object: deployment({}, 'web', 'kube-system'),
      others: [
        deployment({}, 'kube-scheduler', 'kube-system'),
        ...times(n, (index) => ({
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: `web-${index}`, namespace: 'kube-system' },
          spec: { selector: { app: 'web' } },
        })),
      ],
    }),
  },
  {
    name: 'Nodes of a role',
    of: (n) => ({
      object: pod(
        terms(
          times(50, (index) => ({
            matchExpressions: times(5, (key) => ({
              key: key < 4 ? 'kubernetes.io/hostname' : MASTER,
              operator: key < 4 ? 'Exists' : 'NotIn',
              ...(key < 4 ? {} : { values: ['', `x${index}`] }),
            })),
          })),
        ),
      ),
      others: times(n, NODE),
    }),
  },
];
