import type { AdmissionFacts, NodeClass, Taint } from '../../../src/engine/admission.ts';
import { name as nameOf, toleratedByDaemons, tolerates } from '../nodes/taints.cel.ts';
import {
  carried,
  distinct,
  facts as factsOf,
  identity,
  type Refuses,
  selectorPossible,
} from '../scheduling/feasibility.cel.ts';
import { listedTerms, required } from '../scheduling/node_affinity.cel.ts';
import { mirrored, node, way, waysKeptAway } from '../scheduling/pods.cel.ts';
import { placement } from '../workloads/pod_limits.cel.ts';
import { KINDS, pod, podPath, title } from '../workloads/workloads.cel.ts';
import { all, any, type Cel, FALSE, not } from './cel.ts';
import { type CheckedResource, identifier, type Variables } from './policy.ts';

/** The workloads that an API server serves. */
export const WORKLOADS: readonly CheckedResource[] = KINDS;

/** The fields of a pod that decide where it can run. */
const PLACING = [
  'tolerations',
  'nodeSelector',
  'affinity',
  'nodeName',
  'schedulerName',
  'runtimeClassName',
  'hostNetwork',
];

/** Whether an update changes where the pods of the object can run. */
export const PLACEMENT_CHANGED: Cel =
  `[${pod('object')}].exists(n, [${pod('oldObject')}].exists(o, ` +
  `${PLACING.map((field) => `n.?${field} != o.?${field}`).join(' || ')}))`;

/**
 * Adds the variables of a pod: its spec, its path, the way in which it is bound, and its tolerations. What is more
 * than is checked is found before anything is gone through.
 *
 * @param onNode the only node that the pod can be on, empty if it is free.
 */
export function addPod(variables: Variables, facts: AdmissionFacts, onNode: Cel = node): void {
  variables.add('title', title());
  variables.add('pod', pod('object'));
  variables.add('path', podPath);
  variables.add('selector', 'variables.pod.?nodeSelector.orValue({})');
  variables.add('has_affinity', `${required}.hasValue()`);
  variables.add('listed_terms', listedTerms);
  variables.add('excess', placement(facts));
  variables.add('is_mirror', mirrored);
  variables.add('way', way);
  variables.add('node', onNode);
  variables.add('tolerations', 'variables.pod.?tolerations.orValue([])');
}

/** What refuses a pod by its taints, by how it is bound. */
export interface Refusals {
  /** Each taint that keeps it away and that it does not tolerate. */
  readonly pod: Refuses;
  /** For a pod that bypasses the scheduler: a kubelet respects NoExecute alone. */
  readonly bypass: Refuses;
}

/** Adds the facts of the pod's terms about the labels that classes know, and which of their taints it tolerates. */
export function addTerms(
  variables: Variables,
  facts: AdmissionFacts,
  classes: readonly NodeClass[],
): Refusals {
  variables.add('selector_possible', selectorPossible(classes));
  variables.add('node_selector_terms', 'variables.excess.size() > 0 ? [] : variables.listed_terms');
  variables.add('terms', factsOf(classes));
  const names = new Map<string, Cel>();
  for (const taint of taintsOf(classes)) {
    names.set(
      identity(taint),
      variables.add(
        identifier('tolerates', nameOf(taint)),
        any(
          `variables.tolerations.exists(t, ${tolerates('t', taint)})`,
          toleratedByController(taint, facts),
        ),
      ),
    );
  }
  const tolerated: Refuses = (taint) => names.get(identity(taint)) ?? FALSE;
  return {
    pod: (taint) => all(waysKeptAway(taint.effect), not(tolerated(taint))),
    bypass: (taint) =>
      taint.effect === 'NoExecute' ? all(waysKeptAway(taint.effect), not(tolerated(taint))) : FALSE,
  };
}

/** Whether the DaemonSet controller adds a toleration of the taint. */
function toleratedByController(taint: Taint, facts: AdmissionFacts): Cel {
  const isDaemon = "variables.way == 'daemon'";
  if (toleratedByDaemons(facts.daemonTolerations, taint)) return isDaemon;
  return toleratedByDaemons(facts.hostNetworkTolerations, taint)
    ? all(isDaemon, 'variables.pod.?hostNetwork.orValue(false)')
    : FALSE;
}

/** The taints that nodes of the classes may have. */
function taintsOf(classes: readonly NodeClass[]): readonly Taint[] {
  return distinct(
    classes.flatMap((one) => [
      ...carried(one),
      ...Object.values(one.taints_by_label).flatMap((byValue) =>
        Object.values(byValue).flatMap((byName) => Object.values(byName)),
      ),
      ...Object.values(one.taints_by_key).flatMap((byName) => Object.values(byName)),
    ]),
  );
}
