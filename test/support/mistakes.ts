import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIBRARY } from './compile.ts';

/** A one-line mistake in the vocabulary: the file, what stands there, and a slip. */
export type Mistake = readonly [file: string, right: string, wrong: string];

/** What is made of a copy of the vocabulary that has the mistake. */
export function withMistake<T>([file, right, wrong]: Mistake, compile: (library: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-'));
  try {
    cpSync(LIBRARY, folder, { recursive: true });
    const path = join(folder, `${file}.rego`);
    const text = readFileSync(path, 'utf8');
    assert.ok(text.includes(right), `${file}.rego does not say ${right}`);
    writeFileSync(path, text.replaceAll(right, wrong));
    return compile(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Mistakes about where a pod can run. */
export const SCHEDULING_MISTAKES: readonly Mistake[] = [
  ['scheduling/pods', '"scheduler": {"NoSchedule", "NoExecute"}', '"scheduler": {"NoSchedule"}'],
  ['nodes/taints', '"effect") in {"", taint.effect}', '"effect") == taint.effect'],
  ['nodes/taints', '"key") in {"", taint.key}', '"key") == taint.key'],
  ['nodes/taints', '"operator") == "Exists"', '"operator") in {"Exists", "exists"}'],
  ['nodes/taints', '"operator") in {"", "Equal"}', '"operator") in {"Equal"}'],
  ['nodes/taints', '"value") == taint.value', '"value") != ""'],
  [
    'nodes/taints',
    '["node.kubernetes.io/pid-pressure", "NoSchedule"]',
    '["node.kubernetes.io/pid-pressure", "NoExecute"]',
  ],
  [
    'api/label_requirements',
    'object.get(state, "value", null) != unwanted',
    'state.value != unwanted',
  ],
  [
    'api/label_requirements',
    '_number(state) > threshold(requirement)',
    '_number(state) >= threshold(requirement)',
  ],
  [
    'api/label_requirements',
    '_number(state) < threshold(requirement)',
    '_number(state) <= threshold(requirement)',
  ],
  ['api/label_requirements', 'count(requirement.values) > 0', 'count(requirement.values) >= 0'],
  ['api/label_requirements', 'count(requirement.values) == 0', 'count(requirement.values) >= 0'],
  ['api/labels', 'parsed <= largest_number', 'parsed < largest_number - 1000000'],
  ['api/labels', 'count(significant) <= 19', 'count(significant) <= 18'],
  ['scheduling/node_affinity', 'count(term.requirements) + count(term.names) > 0', 'true'],
  ['scheduling/node_affinity', 'count(parsed.values) == 1', 'count(parsed.values) >= 1'],
  [
    'scheduling/node_affinity',
    'parsed.operator in {"In", "NotIn"}',
    'parsed.operator in {"In", "NotIn", "Exists"}',
  ],
  ['scheduling/pods', '"node": {"NoExecute"},', '"node": {"NoExecute", "NoSchedule"},'],
  ['scheduling/pods', '"file": set(),', '"file": {"NoExecute"},'],
  ['scheduling/feasibility', 'taint.effect in placement.effects', 'taint.effect in {"NoSchedule"}'],
  ['scheduling/feasibility', 'class.name == placement.node', 'class.name != ""'],
  [
    'nodes/nodes',
    'at(node, ["spec", "unschedulable"], false) == true',
    'at(node, ["spec", "unschedulable"], true) == true',
  ],
];

/** Mistakes about budgets, updates and what keeps pods apart. */
export const DISRUPTION_MISTAKES: readonly Mistake[] = [
  [
    'api/selectors',
    '{"In", "NotIn", "Exists", "DoesNotExist"}',
    '{"In", "NotIn", "Exists", "DoesNotExist", "Gt"}',
  ],
  ['api/selectors', '	label_requirements.valid(parsed)\n', '	parsed.key != ""\n'],
  ['api/selectors', '	is_object(selector)\n', '	selector != ""\n'],
  ['api/int_or_percent', 'ceil((', 'floor(('],
  ['api/int_or_percent', 'floor((', 'ceil(('],
  ['api/int_or_percent', '	endswith(given, "%")\n', '	given != ""\n'],
  [
    'disruption/budgets',
    'budget.apiVersion == "policy/v1beta1"',
    'budget.apiVersion == "policy/v2"',
  ],
  ['disruption/budgets', 'not _removed(budget, expression)', 'expression.operator != "Gt"'],
  ['disruption/budgets', 'count(_expressions(budget)) == 1', 'count(_expressions(budget)) >= 1'],
  [
    'disruption/budget_status',
    '{"DaemonSet", "Job", "CronJob", "Node"}',
    '{"DaemonSet", "Job", "CronJob"}',
  ],
  ['disruption/budget_status', 'group.kind != "Pod"', 'group.kind != "Node"'],
  ['disruption/budget_status', '	group.replicas > 0\n', '	group.replicas >= 0\n'],
  [
    'disruption/budget_status',
    'not is_number(budget.spec.minAvailable)',
    'budget.spec.minAvailable',
  ],
  ['disruption/budget_status', 'if expected > 0', 'if expected >= 0'],
  ['disruption/budget_status', 'max([0, expected - unavailable])', 'expected - unavailable'],
  [
    'disruption/budget_status',
    'scaled_up(budget.spec.minAvailable',
    'scaled_down(budget.spec.minAvailable',
  ],
  ['workloads/rollouts', '["DaemonSet", "extensions/v1beta1"]', '["DaemonSet", "apps/v1beta2"]'],
  ['workloads/rollouts', '["StatefulSet", "apps/v1beta1"]', '["StatefulSet", "apps/v1beta2"]'],
  [
    'workloads/rollouts',
    'obj.apiVersion == "extensions/v1beta1"',
    'obj.apiVersion == "apps/v1beta1"',
  ],
  ['workloads/rollouts', '_unavailable(0, 0) := 1', '_unavailable(0, 0) := 0'],
  [
    'workloads/rollouts',
    'scaled_down(_limits(obj).maxUnavailable',
    'scaled_up(_limits(obj).maxUnavailable',
  ],
  [
    'workloads/rollouts',
    'min([replicas, _unavailable(surge, unavailable)])',
    '_unavailable(surge, unavailable)',
  ],
  ['workloads/rollouts', 'replicas > fields.at(', 'replicas >= fields.at('],
  [
    'workloads/rollouts',
    '{"maxSurge": 0, "maxUnavailable": 1}',
    '{"maxSurge": 0, "maxUnavailable": 0}',
  ],
  ['scheduling/node_ports', 'taken.protocol == wanted.protocol', 'taken.number == wanted.number'],
  ['scheduling/node_ports', '_every_address in {address, other}', '_every_address == address'],
  ['scheduling/node_ports', '"restartPolicy") == "Always"', '"restartPolicy") != "Never"'],
  [
    'scheduling/node_ports',
    'fields.get(pod, "hostNetwork", false) == true',
    'fields.get(pod, "hostNetwork", true) == true',
  ],
  ['workloads/pod_labels', '{"pod-template-hash": revision}', '{}'],
  [
    'workloads/pod_labels',
    '"apps.kubernetes.io/pod-index": ordinal',
    '"apps.kubernetes.io/pod-index": revision',
  ],
  [
    'scheduling/inter_pod_affinity',
    'count(fields.list(term, "namespaces")) == 0',
    'is_object(term)',
  ],
  ['scheduling/inter_pod_affinity', '_of_keys(holder, "mismatchLabelKeys", "NotIn", own)', '[]'],
  ['scheduling/topology_spread', 'not _empty(selector)', 'is_object(selector)'],
  ['scheduling/topology_spread', '"maxSkew", 0) == 1', '"maxSkew", 0) <= 2'],
  ['scheduling/topology_spread', '"nodeTaintsPolicy", "Ignore"', '"nodeTaintsPolicy", "Honor"'],
  ['scheduling/topology_spread', '"minDomains", 1) > nodes.fit', '"minDomains", 1) >= nodes.fit'],
  ['scheduling/topology_spread', '"minDomains", 1) > 1', '"minDomains", 1) > 2'],
  ['scheduling/topology_spread', '== "DoNotSchedule"', '!= ""'],
  ['scheduling/topology_spread', 'if obj.kind != "DaemonSet"', 'if obj.kind != "Daemon"'],
  ['scheduling/node_sharing', 'repels(obj, second, first)', 'repels(obj, first, first)'],
];
