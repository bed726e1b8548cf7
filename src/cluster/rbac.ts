import { ADMISSION } from '../admission/names.ts';
import { CONSTRAINTS } from '../gatekeeper/names.ts';
import { compareText } from '../report/order.ts';
import { type KindToRead, pluralOf } from './kinds.ts';

/** The name of both objects. */
const NAME = 'bulkhead-audit';
/** Who gets the rights unless a user is named: no one is in this group until someone is put there. */
const GROUP = 'bulkhead:auditors';

/**
 * Writes a ClusterRole with the rights that an audit needs, and a binding of it: it lists the kinds, and nothing else.
 *
 * @param user gets the rights.
 */
export function rbacText(kinds: readonly KindToRead[], user?: string): string {
  const resources = new Map<string, Set<string>>();
  for (const { kind, groups } of kinds) {
    for (const group of groups) {
      const known = resources.get(group) ?? new Set();
      resources.set(group, known.add(pluralOf(kind, group)));
    }
  }
  const groups = [...resources].sort(([a], [b]) => compareText(a, b));
  return `# What bulkhead audit reads. Delete the rules of API groups that your cluster does not serve.
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: ${NAME}
rules:
${groups.map(([group, names]) => ruleText(group, [...names].sort(compareText))).join('')}---
# Whom it is for.
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: ${NAME}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: ${NAME}
subjects:
${subjectText(user)}`;
}

function ruleText(group: string, names: readonly string[]): string {
  const note = [ADMISSION, CONSTRAINTS].includes(group) ? ' # waivers that have expired' : '';
  return `- apiGroups: [${JSON.stringify(group)}]${note}
  resources: [${names.join(', ')}]
  verbs: [list]
`;
}

function subjectText(user: string | undefined): string {
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user ?? '');
  if (account !== null) {
    return `- kind: ServiceAccount
  name: ${JSON.stringify(account[2])}
  namespace: ${JSON.stringify(account[1])}
`;
  }
  const [kind, name] = user === undefined ? ['Group', GROUP] : ['User', user];
  return `- apiGroup: rbac.authorization.k8s.io
  kind: ${kind}
  name: ${JSON.stringify(name)}
`;
}
