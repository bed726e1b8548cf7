import type { ParameterRow } from '../../../src/policy/parameters.ts';
import { type Cel, text } from '../admission/cel.ts';

/** The kinds that have replicas (`lib.workloads.replicas.counted`). */
export const COUNTED = ['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet'];

/** `lib.workloads.replicas.declared` */
const declared: Cel = 'object.spec.?replicas.orValue(1)';

/**
 * `lib.findings.replica_counts.differences` without autoscalers: a list of one finding, with what it says after the
 * name of the component, or none.
 */
export function differences({ replicas, minReplicas }: ParameterRow): Cel {
  const expected = replicas ?? minReplicas;
  if (expected === undefined) return '[]';
  const differs =
    replicas === undefined ? `${declared} < ${expected}` : `${declared} != ${expected}`;
  const count = `(${declared} == 1 ? '1 replica' : string(${declared}) + ' replicas')`;
  const wanted = `; the profile expects ${expected}${replicas === undefined ? ' or more' : ''}`;
  return `${differs} ? [{'path': 'spec.replicas', 'says': ' has ' + ${count} + ${text(wanted)}}] : []`;
}
