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
  const before = byObject(old);
  const known = new Set(old.nodes.map(({ name }) => name));
  const rolesOf = new Map(now.nodes.map(({ name, roles }) => [name, roles]));
  return [...byObject(now)].flatMap(([key, is]) => {
    const was = before.get(key);
    const hadRole = (role: string) => was?.roles.has(role) === true;
    const isNews = (node: string) =>
      was?.nodes.has(node) !== true && (known.has(node) || !rolesOf.get(node)?.some(hadRole));
    const roles = [...is.roles].filter((role) => !hadRole(role));
    const nodes = [...is.nodes].filter(isNews);
    if (roles.length === 0 && nodes.length === 0) return [];
    const { object, component } = is.workload;
    return [{ environment: now.environment, object, component, roles, nodes }];
  });
}

/** Where a workload can run and must not. */
interface Forbidden {
  readonly workload: WorkloadReach;
  readonly roles: Set<string>;
  readonly nodes: Set<string>;
}

/** An object may be there several times, as several components: then all that it crosses counts. */
function byObject({ workloads, roles, nodes }: Reach): ReadonlyMap<string, Forbidden> {
  const found = new Map<string, Forbidden>();
  for (const workload of workloads) {
    const key = keyOf(workload);
    const own = found.get(key) ?? { workload, roles: new Set(), nodes: new Set() };
    found.set(key, own);
    for (const [index, { share, expected }] of workload.byRole.entries()) {
      const role = roles[index];
      if (role !== undefined && expected === 'forbidden' && share !== 'none') own.roles.add(role);
    }
    for (const [index, { runs, expected }] of workload.byNode.entries()) {
      const node = nodes[index];
      if (node !== undefined && expected === 'forbidden' && runs) own.nodes.add(node.name);
    }
  }
  return found;
}

/** Single pods of a component are one workload, whichever of them is the first. */
function keyOf({ object, component }: WorkloadReach): string {
  const isPods = component !== null && object.kind === 'Pod';
  return identityOf(isPods ? { ...object, name: `component ${component}` } : object);
}
