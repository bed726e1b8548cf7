import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { UserError } from '../errors.ts';
import type { Arguments } from './args.ts';
import type { Deps } from './deps.ts';
import { readRegularFile } from './disk.ts';
import type { Io } from './io.ts';

/** The names of a configuration, the preferred one first. */
const NAMES = ['bulkhead.yaml', 'bulkhead.yml'];

/** A configuration that was found, or every mistake in it; nothing if there is none. */
export type FoundConfig =
  | { readonly kind: 'none' }
  | { readonly kind: 'config'; readonly config: Config; readonly text: string }
  | { readonly kind: 'errors'; readonly errors: readonly UserError[] };

/** Reads a text that the settings name, by its path from the current directory. */
export type ReadText = (file: string, what: string) => string;

/**
 * Reads the configuration that `--config` names, else the nearest one: that of the current directory or of the
 * closest directory above it, up to the one that has `.git`.
 *
 * @throws UserError FILE_UNREADABLE
 */
export async function findConfig(
  { values }: Pick<Arguments, 'values'>,
  {
    io,
    deps,
    readText,
  }: { readonly io: Pick<Io, 'cwd'>; readonly deps: Deps; readonly readText: ReadText },
): Promise<FoundConfig> {
  if (values.has('no-config')) return { kind: 'none' };
  const file = values.get('config') ?? nearest(io.cwd);
  if (file === undefined) return { kind: 'none' };
  const text = readText(file, 'the configuration');
  const read = await deps.readConfig(file, text);
  return read.kind === 'config' ? { ...read, text } : read;
}

function nearest(cwd: string): string | undefined {
  for (let directory = resolve(cwd); ; directory = dirname(directory)) {
    const found = NAMES.map((name) => join(directory, name)).find((path) => existsSync(path));
    if (found !== undefined) return relative(cwd, found);
    if (existsSync(join(directory, '.git')) || dirname(directory) === directory) return undefined;
  }
}

/** A path that a configuration names, from the current directory. */
export function besides({ file }: Pick<Config, 'file'>, path: string, cwd: string): string {
  return relative(cwd, resolve(cwd, dirname(file), path)) || '.';
}

/** Reads the texts of settings from the disk. */
export function textsOnDisk(cwd: string): ReadText {
  return (file, what) => {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(readRegularFile(resolve(cwd, file)));
    } catch (cause) {
      const reason = cause instanceof UserError ? cause.message : 'not UTF-8 text';
      throw new UserError('FILE_UNREADABLE', `cannot read ${what} ${file}: ${reason}`, { cause });
    }
  };
}
