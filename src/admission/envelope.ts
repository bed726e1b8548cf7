import { all, any, type Cel, FALSE, not, text, texts } from '../../policies/lib/admission/cel.ts';
import { fits, fitsAny } from '../../policies/lib/api/patterns.cel.ts';
import { references } from '../../policies/lib/scheduling/pods.cel.ts';
import { matched, namedBy } from '../../policies/lib/table/components.cel.ts';
import { KINDS, namespace } from '../../policies/lib/workloads/workloads.cel.ts';
import type { WaiverMatch } from '../config/waiver.ts';
import type { ParameterRow } from '../policy/parameters.ts';
import type { Profile } from '../profile/profile.ts';

// What is not checked, by who asks and for what. A ValidatingAdmissionPolicy sees one object and no inventory: whether
// a controller of Kubernetes made a pod for a component, the API server says by the user, and the user is authentic.

/** The controllers of Kubernetes that make pods, or objects that do, as each cluster has them by default. */
const CONTROLLERS = [
  'system:kube-controller-manager',
  ...[
    'cronjob-controller',
    'daemon-set-controller',
    'deployment-controller',
    'job-controller',
    'replicaset-controller',
    'replication-controller',
    'statefulset-controller',
  ].map((name) => `system:serviceaccount:kube-system:${name}`),
];

/** Whether a controller asks. */
function byController({ controllerUsers }: Pick<Profile, 'controllerUsers'>): Cel {
  return `request.userInfo.username in ${texts([...CONTROLLERS, ...controllerUsers])}`;
}

/** A condition of a policy, under which a request is checked. */
export interface Condition {
  readonly name: string;
  readonly expression: Cel;
}

/** Requests about other workloads: none for a component, nor for what a controller makes for one. */
export function ofOthers(
  profile: Profile,
  rows: readonly ParameterRow[],
  waived: readonly WaiverMatch[],
): readonly Condition[] {
  const { exemptNamespaces } = profile;
  const owners = [...rows, ...waived.flatMap(asRow)];
  return conditions([
    ['not-in-an-exempt-namespace', not(fitsAny(exemptNamespaces, namespace))],
    ['not-a-component', not(ofComponent(rows))],
    ['not-made-for-a-component', not(all(byController(profile), madeFor(owners)))],
    ['not-pinned-for-a-daemonset', not(all(byController(profile), PINNED))],
  ]);
}

const TERMS =
  'object.spec.?affinity.?nodeAffinity.?requiredDuringSchedulingIgnoredDuringExecution' +
  '.?nodeSelectorTerms.orValue([])';

/**
 * Whether the DaemonSet controller made the pod for one node. Its template, which is checked, says where such pods run:
 * the controller has put the name of a node on which the template can run in place of the required node affinity
 * (`ReplaceDaemonSetPodNodeNameNodeAffinity`, k8s.io/kubernetes/pkg/controller/daemon/util).
 */
const PINNED: Cel = all(
  "object.kind == 'Pod'",
  `${references('object')}.exists(o, o.apiVersion == 'apps/v1' && o.kind == 'DaemonSet')`,
  `${TERMS}.size() == 1`,
  `${TERMS}.all(t, t.?matchFields.orValue([]).exists(f, f.key == 'metadata.name' && f.operator == 'In'))`,
);

/** Requests about components: not about what a controller makes for them. */
export function ofComponents(
  profile: Profile,
  rows: readonly ParameterRow[],
): readonly Condition[] {
  return conditions([
    ['a-component', ofComponent(rows)],
    [
      'not-made-by-a-controller',
      not(all(byController(profile), `${references('object')}.size() > 0`)),
    ],
  ]);
}

/** An update that changes nothing of what a policy checks passes: what is there may be changed in all else. */
export function ofChanges(changed: Cel): readonly Condition[] {
  return conditions([['changed', any("request.operation != 'UPDATE'", changed)]]);
}

/** Requests about what no waiver accepts as a whole. */
export function ofWaivers(waived: readonly WaiverMatch[]): readonly Condition[] {
  return conditions([['not-waived', not(any(...waived.map(isWaived)))]]);
}

/** Binding by a scheduler. */
export function ofBindings({ schedulerUsers }: Profile): readonly Condition[] {
  const users = ['system:kube-scheduler', ...schedulerUsers];
  return conditions([
    [
      'not-bound-by-a-scheduler',
      `!(object.kind == 'Binding' && request.userInfo.username in ${texts(users)})`,
    ],
  ]);
}

function conditions(all: readonly (readonly [string, Cel])[]): readonly Condition[] {
  return all
    .filter(([, expression]) => expression !== 'true')
    .map(([name, expression]) => ({ name, expression }));
}

