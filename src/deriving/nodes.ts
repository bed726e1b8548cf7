import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap, stringAt } from '../kubernetes/objects.ts';
import { isReserved, type NodeRole, type RoleLabel, type Taint } from '../profile/profile.ts';
import { compareText } from '../report/order.ts';

/** What a Node of a cluster says of itself. */
export interface ClusterNode {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  /** The names of its annotations. */
  readonly annotations: readonly string[];
  /** Without those that come and go with the state of the node. */
  readonly taints: readonly NodeTaint[];
  /** The version of its kubelet; null if it does not say. */
  readonly kubelet: string | null;
}

/** A taint of a Node. */
export interface NodeTaint {
  readonly key: string;
  readonly value: string;
  readonly effect: Taint['effect'];
}

/** The taints that controllers set while something lasts: they reserve nothing. */
const TRANSIENT =
  /^(?:node\.kubernetes\.io|node\.cloudprovider\.kubernetes\.io|node\.cluster\.x-k8s\.io|karpenter\.sh)\/|agent-not-ready$|^(?:ToBeDeletedByClusterAutoscaler|UpdateInProgress$|DeletionCandidate)/;

/** Finds the Nodes among objects, by name. Of Nodes with one name the last counts, as in a check. */
export function nodesIn(objects: readonly JsonObject[]): readonly ClusterNode[] {
  const nodes = objects
    .filter(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'Node')
    .map(nodeOf);
  const byName = new Map(nodes.map((node) => [node.name, node]));
  return [...byName.values()].sort((a, b) => compareText(a.name, b.name));
}

function nodeOf({ metadata, spec, status }: JsonObject): ClusterNode {
  const facts = isMap(metadata) ? metadata : {};
  const info = isMap(status) ? status['nodeInfo'] : undefined;
  return {
    name: stringAt(facts, 'name') ?? '',
    labels: new Map(
      Object.entries(mapOf(facts['labels'])).flatMap(([key, value]) =>
        typeof value === 'string' ? [[key, value] as const] : [],
      ),
    ),
    annotations: Object.keys(mapOf(facts['annotations'])),
    taints: listOf(mapOf(spec)['taints']).flatMap(taintOf),
    kubelet: stringAt(info, 'kubeletVersion'),
  };
}

function taintOf(taint: JsonValue): readonly NodeTaint[] {
  const [key, effect] = [stringAt(taint, 'key'), stringAt(taint, 'effect')];
  if (key === null || TRANSIENT.test(key)) return [];
  if (effect !== 'NoSchedule' && effect !== 'NoExecute' && effect !== 'PreferNoSchedule') return [];
  return [{ key, value: stringAt(taint, 'value') ?? '', effect }];
}

function mapOf(value: JsonValue | undefined): JsonObject {
  return isMap(value) ? value : {};
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** Whether a Node has a role: any label of it, and none that its nodes lack. */
export function hasRole(node: ClusterNode, { labels }: Pick<NodeRole, 'labels'>): boolean {
  const has = ({ key, value }: RoleLabel) =>
    node.labels.has(key) && (value === undefined || node.labels.get(key) === value);
  if (labels.some(({ key, exists }) => exists === false && node.labels.has(key))) return false;
  const own = labels.filter(({ exists }) => exists !== false);
  return own.length === 0 || own.some(has);
}

/** Whether a Node has one of the sets of taints that keep pods off the nodes of a role. */
export function isTainted(node: ClusterNode, role: NodeRole): boolean {
  if (!isReserved(role)) return false;
  return [role.taints, ...(role.alternativeTaints ?? [])].some((set) =>
    set.every((taint) => node.taints.some((own) => isSameTaint(taint, own))),
  );
}

function isSameTaint({ key, value = '', exists, effect }: Taint, own: NodeTaint): boolean {
  return own.key === key && own.effect === effect && (exists === true || own.value === value);
}

/** A taint as kubectl writes it. */
export function taintText({ key, value = '', exists, effect }: Taint): string {
  const values = exists === true ? '=*' : value === '' ? '' : `=${value}`;
  return `${key}${values}:${effect}`;
}

/** The taints that keep pods off and that all of the Nodes have. */
export function commonTaints(nodes: readonly ClusterNode[]): readonly NodeTaint[] {
  const [first, ...others] = nodes;
  return (first?.taints ?? []).filter(
    (taint) =>
      taint.effect !== 'PreferNoSchedule' &&
      others.every((node) => node.taints.some((own) => isSameTaint(taint, own))),
  );
}
