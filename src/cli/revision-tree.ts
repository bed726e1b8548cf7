import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../errors.ts';
import { isPointer } from '../manifest/pointer.ts';
import { orUnreadable } from './disk.ts';
import type { FileSystem } from './files.ts';
import type { Revision } from './git.ts';

// A revision of git as a file system, without a checkout: one list of its files, and their bytes as they are asked for.

/** What a revision has at a path. */
interface Entry {
  readonly kind: 'file' | 'link' | 'submodule';
  /** The id of its bytes. */
  readonly id: string;
  /** Whether its path is UTF-8: Node.js could not name it on the disk. */
  readonly isNamed: boolean;
}

/** The files of a revision, by their paths from the top of the repository, with `/`. */
export interface RevisionTree {
  readonly revision: Revision;
  /** Every file and link, and every submodule. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** The top of the work tree, on the way from the current directory. */
  readonly base: string;
  /** Returns the path of a file of the work tree; undefined for one outside of it. */
  readonly pathOf: (path: string) => string | undefined;
  /**
   * Returns what is at a path behind all links: the path, and the entry unless it is a directory; undefined for nothing.
   *
   * @throws UserError FILE_UNREADABLE for links in a circle and those out of the repository.
   */
  readonly find: (path: string) => Found | undefined;
  /** Runs what reads the tree, and then again with the bytes of all that it has read. */
  readonly settled: <T>(use: (fs: FileSystem) => Promise<T>) => Promise<T>;
  /** The bytes of entries. */
  readonly bytesOf: (entries: readonly Entry[]) => Promise<readonly Uint8Array[]>;
}

interface Found {
  readonly path: string;
  readonly entry: Entry | undefined;
}

/**
 * Reads the list of a revision's files.
 *
 * @throws UserError GIT_FAILED
 */
export async function treeOf(revision: Revision, cwd: string): Promise<RevisionTree> {
  const listed = await revision.git(['ls-tree', '-r', '-z', '--full-tree', revision.commit]);
  const entries = entriesIn(listed);
  const store = storeOf(revision);
  await store.fetch([...entries.values()].filter(({ kind }) => kind === 'link'));
  const up = relative(revision.root, realpathSync(cwd));
  const base = resolve(
    cwd,
    ...up
      .split(sep)
      .filter((name) => name !== '')
      .map(() => '..'),
  );
  const pathOf = (path: string) =>
    [base, revision.root]
      .map((top) => relative(top, path))
      .find((one) => one.split(sep)[0] !== '..' && !isAbsolute(one))
      ?.split(sep)
      .join('/');
  const finder = finderIn({ revision, entries, store, base });
  const fs = fileSystemOf({ revision, finder, store, base });
  return {
    revision,
    entries,
    base,
    pathOf,
    find: (path) => {
      try {
        return orUnreadable(() => finder.find(path));
      } catch (error) {
        if (error instanceof UserError && isAbsence(error.cause)) return undefined;
        throw error;
      }
    },
    settled: async (use) => {
      for (;;) {
        const result = await use(fs);
        if (store.asked().length === 0) return result;
        await store.fetch(store.asked());
      }
    },
    bytesOf: async (wanted) => {
      await store.fetch(wanted);
      return wanted.map((entry) => store.bytesOf(entry));
    },
  };
}

function isAbsence(cause: unknown): boolean {
  return (
    cause instanceof Error && 'code' in cause && ['ENOENT', 'ENOTDIR'].includes(String(cause.code))
  );
}

const KINDS: ReadonlyMap<string, Entry['kind']> = new Map([
  ['120000', 'link'],
  ['160000', 'submodule'],
]);

/** Reads what `git ls-tree -r -z` prints. A path that no file can have is left out: only a forged tree has one. */
function entriesIn(listed: Uint8Array): ReadonlyMap<string, Entry> {
  const text = Buffer.from(listed);
  const entries = new Map<string, Entry>();
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf(0, start);
    const tab = text.indexOf('\t', start);
    const [mode = '', , id = ''] = text.toString('latin1', start, tab).split(' ');
    const bytes = text.subarray(tab + 1, end);
    const path = bytes.toString('utf8');
    const isNamed = Buffer.from(path).equals(bytes);
    if (isPath(path)) entries.set(path, { kind: KINDS.get(mode) ?? 'file', id, isNamed });
    start = end + 1;
  }
  return entries;
}

