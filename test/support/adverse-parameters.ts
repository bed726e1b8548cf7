import { constraint } from '../../src/gatekeeper/constraint.ts';
import type { JsonObject, JsonValue } from '../../src/kubernetes/json.ts';
import { bind } from '../../src/policy/parameters.ts';
import { builtBulkhead, shippedProfile } from './bulkhead.ts';

/** A Constraint with a mistake in its parameters, and what comes of it. */
export interface AdverseParameters {
  readonly name: string;
  readonly policy: string;
  readonly constraint: JsonObject;
  /** What a violation says; absent if the API server refuses the Constraint. */
  readonly says?: string;
}

interface Mistake {
  readonly policy: string;
  /** The place in the parameters. */
  readonly at: readonly (string | number)[];
  /** What is written there; absent if nothing is. */
  readonly value?: JsonValue;
  readonly says?: string;
}

/** An object of a component, with no fault of its own, under all Constraints. */
export const COMPONENT = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'kube-proxy', namespace: 'kube-system' },
  spec: {
    selector: { matchLabels: { app: 'proxy' } },
    template: {
      metadata: { labels: { app: 'proxy' } },
      spec: { tolerations: [{ operator: 'Exists' }], containers: [{ name: 'c', image: 'i' }] },
    },
  },
};

/** A workload that no component matches, with no fault of its own. */
export const OTHER = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { containers: [{ name: 'c', image: 'i' }] },
};

const INTRUSION = 'control-plane-intrusion';
const REACH = 'unreachable-node-role';
const OFF_ROLE = 'off-role-placement';

/** Where the profile kubeadm has the role of the control plane, its taint, kube-proxy and etcd. */
const ROLE = ['nodeRoles', 0] as const;
const TAINT = [...ROLE, 'taints', 0] as const;
const profile = shippedProfile('kubeadm');
const ETCD = rowOf('etcd');
const PROXY = rowOf('kube-proxy');
const DNS = rowOf('coredns');

const NOT_CHECKED = 'Pod shop/web was not checked: ';
const PROXY_NOT_CHECKED = 'DaemonSet kube-system/kube-proxy was not checked: ';
const NO_RESERVED =
  'no role of the parameters except that of otherWorkloads has a taint with effect NoSchedule or NoExecute';

