import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIBRARY } from './compile.ts';
import { partsOf, type RegoNode, rulesNamed } from './rego.ts';

/**
 * A deliberate mistake in a rule of the libraries.
 *
 * It names parts of the rule by their source, regardless of layout: an operator, a constant, a variable,
 * the name of a call. If several parts are equal, `beside` selects the one that is closest to it. If
 * several are equally close, `nth` selects one.
 */
export type Mistake = {
  /** The directory, the file and the name below `policies/lib`. */
  readonly rule: string;
  readonly beside?: string;
  readonly nth?: number;
} & (
  | { readonly change: readonly [part: string, into: string] }
  /** The expression with this part does not count. */
  | { readonly drop: string }
  /** The set, array or object lacks this item. */
  | { readonly without: string }
);

/** A mistake in a few words. */
export function titleOf(mistake: Mistake): string {
  const { rule, beside } = mistake;
  const at = beside === undefined ? rule : `${rule} at ${beside}`;
  if ('change' in mistake) return `${at}: ${mistake.change.join(' becomes ')}`;
  return 'drop' in mistake ? `${at}: drop ${mistake.drop}` : `${at}: without ${mistake.without}`;
}

/**
 * Makes something from a copy of the libraries that has the mistake.
 *
 * @throws Error if the rule has no such part, or several.
 */