function isPath(path: string): boolean {
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}

/** Bytes by their ids. */
interface Store {
  /** @throws UserError GIT_FAILED */
  readonly fetch: (entries: readonly Entry[]) => Promise<void>;
  /** Returns the bytes of an entry; of one that has to be fetched, none yet. */
  readonly bytesOf: (entry: Entry) => Uint8Array;
  /** What has to be fetched. */
  readonly asked: () => readonly Entry[];
}

function storeOf(revision: Revision): Store {
  const known = new Map<string, Uint8Array>();
  let asked: Entry[] = [];
  return {
    fetch: async (entries) => {
      const ids = new Set(entries.map(({ id }) => id).filter((id) => !known.has(id)));
      asked = [];
      if (ids.size === 0) return;
      const printed = await revision.git(['cat-file', '--batch'], `${[...ids].join('\n')}\n`);
      for (const [id, bytes] of blobsIn(printed, ids, revision)) known.set(id, bytes);
    },
    bytesOf: (entry) => {
      const bytes = known.get(entry.id);
      if (bytes === undefined) asked.push(entry);
      return bytes ?? new Uint8Array();
    },
    asked: () => asked,
  };
}

/** Reads what `git cat-file --batch` prints: for each id a line with its kind and size, and its bytes. */
function blobsIn(
  printed: Uint8Array,
  ids: ReadonlySet<string>,
  { name }: Revision,
): ReadonlyMap<string, Uint8Array> {
  const all = Buffer.from(printed.buffer, printed.byteOffset, printed.byteLength);
  const blobs = new Map<string, Uint8Array>();
  for (let start = 0; start < all.length; ) {
    const end = all.indexOf('\n', start);
    const [id = '', kind = '', size = ''] = all.toString('latin1', start, end).split(' ');
    if (kind !== 'blob') break;
    const next = end + 1 + Number(size);
    blobs.set(id, all.subarray(end + 1, next));
    start = next + 1;
  }
  if (blobs.size === ids.size) return blobs;
  const message = `cannot read the revision ${name}: the clone lacks some of its files. Fetch them first: git fetch --refetch`;
  throw new UserError('GIT_FAILED', message);
}

/** Finds what is at a path. */
interface Finder {
  /** @throws the errors of a file system; OUTSIDE for a link out of the repository. */
  readonly find: (path: string) => Found;
  readonly namesIn: (directory: string) => ReadonlySet<string> | undefined;
  readonly entryAt: (path: string) => Entry | undefined;
}

interface Parts {
  readonly revision: Revision;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly store: Store;
  readonly base: string;
}

const MOST_LINKS = 40;

function finderIn({ revision, entries, store, base }: Parts): Finder {
  const directories = new Map<string, Set<string>>([['', new Set()]]);
  for (const path of entries.keys()) {
    const names = path.split('/');
    for (const [index, name] of names.entries()) {
      const directory = names.slice(0, index).join('/');
      const known = directories.get(directory);
      if (known === undefined) directories.set(directory, new Set([name]));
      else known.add(name);
    }
  }
  const known = { entries, directories, linkTo: linkTo({ revision, store, base }), base, revision };
  return {
    namesIn: (directory) => directories.get(directory),
    entryAt: (path) => entries.get(path),
    find: (path) => {
      const way: Way = { at: '', left: path.split('/'), links: 0 };
      for (let name = way.left.shift(); name !== undefined; name = way.left.shift()) {
        step(way, name, known);
      }
      return { path: way.at, entry: entries.get(way.at) };
    },
  };
}

/** How far a path was followed. */
interface Way {
  at: string;
  readonly left: string[];
  links: number;
}

interface Known extends Pick<Parts, 'entries' | 'base' | 'revision'> {
  readonly directories: ReadonlyMap<string, unknown>;
  readonly linkTo: LinkTo;
}