const MISTAKES: Readonly<Record<string, Mistake>> = {
  'a taint has a misspelt effect': {
    policy: INTRUSION,
    at: [...TAINT, 'effect'],
    value: 'noschedule',
  },
  'a taint has an empty effect': { policy: INTRUSION, at: [...TAINT, 'effect'], value: '' },
  'a taint has no effect': { policy: INTRUSION, at: [...TAINT, 'effect'] },
  'a taint has a key with a space': { policy: INTRUSION, at: [...TAINT, 'key'], value: 'a b' },
  'a taint has a key with two prefixes': {
    policy: INTRUSION,
    at: [...TAINT, 'key'],
    value: 'a/b/c',
  },
  'a taint has a long prefix': {
    policy: INTRUSION,
    at: [...TAINT, 'key'],
    value: `${'a'.repeat(254)}/b`,
  },
  'a taint has a value that no node has': {
    policy: INTRUSION,
    at: [...TAINT, 'value'],
    value: 'true!',
  },
  'a taint has a number as its value': { policy: INTRUSION, at: [...TAINT, 'value'], value: 1 },
  'a role has no taints at all': { policy: INTRUSION, at: [...ROLE, 'taints'] },
  'a role has no labels': { policy: INTRUSION, at: [...ROLE, 'labels'], value: [] },
  'a role has a label with an empty key': {
    policy: 'untainted-control-plane-node',
    at: [...ROLE, 'labels', 0, 'key'],
    value: '',
  },
  'a role is called all': { policy: REACH, at: [...ROLE, 'name'], value: 'all' },
  'a role has a capital in its name': { policy: OFF_ROLE, at: [...ROLE, 'name'], value: 'Master' },
  'a role has an empty name': { policy: OFF_ROLE, at: [...ROLE, 'name'], value: '' },
  'there are no roles': { policy: INTRUSION, at: ['nodeRoles'], value: [] },
  'there are no roles for a Node': {
    policy: 'untainted-control-plane-node',
    at: ['nodeRoles'],
    value: [],
  },
  'the list of roles is missing': { policy: OFF_ROLE, at: ['nodeRoles'] },
  'the roles are an object, as in a profile': {
    policy: INTRUSION,
    at: ['nodeRoles'],
    value: { master: { labels: { a: '' } } },
  },
  'there are no components': { policy: REACH, at: ['components'], value: [] },
  'there are no components to impersonate': {
    policy: 'component-impersonation',
    at: ['components'],
    value: [],
  },
  'the list of components is missing': { policy: INTRUSION, at: ['components'] },
  'a name has two stars': {
    policy: INTRUSION,
    at: [...ETCD, 'match', 'name'],
    value: '*etcd*',
  },
  'a name has a capital': { policy: REACH, at: [...PROXY, 'match', 'name'], value: 'Kube-proxy' },
  'a name is empty': { policy: REACH, at: [...PROXY, 'match', 'name'], value: '' },
  'a name is too long': {
    policy: REACH,
    at: [...PROXY, 'match', 'name'],
    value: 'a'.repeat(254),
  },
  'a namespace has capitals': {
    policy: REACH,
    at: [...PROXY, 'match', 'namespace'],
    value: 'Kube-System',
  },
  'a namespace is any': { policy: REACH, at: [...PROXY, 'match', 'namespace'], value: '*' },
  'a namespace has a star within': {
    policy: REACH,
    at: [...PROXY, 'match', 'namespace'],
    value: 'kube-*-system',
  },
  'a kind is in small letters': {
    policy: REACH,
    at: [...PROXY, 'match', 'kind'],
    value: 'statefulset',
  },
  'a kind is in the plural': {
    policy: REACH,
    at: [...PROXY, 'match', 'kind'],
    value: 'DaemonSets',
  },
  'a type is in small letters': {
    policy: 'wrong-workload-kind',
    at: [...PROXY, 'type'],
    value: 'daemonset',
  },
  'static is a text': { policy: INTRUSION, at: [...ETCD, 'static'], value: 'yes' },
  'a number of replicas is negative': {
    policy: 'wrong-replica-count',
    at: [...DNS, 'replicas'],
    value: -1,
  },
  'a number of replicas is a text': {
    policy: 'wrong-replica-count',
    at: [...DNS, 'replicas'],
    value: '2',
  },
  'a row says All': {
    policy: REACH,
    at: [...PROXY, 'nodeRole'],
    value: 'All',
    says: `${PROXY_NOT_CHECKED}nodeRoles of the parameters have no role All`,
  },
  'a row lists no role': {
    policy: OFF_ROLE,
    at: [...PROXY, 'nodeRole'],
    value: [],
    says: `${PROXY_NOT_CHECKED}nodeRoles of the parameters have no role []`,
  },
  'a row lists a role that is not there': {
    policy: OFF_ROLE,
    at: [...PROXY, 'nodeRole'],
    value: ['worker', 'wroker'],
    says: `${PROXY_NOT_CHECKED}nodeRoles of the parameters have no role wroker`,
  },
  'a row has a role that is neither text nor list': {
    policy: REACH,
    at: [...PROXY, 'nodeRole'],
    value: 7,
    says: `${PROXY_NOT_CHECKED}nodeRoles of the parameters have no role 7`,
  },
  'other workloads run on All': {
    policy: INTRUSION,
    at: ['otherWorkloads', 'nodeRole'],
    value: 'All',
  },
  'other workloads run on all': {
    policy: INTRUSION,
    at: ['otherWorkloads', 'nodeRole'],
    value: 'all',
  },
  'other workloads have no role': {
    policy: INTRUSION,
    at: ['otherWorkloads', 'nodeRole'],
    says: `${NOT_CHECKED}the parameters have no otherWorkloads.nodeRole`,
  },
  'otherWorkloads is missing': { policy: 'scheduler-bypass', at: ['otherWorkloads'] },
  'otherWorkloads is a text': { policy: INTRUSION, at: ['otherWorkloads'], value: 'worker' },
  'a scheduler has a capital': {
    policy: 'scheduler-bypass',
    at: ['schedulers'],
    value: ['Default'],
  },
  'a user is blank': { policy: 'scheduler-bypass', at: ['schedulerUsers'], value: [' '] },
  'a kind of the profile has no API group': {
    policy: INTRUSION,
    at: ['customWorkloads'],
    value: [{ group: '', kind: 'Till', pods: [['spec']] }],
  },
  'a kind of the profile has no pods': {
    policy: INTRUSION,
    at: ['customWorkloads'],
    value: [{ group: 'shop.example', kind: 'Till', pods: [] }],
  },
  'a label of every node has no key': {
    policy: INTRUSION,
    at: ['nodeLabels'],
    value: [{ key: '', value: 'linux' }],
  },

  'a waiver names no kind': {
    policy: INTRUSION,
    at: ['waivers'],
    value: [{ match: { namespace: 'shop', name: 'web' } }],
  },
  'a waiver names no object': {
    policy: 'untainted-control-plane-node',
    at: ['waivers'],
    value: [{ match: { kind: 'Node' } }],
  },
  'a waiver is for all of a kind': {
    policy: INTRUSION,
    at: ['waivers'],
    value: [{ match: { kind: 'Pod', namespace: 'shop', name: '' } }],
  },
  'a waiver has a name with two stars': {
    policy: INTRUSION,
    at: ['waivers'],
    value: [{ match: { kind: 'Pod', namespace: 'shop', name: '*we*' } }],
  },
  'a waiver is for any namespace': {
    policy: 'scheduler-bypass',
    at: ['waivers'],
    value: [{ match: { kind: 'Pod', namespace: '*', name: 'web' } }],
  },
  'a waiver has an empty namespace': {
    policy: INTRUSION,
    at: ['waivers'],
    value: [{ match: { kind: 'Pod', namespace: '', name: 'web' } }],
  },
  'a waiver has a path as text': {
    policy: INTRUSION,
    at: ['waivers'],
    value: [{ match: { kind: 'Pod', namespace: 'shop', name: 'web' }, path: 'spec.tolerations' }],
  },
  'a waiver has a step that is an object': {
    policy: INTRUSION,
    at: ['waivers'],
    value: [{ match: { kind: 'Pod', namespace: 'shop', name: 'web' }, path: [{}] }],
  },
  'the waivers are a text': { policy: OFF_ROLE, at: ['waivers'], value: 'all' },

  // What no schema can say is a violation of each object that the Constraint is about.
  'the parameters are missing': {
    policy: INTRUSION,
    at: [],
    says: `${NOT_CHECKED}the parameters have no list of components`,
  },
  'the parameters of a component policy are missing': {
    policy: REACH,
    at: [],
    says: `${PROXY_NOT_CHECKED}no component of the parameters has nodeRole`,
  },
  'the parameters of a policy of all rows are missing': {
    policy: 'missing-disruption-budget',
    at: [],
    says: `${NOT_CHECKED}no component of the parameters has disruptionControl`,
  },
  'the only reserved role has an empty list of taints': {
    policy: INTRUSION,
    at: [...ROLE, 'taints'],
    value: [],
    says: NOT_CHECKED + NO_RESERVED,
  },
  'the only taint is a preference': {
    policy: 'scheduler-bypass',
    at: [...TAINT, 'effect'],
    value: 'PreferNoSchedule',
    says: NOT_CHECKED + NO_RESERVED,
  },
  'other workloads run on the reserved role': {
    policy: INTRUSION,
    at: ['otherWorkloads', 'nodeRole'],
    value: 'control-plane',
    says: NOT_CHECKED + NO_RESERVED,
  },
  'other workloads run on a role that is not there': {
    policy: INTRUSION,
    at: ['otherWorkloads', 'nodeRole'],
    value: 'wroker',
    says: `${NOT_CHECKED}nodeRoles of the parameters have no role wroker`,
  },
  'a row names a role that is not there': {
    policy: REACH,
    at: [...PROXY, 'nodeRole'],
    value: 'contol-plane',
    says: `${PROXY_NOT_CHECKED}nodeRoles of the parameters have no role contol-plane`,
  },
  'a row names a role that is not there, off its role': {
    policy: OFF_ROLE,
    at: [...PROXY, 'nodeRole'],
    value: 'contol-plane',
    says: `${PROXY_NOT_CHECKED}nodeRoles of the parameters have no role contol-plane`,
  },
  'no row has the column': {
    policy: 'wrong-replica-count',
    at: [...DNS, 'replicas'],
    says: `${PROXY_NOT_CHECKED}no component of the parameters has replicas or minReplicas`,
  },
  'no row is left for a budget': {
    policy: 'stuck-rollout',
    at: ['components'],
    value: [],
    says: `${NOT_CHECKED}the parameters have no components`,
  },
};