export function withMistake<T>(mistake: Mistake, compile: (library: string) => T): T {
  const { path, text } = mistaken(mistake);
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-'));
  try {
    cpSync(LIBRARY, directory, { recursive: true });
    writeFileSync(join(directory, path), text);
    return compile(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A file of the libraries with the mistake in it. */
export function mistaken(mistake: Mistake): { readonly path: string; readonly text: string } {
  const [name = '', ...directories] = mistake.rule.split('.').reverse();
  const path = `${join(...directories.reverse())}.rego`;
  const { start, end, text } = editOf(mistake, rulesNamed(join(LIBRARY, path), name));
  const source = readFileSync(join(LIBRARY, path), 'utf8');
  return { path, text: source.slice(0, start) + text + source.slice(end) };
}

type Edit = Pick<RegoNode, 'start' | 'end' | 'text'>;

/** A part, and those that it is in. */
type Place = readonly [part: RegoNode, within: readonly RegoNode[]];

function editOf(mistake: Mistake, rules: readonly RegoNode[]): Edit {
  if ('change' in mistake) {
    const [from, text] = mistake.change;
    const [part] = placeOf(from, mistake, rules);
    return { ...part, text };
  }
  if ('drop' in mistake) {
    const [, within] = placeOf(mistake.drop, mistake, rules);
    return {
      ...found(
        within.find(({ type }) => type === 'expression'),
        mistake,
      ),
      text: 'true',
    };
  }
  const [item, within] = placeOf(mistake.without, mistake, rules);
  return withoutItem(
    found(
      within.find(({ type }) => COLLECTIONS.has(type)),
      mistake,
    ),
    item,
  );
}

const COLLECTIONS: ReadonlyMap<string, readonly [open: string, close: string, empty: string]> =
  new Map([
    ['array', ['[', ']', '[]']],
    ['set', ['{', '}', 'set()']],
    ['object', ['{', '}', '{}']],
  ]);

function withoutItem(collection: RegoNode, item: RegoNode): Edit {
  const [open, close, empty] = COLLECTIONS.get(collection.type) ?? ['', '', ''];
  const others = collection.children
    .filter(({ start, end }) => item.start < start || end < item.end)
    .map(({ children, text, type }) =>
      type === 'pair' ? children.map((part) => part.text).join(': ') : text,
    );
  const text = others.length === 0 ? empty : `${open}${others.join(', ')}${close}`;
  return { ...collection, text };
}

function placeOf(part: string, mistake: Mistake, rules: readonly RegoNode[]): Place {
  const { beside, nth } = mistake;
  const candidates = new Map(
    rules
      .flatMap((rule) => partsOf(rule))
      .filter(([{ text }]) => text === part)
      .map((place) => [`${place[0].start} ${place[0].end}`, place]),
  );
  const ranked = [...candidates.values()]
    .map((place) => ({ place, size: beside === undefined ? 0 : distance(place, beside) }))
    .sort((a, b) => a.size - b.size);
  const closest = ranked.filter(({ size }) => size === ranked[0]?.size && size < Infinity);
  if (closest.length > 1 && nth === undefined) {
    throw new Error(`${titleOf(mistake)}: the rule has ${part} more than once`);
  }
  return found(closest[(nth ?? 1) - 1]?.place, mistake);
}

/** The length of the smallest part that contains both the place and the other part. */
function distance([, within]: Place, beside: string): number {
  const common = within.find((outer) => partsOf(outer).some(([{ text }]) => text === beside));
  return common === undefined ? Infinity : common.end - common.start;
}

function found<T>(value: T | undefined, mistake: Mistake): T {
  if (value === undefined) throw new Error(`${titleOf(mistake)}: the rule has no such part`);
  return value;
}

/** Mistakes about where a pod can run. */
export const SCHEDULING_MISTAKES: readonly Mistake[] = [
  { rule: 'scheduling.pods._effects', beside: '"scheduler"', without: '"NoExecute"' },
  {
    rule: 'scheduling.pods._effects',
    beside: '"node"',
    change: ['"NoExecute"', '"NoExecute", "NoSchedule"'],
  },
  { rule: 'scheduling.pods._effects', beside: '"file"', change: ['set()', '{"NoExecute"}'] },
  {
    rule: 'nodes.taints.tolerates',
    change: [
      '_names(fields.field_text(toleration, "effect"), taint.effect)',
      'fields.field_text(toleration, "effect") == taint.effect',
    ],
  },
  {
    rule: 'nodes.taints.tolerates',
    change: [
      '_names(fields.field_text(toleration, "key"), taint.key)',
      'fields.field_text(toleration, "key") == taint.key',
    ],
  },
  { rule: 'nodes.taints._value_tolerated', beside: '"Exists"', change: ['==', '>='] },
  { rule: 'nodes.taints._value_tolerated', without: '""' },
  { rule: 'nodes.taints._equal', drop: '"value"' },
  {
    rule: 'nodes.taints._daemon_taints',
    beside: '"node.kubernetes.io/pid-pressure"',
    change: ['"NoSchedule"', '"NoExecute"'],
  },
  { rule: 'api.label_requirements.holds', change: ['null', 'unwanted'] },
  { rule: 'api.label_requirements.holds', change: ['>', '>='] },
  { rule: 'api.label_requirements.holds', change: ['<', '<='] },
  { rule: 'api.label_requirements.fits', change: ['>', '>='] },
  { rule: 'api.label_requirements.fits', change: ['count(values) == 0', 'true'] },
  { rule: 'api.labels.number', change: ['largest_number', '(largest_number - 1000000)'] },
  { rule: 'api.labels.number', change: ['19', '18'] },
  { rule: 'scheduling.node_affinity._usable', change: ['>', '>='] },
  { rule: 'scheduling.node_affinity._usable', change: ['==', '>='] },
  { rule: 'scheduling.node_affinity._usable', change: ['"NotIn"', '"NotIn", "Exists"'] },
  { rule: 'scheduling.feasibility._refused', change: ['placement.effects', '{"NoSchedule"}'] },
  {
    rule: 'scheduling.feasibility._name_allowed',
    beside: 'class.name',
    change: ['placement.node', 'class.name'],
  },
  { rule: 'nodes.nodes._cordon', change: ['false', 'true'] },
];

/** Mistakes about budgets, updates and what keeps pods off one node. */
export const DISRUPTION_MISTAKES: readonly Mistake[] = [
  { rule: 'api.selectors._parses', change: ['"DoesNotExist"', '"DoesNotExist", "Gt"'] },
  { rule: 'api.selectors._parses', drop: 'label_requirements.valid' },
  { rule: 'api.selectors.matches', drop: 'is_object' },
  { rule: 'api.int_or_percent.scaled_up', change: ['ceil', 'floor'] },
  { rule: 'api.int_or_percent.scaled_down', change: ['floor', 'ceil'] },
  { rule: 'api.int_or_percent.accepted', drop: 'endswith' },
  { rule: 'disruption.budgets._none_in_beta', change: ['"policy/v1beta1"', '"policy/v2"'] },
  { rule: 'disruption.budgets._stored_selector', drop: '_removed' },
  { rule: 'disruption.budgets._written_none', beside: '1', change: ['==', '>='] },
  { rule: 'disruption.budget_status.without_scale', without: '"Node"' },
  { rule: 'disruption.budget_status._expected', change: ['"Pod"', '"Node"'] },
  { rule: 'disruption.budget_status.sync_faults', change: ['>', '>='] },
  { rule: 'disruption.budget_status.by_scale', change: ['is_number', 'is_string'] },
  { rule: 'disruption.budget_status._allowed', change: ['>', '>='] },
  { rule: 'disruption.budget_status._desired', beside: 'max', without: '0' },
  {
    rule: 'disruption.budget_status._desired',
    beside: 'budget.spec.minAvailable',
    change: ['int_or_percent.scaled_up', 'int_or_percent.scaled_down'],
  },
  { rule: 'workloads.rollouts._on_delete', change: ['"extensions/v1beta1"', '"apps/v1beta2"'] },
  { rule: 'workloads.rollouts._on_delete', change: ['"apps/v1beta1"', '"apps/v1beta2"'] },
  {
    rule: 'workloads.rollouts._defaults',
    beside: '==',
    change: ['"extensions/v1beta1"', '"apps/v1beta1"'],
  },
  { rule: 'workloads.rollouts._defaults', beside: '0', change: ['1', '0'] },
  { rule: 'workloads.rollouts._unavailable', change: ['1', '0'] },
  {
    rule: 'workloads.rollouts._counts_by_kind',
    change: ['int_or_percent.scaled_down', 'int_or_percent.scaled_up'],
  },
  { rule: 'workloads.rollouts._rolling', beside: 'min', without: 'replicas' },
  { rule: 'workloads.rollouts._above_partition', change: ['-', '+'] },
  { rule: 'workloads.rollouts._has_batches', change: ['37', '36'] },
  {
    rule: 'workloads.rollouts._set_batch',
    change: ['int_or_percent.scaled_down', 'int_or_percent.scaled_up'],
  },
  { rule: 'scheduling.node_ports.shared', drop: 'taken.protocol' },
  { rule: 'scheduling.node_ports._overlap', beside: '_every_address', without: 'other' },
  { rule: 'scheduling.node_ports._sidecars', change: ['"Always"', '""'] },
  { rule: 'scheduling.node_ports._number', change: ['false', 'true'] },
  { rule: 'workloads.pod_labels._given', without: '"pod-template-hash"' },
  {
    rule: 'workloads.pod_labels._given',
    beside: '"apps.kubernetes.io/pod-index"',
    change: ['ordinal', 'revision'],
  },
  { rule: 'scheduling.inter_pod_affinity._sees_own_namespace', drop: 'count' },
  {
    rule: 'scheduling.inter_pod_affinity.selector',
    change: ['"mismatchLabelKeys"', '"matchLabels"'],
  },
  { rule: 'scheduling.topology_spread._binds', drop: '_empty' },
  { rule: 'scheduling.topology_spread._skewed', beside: '0', change: ['>', '<'] },
  {
    rule: 'scheduling.topology_spread.required',
    beside: '"DoNotSchedule"',
    change: ['==', '!='],
  },
  { rule: 'scheduling.topology_spread._selector_mismatches', drop: '_empty' },
  { rule: 'scheduling.topology_spread._ignores_taints', change: ['"Ignore"', '"Honor"'] },
  {
    rule: 'scheduling.topology_spread._has_empty_domain',
    beside: 'nodes.fit',
    change: ['>', '>='],
  },
  { rule: 'scheduling.topology_spread._has_empty_domain', beside: '1', change: ['>', '>='] },
  { rule: 'scheduling.topology_spread._every_node_is_one', change: ['"DaemonSet"', '"Daemon"'] },
  {
    rule: 'scheduling.node_sharing._bounds',
    beside: 'inter_pod_affinity.may_repel',
    nth: 2,
    change: ['second', 'first'],
  },
];
