import type { AdmissionFacts, NodeRoleFacts, Taint } from '../../../src/engine/admission.ts';
import { pathText } from '../../../src/report/paths.ts';
import {
  all,
  any,
  type Cel,
  concat,
  joined,
  listIf,
  not,
  TRUE,
  text,
  texts,
} from '../admission/cel.ts';
import { name, namesOf } from '../nodes/taints.cel.ts';
import { excess } from './unchecked.cel.ts';

/** The labels of a Node, in an expression without variables. */
export function labels(node: Cel): Cel {
  return `${node}.metadata.?labels.orValue({})`;
}

/** The taints of a Node that are checked. */
export function listedTaints({ limits }: AdmissionFacts): Cel {
  const taints = 'object.spec.?taints.orValue([])';
  return `${taints}.size() > ${limits['taints']} ? [] : ${taints}`;
}

/**
 * `lib.findings.node_labels.of_node` and `lost_roles`, and what is more than is checked; an empty list where the roles
 * demand nothing of a Node.
 */
export function ofNode(facts: AdmissionFacts): Cel {
  const { nodeRoles } = facts;
  const demands = joined(
    nodeRoles.flatMap((role) => [
      ...missingTaints(role),
      ...otherValues(role),
      ...missingLabels(role),
      ...wrongValues(role, nodeRoles),
      ...lostRole(role),
    ]),
  );
  if (demands === '[]') return demands;
  const tooMany = excess(
    facts,
    'taints',
    'object.spec.?taints.orValue([]).size()',
    "'spec.taints'",
  );
  return joined([
    `${tooMany}.map(e, {'path': e.path, 'says': variables.title + ' may lack a taint of its role' + e.says})`,
    demands,
  ]);
}

// lib.nodes.roles.has
function has(role: NodeRoleFacts, node: Cel): Cel {
  const { pairs, marking, lacked } = role;
  const marks = [
    ...pairs.map(({ key, value }) => hasValue(node, key, value)),
    ...marking.map((key) => `${text(key)} in ${node}`),
  ];
  return all(
    marks.length === 0 ? TRUE : any(...marks),
    ...lacked.map((key) => not(`${text(key)} in ${node}`)),
  );
}

function hasValue(node: Cel, key: string, value: string): Cel {
  return `${node}[?${text(key)}] == optional.of(${text(value)})`;
}

function lists({ key, effect }: Taint): Cel {
  return `variables.taints.exists(t, t.key == ${text(key)} && t.effect == ${text(effect)})`;
}

// lib.findings.node_labels._missing_taints
function missingTaints(role: NodeRoleFacts): readonly Cel[] {
  const [first = [], ...others] = role.sets;
  if (role.optionalTaints) return [];
  const isComplete = any(...role.sets.map((set) => all(...set.map(lists))));
  const instead = others.map((set) => ` (or ${namesOf(set)})`).join('');
  const marks = [
    ...role.pairs.map(({ key, value }) => ({
      key,
      isGiven: hasValue('variables.labels', key, value),
    })),
    ...role.marking.map((key) => ({ key, isGiven: `${text(key)} in variables.labels` })),
  ];
  return marks.flatMap(({ key, isGiven }) =>
    first.map((taint) =>
      listIf(
        all(isGiven, has(role, 'variables.labels'), not(isComplete), not(lists(taint))),
        finding(
          text('spec.taints'),
          text(` has the label ${key}="`),
          `variables.labels[${text(key)}]`,
          text(`" of role ${role.name} but not its taint ${name(taint)}${instead}`),
        ),
      ),
    ),
  );
}

// lib.findings.node_labels._other_values
function otherValues({ name: role, taints }: NodeRoleFacts): readonly Cel[] {
  const kinds = new Map(taints.map((taint) => [`${taint.key}:${taint.effect}`, taint]));
  return [...kinds.values()].flatMap(({ key, effect }) => {
    const same = taints.filter((one) => one.key === key && one.effect === effect);
    const known = [...new Set(same.map(({ value }) => value ?? null))];
    if (known.includes(null)) return [];
    const values = known.map(String).sort();
    const wanted = values.map((value) => `"${value}"`).join(' or ');
    return [
      `variables.taints.filter(t, t.key == ${text(key)} && t.effect == ${text(effect)} && ` +
        `!(t.?value.orValue('') in ${texts(values)})).map(t, ${finding(
          "'spec.taints[' + string(variables.taints.indexOf(t)) + '].value'",
          text(` has the taint ${key}:${effect} of role ${role} with value "`),
          "t.?value.orValue('')",
          text(`" instead of ${wanted}`),
        )}[0])`,
    ];
  });
}

// lib.findings.node_labels._missing_labels. A kubelet may not give its Node a label of a role: an administrator or a
// controller does, once the Node is there.
function missingLabels({
  name: role,
  marks,
  pairs,
  marking,
  lacked,
  sets,
}: NodeRoleFacts): readonly Cel[] {
  const keys = [...new Set([...pairs.map(({ key }) => key), ...marking, ...lacked])];
  const isLabelled = any(...keys.map((key) => `${text(key)} in variables.labels`));
  return (sets[0] ?? []).map((taint) =>
    listIf(
      all('!variables.registers', not(isLabelled)),
      `variables.taints.filter(t, t.key == ${text(taint.key)} && t.effect == ${text(taint.effect)}).map(t, ${finding(
        "'spec.taints[' + string(variables.taints.indexOf(t)) + ']'",
        text(` has the taint ${name(taint)} of role ${role} but not its label ${marks}`),
      )}[0])`,
    ),
  );
}

// lib.findings.node_labels._wrong_values
function wrongValues(
  { name: role, pairs }: NodeRoleFacts,
  all_roles: readonly NodeRoleFacts[],
): readonly Cel[] {
  const keys = [...new Set(pairs.map(({ key }) => key))];
  return keys
    .filter((key) => !all_roles.some(({ marking }) => marking.includes(key)))
    .map((key) => {
      const known = all_roles.flatMap((one) => one.pairs.filter((pair) => pair.key === key));
      const values = [...new Set(known.map(({ value }) => value))].sort();
      const wanted = values.map((value) => `"${value}"`).join(' or ');
      return listIf(
        `${text(key)} in variables.labels && !(variables.labels[${text(key)}] in ${texts(values)})`,
        finding(
          text(pathText(['metadata', 'labels', key])),
          text(` has the label ${key} of role ${role} with value "`),
          `variables.labels[${text(key)}]`,
          text(`" instead of ${wanted}`),
        ),
      );
    });
}

// lib.findings.node_labels.lost_roles
function lostRole(role: NodeRoleFacts): readonly Cel[] {
  if (role.taints.length === 0) return [];
  return [
    listIf(
      all(
        "request.operation == 'UPDATE'",
        has(role, 'variables.old_labels'),
        not(has(role, 'variables.labels')),
        ...role.taints.map((taint) => not(lists(taint))),
      ),
      finding(text('metadata.labels'), text(` loses the label and the taint of role ${role.name}`)),
    ),
  ];
}

function finding(path: Cel, ...says: readonly Cel[]): Cel {
  return `[{'path': ${path}, 'says': ${concat('variables.title', ...says)}}]`;
}