function step(
  way: Way,
  name: string,
  { entries, directories, linkTo: to, base, revision }: Known,
): void {
  if (name === '' || name === '.') return;
  if (name === '..') {
    if (way.at === '') throw new Outside(join(base, '..', ...way.left));
    way.at = parentOf(way.at);
    return;
  }
  const next = way.at === '' ? name : `${way.at}/${name}`;
  const entry = entries.get(next);
  if (entry?.kind === 'link') {
    way.links += 1;
    if (way.links > MOST_LINKS) throw coded('ELOOP');
    const { from, target } = to(entry, way.at);
    way.at = from;
    way.left.unshift(...target.split('/'));
    return;
  }
  if (entry?.kind === 'submodule' && way.left.some((one) => one !== ''))
    throw submodule(revision.name);
  if (entry === undefined && !directories.has(next)) throw coded('ENOENT');
  if (entry?.kind === 'file' && way.left.some((one) => one !== '')) throw coded('ENOTDIR');
  way.at = next;
}

/** Where a link leads to: from the top of the repository, or from the directory that it is in. */
type LinkTo = (
  link: Entry,
  directory: string,
) => { readonly from: string; readonly target: string };

function linkTo({ revision, store, base }: Omit<Parts, 'entries'>): LinkTo {
  return (link, directory) => {
    const target = new TextDecoder().decode(store.bytesOf(link));
    if (!target.startsWith('/')) return { from: directory, target };
    const top = [base, revision.root].find((one) => `${target}/`.startsWith(`${one}/`));
    if (top === undefined) throw new Outside(target);
    return { from: '', target: target.slice(top.length) };
  };
}

function parentOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/** An error of Node.js' file system, by its code. */
function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** The error of a link out of the repository: what is there, no revision says. */
class Outside extends UserError {
  readonly target: string;

  constructor(target: string) {
    super(
      'FILE_UNREADABLE',
      'a symbolic link out of the repository, and no revision has what is there: leave it out with --exclude, or compare two directories',
    );
    this.target = target;
  }
}

/** The file system that a walk sees. */
function fileSystemOf({
  revision: { name, root },
  finder,
  store,
  base,
}: Omit<Parts, 'entries'> & { readonly finder: Finder }): FileSystem {
  const inside = (path: string) => {
    const top = `${path}/`.startsWith(`${base}/`) ? base : root;
    return relative(top, path).split(sep).join('/');
  };
  const kind = (one: 'file' | 'directory' | 'link') => ({
    isFile: () => one === 'file',
    isDirectory: () => one === 'directory',
    isSymbolicLink: () => one === 'link',
  });
  const kindOf = ({ entry }: Found) => kind(entry?.kind === 'file' ? 'file' : 'directory');
  return {
    stat: (path) => {
      try {
        return kindOf(finder.find(inside(path)));
      } catch (error) {
        // As far as it is no manifest, it is enough to know what is there now.
        if (error instanceof Outside) return statSync(error.target);
        throw error;
      }
    },
    lstat: (path) => kindOf(finder.find(inside(path))),
    entries: (path) => {
      const { path: directory, entry } = finder.find(inside(path));
      if (entry?.kind === 'submodule') throw submodule(name);
      return [...(finder.namesIn(directory) ?? [])].map((child) => {
        const own = directory === '' ? child : `${directory}/${child}`;
        return { name: child, ...linkKind(own) };
      });
    },
    realPath: (path) => join(base, finder.find(inside(path)).path),
    read: (path) => {
      const { entry } = finder.find(inside(path));
      if (entry?.kind !== 'file') throw coded('EISDIR');
      if (!entry.isNamed) throw unreadable('its name is not UTF-8');
      const bytes = store.bytesOf(entry);
      if (isPointer(bytes)) {
        throw unreadable(
          `in ${name} it is a pointer of Git LFS, without the file: leave it out with --exclude, or compare two directories`,
        );
      }
      return bytes;
    },
  };

  function linkKind(path: string) {
    const found = finder.entryAt(path);
    if (found === undefined || found.kind === 'submodule') return kind('directory');
    return kind(found.kind);
  }
}

function submodule(name: string): UserError {
  return unreadable(
    `a submodule, whose files ${name} does not have: leave it out with --exclude, or compare two directories`,
  );
}

function unreadable(reason: string): UserError {
  return new UserError('FILE_UNREADABLE', reason);
}
