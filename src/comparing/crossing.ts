import { identityOf, type ObjectReference } from '../kubernetes/objects.ts';
import type { PolicyId } from '../names.generated.ts';
import type { Crossing } from '../report/diff.ts';
import type { Reach, WorkloadReach } from '../report/reach.ts';
import type { Finding } from '../report/report.ts';

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

/** Those that say on nodes of which role a workload can run. */
const OF_ROLES: ReadonlySet<PolicyId> = new Set([
  'control-plane-intrusion',
  'off-role-placement',
  'scheduler-bypass',
]);

/**
 * Makes a function that returns whether a finding with another message may be about another role: its workload can run where
 * it could not. A fingerprint does not have the role.
 *
 * @param crossings both ways: what is new one way is fixed the other way.
 */
export function aboutOtherRole(crossings: readonly Crossing[]): (finding: Finding) => boolean {
  const key = (environment: string | null, object: ObjectReference) =>
    `${environment ?? ''}\0${identityOf(object)}`;
  const moved = new Set(crossings.map(({ environment, object }) => key(environment, object)));
  return ({ policy, environment, object }) =>
    OF_ROLES.has(policy) && moved.has(key(environment, object));
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
