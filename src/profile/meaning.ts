import { type ErrorCode, type Path, UserError } from '../errors.ts';
import type { YamlFile } from '../manifest/yaml.ts';
import { nearest } from '../words.ts';
import type { Component, Profile } from './profile.ts';

/** The words for roles that are no names of roles. */
const EVERY_ROLE = ['all', 'any'];

type PlaceOf = YamlFile['placeOf'];

/** What a profile says that is well formed and cannot be meant, each with its place. */
export function meaningErrors(profile: Profile, placeOf: PlaceOf): readonly UserError[] {
  return [
    ...unmarkedRoles(profile, placeOf),
    ...profile.components.flatMap((row, index) => [
      ...unknownRole(profile, row.nodeRole, ['components', index, 'nodeRole'], placeOf),
      ...duplicate(profile, index, placeOf),
      ...unmatchable(row, index, placeOf),
    ]),
    ...otherWorkloads(profile, placeOf),
  ];
}

function unmarkedRoles({ nodeRoles }: Profile, placeOf: PlaceOf): readonly UserError[] {
  return nodeRoles
    .filter(({ labels }) => labels.length === 0)
    .map(({ name }) =>
      mistake(
        'PROFILE_ROLE_UNMARKED',
        `the role ${name} has no label: without one no node is of it`,
        placeOf(['nodeRoles', name, 'labels'], 'key'),
      ),
    );
}

function unknownRole(
  { nodeRoles }: Profile,
  role: string | undefined,
  path: Path,
  placeOf: PlaceOf,
): readonly UserError[] {
  const names = nodeRoles.map(({ name }) => name);
  const known = path[0] === 'components' ? [...names, ...EVERY_ROLE] : names;
  if (role === undefined || known.includes(role)) return [];
  const guess = nearest(role, known);
  const hint = guess === undefined ? `expected ${known.join(', ')}` : `did you mean ${guess}?`;
  const message = `nodeRoles declares no role ${role}: ${hint}`;
  return [mistake('PROFILE_ROLE_UNKNOWN', message, placeOf(path))];
}

function duplicate(
  { components }: Profile,
  index: number,
  placeOf: PlaceOf,
): readonly UserError[] {
  const row = components[index];
  const before = components.slice(0, index);
  if (before.some(({ name }) => name === row?.name)) {
    const message = `a component is already called ${row?.name}`;
    const place = placeOf(['components', index, 'name']);
    return [mistake('PROFILE_COMPONENT_DUPLICATE', message, place)];
  }
  const same = before.find(({ match }) => JSON.stringify(match) === JSON.stringify(row?.match));
  if (same === undefined) return [];
  const message = `the component ${same.name} already matches just these objects`;
  return [
    mistake('PROFILE_COMPONENT_DUPLICATE', message, placeOf(['components', index, 'match'], 'key')),
  ];
}

const DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
/** An object's name, or one with a single `*` for any part of it. */
const NAME_PATTERN = /^(?=.*[a-z0-9*])[-a-z0-9.]*\*?[-a-z0-9.]*$/;
const COUNTED = ['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet'];

function unmatchable(row: Component, index: number, placeOf: PlaceOf): readonly UserError[] {
  const fault = (path: Path, message: string) =>
    mistake('PROFILE_ROW_UNMATCHABLE', message, placeOf(['components', index, ...path]));
  const { match, type, replicas } = row;
  const faults: UserError[] = [];
  if (!DNS_LABEL.test(match.namespace)) {
    faults.push(fault(['match', 'namespace'], `no namespace can be called "${match.namespace}"`));
  }
  if (!isNamePattern(match.name)) {
    faults.push(fault(['match', 'name'], `no object can have a name like "${match.name}"`));
  }
  if (type !== undefined && match.kind !== undefined && type !== match.kind) {
    const message = `a row that matches a ${match.kind} only can never be a ${type}`;
    faults.push(fault(['type'], message));
  }
  if (replicas !== undefined && type !== undefined && !COUNTED.includes(type)) {
    faults.push(fault(['replicas'], `a ${type} has no number of replicas`));
  }
  if (!isJudged(row)) faults.push(fault(['name'], `the row ${row.name} judges nothing: it has no column`));
  return faults;
}

function isNamePattern(name: string): boolean {
  const isBroken = /^[-.]|[-.]$/.test(name);
  return NAME_PATTERN.test(name) && !isBroken && name.length <= 253;
}

function isJudged({ type, replicas, nodeRole, antiAffinity, disruptionControl }: Component): boolean {
  return [type, replicas, nodeRole, antiAffinity, disruptionControl].some(
    (column) => column !== undefined,
  );
}

function otherWorkloads(profile: Profile, placeOf: PlaceOf): readonly UserError[] {
  const role = profile.otherWorkloads?.nodeRole;
  const path = ['otherWorkloads', 'nodeRole'];
  const unknown = unknownRole(profile, role, path, placeOf);
  if (role === undefined || unknown.length > 0) return unknown;
  const isReserved = profile.nodeRoles.some(
    ({ name, taints }) =>
      name !== role && taints.some(({ effect }) => effect !== 'PreferNoSchedule'),
  );
  if (isReserved) return [];
  const message =
    'this row judges nothing: no other role has a taint of effect NoSchedule or NoExecute';
  return [mistake('PROFILE_ROW_UNMATCHABLE', message, placeOf(path))];
}

function mistake(code: ErrorCode, message: string, place: UserError['place']): UserError {
  return new UserError(code, message, place === undefined ? {} : { place });
}