const { catalogue } = builtBulkhead();

/** Constraints of the profile kubeadm, each with one mistake. */
export const ADVERSE_PARAMETERS: readonly AdverseParameters[] = Object.entries(MISTAKES).map(
  ([name, { policy: id, at, value, says }], index) => {
    const policy = catalogue.policies.find((one) => one.id === id);
    const parameters = bind(catalogue, profile).get(id);
    if (policy === undefined || parameters === undefined) throw new Error(`${id} is not asked`);
    const rollOut = { profile: { ...profile, name: `adverse-${index}` }, stage: 'deny' } as const;
    const sound = constraint(policy, parameters, rollOut);
    return {
      name,
      policy: id,
      constraint: Object(changed(sound, ['spec', 'parameters', ...at], value)),
      ...(says !== undefined && { says }),
    };
  },
);

/** The Constraints of the profile kubeadm as they are generated. */
export function soundParameters(): readonly Omit<AdverseParameters, 'name' | 'says'>[] {
  return [...bind(catalogue, profile)].map(([id, parameters]) => {
    const policy = catalogue.policies.find((one) => one.id === id);
    if (policy === undefined) throw new Error(`${id} is not there`);
    return { policy: id, constraint: constraint(policy, parameters, { profile, stage: 'deny' }) };
  });
}

function rowOf(name: string): readonly [string, number] {
  return ['components', profile.components.findIndex((row) => row.name === name)];
}

function changed(
  holder: JsonValue,
  [step, ...rest]: readonly (string | number)[],
  value: JsonValue | undefined,
): JsonValue | undefined {
  if (step === undefined) return value;
  if (Array.isArray(holder)) {
    return holder.map((item, index) =>
      index === step ? (changed(item, rest, value) ?? null) : item,
    );
  }
  const inner = changed(Object(holder)[step] ?? {}, rest, value);
  const others = Object.entries(Object(holder)).filter(([key]) => key !== step);
  return Object.fromEntries([...others, ...(inner === undefined ? [] : [[step, inner]])]);
}