// A Binding is about the pod of its name, which no row of static pods is for.
function ofComponent(rows: readonly ParameterRow[]): Cel {
  const pods = rows.filter(({ static: isStatic }) => isStatic !== true);
  const bound = namedBy(pods, { kind: text('Pod'), name: 'object.metadata.name' });
  const isBinding = "object.kind == 'Binding'";
  return `(${isBinding} ? ${bound} : ${matched(rows)})`;
}

/**
 * Whether the object's controller is one of these rows, or was made for one: a ReplicaSet has the name of its
 * Deployment and the hash of its template, a Job that of its CronJob and the minute.
 */
function madeFor(rows: readonly ParameterRow[]): Cel {
  const named = namedBy(rows, { kind: 'n.kind', name: 'n.name' });
  if (named === FALSE) return FALSE;
  const own = `${references('object')}.map(o, {'kind': o.kind, 'name': o.name})`;
  const owners =
    `${references('object')}.filter(o, o.kind == 'ReplicaSet' && object.kind == 'Pod' && ${HASH} != '' && o.name.endsWith('-' + ${HASH}))` +
    `.map(o, {'kind': 'Deployment', 'name': o.name.substring(0, o.name.size() - ${HASH}.size() - 1)})` +
    ` + ${references('object')}.filter(o, o.kind == 'Job' && object.kind == 'Pod' && o.name.matches(${MINUTE}))` +
    `.map(o, {'kind': 'CronJob', 'name': o.name.substring(0, o.name.lastIndexOf('-'))})`;
  return `(${own} + ${owners}).exists(n, ${named})`;
}

const HASH = "object.metadata.?labels[?'pod-template-hash'].orValue('')";
const MINUTE = "r'-[0-9]{8,10}$'";

/**
 * Whether the pods of the object would be taken for those of one of the rows or waived objects, though no controller
 * asks for it: a ReplicaSet or a Job with the name that a controller would give it.
 */
export function passesFor(
  profile: Profile,
  rows: readonly ParameterRow[],
  waived: readonly WaiverMatch[],
): Cel {
  const named = namedBy([...rows, ...waived.flatMap(asRow)], { kind: 'n.kind', name: 'n.name' });
  if (named === FALSE) return FALSE;
  const hash = "object.spec.?template.?metadata.?labels[?'pod-template-hash'].orValue('')";
  const name = 'object.metadata.name';
  const replicaSet =
    `object.kind == 'ReplicaSet' && ${hash} != '' && ${name}.endsWith('-' + ${hash})` +
    ` ? [{'kind': 'Deployment', 'name': ${name}.substring(0, ${name}.size() - ${hash}.size() - 1)}]`;
  const job =
    `object.kind == 'Job' && ${name}.matches(${MINUTE})` +
    ` ? [{'kind': 'CronJob', 'name': ${name}.substring(0, ${name}.lastIndexOf('-'))}] : []`;
  return all(not(byController(profile)), `(${replicaSet} : ${job}).exists(n, ${named})`);
}

/**
 * Whether an update changes for whom pods are made: the label by which pods of a ReplicaSet are told, and the template of
 * a DaemonSet, whose pods are not asked themselves.
 */
export const MAKING_CHANGED: Cel = any(
  "object.kind == 'ReplicaSet' && object.spec.?template.?metadata.?labels[?'pod-template-hash']" +
    " != oldObject.spec.?template.?metadata.?labels[?'pod-template-hash']",
  "object.kind == 'DaemonSet' && object.spec.template != oldObject.spec.template",
);

/** Whether a waiver is for the object (`lib.findings.waivers`). */
export function isWaived(match: WaiverMatch): Cel {
  const { kind, namespace: where, name } = match;
  if (!isOwnKind(match)) return FALSE;
  return all(
    `object.kind == ${text(kind)}`,
    where === undefined ? 'true' : `${namespace} == ${text(where)}`,
    fits(name, 'object.metadata.name'),
    "object.metadata.?generateName.orValue('') == ''",
  );
}

/** A waiver of what makes pods counts for these as well: Gatekeeper checks them at their controller. */
function asRow(match: WaiverMatch): readonly ParameterRow[] {
  const { kind, namespace: where, name } = match;
  const made = KINDS.find((one) => one.kind === kind && one.kind !== 'Pod');
  if (where === undefined || made === undefined || !isOwnKind(match)) return [];
  return [{ name, match: { kind: made.kind, namespace: where, name } }];
}

/** Whether a waiver is for a kind of Kubernetes itself: no other is checked. What is not in the list has the core group. */
function isOwnKind({ kind, group }: WaiverMatch): boolean {
  return group === undefined || group === (KINDS.find((one) => one.kind === kind)?.group ?? '');
}

/** Whether a controller makes the object for a waived one. */
export function madeForWaived(profile: Profile, match: WaiverMatch): Cel {
  return all(byController(profile), madeFor(asRow(match)));
}
