import { type ErrorCode, type Path, UserError } from '../errors.ts';
import type { YamlFile } from '../manifest/yaml.ts';
import { inWords, nearest } from '../words.ts';
import {
  type Component,
  isSameMatch,
  type NodeRole,
  reservedRoles,
  type Taint,
  type WorkloadKind,
} from './profile.ts';
import { RELEASE } from './release.ts';
import type { Layer, Parts } from './written.ts';

/** The values of a component's nodeRole that are not names of roles. */
const WORDS = ['all', 'any', 'unreserved', 'reserved'];

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

/** What a file extends, and whether all of it could be read. */
interface Extending {
  readonly bases: readonly Layer[];
  readonly isWhole: boolean;
}

/** A file with what it extends. */
interface Whole extends Parts {
  /** Absent where they are not known. */
  readonly allRoles?: readonly string[];
  readonly bases: readonly Layer[];
}

/** Finds what follows the schema but makes no sense, each with its place. */
export function meaningErrors(
  parts: Parts,
  { bases, isWhole }: Extending,
  placeOf: YamlFile['placeOf'],
): readonly UserError[] {
  const roles = [...new Set([...bases.flatMap(roleNames), ...parts.roleNames])];
  const isKnown = isWhole && (parts.kind === 'Addon' || roles.length > 0);
  const whole: Whole = { ...parts, bases, ...(isKnown && { allRoles: roles }) };
  const mistakes = [
    ...written(parts),
    ...missingParts(whole, isWhole),
    ...parts.nodeRoles.flatMap((role) => impossibleRole(role, whole)),
    ...parts.components.flatMap((row, index) =>
      row === undefined ? [] : rowMistakes(row, index, whole),
    ),
    ...otherWorkloads(whole),
  ];
  return mistakes.map(
    ({ code, path, target, message }) =>
      new UserError(code, message, { place: placeOf(path, target) }),
  );
}

function roleNames({ nodeRoles }: Layer): readonly string[] {
  return nodeRoles.map(({ name }) => name);
}

/** A later release may know fields that this one would not check. */
function written({ bulkhead }: Parts): readonly Mistake[] {
  if (bulkhead === undefined || compareReleases(bulkhead, RELEASE) <= 0) return [];
  const message = `written for Bulkhead ${bulkhead}, this is ${RELEASE}: update Bulkhead`;
  return [{ code: 'PROFILE_NEWER', path: ['bulkhead'], message }];
}

function compareReleases(a: string, b: string): number {
  const [left, right] = [a, b].map((release) => release.split('.').map(Number));
  const index = [0, 1, 2].find((part) => left?.[part] !== right?.[part]) ?? 0;
  return (left?.[index] ?? 0) - (right?.[index] ?? 0);
}

/** What a profile that extends others may leave out must come from one of them. */
function missingParts(
  { kind, allRoles, extends: named }: Whole,
  isWhole: boolean,
): readonly Mistake[] {
  if (kind === 'Addon' || named.length === 0 || !isWhole || allRoles !== undefined) return [];
  const message = 'no node roles: extend a profile as well, or add nodeRoles';
  return [{ code: 'PROFILE_INVALID', path: ['extends'], target: 'key', message }];
}

/** A role that no node can have, or that every node has, or whose taints make no sense. */
function impossibleRole(role: NodeRole, { nodeLabels }: Whole): readonly Mistake[] {
  const { name, labels } = role;
  const common = nodeLabels.filter(({ key }) => labels.some((label) => label.key === key));
  const keys = [...new Set(common.map(({ key }) => key))];
  return [
    ...keys.map((key) => ({
      code: 'PROFILE_INVALID' as const,
      path: ['nodeRoles', name, 'labels', key],
      target: 'key' as const,
      message: `${key} cannot identify a role: every node has it, by nodeLabels${valuesText(common, key)}`,
    })),
    ...taintMistakes(role),
  ];
}

function valuesText(labels: Whole['nodeLabels'], key: string): string {
  const values = labels.flatMap((label) => (label.key === key ? (label.value ?? []) : []));
  if (values.length === 0) return '';
  return `, with the value ${inWords(
    values.map((value) => JSON.stringify(value)),
    'or',
  )}`;
}

