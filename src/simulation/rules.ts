import type { Pod, Rule } from './world.ts';

/** A pod that needs a node, and the pods of its workload that have one. */
export interface Placing {
  readonly pod: Pod;
  readonly own: readonly Pod[];
  /** Whether the node takes no new pods. */
  readonly isClosed: (node: string) => boolean;
}

/** Whether a scheduler may put the pod on the node. */
export function isAllowed(node: string, placing: Placing): boolean {
  const { own, pod } = placing;
  if (isRepelled(node, placing)) return false;
  return pod.workload.rules.every((rule) =>
    rule.means === 'exclusive'
      ? !isTaken(rule, node, counting(own, pod, rule))
      : isBalanced(rule, node, placing),
  );
}

/** How full the node and its domains are: the emptiest one evens out a spread soonest. */
export function load(node: string, { own, pod }: Placing): number {
  const domains = pod.workload.rules.map((rule) => {
    const domain = rule.domains.get(node);
    return own.filter((other) => rule.domains.get(other.node ?? '') === domain).length;
  });
  const beside = own.filter((other) => other.node === node).length;
  return domains.reduce((sum, count) => sum + count * own.length, beside);
}

function isRepelled(node: string, { own, pod }: Placing): boolean {
  const { workload, isNew } = pod;
  if (workload.apart === 'no' && workload.kind !== 'DaemonSet') return false;
  // A DaemonSet has one pod of each revision on a node.
  const isWithin = workload.apart !== 'always';
  return own.some((other) => other.node === node && (!isWithin || other.isNew === isNew));
}

function isTaken({ domains }: Rule, node: string, own: readonly Pod[]): boolean {
  const domain = domains.get(node);
  return domain !== undefined && own.some((other) => domains.get(other.node ?? '') === domain);
}

/** PodTopologySpread: the node's domain then has at most maxSkew pods more than the emptiest one. */
function isBalanced(rule: Rule, node: string, { own, pod, isClosed }: Placing): boolean {
  const domain = rule.domains.get(node);
  if (domain === undefined) return false;
  const counts = new Map<string, number>();
  for (const [name, found] of rule.domains) {
    if (!rule.honorsTaints || !isClosed(name)) counts.set(found, counts.get(found) ?? 0);
  }
  for (const other of counting(own, pod, rule)) {
    const found = rule.domains.get(other.node ?? '');
    const count = found === undefined ? undefined : counts.get(found);
    if (found !== undefined && count !== undefined && isCounted(rule, other, isClosed)) {
      counts.set(found, count + 1);
    }
  }
  const least = counts.size < rule.minDomains ? 0 : Math.min(...counts.values());
  return (counts.get(domain) ?? 0) + 1 - least <= rule.maxSkew;
}

/** Pods on a node that does not count are not counted either. */
function isCounted(rule: Rule, { node }: Pod, isClosed: Placing['isClosed']): boolean {
  return node !== undefined && (!rule.honorsTaints || !isClosed(node));
}

function counting(own: readonly Pod[], { isNew }: Pod, { across }: Rule): readonly Pod[] {
  return across ? own : own.filter((other) => other.isNew === isNew);
}
