import type { JsonObject } from '../kubernetes/json.ts';
import { type ObjectReference, reference } from '../kubernetes/objects.ts';
import { type Addon, type Component, fits } from '../profile/profile.ts';
import { compareReferences, compareText } from '../report/order.ts';
import type { ClusterNode } from './nodes.ts';

/** An add-on of which a cluster has objects. */
export interface FoundAddon {
  /** As `extends` names it. */
  readonly name: string;
  readonly title: string;
  /** The objects that its rows name. */
  readonly objects: readonly ObjectReference[];
  /** Why this is not enough to take it for the add-on; null if it is. */
  readonly doubt: string | null;
}

/**
 * Keys of annotations and labels that the agents of networks write at the Nodes, where no tenant can write; and the names of all
 * agents that write them.
 */
const NODE_SIGNS: Readonly<Record<string, { readonly key: RegExp; readonly agent: RegExp }>> = {
  'addons/calico': { key: /^projectcalico\.org\//, agent: /calico|canal/ },
  'addons/canal': {
    key: /^(?:projectcalico\.org|flannel\.alpha\.coreos\.com)\//,
    agent: /canal/,
  },
  'addons/cilium': { key: /^(?:network\.cilium\.io\/|io\.cilium\.)/, agent: /cilium/ },
  'addons/flannel': { key: /^flannel\.alpha\.coreos\.com\//, agent: /flannel|canal/ },
};

/** Namespaces where only administrators create objects. */
const SYSTEM = /^kube-(?:system|public|node-lease)$/;

interface Evidence {
  readonly rows: readonly Component[];
  readonly objects: readonly ObjectReference[];
}

/**
 * Finds the add-ons of which a cluster has objects, by namespace, name and kind.
 *
 * A name alone proves nothing: a workload could be called like the agent of a network that the cluster does not have.
 * So an add-on needs a second sign: another object of it, of another row; or what its agent writes at Nodes; or, where it is
 * one workload alone, a namespace that is not open to tenants. Where one of its installations is in such a namespace, what is
 * in the namespace of another one is no part of it.
 */
export function findAddons(
  addons: Readonly<Record<string, Addon>>,
  objects: readonly JsonObject[],
  nodes: readonly ClusterNode[],
): readonly FoundAddon[] {
  const references = objects.map(reference);
  return Object.entries(addons)
    .map(([name, addon]) => ({ name, addon, evidence: evidenceOf(addon, references) }))
    .filter(({ evidence }) => evidence.objects.length > 0)
    .sort((a, b) => b.evidence.rows.length - a.evidence.rows.length || compareText(a.name, b.name))
    .map(({ name, addon, evidence }) => ({
      name,
      title: addon.title,
      objects: evidence.objects,
      doubt:
        twiceInstalled(addon, evidence) ?? doubtOf(name, addon, { evidence, references, nodes }),
    }));
}

function evidenceOf({ components }: Addon, references: readonly ObjectReference[]): Evidence {
  const rows = components.filter((row) => references.some((one) => isNamed(row, one)));
  const found = references.filter((one) => rows.some((row) => isNamed(row, one)));
  const unique = new Map(found.map((one) => [`${one.kind} ${one.namespace} ${one.name}`, one]));
  return { rows, objects: [...unique.values()].sort(compareReferences) };
}

/** Whether a row names just this object: a pattern fits what anyone may call so. */
function isNamed(row: Component, { kind, namespace, name }: ObjectReference): boolean {
  const { match } = row;
  if (row.static === true) return false;
  const isExact = match.namespace === namespace && match.name === name;
  return isExact && !`${namespace}${name}`.includes('*') && kindsOf(row).includes(kind);
}

/** Whether a row is for an object, by its pattern too. */
export function isCovered(row: Component, { kind, namespace, name }: ObjectReference): boolean {
  const { match } = row;
  const kinds = kindsOf(row);
  const isKind = kinds.length === 0 || kinds.includes(kind);
  return isKind && fits(match.namespace, namespace ?? '') && fits(match.name, name ?? '');
}

function kindsOf({ match, type, kinds = [] }: Component): readonly string[] {
  if (match.kind !== undefined) return [match.kind];
  return type === undefined ? kinds : [type];
}

/**
 * An add-on that can be installed in a namespace of the system or in one of its own, such as Calico, is in one of them. Anyone
 * who may create the other namespace could add to it.
 */
function twiceInstalled({ components }: Addon, { rows }: Evidence): string | null {
  const isTwice = components.some((one) =>
    components.some(
      ({ match, type }) =>
        match.name === one.match.name &&
        type === one.type &&
        match.namespace !== one.match.namespace,
    ),
  );
  const namespaces = [...new Set(rows.map(({ match }) => match.namespace))];
  const open = namespaces.filter((namespace) => !SYSTEM.test(namespace));
  if (!isTwice || open.length === namespaces.length || open.length === 0) return null;
  return `it is in kube-system, and tenants may own the namespace ${open.join(', ')}`;
}

function doubtOf(
  name: string,
  { components }: Addon,
  {
    evidence,
    references,
    nodes,
  }: {
    readonly evidence: Evidence;
    readonly references: readonly ObjectReference[];
    readonly nodes: readonly ClusterNode[];
  },
): string | null {
  if (evidence.rows.length > 1) return null;
  const [row] = evidence.rows;
  const namespace = row?.match.namespace ?? '';
  const sign = NODE_SIGNS[name];
  const isAgent = row !== undefined && kindsOf(row).includes('DaemonSet');
  if (isAgent && sign !== undefined && nodes.some((node) => hasSign(node, sign.key))) {
    const other = SYSTEM.test(namespace) ? null : otherAgent(sign.agent, { references, nodes });
    if (other === null) return null;
    return `${other} writes the same at Nodes, and tenants may own the namespace ${namespace}`;
  }
  const kinds = new Set(
    components.filter(({ match }) => match.namespace === namespace).flatMap(kindsOf),
  );
  if (kinds.size > 1) return 'the cluster has nothing else of it';
  if (!SYSTEM.test(namespace)) return `tenants may own the namespace ${namespace}`;
  return null;
}

/** An agent that writes the same at the Nodes, so that this is no sign of another one. */
function otherAgent(
  agent: RegExp,
  {
    references,
    nodes,
  }: { readonly references: readonly ObjectReference[]; readonly nodes: readonly ClusterNode[] },
): string | null {
  // k3s runs flannel itself, without a pod.
  if (agent.test('flannel') && nodes.some(({ kubelet }) => kubelet?.includes('+k3s'))) return 'k3s';
  const found = references.find(
    ({ kind, namespace, name }) =>
      kind === 'DaemonSet' && SYSTEM.test(namespace ?? '') && agent.test(name ?? ''),
  );
  return found === undefined ? null : `DaemonSet ${found.namespace}/${found.name}`;
}

function hasSign({ annotations, labels }: ClusterNode, sign: RegExp): boolean {
  return [...annotations, ...labels.keys()].some((key) => sign.test(key));
}