function taintMistakes(role: NodeRole): readonly Mistake[] {
  const { name, labels, taints, alternativeTaints, optionalTaints } = role;
  const path = ['nodeRoles', name];
  const invalid = (at: Path, message: string): Mistake => ({
    code: 'PROFILE_INVALID',
    path: [...path, ...at],
    message,
  });
  const mistakes = repeated(taints).map(({ key, effect, index }) =>
    invalid(
      ['taints', index],
      `role ${name} has two taints with key ${key} and effect ${effect}: a node can have only one`,
    ),
  );
  const isBlocking = (set: readonly Taint[]) =>
    set.some(({ effect }) => effect !== 'PreferNoSchedule');
  const sets = alternativeTaints ?? [];
  if (sets.length > 0 && ![taints, ...sets].every(isBlocking)) {
    const message = `each set of taints of role ${name} needs one with effect NoSchedule or NoExecute: if its nodes may have none, set optionalTaints`;
    mistakes.push(invalid([], message));
  }
  if (optionalTaints === true && !isBlocking(taints)) {
    const message = `role ${name} has no taint with effect NoSchedule or NoExecute that could be optional: remove this field`;
    mistakes.push(invalid(['optionalTaints'], message));
  }
  if (isBlocking(taints) && labels.every(({ exists }) => exists === false)) {
    const message = `role ${name} has a taint, but no label of its own: a node that lacks labels may be any`;
    mistakes.push(invalid(['taints'], message));
  }
  return mistakes;
}

function repeated(
  taints: readonly Taint[],
): readonly { readonly key: string; readonly effect: string; readonly index: number }[] {
  return taints.flatMap(({ key, effect }, index) =>
    taints.slice(0, index).some((taint) => taint.key === key && taint.effect === effect)
      ? [{ key, effect, index }]
      : [],
  );
}

function rowMistakes(row: Component, index: number, whole: Whole): readonly Mistake[] {
  return [
    ...roleMistakes(row, whole),
    ...duplicate(row, whole.components.slice(0, index)),
    ...replacing(row, whole),
    ...unmatchable(row),
  ].map((mistake) => ({ ...mistake, path: ['components', index, ...mistake.path] }));
}

function roleMistakes({ nodeRole }: Component, whole: Whole): readonly Mistake[] {
  const { allRoles } = whole;
  if (nodeRole === undefined || allRoles === undefined) return [];
  if (typeof nodeRole === 'string')
    return unknownRole(nodeRole, [...allRoles, ...WORDS], ['nodeRole']);
  if (whole.kind === 'Addon') {
    const message = `the role of an add-on is ${inWords(WORDS, 'or')}: profiles have the others`;
    return [{ code: 'PROFILE_ROLE_UNKNOWN', path: ['nodeRole'], message }];
  }
  const twice = nodeRole.findIndex((name, index) => nodeRole.indexOf(name) < index);
  if (twice >= 0) {
    const message = `role ${nodeRole[twice]} is listed twice: remove one`;
    return [{ code: 'PROFILE_INVALID', path: ['nodeRole', twice], message }];
  }
  const unknown = nodeRole.flatMap((name, index) =>
    unknownRole(name, allRoles, ['nodeRole', index]),
  );
  if (unknown.length > 0) return unknown;
  const lacking = nodeRole.filter((name) => isKnownByAbsence(name, whole));
  if (lacking.length < 2) return [];
  const message = `only one role of a list may be known by what its nodes lack, not ${inWords(lacking, 'and')}`;
  return [{ code: 'PROFILE_INVALID', path: ['nodeRole'], message }];
}

function isKnownByAbsence(name: string, { bases, nodeRoles }: Whole): boolean {
  const role = [...bases.flatMap((base) => base.nodeRoles), ...nodeRoles].findLast(
    (one) => one.name === name,
  );
  return role?.labels.some(({ exists }) => exists === false) === true;
}

function unknownRole(role: string, known: readonly string[], path: Path): readonly Mistake[] {
  if (known.includes(role)) return [];
  const guess = nearest(role, known);
  const hint = guess === undefined ? `: expected ${known.join(', ')}` : `; did you mean ${guess}?`;
  const message = `unknown role ${role}${hint}`;
  return [{ code: 'PROFILE_ROLE_UNKNOWN', path, message }];
}

function duplicate(row: Component, rows: readonly (Component | undefined)[]): readonly Mistake[] {
  const before = rows.filter((other) => other !== undefined);
  const code = 'PROFILE_COMPONENT_DUPLICATE';
  if (before.some(({ name }) => name === row.name)) {
    return [{ code, path: ['name'], message: `duplicate component name ${row.name}` }];
  }
  const same = before.find(({ match }) => isSameMatch(match, row.match));
  if (same === undefined) return [];
  const message = `component ${same.name} has the same match`;
  return [{ code, path: ['match'], target: 'key', message }];
}

