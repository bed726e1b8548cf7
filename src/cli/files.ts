import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { InputFile } from '../input.ts';
import { startsNodes } from '../manifest/systemd/names.ts';
import { compareText } from '../report/order.ts';
import type { Excluded } from '../report/report.ts';
import { isKustomizationName } from '../unrendered/kustomization.ts';
import { baseOf } from '../unrendered/paths.ts';
import { notRegular, orUnreadable, readRegularFile } from './disk.ts';
import type { Io, Looking } from './io.ts';

const MANIFEST_NAME = /\.(?:ya?ml|json|bu|ign)$/i;
const STDIN = '-';
const HERE = '.';

interface Visit {
  readonly name: string;
  /** Found in a directory, not named on the command line: then only manifests are read. */
  readonly walked: boolean;
  /** What its directory says of it; not of a link, which leads elsewhere. */
  readonly entry?: Place;
}

/** A file or directory, by its real path. */
interface Place {
  readonly real: string;
  readonly isDirectory: boolean;
}

/** What a walk needs of a file system, by absolute paths. Its errors have the codes of Node.js, or are in words. */
export interface FileSystem {
  /** What a path leads to, behind all links. */
  readonly stat: (path: string) => Kind;
  /** What is at a path. */
  readonly lstat: (path: string) => LinkKind;
  readonly entries: (path: string) => readonly (LinkKind & {
    readonly name: string;
    /** Whether it is a regular file, if that is known. */
    readonly isFile?: () => boolean;
  })[];
  readonly realPath: (path: string) => string;
  readonly read: (path: string) => Uint8Array;
}

interface Kind {
  readonly isDirectory: () => boolean;
  readonly isFile: () => boolean;
}

interface LinkKind extends Pick<Kind, 'isDirectory'> {
  readonly isSymbolicLink: () => boolean;
}

const DISK: FileSystem = {
  stat: (path) => statSync(path),
  lstat: (path) => lstatSync(path),
  entries: (path) => readdirSync(path, { withFileTypes: true }),
  realPath: (path) => realpathSync(path),
  read: readRegularFile,
};

