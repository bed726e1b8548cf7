import { type ErrorCode, type Path, UserError } from '../errors.ts';
import type { YamlFile } from '../manifest/yaml.ts';
import { inWords, nearest } from '../words.ts';
import { type Component, isReserved, isSameMatch, type NodeRole } from './profile.ts';
import type { Layer } from './written.ts';

/** Where profiles find what they extend. */
export interface Bases {
  /** The names of the built-in profiles and add-ons. */
  readonly names: readonly string[];
  /** A built-in profile or add-on, as it was read when the project was built. */
  readonly builtIn: (name: string) => Layer;
  /**
   * The path of a file that a profile names, and its text.
   *
   * @throws UserError if it cannot be read.
   */
  readonly read: (path: string, from: string) => { readonly file: string; readonly text: string };
}

/** What a profile extends: the layers that could be read, and what is wrong with the others. */
export interface Extended {
  readonly layers: readonly (Layer | undefined)[];
  readonly errors: readonly UserError[];
}

/** Whether a base is named by a path. */
export function isPath(base: string): boolean {
  return /^(?:\.{1,2})?\//.test(base);
}

/** The error of a name that nothing built in has. */
export function unknownBase(name: string, names: readonly string[]): string {
  const guess = nearest(name, names);
  const hint =
    guess === undefined
      ? ': expected a built-in name, or a path such as ./base.yaml'
      : `; did you mean ${guess}?`;
  return `no profile or add-on ${name} is built in${hint}`;
}

/** Puts layers over each other: what a later one says takes the place of what an earlier one says by that name. */
export function merged(layers: readonly Layer[], own: Layer): Layer {
  const all = [...layers, own];
  const profiles = all.filter(({ kind }) => kind === 'Profile');
  const kubernetes = profiles.findLast((layer) => layer.kubernetes !== undefined)?.kubernetes;
  const others = profiles.flatMap(({ otherWorkloads }) => otherWorkloads ?? []);
  const joined = <T>(names: (layer: Layer) => readonly T[]) => [...new Set(all.flatMap(names))];
  return {
    ...own,
    ...(kubernetes !== undefined && { kubernetes }),
    nodeRoles: byName(all.map(({ nodeRoles }) => nodeRoles)),
    nodeLabels: all
      .map(({ nodeLabels }) => nodeLabels)
      .reduce((earlier, later) => [
        ...earlier.filter(({ key }) => !later.some((label) => label.key === key)),
        ...later,
      ]),
    schedulers: joined(({ schedulers }) => schedulers),
    schedulerUsers: joined(({ schedulerUsers }) => schedulerUsers),
    controllerUsers: joined(({ controllerUsers }) => controllerUsers),
    exemptNamespaces: joined(({ exemptNamespaces }) => exemptNamespaces),
    customWorkloads: joined(({ customWorkloads }) => customWorkloads),
    components: byName(all.map(({ components }) => components)),
    ...(others.length > 0 && { otherWorkloads: Object.assign({}, ...others) }),
  };
}

function byName<T extends { readonly name: string }>(
  lists: readonly (readonly T[])[],
): readonly T[] {
  return [...new Map(lists.flat().map((one) => [one.name, one])).values()];
}

/** A mistake in what a file says together with what it extends. */
interface Mistake {
  readonly code: ErrorCode;
  readonly path: Path;
  readonly message: string;
}

/** Finds what several bases say differently, unless the file itself says it. */
export function conflicts(
  layers: readonly (Layer | undefined)[],
  own: Layer,
  placeOf: YamlFile['placeOf'],
): readonly UserError[] {
  const mistakes = layers.flatMap((layer, index) =>
    (layer?.components ?? []).flatMap((row): readonly Mistake[] => {
      if (own.components.some(({ name }) => name === row.name)) return [];
      const earlier = layers
        .slice(0, index)
        .flatMap((other) => (other?.components ?? []).map((one) => ({ one, of: other?.name })))
        .find(({ one }) => clashes(one, row));
      if (earlier === undefined) return [];
      const message = `component ${row.name} of ${layer?.name} and ${earlier.one.name} of ${earlier.of} ${
        earlier.one.name === row.name ? 'have one name' : 'have the same match'
      }: add a row ${row.name} to this profile, or extend only one of them`;
      return [{ code: 'PROFILE_COMPONENT_DUPLICATE', path: ['extends', index], message }];
    }),
  );
  return mistakes.map(
    ({ code, path, message }) => new UserError(code, message, { place: placeOf(path) }),
  );
}

function clashes(one: Component, other: Component): boolean {
  if (canonical(one) === canonical(other)) return false;
  return one.name === other.name || isSameMatch(one.match, other.match);
}

/** The same text for rows that say the same. */
function canonical(row: Component): string {
  const entries = Object.entries({ ...row, match: Object.entries(row.match).sort() });
  return JSON.stringify(entries.sort());
}

/** The word of a row for the role that the profile reserves. */
const RESERVED = 'reserved';

/** Puts the name of the reserved role in place of the word for it; says why, where that is not possible. */
export function withReservedRole(profile: Layer): {
  readonly profile: Layer;
  readonly unresolved: readonly { row: string; reason: string }[];
} {
  const others = profile.otherWorkloads?.nodeRole;
  const roles = profile.nodeRoles.filter((role) => isReserved(role) && role.name !== others);
  const [role] = roles;
  const rows = profile.components.filter(({ nodeRole }) => nodeRole === RESERVED);
  if (role === undefined || roles.length > 1) {
    return {
      profile,
      unresolved: rows.map(({ name }) => ({ row: name, reason: reasonOf(roles) })),
    };
  }
  const components = profile.components.map((row) =>
    row.nodeRole === RESERVED ? { ...row, nodeRole: role.name } : row,
  );
  return { profile: { ...profile, components }, unresolved: [] };
}

function reasonOf(roles: readonly NodeRole[]): string {
  if (roles.length === 0) return 'no role has a taint that keeps pods off its nodes';
  return `there are several: ${inWords(
    roles.map(({ name }) => name),
    'and',
  )}`;
}
