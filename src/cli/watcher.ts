import { existsSync, fstatSync, realpathSync, statSync, watch } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { thousands, visible } from '../formats/text.ts';
import type { Watcher } from './io.ts';

/** What watches one directory. */
interface Handle {
  readonly on: (event: 'error', listen: () => void) => unknown;
  readonly close: () => void;
}

interface Watched {
  readonly names: Set<string>;
  readonly wants: ((name: string) => boolean)[];
  handle?: Handle;
}

/** What is written to, as with `> out.json`, is no change: it would never end. */
const OUTPUTS = [1, 2];

/** Nothing is there, or nothing can be. */
const GONE = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'];

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'the system allows no more (on Linux: fs.inotify.max_user_watches)'],
  ['EMFILE', 'the system allows no more (on Linux: fs.inotify.max_user_instances)'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
]);

/**
 * Watches the directories of what a run looks at, each by itself, and never a file: most editors save by renaming.
 *
 * A recursive watch of Node.js 20 on Linux loses files that were saved so, and would also watch what is left out.
 *
 * @param cwd directories in it are noticed even if they vanish and return.
 * @param onChange takes the path of what has changed.
 * @param start what watches one directory.
 */
export function watcherOnDisk(
  cwd: string,
  onChange: (path: string) => void,
  start: (path: string, heard: (type: string, name: string | null) => void) => Handle = watch,
): Watcher {
  const directories = new Map<string, Watched>();
  const paths = new Set<string>();
  const failures = new Map<string, string>();
  // Without a directory to watch, nothing else would keep the process.
  const alive = setInterval(() => undefined, 2 ** 30);

  const isInside = (path: string) => path.startsWith(cwd.endsWith(sep) ? cwd : cwd + sep);

  const heard = (directory: string, type: string, name: string | null) => {
    const { names, wants } = watched(directory);
    const isItself = name === null || (type === 'rename' && name === basename(directory));
    const path = isItself ? directory : join(directory, name);
    const isWanted =
      isItself ||
      names.has(name) ||
      directories.has(path) ||
      wants.some((isWanted) => isWanted(name));
    if (isWanted && !isOutput(path)) onChange(path);
  };

  const failed = (directory: string, error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    // Its place in the directory above is watched. Above the current one, only that could vanish.
    const isAbove = directory === dirname(cwd);
    if (!GONE.includes(code) && !isAbove) failures.set(directory, REASONS.get(code) ?? code);
  };

  const watched = (directory: string): Watched => {
    const known = directories.get(directory);
    if (known !== undefined) return known;
    const one: Watched = { names: new Set(), wants: [] };
    directories.set(directory, one);
    try {
      const handle = start(directory, (type, name) => heard(directory, type, name));
      handle.on('error', () => {
        handle.close();
        onChange(directory);
      });
      one.handle = handle;
    } catch (error) {
      failed(directory, error);
    }
    return one;
  };

  const place = (path: string): void => {
    const directory = dirname(path);
    const { names } = watched(directory);
    if (directory === path || names.has(basename(path))) return;
    names.add(basename(path));
    if (isInside(directory) || !existsSync(directory)) place(directory);
  };

  return {
    at: (path) => {
      if (paths.has(path)) return;
      paths.add(path);
      place(path);
      const real = realOf(path);
      if (real !== undefined && real !== path) place(real);
    },
    into: (path, isWanted) => {
      watched(path).wants.push(isWanted);
    },
    fileCount: () =>
      new Set([...paths].map(realOf).filter((path) => path !== undefined && isFile(path))).size,
    failures: () => {
      const [first] = failures;
      if (first === undefined) return undefined;
      const [directory, reason] = first;
      const others = failures.size > 1 ? ` and ${thousands(failures.size - 1)} more` : '';
      return `cannot watch ${visible(relative(cwd, directory) || '.')}${others}: ${reason}`;
    },
    close: () => {
      clearInterval(alive);
      for (const { handle } of directories.values()) handle?.close();
    },
  };
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined; // it is not there
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isOutput(path: string): boolean {
  try {
    const { dev, ino } = statSync(path);
    return OUTPUTS.some((descriptor) => {
      const output = fstatSync(descriptor);
      return output.isFile() && output.dev === dev && output.ino === ino;
    });
  } catch {
    return false; // it is gone
  }
}