interface Walk {
  readonly fs: FileSystem;
  readonly cwd: string;
  readonly looking: Looking | undefined;
  readonly isRendered: (path: string) => boolean;
  readonly isExcluded: (path: string, isDirectory: boolean) => boolean;
  /** Names still to visit, by their length. */
  readonly queue: Map<number, Visit[]>;
  /** Real paths that were read, and names that could not be. */
  readonly seen: Set<string>;
  readonly files: InputFile[];
  /** How many bytes may be kept: those of later files are read again when they are needed. */
  room: number;
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
 *
 * @param isRendered whether the file at a real path is a part of what is rendered: in directories it is skipped.
 */
export async function readInputs(
  paths: readonly string[],
  io: Pick<Io, 'cwd' | 'readStdin' | 'looking'>,
  {
    fs = DISK,
    isRendered = () => false,
    isExcluded = () => false,
    room = fs === DISK ? MOST_KEPT : Number.POSITIVE_INFINITY,
  }: {
    /** The disk by default. */
    readonly fs?: FileSystem;
    /** How many bytes may be kept: those of other files are read again when they are needed. */
    readonly room?: number;
    /** Whether the file at a real path is a part of what is rendered. */
    readonly isRendered?: (path: string) => boolean;
    /** Whether settings leave a file or directory out. */
    readonly isExcluded?: (path: string, isDirectory: boolean) => boolean;
  } = {},
): Promise<Inputs> {
  const { cwd, looking } = io;
  const walk: Walk = {
    fs,
    cwd,
    looking,
    isRendered,
    isExcluded,
    queue: new Map(),
    seen: new Set(),
    files: [],
    room,
    excluded: new Map(),
  };
  for (const name of paths.filter((path) => path !== STDIN)) {
    looking?.at(resolve(cwd, name));
    enqueue(walk, { name, walked: false });
  }
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

/** The bytes of files that a run keeps. */
const MOST_KEPT = 12 << 20;

function visit(walk: Walk, { name, walked, entry }: Visit): void {
  if (name === '')
    throw new UserError('FILE_UNREADABLE', 'the path is empty: give a file or a directory');
  const path = resolve(walk.cwd, name);
  const manifest = !walked || isSought(name);
  const place = entry ?? placeOf(walk, path, manifest);
  if (place === undefined) return;
  const { real, isDirectory } = place;
  if (walked && isSkipped(walk, { name, real, isDirectory })) return;
  if (walk.seen.has(real) || (walked && isPart(walk, path, place, entry === undefined))) return;
  walk.seen.add(real);
  if (isDirectory) enter(walk, { name, path, real });
  else readInto(walk, name, path);
}

/** Where a path leads to; undefined if nothing of it is read. */
function placeOf(walk: Walk, path: string, manifest: boolean): Place | undefined {
  if (!manifest && leadsNowhere(walk, path)) return undefined;
  const stats = orUnreadable(() => walk.fs.stat(path));
  if (!stats.isDirectory() && !manifest) return undefined;
  if (!stats.isDirectory() && !stats.isFile()) throw notRegular();
  const real = orUnreadable(() => walk.fs.realPath(path));
  return { real, isDirectory: stats.isDirectory() };
}

function readInto(walk: Walk, name: string, path: string): void {
  const { fs, looking, files } = walk;
  looking?.at(path);
  // Reports call live clusters so.
  const own = name.startsWith('cluster:') ? `./${name}` : name;
  const bytes = orUnreadable(() => fs.read(path));
  walk.room -= bytes.length;
  files.push(walk.room >= 0 ? { name: own, bytes } : new FileOnDisk(own, { fs, path, bytes }));
}

/** A file whose bytes are not kept: they are read each time. */
class FileOnDisk {
  readonly name: string;
  readonly #fs: FileSystem;
  readonly #path: string;
  readonly #digest: string;

  constructor(
    name: string,
    {
      fs,
      path,
      bytes,
    }: { readonly fs: FileSystem; readonly path: string; readonly bytes: Uint8Array },
  ) {
    this.name = name;
    this.#fs = fs;
    this.#path = path;
    this.#digest = digestOf(bytes);
  }

  get bytes(): Uint8Array {
    const bytes = orUnreadable(() => this.#fs.read(this.#path));
    if (digestOf(bytes) === this.#digest) return bytes;
    const place = { file: this.name, line: 1, column: 1 };
    throw new UserError('FILE_UNREADABLE', CHANGED, { place });
  }
}

const CHANGED = 'this file was changed while it was checked: check it again';

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

/** A link within a chart is a part of it; the file that it leads to is one only if it is in the chart itself. */
function isPart(
  { fs, isRendered }: Walk,
  path: string,
  { real }: Place,
  mayBeLink: boolean,
): boolean {
  if (isRendered(real)) return true;
  return mayBeLink && isRendered(join(fs.realPath(dirname(path)), basename(path)));
}

/** Whether a directory is left out by its name, or a file or directory by the settings; it is noted under its shortest name. */
function isSkipped(
  { excluded, isExcluded }: Walk,
  {
    name,
    real,
    isDirectory,
  }: { readonly name: string; readonly real: string; readonly isDirectory: boolean },
): boolean {
  const reason = reasonToSkip(name, isDirectory, isExcluded);
  if (reason === undefined) return false;
  if (!excluded.has(real)) excluded.set(real, { path: name, reason });
  return true;
}

function reasonToSkip(
  name: string,
  isDirectory: boolean,
  isExcluded: Walk['isExcluded'],
): Excluded['reason'] | undefined {
  if (isDirectory && baseOf(name).startsWith('.')) return 'hidden';
  if (isDirectory && baseOf(name) === 'node_modules') return 'dependencies';
  return isExcluded(name, isDirectory) ? 'pattern' : undefined;
}

function isSought(name: string): boolean {
  return MANIFEST_NAME.test(name) || startsNodes(name) || isKustomizationName(name);
}

/** A dangling link without the name of a manifest is skipped. */
function leadsNowhere({ fs }: Walk, path: string): boolean {
  try {
    fs.stat(path);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && NOWHERE.includes(error.code);
  }
}

const NOWHERE: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'ELOOP'];

function enter(
  walk: Walk,
  { name, path, real }: { readonly name: string; readonly path: string; readonly real: string },
): void {
  const prefix = name === HERE ? '' : name.endsWith('/') ? name : `${name}/`;
  walk.looking?.into(path, (entry) => isWanted(walk, prefix + entry));
  for (const entry of orUnreadable(() => walk.fs.entries(path))) {
    const inside = prefix + entry.name;
    if (!leadsOn(entry, inside)) continue;
    const isDirectory = entry.isDirectory();
    const isPlain = isDirectory || entry.isFile?.() === true;
    const place = { real: join(real, entry.name), isDirectory };
    enqueue(walk, { name: inside, walked: true, ...(isPlain && { entry: place }) });
  }
}

function leadsOn(entry: LinkKind, name: string): boolean {
  return entry.isDirectory() || entry.isSymbolicLink() || isSought(name);
}

/** Whether the walk would read what has a name now, or has read what had it. */
function isWanted({ fs, cwd, isExcluded }: Walk, name: string): boolean {
  const stats = statsOf(fs, resolve(cwd, name));
  if (stats === undefined ? !isSought(name) : !leadsOn(stats, name)) return false;
  return reasonToSkip(name, stats?.isDirectory() === true, isExcluded) === undefined;
}

function statsOf(fs: FileSystem, path: string): LinkKind | undefined {
  try {
    return fs.lstat(path);
  } catch {
    return undefined;
  }
}

function enqueue(walk: Walk, next: Visit): void {
  // What is in the current directory is named without it.
  const length = next.name === HERE ? 0 : next.name.length;
  const visits = walk.queue.get(length) ?? [];
  visits.push(next);
  walk.queue.set(length, visits);
}

function fail(walk: Walk, name: string, error: UserError): void {
  const key = `error ${resolve(walk.cwd, name)}`;
  if (walk.seen.has(key)) return;
  walk.seen.add(key);
  walk.files.push({ name, error });
}
