import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { InputFile } from '../input.ts';
import { startsNodes } from '../manifest/systemd/names.ts';
import { compareText } from '../report/order.ts';
import type { Excluded } from '../report/report.ts';
import { isKustomizationName } from '../unrendered/kustomization.ts';
import { baseOf } from '../unrendered/paths.ts';
import { notRegular, orUnreadable, readRegularFile } from './disk.ts';
import type { Io } from './io.ts';

const MANIFEST_NAME = /\.(?:ya?ml|json|bu|ign)$/i;
const STDIN = '-';

interface Visit {
  readonly name: string;
  /** Found in a directory, not named on the command line: then only manifests are read. */
  readonly walked: boolean;
}

interface Walk {
  readonly cwd: string;
  /** Names still to visit, by their length. */
  readonly queue: Map<number, Visit[]>;
  /** Real paths that were read, and names that could not be. */
  readonly seen: Set<string>;
  readonly files: InputFile[];
  /** Directories that were not walked, by their real paths. */
  readonly excluded: Map<string, Excluded>;
}

/** The files that paths stand for, and what was left out of them. */
export interface Inputs {
  readonly files: readonly InputFile[];
  readonly excluded: readonly Excluded[];
}

/**
 * Reads the files that paths stand for: a file with any name; the .yaml, .yml, .json, .bu and .ign files of
 * a directory, its kustomizations and what starts kubelets, at any depth; `-` for standard input.
 *
 * Hidden directories and those of dependencies are left out, unless they are among the paths.
 *
 * A file is read once even if several paths lead to it, under the shortest name, in whatever order the
 * paths are given. Symbolic links are followed. What cannot be read is returned as its error.
 */
export async function readInputs(
  paths: readonly string[],
  io: Pick<Io, 'cwd' | 'readStdin'>,
): Promise<Inputs> {
  const { cwd } = io;
  const walk: Walk = { cwd, queue: new Map(), seen: new Set(), files: [], excluded: new Map() };
  for (const name of paths) if (name !== STDIN) enqueue(walk, { name, walked: false });
  visitAll(walk);
  if (paths.includes(STDIN)) walk.files.push({ name: STDIN, bytes: await io.readStdin() });
  return {
    files: walk.files.toSorted((a, b) => compareText(a.name, b.name)),
    // Another path may have led to it.
    excluded: [...walk.excluded].filter(([real]) => !walk.seen.has(real)).map(([, one]) => one),
  };
}

/** Shorter names first: a directory comes before all that is in it, as its name is shorter. */
function visitAll(walk: Walk): void {
  for (let length = 0; length <= longest(walk); length += 1) {
    const visits = walk.queue.get(length) ?? [];
    walk.queue.delete(length);
    for (const next of visits.toSorted((a, b) => compareText(a.name, b.name))) {
      try {
        visit(walk, next);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        fail(walk, next.name, error);
      }
    }
  }
}

function longest(walk: Walk): number {
  return Math.max(-1, ...walk.queue.keys());
}

function visit(walk: Walk, { name, walked }: Visit): void {
  if (name === '')
    throw new UserError('FILE_UNREADABLE', 'the path is empty: give a file or a directory');
  const path = resolve(walk.cwd, name);
  const manifest = !walked || isSought(name);
  if (!manifest && leadsNowhere(path)) return;
  const stats = orUnreadable(() => statSync(path));
  if (!stats.isDirectory() && !manifest) return;
  if (!stats.isDirectory() && !stats.isFile()) throw notRegular();
  const real = orUnreadable(() => realpathSync(path));
  if (walked && stats.isDirectory() && isSkipped(walk, name, real)) return;
  if (walk.seen.has(real)) return;
  walk.seen.add(real);
  if (stats.isDirectory()) enter(walk, name, path);
  else walk.files.push({ name, bytes: readRegularFile(path) });
}

/** Whether a directory is left out by its name; if so, it is noted under its shortest one. */
function isSkipped({ excluded }: Walk, name: string, real: string): boolean {
  const directory = baseOf(name);
  const isHidden = directory.startsWith('.');
  if (!isHidden && directory !== 'node_modules') return false;
  const one: Excluded = { path: name, reason: isHidden ? 'hidden' : 'dependencies' };
  if (!excluded.has(real)) excluded.set(real, one);
  return true;
}

function isSought(name: string): boolean {
  return MANIFEST_NAME.test(name) || startsNodes(name) || isKustomizationName(name);
}

/** A dangling link without the name of a manifest is skipped. */
function leadsNowhere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ELOOP';
  }
}

function enter(walk: Walk, name: string, path: string): void {
  const entries: readonly Dirent[] = orUnreadable(() => readdirSync(path, { withFileTypes: true }));
  const prefix = name.endsWith('/') ? name : `${name}/`;
  for (const entry of entries) {
    const inside = prefix + entry.name;
    if (entry.isDirectory() || entry.isSymbolicLink() || isSought(inside)) {
      enqueue(walk, { name: inside, walked: true });
    }
  }
}

function enqueue(walk: Walk, next: Visit): void {
  const visits = walk.queue.get(next.name.length) ?? [];
  visits.push(next);
  walk.queue.set(next.name.length, visits);
}

function fail(walk: Walk, name: string, error: UserError): void {
  const key = `error ${resolve(walk.cwd, name)}`;
  if (walk.seen.has(key)) return;
  walk.seen.add(key);
  walk.files.push({ name, error });
}
