import { type ErrorCode, type Path, UserError } from '../errors.ts';
import type { YamlFile } from '../manifest/yaml.ts';
import { nearest } from '../words.ts';
import type { Component, Match, NodeRole, WorkloadKind } from './profile.ts';
import type { Parts } from './written.ts';

/** The words for roles that are no names of roles. */
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

/** What a profile says that is well formed and cannot be meant, each with its place. */
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

/** A role that no node can be of, or of which every node is. */
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
      message: `${key} cannot mark a role: nodeLabels says that every node has it, with the value ${JSON.stringify(value)}`,
    })),
    ...sameTaint.map(({ key, effect, index }) => ({
      code: 'PROFILE_INVALID' as const,
      path: ['nodeRoles', name, 'taints', index],
      message: `a node has only one taint of key ${key} and effect ${effect}: the role ${name} has two`,
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
  const hint = guess === undefined ? `expected ${known.join(', ')}` : `did you mean ${guess}?`;
  const message = `nodeRoles declares no role ${role}: ${hint}`;
  return [{ code: 'PROFILE_ROLE_UNKNOWN', path: ['nodeRole'], message }];
}

function duplicate(row: Component, rows: readonly (Component | undefined)[]): readonly Mistake[] {
  const before = rows.filter((other) => other !== undefined);
  const code = 'PROFILE_COMPONENT_DUPLICATE';
  if (before.some(({ name }) => name === row.name)) {
    return [{ code, path: ['name'], message: `a component is already called ${row.name}` }];
  }
  const same = before.find(({ match }) => isSame(match, row.match));
  if (same === undefined) return [];
  const message = `the component ${same.name} already matches just these objects`;
  return [{ code, path: ['match'], target: 'key', message }];
}

function isSame(a: Match, b: Match): boolean {
  return a.namespace === b.namespace && a.name === b.name && a.kind === b.kind;
}

function exempted({ match }: Component, { exemptNamespaces }: Parts): readonly Mistake[] {
  if (!exemptNamespaces.includes(match.namespace)) return [];
  const code = 'PROFILE_ROW_UNMATCHABLE';
  const message = `nothing is judged in ${match.namespace}: exemptNamespaces lists it`;
  return [{ code, path: ['match', 'namespace'], message }];
}

function unmatchable(row: Component): readonly Mistake[] {
  const { name, match, type, replicas } = row;
  const code = 'PROFILE_ROW_UNMATCHABLE';
  const mistakes: Mistake[] = [];
  if (type !== undefined && match.kind !== undefined && type !== match.kind) {
    const message = `a row that matches only a ${match.kind} can never be a ${type}`;
    mistakes.push({ code, path: ['type'], message });
  }
  const kind = type ?? match.kind;
  if (row.static === true && kind !== undefined && kind !== 'Pod') {
    const message = `kubelets run only Pods from files, and no ${kind}: leave static out`;
    mistakes.push({ code, path: ['static'], target: 'key', message });
  }
  if (replicas !== undefined && kind !== undefined && !COUNTED.includes(kind)) {
    const message = `a ${kind} has no number of replicas: leave the column out`;
    mistakes.push({ code, path: ['replicas'], target: 'key', message });
  }
  // One pod a node is what a DaemonSet is: the policy never finds its pods together.
  if (row.antiAffinity === true && kind === 'DaemonSet') {
    const message = 'a DaemonSet never has two pods on a node: leave the column out';
    mistakes.push({ code, path: ['antiAffinity'], target: 'key', message });
  }
  if (!isJudged(row)) {
    const message = `the row ${name} judges nothing: give it type, replicas, nodeRole, antiAffinity or disruptionControl`;
    mistakes.push({ code, path: ['name'], message });
  }
  return mistakes;
}

function isJudged(row: Component): boolean {
  const { type, replicas, nodeRole, antiAffinity, disruptionControl } = row;
  return [type, replicas, nodeRole, antiAffinity, disruptionControl].some(
    (column) => column !== undefined,
  );
}

function otherWorkloads(parts: Parts): readonly Mistake[] {
  const { nodeRole: role, antiAffinity, disruptionControl } = parts.otherWorkloads ?? {};
  const { roleNames = [], nodeRoles } = parts;
  if (role === undefined || roleNames.length === 0) return [];
  const unknown = unknownRole(role, roleNames);
  if (unknown.length > 0) return under('otherWorkloads', unknown);
  if (antiAffinity === true || disruptionControl === true) return [];
  // A role that is left out may be the one that is reserved.
  const isReserved =
    nodeRoles.length < roleNames.length ||
    nodeRoles.some(
      ({ name, taints }) =>
        name !== role && taints.some(({ effect }) => effect !== 'PreferNoSchedule'),
    );
  if (isReserved) return [];
  const message =
    'this row judges nothing: no other role has a taint of effect NoSchedule or NoExecute';
  return under('otherWorkloads', [
    { code: 'PROFILE_ROW_UNMATCHABLE', path: ['nodeRole'], message },
  ]);
}

function under(key: string, mistakes: readonly Mistake[]): readonly Mistake[] {
  return mistakes.map((mistake) => ({ ...mistake, path: [key, ...mistake.path] }));
}
