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
  ['pod_placement', '"scheduler": {"NoSchedule", "NoExecute"}', '"scheduler": {"NoSchedule"}'],
  ['taint', '"effect") in {"", taint.effect}', '"effect") == taint.effect'],
  ['taint', '"key") in {"", taint.key}', '"key") == taint.key'],
  ['taint', '"operator") == "Exists"', '"operator") in {"Exists", "exists"}'],
  ['taint', '"operator") in {"", "Equal"}', '"operator") in {"Equal"}'],
  ['taint', '"value") == taint.value', '"value") != ""'],
  [
    'taint',
    '["node.kubernetes.io/pid-pressure", "NoSchedule"]',
    '["node.kubernetes.io/pid-pressure", "NoExecute"]',
  ],
  ['requirement', 'object.get(state, "value", null) != unwanted', 'state.value != unwanted'],
  [
    'requirement',
    '_number(state) > threshold(requirement)',
    '_number(state) >= threshold(requirement)',
  ],
  [
    'requirement',
    '_number(state) < threshold(requirement)',
    '_number(state) <= threshold(requirement)',
  ],
  ['requirement', 'count(requirement.values) > 0', 'count(requirement.values) >= 0'],
  ['requirement', 'count(requirement.values) == 0', 'count(requirement.values) >= 0'],
  ['label', 'parsed <= largest_number', 'parsed < largest_number - 1000000'],
  ['label', 'count(significant) <= 19', 'count(significant) <= 18'],
  ['node_selection', 'count(term.requirements) + count(term.names) > 0', 'true'],
  ['node_selection', 'count(parsed.values) == 1', 'count(parsed.values) >= 1'],
  [
    'node_selection',
    'parsed.operator in {"In", "NotIn"}',
    'parsed.operator in {"In", "NotIn", "Exists"}',
  ],
  ['pod_placement', '"node": {"NoExecute"},', '"node": {"NoExecute", "NoSchedule"},'],
  ['pod_placement', '"file": set(),', '"file": {"NoExecute"},'],
  ['scheduling', 'mark.effect in placement.effects', 'mark.effect in {"NoSchedule"}'],
  ['scheduling', 'class.name == placement.node', 'class.name != ""'],
  [
    'node',
    'at(node, ["spec", "unschedulable"], false) == true',
    'at(node, ["spec", "unschedulable"], true) == true',
  ],
];

/** Mistakes about budgets, updates and what keeps pods apart. */
export const DISRUPTION_MISTAKES: readonly Mistake[] = [
  [
    'label_selector',
    '{"In", "NotIn", "Exists", "DoesNotExist"}',
    '{"In", "NotIn", "Exists", "DoesNotExist", "Gt"}',
  ],
  ['label_selector', '	requirement.valid(parsed)\n', '	parsed.key != ""\n'],
  ['label_selector', '	is_object(selector)\n', '	selector != ""\n'],
  ['int_or_percent', 'ceil((', 'floor(('],
  ['int_or_percent', 'floor((', 'ceil(('],
  ['int_or_percent', '	endswith(given, "%")\n', '	given != ""\n'],
  [
    'disruption_budget',
    'budget.apiVersion == "policy/v1beta1"',
    'budget.apiVersion == "policy/v2"',
  ],
  ['disruption_budget', 'not _struck(budget, expression)', 'expression.operator != "Gt"'],
  ['disruption_budget', 'count(_expressions(budget)) == 1', 'count(_expressions(budget)) >= 1'],
  ['eviction', '{"DaemonSet", "Job", "CronJob", "Node"}', '{"DaemonSet", "Job", "CronJob"}'],
  ['eviction', 'group.kind != "Pod"', 'group.kind != "Node"'],
  ['eviction', '	group.replicas > 0\n', '	group.replicas >= 0\n'],
  ['eviction', 'not is_number(budget.spec.minAvailable)', 'budget.spec.minAvailable'],
  ['eviction', 'if expected > 0', 'if expected >= 0'],
  ['eviction', 'max([0, expected - unavailable])', 'expected - unavailable'],
  ['eviction', 'scaled_up(budget.spec.minAvailable', 'scaled_down(budget.spec.minAvailable'],
  ['rollout', '["DaemonSet", "extensions/v1beta1"]', '["DaemonSet", "apps/v1beta2"]'],
  ['rollout', '["StatefulSet", "apps/v1beta1"]', '["StatefulSet", "apps/v1beta2"]'],
  ['rollout', 'object_.apiVersion == "extensions/v1beta1"', 'object_.apiVersion == "apps/v1beta1"'],
  ['rollout', '_unavailable(0, 0) := 1', '_unavailable(0, 0) := 0'],
  [
    'rollout',
    'scaled_down(_limits(object_).maxUnavailable',
    'scaled_up(_limits(object_).maxUnavailable',
  ],
  ['rollout', 'min([replicas, _unavailable(surge, down)])', '_unavailable(surge, down)'],
  ['rollout', 'replicas > value.at(', 'replicas >= value.at('],
  ['rollout', '{"maxSurge": 0, "maxUnavailable": 1}', '{"maxSurge": 0, "maxUnavailable": 0}'],
  ['host_port', 'taken.protocol == wanted.protocol', 'taken.number == wanted.number'],
  ['host_port', '_every_address in {address, other}', '_every_address == address'],
  ['host_port', '"restartPolicy") == "Always"', '"restartPolicy") != "Never"'],
  [
    'host_port',
    'value.get(pod, "hostNetwork", false) == true',
    'value.get(pod, "hostNetwork", true) == true',
  ],
  ['pod_labels', '{"pod-template-hash": revision}', '{}'],
  [
    'pod_labels',
    '"apps.kubernetes.io/pod-index": ordinal',
    '"apps.kubernetes.io/pod-index": revision',
  ],
  ['affinity_term', 'count(value.list(term, "namespaces")) == 0', 'is_object(term)'],
  ['spread', '_of_keys(holder, "mismatchLabelKeys", "NotIn", own)', '[]'],
  ['spread', 'not _empty(selector)', 'is_object(selector)'],
  ['spread', '"maxSkew", 0) == 1', '"maxSkew", 0) <= 2'],
  ['spread', '"nodeTaintsPolicy", "Ignore"', '"nodeTaintsPolicy", "Honor"'],
  ['spread', '"minDomains", 1) > nodes.fit', '"minDomains", 1) >= nodes.fit'],
  ['spread', '"minDomains", 1) > 1', '"minDomains", 1) > 2'],
  ['spread', '== "DoNotSchedule"', '!= ""'],
  ['spread', 'if object_.kind != "DaemonSet"', 'if object_.kind != "Daemon"'],
  ['spread', '_repels(object_, second, first)', '_repels(object_, first, first)'],
];
