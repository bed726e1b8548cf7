import { identityOf } from '../kubernetes/objects.ts';
import type { Crossing } from '../report/diff.ts';
import type { Reach, WorkloadReach } from '../report/reach.ts';

/**
 * Finds the workloads that can run where the profile forbids it, and could not before: on any node of a role, or on a Node of
 * the input. A workload that is new could not run anywhere.
 *
 * A Node that is new tells nothing if the workload could run on nodes of its roles before.
 */
export function newlyCrossing(old: Reach, now: Reach): readonly Crossing[] {
  const before = new Map(old.workloads.map((workload) => [identityOf(workload.object), workload]));
  return now.workloads.flatMap((workload) => {
    const same = before.get(identityOf(workload.object));
    const couldReach = rolesOf(same, old);
    const couldRun = nodesOf(same, old);
    const known = new Set(old.nodes.map(({ name }) => name));
    const rolesOfNode = new Map(now.nodes.map(({ name, roles }) => [name, roles]));
    const isNews = (node: string) =>
      !couldRun.has(node) &&
      (known.has(node) || !rolesOfNode.get(node)?.some((role) => couldReach.has(role)));
    const roles = [...rolesOf(workload, now)].filter((role) => !couldReach.has(role));
    const nodes = [...nodesOf(workload, now)].filter(isNews);
    if (roles.length === 0 && nodes.length === 0) return [];
    const { object, component } = workload;
    return [{ environment: now.environment, object, component, roles, nodes }];
  });
}

/** The roles that a workload must not run on and can. */
function rolesOf(workload: WorkloadReach | undefined, { roles }: Reach): ReadonlySet<string> {
  const isCrossed = (index: number) => {
    const reach = workload?.byRole[index];
    return reach?.expected === 'forbidden' && reach.share !== 'none';
  };
  return new Set(roles.filter((_, index) => isCrossed(index)));
}

/** The Nodes that a workload must not run on and can. */
function nodesOf(workload: WorkloadReach | undefined, { nodes }: Reach): ReadonlySet<string> {
  const isCrossed = (index: number) => {
    const reach = workload?.byNode[index];
    return reach?.expected === 'forbidden' && reach.runs;
  };
  return new Set(nodes.flatMap(({ name }, index) => (isCrossed(index) ? [name] : [])));
}
