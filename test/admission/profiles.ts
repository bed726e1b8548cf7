import type { Profile } from '../../src/profile/profile.ts';
import { readProfile } from '../../src/profile/read.ts';
import { shippedProfile } from '../support/bulkhead.ts';

/** Two reserved roles, one by NoExecute and one with two labels, values that may be any, labels that nodes have and lack. */
const FENCES = `apiVersion: bulkhead.dev/v1
kind: Profile
metadata: {name: fences, title: Fences}
nodeRoles:
  control-plane:
    labels: {role: "", example.com/master: "true"}
    taints: [{key: role, effect: NoSchedule}]
    alternativeTaints:
      - [{key: role, value: {exists: true}, effect: NoExecute}]
  infra:
    labels: {infra: {exists: true}}
    taints: [{key: infra, value: "true", effect: NoExecute}, {key: sla, value: "950", effect: NoSchedule}]
  worker:
    labels: {role: worker, infra: {exists: false}}
nodeLabels: {kubernetes.io/os: linux, kubernetes.io/arch: {exists: true}}
schedulers: [second]
schedulerUsers: [binder]
controllerUsers: [own-controller]
exemptNamespaces: ["exempt-*"]
components:
  - {name: agent, match: {namespace: kube-system, name: agent}, type: DaemonSet, nodeRole: all}
  - {name: api, match: {namespace: kube-system, name: "api*"}, type: Pod, static: true}
  - {name: dns, match: {namespace: kube-system, name: dns, kind: Deployment}, type: Deployment, replicas: 2, nodeRole: any}
  - {name: gate, match: {namespace: "team-*", name: "gate-*"}, type: Deployment, replicas: {min: 2}, nodeRole: infra}
  - {name: gate-1, match: {namespace: "team-*", name: gate-1}, kinds: [StatefulSet, Deployment], replicas: 1, nodeRole: [infra, worker]}
  - {name: cleaner, match: {namespace: kube-system, name: cleaner}, type: CronJob, nodeRole: control-plane}
  - {name: plain, match: {namespace: kube-system, name: plain}, nodeRole: unreserved}
otherWorkloads: {nodeRole: worker}
`;

/** Names that are code in CEL or TypeScript, or that become one identifier. */
const UNKIND = String.raw`apiVersion: bulkhead.dev/v1
kind: Profile
metadata: {name: hostile, title: Hostile}
nodeRoles:
  a:
    labels: {constructor: "", toString: x, valueOf: constructor}
    taints: [{key: constructor, effect: NoSchedule}, {key: toString, value: valueOf, effect: NoExecute}]
  b-or-c:
    labels: {hasOwnProperty: {exists: true}}
    taints:
      - {key: a.b, effect: NoSchedule}
      - {key: a-b, effect: NoSchedule}
      - {key: a_b, effect: NoSchedule}
      - {key: A, effect: PreferNoSchedule}
  b:
    labels: {zone: b}
  c:
    labels: {constructor: other, hasOwnProperty: {exists: false}}
  x-y:
    labels: {zone: x}
  x--y:
    labels: {zone: y}
  worker:
    labels: {worker: "", toString: {exists: false}}
schedulers: [a.b]
schedulerUsers: ["it's \\ \"q\" \n ü 😀 $& $1 \u2028\0\x7f", "'", "\\"]
controllerUsers: ["own'] || true || 'x' in ['", "r'\\'"]
exemptNamespaces: ["exempt-*", "*-x"]
components:
  - {name: "' ? : && || ( [ { + , \\ \" $& r'x\\'", match: {namespace: kube-system, name: agent}, type: DaemonSet, nodeRole: all}
  - {name: "x') ? [] : ['", match: {namespace: kube-system, name: "api*"}, type: Pod, static: true, nodeRole: all}
  - {name: "' + ", match: {namespace: "*-sys", name: "*"}, type: Deployment, replicas: {min: 2}, nodeRole: [a, c]}
  - {name: "$1\\", match: {namespace: "*-sys", name: "g*", kind: StatefulSet}, type: StatefulSet, replicas: 3, nodeRole: b}
  - {name: list, match: {namespace: kube-system, name: list}, type: Deployment, nodeRole: [b, c]}
  - {name: "it's ü 😀 \t \u2028\x7f", match: {namespace: kube-system, name: one}, type: Deployment, nodeRole: b-or-c}
  - {name: x-y, match: {namespace: kube-system, name: x-y}, nodeRole: x-y}
  - {name: x--y, match: {namespace: kube-system, name: x--y}, nodeRole: x--y}
  - {name: worker, match: {namespace: kube-system, name: worker}, nodeRole: worker}
  - {name: free, match: {namespace: kube-system, name: free}, nodeRole: unreserved}
otherWorkloads: {nodeRole: worker}
`;

function profileOf(text: string): Profile {
  const read = readProfile('profile.yaml', text);
  if (read.kind === 'errors') throw read.errors[0];
  return read.profile;
}

export const HOSTILE: Profile = profileOf(UNKIND);

/** Very many rows, every second one with a star. */
export const LARGE: Profile = {
  ...profileOf(FENCES),
  name: 'large',
  components: Array.from({ length: 300 }, (_, index) => ({
    name: `component-${index}`,
    match: {
      namespace: index % 3 === 0 ? 'team-*' : 'kube-system',
      name: `component-${index}${index % 2 === 0 ? '-*' : ''}`,
    },
    type: 'Deployment',
    replicas: 2,
    nodeRole: 'worker',
  })),
};

export const PROFILES: readonly Profile[] = [
  shippedProfile('kubeadm'),
  shippedProfile('tectonic-1.6.4'),
  profileOf(FENCES),
];
