import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { inWords, suggestion, usage } from './args.ts';
import type { Deps, ReadProfile } from './deps.ts';
import { readRegularFile } from './disk.ts';

const FILE_NAME = /[/\\]|\.(?:ya?ml|json)$/;

/**
 * Reads the profile that `--profile` names: one that ships, or else a file.
 *
 * @throws UserError USAGE, PROFILE_UNKNOWN, FILE_UNREADABLE, PROFILE_SYNTAX
 */
export async function profileNamed(
  name: string | undefined,
  cwd: string,
  deps: Deps,
): Promise<ReadProfile> {
  const shipped = deps.profileNames();
  const list = `${inWords(shipped, 'or')}, or a file of your own`;
  if (name === undefined) {
    throw usage(`say against which profile, with --profile: ${list}`);
  }
  if (shipped.includes(name)) return { kind: 'profile', profile: deps.shippedProfile(name) };
  if (FILE_NAME.test(name)) return deps.readProfile(name, textOf(name, cwd));
  throw unknownProfile(name, deps);
}

/** The error of a name that no shipped profile has. */
export function unknownProfile(name: string, deps: Deps): UserError {
  const shipped = deps.profileNames();
  const near = suggestion(name, shipped);
  const ways = `${inWords(shipped, 'and')} ship, and one of your own is named as a file: ./my-profile.yaml`;
  return new UserError('PROFILE_UNKNOWN', `there is no profile ${name}${near || `; ${ways}`}`);
}

function textOf(name: string, cwd: string): string {
  const bytes = bytesOf(name, cwd);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UserError('PROFILE_SYNTAX', 'a profile is UTF-8 text, and this file is not', {
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
    throw new UserError(cause.code, `the profile ${name} cannot be read: ${cause.message}`, {
      cause,
    });
  }
}
