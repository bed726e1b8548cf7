import { type ErrorCode, type Path, UserError } from '../errors.ts';
import type { YamlFile } from '../manifest/yaml.ts';
import { nearest } from '../words.ts';
import {
  type Component,
  type Match,
  type NodeRole,
  reservedRoles,
  type WorkloadKind,
} from './profile.ts';
import type { Parts } from './written.ts';

/** The values of a component's nodeRole that are not names of roles. */
const EVERY_ROLE = ['all', 'any'];

/** The kinds whose pods are counted by a `replicas` field. */
const COUNTED: readonly WorkloadKind[] = [
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
];

interface Mistake {
  readonly code: ErrorCode;
  readonly path: Path;
  /** Whether the key is wrong, rather than its value. */
  readonly target?: 'key';
  readonly message: string;
}

/** Finds what follows the schema but makes no sense, each with its place. */
export function meaningErrors(parts: Parts, placeOf: YamlFile['placeOf']): readonly UserError[] {
  const mistakes = [
    ...parts.nodeRoles.flatMap((role) => impossibleRole(role, parts)),
    ...parts.components.flatMap((row, index) =>
      row === undefined ? [] : rowMistakes(row, index, parts),
    ),
    ...otherWorkloads(parts),
  ];
  return mistakes.map(
    ({ code, path, target, message }) =>
      new UserError(code, message, { place: placeOf(path, target) }),
  );
}

/** A role that no node can have, or that every node has. */
function impossibleRole({ name, labels, taints }: NodeRole, parts: Parts): readonly Mistake[] {
  const common = parts.nodeLabels.filter(({ key }) => labels.some((label) => label.key === key));
  const sameTaint = taints.flatMap(({ key, effect }, index) =>
    taints.slice(0, index).some((taint) => taint.key === key && taint.effect === effect)
      ? [{ key, effect, index }]
      : [],
  );
  return [
    ...common.map(({ key, value }) => ({
      code: 'PROFILE_INVALID' as const,
      path: ['nodeRoles', name, 'labels', key],
      target: 'key' as const,
      message: `${key} cannot identify a role: every node has it, by nodeLabels, with the value ${JSON.stringify(value)}`,
    })),
    ...sameTaint.map(({ key, effect, index }) => ({
      code: 'PROFILE_INVALID' as const,
      path: ['nodeRoles', name, 'taints', index],
      message: `role ${name} has two taints with key ${key} and effect ${effect}: a node can have only one`,
    })),
  ];
}

function rowMistakes(row: Component, index: number, parts: Parts): readonly Mistake[] {
  const known = [...(parts.roleNames ?? []), ...EVERY_ROLE];
  return [
    ...(parts.roleNames === undefined ? [] : unknownRole(row.nodeRole, known)),
    ...duplicate(row, parts.components.slice(0, index)),
    ...exempted(row, parts),
    ...unmatchable(row),
  ].map((mistake) => ({ ...mistake, path: ['components', index, ...mistake.path] }));
}

function unknownRole(role: string | undefined, known: readonly string[]): readonly Mistake[] {
  if (role === undefined || known.includes(role)) return [];
  const guess = nearest(role, known);
  const hint = guess === undefined ? `: expected ${known.join(', ')}` : `; did you mean ${guess}?`;
  const message = `unknown role ${role}${hint}`;
  return [{ code: 'PROFILE_ROLE_UNKNOWN', path: ['nodeRole'], message }];
}

function duplicate(row: Component, rows: readonly (Component | undefined)[]): readonly Mistake[] {
  const before = rows.filter((other) => other !== undefined);
  const code = 'PROFILE_COMPONENT_DUPLICATE';
  if (before.some(({ name }) => name === row.name)) {
    return [{ code, path: ['name'], message: `duplicate component name ${row.name}` }];
  }
  const same = before.find(({ match }) => isSame(match, row.match));
  if (same === undefined) return [];
  const message = `component ${same.name} has the same match`;
  return [{ code, path: ['match'], target: 'key', message }];
}

function isSame(a: Match, b: Match): boolean {
  return a.namespace === b.namespace && a.name === b.name && a.kind === b.kind;
}

function exempted({ match }: Component, { exemptNamespaces }: Parts): readonly Mistake[] {
  if (!exemptNamespaces.includes(match.namespace)) return [];
  const code = 'PROFILE_ROW_UNMATCHABLE';
  const message = `namespace ${match.namespace} is in exemptNamespaces: nothing in it is checked`;
  return [{ code, path: ['match', 'namespace'], message }];
}

function unmatchable(row: Component): readonly Mistake[] {
  const { name, match, type, replicas } = row;
  const code = 'PROFILE_ROW_UNMATCHABLE';
  const mistakes: Mistake[] = [];
  if (type !== undefined && match.kind !== undefined && type !== match.kind) {
    const message = `the type can never be ${type}: match.kind is ${match.kind}`;
    mistakes.push({ code, path: ['type'], message });
  }
  const kind = type ?? match.kind;
  if (row.static === true && kind !== undefined && kind !== 'Pod') {
    const message = `static is for Pods, not for a ${kind}: remove this field`;
    mistakes.push({ code, path: ['static'], target: 'key', message });
  }
  if (row.tolerations !== undefined && row.static !== true) {
    const message = 'tolerations are of static pods: add static: true, or remove this field';
    mistakes.push({ code, path: ['tolerations'], target: 'key', message });
  }
  if (replicas !== undefined && kind !== undefined && !COUNTED.includes(kind)) {
    const message = `a ${kind} has no replicas: remove this field`;
    mistakes.push({ code, path: ['replicas'], target: 'key', message });
  }
  // A DaemonSet runs one pod per node: the policy would never find two.
  if (row.antiAffinity === true && kind === 'DaemonSet') {
    const message = 'a DaemonSet never has two pods on a node: remove this field';
    mistakes.push({ code, path: ['antiAffinity'], target: 'key', message });
  }
  if (!hasColumn(row)) {
    const message = `component ${name} has nothing to check: add type, replicas, nodeRole, antiAffinity, disruptionControl or drainable`;
    mistakes.push({ code, path: ['name'], message });
  }
  return mistakes;
}

function hasColumn(row: Component): boolean {
  const { type, replicas, nodeRole, antiAffinity, disruptionControl, drainable } = row;
  return [type, replicas, nodeRole, antiAffinity, disruptionControl, drainable].some(
    (column) => column !== undefined,
  );
}

function otherWorkloads(parts: Parts): readonly Mistake[] {
  const { nodeRole: role, ...columns } = parts.otherWorkloads ?? {};
  const { roleNames = [], nodeRoles } = parts;
  if (role === undefined || roleNames.length === 0) return [];
  const unknown = unknownRole(role, roleNames);
  if (unknown.length > 0) return under('otherWorkloads', unknown);
  if (Object.values(columns).includes(true)) return [];
  // A role that is left out may be the tainted one.
  if (nodeRoles.length < roleNames.length || reservedRoles(parts).length > 0) return [];
  const message = 'nothing to check: no other role has a taint with effect NoSchedule or NoExecute';
  return under('otherWorkloads', [
    { code: 'PROFILE_ROW_UNMATCHABLE', path: ['nodeRole'], message },
  ]);
}

function under(key: string, mistakes: readonly Mistake[]): readonly Mistake[] {
  return mistakes.map((mistake) => ({ ...mistake, path: [key, ...mistake.path] }));
}