/** A row of a base stays, unless this file has one of its name. */
function replacing(row: Component, { bases, components }: Whole): readonly Mistake[] {
  for (const base of bases) {
    const same = base.components.find(
      ({ name, match }) => isSameMatch(match, row.match) && name !== row.name,
    );
    if (same === undefined || components.some((other) => other?.name === same.name)) continue;
    const message = `component ${same.name} of ${base.name} has the same match: give this one that name to replace it`;
    return [{ code: 'PROFILE_COMPONENT_DUPLICATE', path: ['match'], target: 'key', message }];
  }
  return [];
}

function unmatchable(row: Component): readonly Mistake[] {
  return [...kindMistakes(row), ...columnMistakes(row)];
}

function kindMistakes({ match, type, kinds }: Component): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  if (kinds !== undefined && type !== undefined) {
    const message = 'kinds takes the place of type: remove one of them';
    mistakes.push({ code: 'PROFILE_INVALID', path: ['kinds'], target: 'key', message });
  }
  const expected = type === undefined ? (kinds ?? []) : [type];
  if (expected.length > 0 && match.kind !== undefined && !expected.includes(match.kind)) {
    const message = `the type can never be ${inWords(expected, 'or')}: match.kind is ${match.kind}`;
    const path = [type === undefined ? 'kinds' : 'type'];
    mistakes.push({ code: 'PROFILE_ROW_UNMATCHABLE', path, message });
  }
  return mistakes;
}

/** Columns that objects of these kinds do not have. */
function columnMistakes(row: Component): readonly Mistake[] {
  const kinds = kindsOf(row);
  const [kind] = kinds;
  const never = (isSo: (one: WorkloadKind) => boolean) => kind !== undefined && kinds.every(isSo);
  const wrong = [
    row.static === true && never((one) => one !== 'Pod')
      ? { field: 'static', message: `static is for Pods, not for a ${kind}: remove this field` }
      : undefined,
    row.tolerations !== undefined && row.static !== true
      ? {
          field: 'tolerations',
          message: 'tolerations are of static pods: add static: true, or remove this field',
        }
      : undefined,
    hasReplicas(row) && never((one) => !COUNTED.includes(one))
      ? { field: 'replicas', message: `a ${kind} has no replicas: remove this field` }
      : undefined,
    // A DaemonSet runs one pod per node: the policy would never find two.
    row.antiAffinity === true && never((one) => one === 'DaemonSet')
      ? {
          field: 'antiAffinity',
          message: 'a DaemonSet never has two pods on a node: remove this field',
        }
      : undefined,
  ].filter((one) => one !== undefined);
  const code = 'PROFILE_ROW_UNMATCHABLE';
  const mistakes: Mistake[] = wrong.map(({ field, message }) => ({
    code,
    path: [field],
    target: 'key',
    message,
  }));
  if (hasColumn(row)) return mistakes;
  const message = `component ${row.name} has nothing to check: add type, kinds, replicas, nodeRole, antiAffinity, disruptionControl or drainable`;
  return [...mistakes, { code, path: ['name'], message }];
}

function kindsOf({ match, type, kinds }: Component): readonly WorkloadKind[] {
  if (type !== undefined) return [type];
  return kinds ?? (match.kind === undefined ? [] : [match.kind]);
}

function hasReplicas({ replicas, minReplicas }: Component): boolean {
  return replicas !== undefined || minReplicas !== undefined;
}

function hasColumn(row: Component): boolean {
  const { name: _, match, static: isStatic, tolerations, managed, ...columns } = row;
  return Object.values(columns).some((column) => column !== undefined);
}

function otherWorkloads(whole: Whole): readonly Mistake[] {
  const { nodeRole: role, ...columns } = whole.otherWorkloads ?? {};
  const { allRoles, roleNames: own, nodeRoles, bases } = whole;
  if (role === undefined || allRoles === undefined) return [];
  const unknown = unknownRole(role, allRoles, ['otherWorkloads', 'nodeRole']);
  if (unknown.length > 0) return unknown;
  if (Object.values(columns).includes(true)) return [];
  const sound = [...bases.flatMap((base) => base.nodeRoles), ...nodeRoles];
  // A role that is left out may be the tainted one.
  if (nodeRoles.length < own.length) return [];
  if (reservedRoles({ nodeRoles: sound, otherWorkloads: { nodeRole: role } }).length > 0) return [];
  const message = 'nothing to check: no other role has a taint with effect NoSchedule or NoExecute';
  return [{ code: 'PROFILE_ROW_UNMATCHABLE', path: ['otherWorkloads', 'nodeRole'], message }];
}
