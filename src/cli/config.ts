import { dirname, join, relative, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import type { UserError } from '../errors.ts';
import type { Arguments } from './args.ts';
import type { Deps } from './deps.ts';
import type { Io } from './io.ts';
import type { Texts } from './texts.ts';

/** The names of a configuration, the preferred one first. */
export const CONFIG_NAMES = ['bulkhead.yaml', 'bulkhead.yml'];

/** A configuration that was found, or every mistake in it; nothing if there is none. */
export type FoundConfig =
  | { readonly kind: 'none' }
  | { readonly kind: 'config'; readonly config: Config; readonly text: string }
  | { readonly kind: 'errors'; readonly errors: readonly UserError[] };

/**
 * Reads the configuration that `--config` names, else the nearest one: that of the current directory or of the
 * closest directory above it, up to the one that has `.git`.
 *
 * @throws UserError FILE_UNREADABLE
 */
export async function findConfig(
  { values }: Pick<Arguments, 'values'>,
  { io, deps, texts }: { readonly io: Pick<Io, 'cwd'>; readonly deps: Deps; readonly texts: Texts },
): Promise<FoundConfig> {
  if (values.has('no-config')) return { kind: 'none' };
  const file = values.get('config') ?? nearest(io.cwd, texts);
  if (file === undefined) return { kind: 'none' };
  const text = texts.read(file, 'the configuration');
  const read = await deps.readConfig(file, text);
  return read.kind === 'config' ? { ...read, text } : read;
}

function nearest(cwd: string, texts: Texts): string | undefined {
  for (let directory = resolve(cwd); ; directory = dirname(directory)) {
    const paths = CONFIG_NAMES.map((name) => relative(cwd, join(directory, name)));
    const found = paths.find((path) => texts.has(path));
    if (found !== undefined) return found;
    if (texts.isRoot(directory) || dirname(directory) === directory) return undefined;
  }
}

/** A path that a configuration names, from the current directory. */
export function besides({ file }: Pick<Config, 'file'>, path: string, cwd: string): string {
  return relative(cwd, resolve(cwd, dirname(file), path)) || '.';
}
