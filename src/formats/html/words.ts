import type { PolicyId } from '../../names.generated.ts';
import type { Finding } from '../../report/report.ts';

/** What a policy finds, in so few words that they fit into a row. */
export const SHORT = {
  'blocking-disruption-budget': 'blocks drains',
  'component-impersonation': 'impersonates',
  'control-plane-intrusion': 'intrudes',
  'interrupting-update': 'update interrupts',
  'missing-disruption-budget': 'no budget',
  'off-role-placement': 'leaves its role',
  'overlapping-disruption-budgets': 'two budgets',
  'powerless-disruption-budget': 'powerless budget',
  'repelled-component': 'repelled',
  'scheduler-bypass': 'bypasses scheduler',
  'stopped-component': 'stopped',
  'stuck-rollout': 'stuck rollout',
  'unevictable-unhealthy-pods': 'unhealthy pods stay',
  'unmatched-disruption-budget': 'unmatched budget',
  'unreachable-node-role': 'cannot reach its role',
  'unspread-replicas': 'not spread',
  'untainted-control-plane-node': 'taints and labels differ',
  'wrong-replica-count': 'replica count',
  'wrong-workload-kind': 'other kind',
} as const satisfies Record<PolicyId, string>;

/** What is wrong with a Node, in a few words. Its fields say which of the faults of its policy it is. */
export function nodeFault({ policy, path }: Pick<Finding, 'policy' | 'path'>): string {
  const [first, second] = path;
  if (policy === 'untainted-control-plane-node') {
    if (first === 'metadata' && second === 'labels') return 'label has another value';
    if (first === 'spec' && second === 'taints') return taintFault(path.length);
  }
  return SHORT[policy];
}

/** The path is that of the missing list, of a taint, or of the value of one. */
function taintFault(steps: number): string {
  if (steps === 2) return 'label without its taint';
  return steps === 3 ? 'taint without its label' : 'taint has another value';
}
