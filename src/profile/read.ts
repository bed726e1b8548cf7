import { UserError } from '../errors.ts';
import { readYaml, type YamlFile } from '../manifest/yaml.ts';
import {
  type Bases,
  conflicts,
  type Extended,
  isPath,
  merged,
  unknownBase,
  withReservedRole,
} from './extend.ts';
import { meaningErrors } from './meaning.ts';
import type { Addon, Profile } from './profile.ts';
import { structureFaults } from './structure.ts';
import { type Layer, layerOf, type Parts, soundParts, type Written } from './written.ts';

export type { Bases } from './extend.ts';

/** A profile, or every mistake in it, in the order of the file. */
export type ReadProfile =
  | { readonly kind: 'profile'; readonly profile: Profile }
  | { readonly kind: 'errors'; readonly errors: readonly UserError[] };

/** An add-on, or every mistake in it, in the order of the file. */
export type ReadAddon =
  | { readonly kind: 'addon'; readonly addon: Addon }
  | { readonly kind: 'errors'; readonly errors: readonly UserError[] };

const NO_BASES: Bases = {
  names: [],
  builtIn: (name) => {
    throw new UserError('PROFILE_UNKNOWN', unknownBase(name, []));
  },
  read: (path) => {
    throw new UserError(
      'FILE_UNREADABLE',
      `cannot read ${path}: this profile was not read from a file`,
    );
  },
};

/**
 * Reads a profile and what it extends; each mistake has a code, a place, and what was expected.
 *
 * @param bases where it finds what it extends; nothing if absent.
 */
export function readProfile(file: string, text: string, bases: Bases = NO_BASES): ReadProfile {
  const read = readLayer({ file, text, bases, within: [] });
  if (read.kind === 'errors') return read;
  if (read.layer.kind === 'Addon') {
    const message = 'an add-on is no profile: name it in the extends of one';
    return {
      kind: 'errors',
      errors: [new UserError('PROFILE_INVALID', message, { place: { file, line: 1, column: 1 } })],
    };
  }
  const { kind: _, ...profile } = read.layer;
  return { kind: 'profile', profile };
}

/** Reads an add-on; each mistake has a code, a place, and what was expected. */
export function readAddon(file: string, text: string): ReadAddon {
  const read = readLayer({ file, text, bases: NO_BASES, within: [] });
  if (read.kind === 'errors') return read;
  if (read.layer.kind === 'Profile') {
    const message = 'this is a profile: an add-on has the kind Addon';
    return {
      kind: 'errors',
      errors: [new UserError('PROFILE_INVALID', message, { place: { file, line: 1, column: 1 } })],
    };
  }
  const { name, title, components } = read.layer;
  return { kind: 'addon', addon: { name, title, components } };
}

/** The layer of a profile that was read before. */
export function profileLayer(profile: Profile): Layer {
  return { ...profile, kind: 'Profile' };
}

/** The layer of an add-on that was read before. */
export function addonLayer({ name, title, components }: Addon): Layer {
  return { ...EMPTY, kind: 'Addon', name, title, components };
}

const EMPTY = {
  nodeRoles: [],
  nodeLabels: [],
  schedulers: [],
  schedulerUsers: [],
  controllerUsers: [],
  exemptNamespaces: [],
  customWorkloads: [],
} as const;

interface Source {
  readonly file: string;
  readonly text: string;
  readonly bases: Bases;
  /** The files by which this one is extended. */
  readonly within: readonly string[];
}

type ReadLayer =
  | { readonly kind: 'layer'; readonly layer: Layer }
  | { readonly kind: 'errors'; readonly errors: readonly UserError[] };

function readLayer(source: Source): ReadLayer {
  const { file, text } = source;
  let yaml: YamlFile;
  try {
    yaml = readYaml(file, text, 'PROFILE_SYNTAX');
  } catch (error) {
    if (error instanceof UserError) return { kind: 'errors', errors: [error] };
    throw error;
  }
  const faults = structureFaults(yaml);
  const parts = soundParts(
    yaml.value,
    faults.map(({ path }) => path),
  );
  const extended = basesOf(parts, source, yaml.placeOf);
  const known = extended.layers.filter((layer) => layer !== undefined);
  const errors = [
    ...faults.map(({ error }) => error),
    ...extended.errors,
    ...meaningErrors(
      parts,
      { bases: known, isWhole: known.length === parts.extends.length },
      yaml.placeOf,
    ),
  ];
  if (errors.length > 0) return { kind: 'errors', errors: errors.sort(compareByPlace) };
  // The schema guarantees it.
  const own = layerOf(yaml.value as unknown as Written);
  return finished(own, extended, yaml.placeOf);
}

/** The file and what it extends as one. */
function finished(own: Layer, { layers }: Extended, placeOf: YamlFile['placeOf']): ReadLayer {
  const known = layers.filter((layer) => layer !== undefined);
  const clashing = conflicts(layers, own, placeOf);
  if (clashing.length > 0) return { kind: 'errors', errors: clashing };
  if (own.kind === 'Addon') return { kind: 'layer', layer: own };
  const { profile, unresolved } = withReservedRole(merged(known, own));
  if (unresolved.length === 0) return { kind: 'layer', layer: profile };
  const errors = unresolved.map(({ row, reason }) => {
    const index = own.components.findIndex(({ name }) => name === row);
    const base = layers.findIndex((layer) => layer?.components.some(({ name }) => name === row));
    const place = placeOf(index < 0 ? ['extends', base] : ['components', index, 'nodeRole']);
    const message = `component ${row} runs on the reserved role, but ${reason}: give it a role by a row ${row} of this profile`;
    return new UserError('PROFILE_ROLE_UNKNOWN', message, { place });
  });
  return { kind: 'errors', errors };
}

function basesOf(
  { extends: named }: Parts,
  { file, bases, within }: Source,
  placeOf: YamlFile['placeOf'],
): Extended {
  const layers: (Layer | undefined)[] = [];
  const errors: UserError[] = [];
  named.forEach((name, index) => {
    const place = placeOf(['extends', index]);
    const read = baseNamed(name, { file, bases, within });
    layers.push(read instanceof UserError || read.kind === 'errors' ? undefined : read.layer);
    if (read instanceof UserError) errors.push(new UserError(read.code, read.message, { place }));
    else if (read.kind === 'errors') errors.push(...read.errors);
  });
  return { layers, errors };
}

function baseNamed(
  name: string,
  { file, bases, within }: Omit<Source, 'text'>,
): ReadLayer | UserError {
  if (!isPath(name)) {
    if (bases.names.includes(name)) return { kind: 'layer', layer: bases.builtIn(name) };
    return new UserError('PROFILE_UNKNOWN', unknownBase(name, bases.names));
  }
  try {
    const base = bases.read(name, file);
    if ([...within, file].includes(base.file)) {
      const message = `${name} extends this profile, directly or by others: a profile cannot extend itself`;
      return new UserError('PROFILE_CYCLE', message);
    }
    return readLayer({ ...base, bases, within: [...within, file] });
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

function compareByPlace({ place: a }: UserError, { place: b }: UserError): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}
