import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Addon, Profile } from '../src/profile/profile.ts';
import {
  addonLayer,
  type Bases,
  profileLayer,
  readAddon,
  readProfile,
} from '../src/profile/read.ts';
import { ROOT } from './tools.ts';

/** The names of the built-in profiles: the directories of `profiles/`, sorted. */
export const PROFILE_NAMES: readonly string[] = readdirSync(join(ROOT, 'profiles'), {
  withFileTypes: true,
})
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** The names of the built-in add-ons: the files of `addons/`, sorted. */
export const ADDON_NAMES: readonly string[] = !existsSync(join(ROOT, 'addons'))
  ? []
  : readdirSync(join(ROOT, 'addons'))
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => `addons/${name.replace(/\.yaml$/, '')}`)
      .sort();

/** The file of a built-in add-on, by its name. */
function addonFile(name: string): string {
  return `${name}.yaml`;
}

/** The file of a built-in profile. */
export function profileFile(name: string): string {
  return `profiles/${name}/profile.yaml`;
}

/** The directory of a cluster that follows a built-in profile. */
export function clusterOf(name: string): string {
  return `profiles/${name}/cluster`;
}

/** Reads a built-in profile, and what it extends. */
export function builtInProfile(name: string): Profile {
  const file = profileFile(name);
  const read = readProfile(file, textOf(file), BASES);
  if (read.kind === 'errors') throw new AggregateError(read.errors, invalid(file, read.errors));
  return read.profile;
}

/** Reads a built-in add-on. */
export function builtInAddon(name: string): Addon {
  const file = addonFile(name);
  const read = readAddon(file, textOf(file));
  if (read.kind === 'errors') throw new AggregateError(read.errors, invalid(file, read.errors));
  return read.addon;
}

/** What the built-in profiles extend is built in too. */
export const BASES: Bases = {
  names: [...PROFILE_NAMES, ...ADDON_NAMES],
  builtIn: (name) =>
    ADDON_NAMES.includes(name)
      ? addonLayer(builtInAddon(name))
      : profileLayer(builtInProfile(name)),
  read: (path, from) => {
    const file = join(dirname(from), path);
    return { file, text: textOf(file) };
  },
};

function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function invalid(file: string, errors: readonly Error[]): string {
  return `${file} is invalid: ${errors.map(({ message }) => message).join('; ')}`;
}
