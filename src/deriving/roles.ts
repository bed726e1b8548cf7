import { isReserved, type NodeRole, type Profile, type RoleLabel } from '../profile/profile.ts';
import { compareText } from '../report/order.ts';
import { type ClusterNode, commonTaints, hasRole, isTainted, type NodeTaint } from './nodes.ts';

/** A node role of the profile, and the Nodes that have it. */
export interface RoleFacts {
  readonly role: NodeRole;
  readonly nodes: readonly ClusterNode[];
  /** Those that lack its taints; empty for a role without taints. */
  readonly untainted: readonly ClusterNode[];
}

/** Nodes with one label that the profile does not know, and the taints that all of them have. */
export interface ExtraRole {
  readonly label: { readonly key: string; readonly value: string };
  /** A name for the role. */
  readonly name: string;
  readonly nodes: readonly ClusterNode[];
  readonly taints: readonly NodeTaint[];
}

/** How a role of the profile is in this cluster: with the names of more pools, or always tainted. */
export interface AdaptedRole {
  readonly role: NodeRole;
  /** What is different, in words. */
  readonly because: string;
}

/** What the Nodes say of the roles of a profile. */
export interface NodeRoles {
  readonly roles: readonly RoleFacts[];
  /** Nodes with none of the roles, nor an extra one. */
  readonly others: readonly ClusterNode[];
  readonly extra: readonly ExtraRole[];
  readonly adapted: readonly AdaptedRole[];
}

/** Labels by which distributions and people tell pools of nodes apart, each with its values. */
const POOL_KEYS = [
  'karpenter.sh/nodepool',
  'cloud.google.com/gke-nodepool',
  'kubernetes.azure.com/mode',
  'eks.amazonaws.com/nodegroup',
  'alibabacloud.com/system-nodepool',
];
const ROLE_KEY = /^node-role\.kubernetes\.io\/|^node\.kubernetes\.io\/.*controller/;

/** Compares the Nodes of a cluster with the roles of a profile. What it proposes never weakens the profile. */
export function rolesOf(
  { nodeRoles, otherWorkloads }: Pick<Profile, 'nodeRoles' | 'otherWorkloads'>,
  nodes: readonly ClusterNode[],
): NodeRoles {
  const own = otherWorkloads?.nodeRole;
  const adapted = nodeRoles.flatMap(
    (role) =>
      (role.name === own
        ? openRole(role, { nodes, nodeRoles })
        : stricterRole(role, { nodes, nodeRoles })) ?? [],
  );
  const effective = nodeRoles.map(
    (role) => adapted.find((one) => one.role.name === role.name)?.role ?? role,
  );
  const roles = effective.map((role) => factsOf(role, nodes));
  const extra = extraRoles(effective, nodes);
  const known = new Set([...roles, ...extra].flatMap((one) => one.nodes));
  return { roles, others: nodes.filter((node) => !known.has(node)), extra, adapted };
}

function factsOf(role: NodeRole, nodes: readonly ClusterNode[]): RoleFacts {
  const own = nodes.filter((node) => hasRole(node, role));
  const untainted = isReserved(role) ? own.filter((node) => !isTainted(node, role)) : [];
  return { role, nodes: own, untainted };
}

/**
 * A role whose taints are optional is reserved in a cluster where all of its nodes have them: then a check of
 * manifests without Nodes finds intruders as well. A pool with these taints and another name has the role too.
 */
function stricterRole(role: NodeRole, { nodes, nodeRoles }: Surroundings): AdaptedRole | undefined {
  if (role.optionalTaints !== true || !isReserved(role)) return undefined;
  const pools = poolsWhere(role, { nodes, nodeRoles }, (node) => isTainted(node, role));
  const labels = [...role.labels, ...pools];
  const all = nodes.filter((node) => hasRole(node, { labels }));
  if (all.length === 0 || !all.every((node) => isTainted(node, role))) return undefined;
  const { optionalTaints: _, ...fixed } = role;
  const names = pools.map(({ key, value }) => `${key}=${value}`);
  const isOnly = all.length === 1 ? 'its one Node has' : `all ${all.length} Nodes of it have`;
  const because = `${isOnly} its taints${names.length > 0 ? `, those of ${names.join(', ')} included` : ''}`;
  return { role: { ...fixed, labels }, because };
}

/**
 * The role of other workloads, with the pools that no reserved role has: a profile that knows pools by their names takes a pool
 * with another name for a mistake. Only pools without taints: what a taint keeps pods off, somebody has to decide.
 */
function openRole(role: NodeRole, around: Surroundings): AdaptedRole | undefined {
  if (isReserved(role)) return undefined;
  const pools = poolsWhere(role, around, (node) => commonTaints([node]).length === 0);
  if (pools.length === 0) return undefined;
  const names = pools.map(({ key, value }) => `${key}=${value}`);
  return {
    role: { ...role, labels: [...role.labels, ...pools] },
    because: `no Node of ${names.join(' and ')} has a taint`,
  };
}

interface Surroundings extends Pick<Profile, 'nodeRoles'> {
  readonly nodes: readonly ClusterNode[];
}

/** The pools that no role knows, and whose nodes are all alike, where roles are told apart by pools. */
function poolsWhere(
  role: NodeRole,
  { nodes, nodeRoles }: Surroundings,
  isSuch: (node: ClusterNode) => boolean,
): readonly RoleLabel[] {
  const keys = POOL_KEYS.filter((key) =>
    [role, ...nodeRoles.filter(isReserved)].some(({ labels }) =>
      labels.some((label) => label.key === key && label.value !== undefined),
    ),
  );
  return keys.flatMap((key) =>
    valuesOf(nodes, key)
      .filter((value) => isLabelValue(value) && value !== '')
      .filter((value) => !nodeRoles.some(({ labels }) => isLabelOf(labels, { key, value })))
      .filter((value) => nodes.filter(({ labels }) => labels.get(key) === value).every(isSuch))
      .map((value) => ({ key, value })),
  );
}

function extraRoles(
  roles: readonly NodeRole[],
  nodes: readonly ClusterNode[],
): readonly ExtraRole[] {
  const keys = new Set(nodes.flatMap(({ labels }) => [...labels.keys()]));
  return (
    [...keys]
      .filter((key) => ROLE_KEY.test(key) || POOL_KEYS.includes(key))
      .sort(compareText)
      .flatMap((key) => valuesOf(nodes, key).map((value) => ({ key, value })))
      .filter((label) => !roles.some(({ labels }) => isLabelOf(labels, label)))
      .map((label) => {
        const own = nodes.filter(({ labels }) => labels.get(label.key) === label.value);
        return { label, name: nameOf(label), nodes: own, taints: commonTaints(own) };
      })
      // A pool without taints reserves nothing, and clusters have many.
      .filter(({ label, taints }) => ROLE_KEY.test(label.key) || taints.length > 0)
  );
}

function valuesOf(nodes: readonly ClusterNode[], key: string): readonly string[] {
  return [...new Set(nodes.flatMap(({ labels }) => labels.get(key) ?? []))].sort(compareText);
}

function isLabelOf(
  labels: readonly RoleLabel[],
  { key, value }: { readonly key: string; readonly value: string },
): boolean {
  return labels.some(
    (label) => label.key === key && (label.value === undefined || label.value === value),
  );
}

/** The end of the key of a role's label, or the name of a pool. */
function nameOf({ key, value }: ExtraRole['label']): string {
  const name = ROLE_KEY.test(key) ? key.slice(key.indexOf('/') + 1) : value;
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
}

/** Whether an API server takes this for the value of a label. */
export function isLabelValue(value: string): boolean {
  return /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/.test(value);
}
