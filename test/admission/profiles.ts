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

function fences(): Profile {
  const read = readProfile('fences.yaml', FENCES);
  if (read.kind === 'errors') throw read.errors[0];
  return read.profile;
}

export const PROFILES: readonly Profile[] = [
  shippedProfile('kubeadm'),
  shippedProfile('tectonic-1.6.4'),
  fences(),
];
