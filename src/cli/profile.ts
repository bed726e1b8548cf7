import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { NodeRole, Profile } from '../profile/profile.ts';
import { suggestion, usage } from './args.ts';
import type { Deps, ReadProfile } from './deps.ts';
import { readRegularFile } from './disk.ts';

const FILE_NAME = /[/\\]|\.(?:ya?ml|json)$/;

/**
 * Reads the profile that `--profile` names: one that is built in, or else a file.
 *
 * @throws UserError USAGE, PROFILE_UNKNOWN, FILE_UNREADABLE, PROFILE_SYNTAX
 */
export async function profileNamed(
  name: string | undefined,
  cwd: string,
  deps: Deps,
): Promise<ReadProfile> {
  const builtIn = deps.profileNames();
  if (name === undefined) {
    throw usage(`no profile: use --profile NAME|FILE (built in: ${builtIn.join(', ')})`);
  }
  if (builtIn.includes(name)) return { kind: 'profile', profile: deps.shippedProfile(name) };
  if (FILE_NAME.test(name)) return deps.readProfile(name, textOf(name, cwd));
  throw unknownProfile(name, deps);
}

/** The error of a name that no built-in profile has. */
export function unknownProfile(name: string, deps: Deps): UserError {
  const builtIn = deps.profileNames();
  const ways = `built in: ${builtIn.join(', ')}; for your own, give a path: ./my-profile.yaml`;
  const hint = suggestion(name, builtIn) || `; ${ways}`;
  return new UserError('PROFILE_UNKNOWN', `unknown profile: ${name}${hint}`);
}

/** Lists profiles, one a line: the name, the title, the roles of nodes and their taints. */
export function profileList(profiles: readonly Profile[]): string {
  const rows = profiles.map(({ name, title, nodeRoles }) => [
    name,
    title,
    nodeRoles.map(roleText).join(', '),
  ]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

function roleText({ name, taints }: NodeRole): string {
  const texts = taints.map(
    ({ key, value, effect }) => `${key}${value === '' ? '' : `=${value}`}:${effect}`,
  );
  return texts.length === 0 ? name : `${name} (${texts.join(', ')})`;
}

function textOf(name: string, cwd: string): string {
  const bytes = bytesOf(name, cwd);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UserError('PROFILE_SYNTAX', 'not UTF-8 text', {
      place: { file: name, line: 1, column: 1 },
      cause,
    });
  }
}

function bytesOf(name: string, cwd: string): Uint8Array {
  try {
    return readRegularFile(resolve(cwd, name));
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(cause.code, `cannot read the profile ${name}: ${cause.message}`, {
      cause,
    });
  }
}
