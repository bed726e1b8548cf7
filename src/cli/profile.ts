import { dirname, isAbsolute, join } from 'node:path';
import { UserError } from '../errors.ts';
import type { NodeRole, Profile, Taint } from '../profile/profile.ts';
import { suggestion, usage } from './args.ts';
import type { Deps, ReadProfile } from './deps.ts';
import type { Texts } from './texts.ts';

const FILE_NAME = /^(?:\.{0,2}\/)|[\\]|\.(?:ya?ml|json)$/;

/** What a profile is read with. */
interface Reading {
  readonly deps: Deps;
  readonly texts: Texts;
}

/**
 * Reads a profile by its name: one that is built in, or else a file.
 *
 * @throws UserError USAGE, PROFILE_UNKNOWN, FILE_UNREADABLE, PROFILE_SYNTAX
 */
export async function profileNamed(
  name: string | undefined,
  { deps, texts }: Reading,
): Promise<ReadProfile> {
  const builtIn = deps.profileNames();
  if (name === undefined) {
    throw usage(
      `no profile: use --profile NAME|FILE, or profile in bulkhead.yaml (built in: ${builtIn.join(', ')})`,
    );
  }
  if (builtIn.includes(name)) return { kind: 'profile', profile: deps.shippedProfile(name) };
  const addon = deps.addons().find((one) => one.name === name);
  if (addon !== undefined) throw addonNamed(name);
  if (isFile(name)) return profileIn(name, { deps, texts });
  throw unknownProfile(name, deps);
}

/** Whether an argument names a file, not a built-in profile. */
export function isFile(name: string): boolean {
  return FILE_NAME.test(name) || (name.includes('/') && !name.startsWith('addons/'));
}

/**
 * Reads a profile from a file, and what it extends.
 *
 * @throws UserError FILE_UNREADABLE, PROFILE_SYNTAX
 */
export function profileIn(file: string, { deps, texts }: Reading): Promise<ReadProfile> {
  return deps.readProfile(file, texts.read(file, 'the profile'), (path, from) => {
    const base = isAbsolute(path) ? path : join(dirname(from), path);
    return { file: base, text: texts.read(base, 'the profile') };
  });
}

function addonNamed(name: string): UserError {
  const message = `${name} is an add-on, which has no node roles: name it in a profile of your own, as in extends: [kubeadm, ${name}]`;
  return new UserError('PROFILE_UNKNOWN', message);
}

/** The error of a name that no built-in profile has. */
export function unknownProfile(name: string, deps: Deps): UserError {
  const builtIn = deps.profileNames();
  const ways = `built in: ${builtIn.join(', ')}; for your own, give a path: ./my-profile.yaml`;
  const hint = suggestion(name, builtIn) || `; ${ways}`;
  return new UserError('PROFILE_UNKNOWN', `unknown profile: ${name}${hint}`);
}

/**
 * Lists profiles, one a line: the name, the title, the oldest version of Kubernetes, the roles of nodes and their
 * taints. Then the add-ons.
 */
export function profileList(
  profiles: readonly Profile[],
  addons: readonly { readonly name: string; readonly title: string }[],
): string {
  const rows = profiles.map(({ name, title, kubernetes, experimental, nodeRoles }) => [
    name,
    experimental ? `${title} (experimental)` : title,
    kubernetes === undefined ? 'current' : `${kubernetes}+`,
    nodeRoles.map(roleText).join(', '),
  ]);
  const parts = [aligned([['NAME', 'TITLE', 'KUBERNETES', 'NODE ROLES'], ...rows])];
  if (addons.length > 0) {
    parts.push(aligned([['ADD-ON', 'TITLE'], ...addons.map(({ name, title }) => [name, title])]));
  }
  return parts.join('\n');
}

function aligned(rows: readonly (readonly string[])[]): string {
  const last = (rows[0]?.length ?? 1) - 1;
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row.map((cell, column) => (column === last ? cell : cell.padEnd(widths?.[column] ?? 0))),
    )
    .map((row) => `${row.join('  ').trimEnd()}\n`)
    .join('');
}

function roleText({ name, taints, alternativeTaints = [], optionalTaints }: NodeRole): string {
  const sets = [taints, ...alternativeTaints].filter((set) => set.length > 0);
  const texts = sets.map((set) => set.map(taintText).join(' and '));
  if (texts.length === 0) return name;
  return `${name} (${[...texts, ...(optionalTaints ? ['no taint'] : [])].join(' or ')})`;
}

function taintText({ key, value = '*', effect }: Taint): string {
  return `${key}${value === '' ? '' : `=${value}`}:${effect}`;
}
