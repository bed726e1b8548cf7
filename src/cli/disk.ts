import {
  accessSync,
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, normalize } from 'node:path';
import { UserError } from '../errors.ts';
import { compareText } from '../report/order.ts';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file or directory'],
  ['CHANGED', 'it has changed since it was read'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['ELOOP', 'symbolic link loop'],
  ['ENOTDIR', 'a part of the path is not a directory'],
  ['EISDIR', 'it is a directory, not a file'],
  ['EEXIST', 'a file is where a directory is needed'],
  ['ENAMETOOLONG', 'path too long'],
  ['ENOSPC', 'no space left'],
  ['EDQUOT', 'disk quota exceeded'],
  ['EFBIG', 'file too large'],
  ['EIO', 'input/output error'],
  ['EROFS', 'read-only file system'],
  ['ENXIO', 'not a regular file'],
  ['ERR_FS_FILE_TOO_LARGE', 'file too large'],
  ['ERR_INVALID_ARG_VALUE', 'the path contains a null character'],
]);

/**
 * Reads a regular file.
 *
 * It never waits for a pipe: the file is opened without blocking, and must be regular before its first
 * byte is read.
 *
 * @throws UserError FILE_UNREADABLE
 */
export function readRegularFile(path: string): Uint8Array {
  return orUnreadable(() => {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = fstatSync(descriptor);
      if (stats.isDirectory()) throw unreadable('it is a directory, not a file');
      if (!stats.isFile()) throw notRegular();
      return readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Runs a call of the file system, and puts its error into words. */
export function orUnreadable<T>(ask: () => T): T {
  try {
    return ask();
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw unreadable(reasonOf(cause), cause);
  }
}

/** The error of a pipe, a socket or a device. */
export function notRegular(): UserError {
  return unreadable('not a regular file: pipe it to standard input and use -');
}

/**
 * Writes generated files below a directory, which is created if missing.
 *
 * @throws UserError OUTPUT_UNWRITABLE
 */
export function writeBelow(directory: string, files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) {
    if (isAbsolute(name) || normalize(name).startsWith('..')) {
      throw new Error(`a generated file would leave its directory: ${name}`);
    }
    const path = join(directory, name);
    writeTo(path, text, path);
  }
}

/** The names of the files right in a directory that begin with a text, sorted. What cannot be read is none of them. */
export function filesThatBegin(directory: string, text: string): readonly string[] {
  const begins = (name: string): boolean => {
    try {
      return new TextDecoder().decode(readRegularFile(join(directory, name))).startsWith(text);
    } catch (cause) {
      if (cause instanceof UserError) return false;
      throw cause;
    }
  };
  if (statOrNone(directory)?.isDirectory() !== true) return [];
  return orUnreadable(() => readdirSync(directory))
    .sort(compareText)
    .filter(begins);
}

/**
 * Writes a file, in a directory that is created if missing.
 *
 * @param name what an error calls it.
 * @throws UserError OUTPUT_UNWRITABLE
 */
export function writeTo(path: string, text: string, name: string): void {
  try {
    makeDirectory(dirname(path));
    writeRegularFile(path, text, constants.O_TRUNC);
  } catch (cause) {
    throw unwritable(name, cause);
  }
}

/**
 * Gives a file other bytes, all at once: anyone who reads it finds the old ones or the new ones. It keeps its mode and,
 * where that is allowed, its owner. A link to it stays one.
 *
 * @param before what it had when it was read: if it has changed since, it is left alone.
 * @param name what an error calls it.
 * @throws UserError OUTPUT_UNWRITABLE
 */
export function replaceFile(
  path: string,
  {
    before,
    bytes,
    name,
  }: { readonly before: Uint8Array | undefined; readonly bytes: Uint8Array; readonly name: string },
): void {
  let scratch: string | undefined;
  try {
    const real = realpathSync(path);
    accessSync(real, constants.W_OK); // a directory may be writable where its file is not
    scratch = join(dirname(real), `.bulkhead-${crypto.randomUUID()}`);
    writeCopy(scratch, bytes, statSync(real));
    if (before === undefined || Buffer.compare(readRegularFile(real), before) !== 0) {
      throw withCode('CHANGED');
    }
    renameSync(scratch, real);
  } catch (cause) {
    if (scratch !== undefined) rmSync(scratch, { force: true });
    throw unwritable(name, cause);
  }
}

/**
 * Writes a file that is not there yet, in a directory that exists. It never replaces one, nor follows a link.
 *
 * @throws UserError OUTPUT_UNWRITABLE
 */
export function createAt(path: string, text: string, name: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (cause) {
    throw unwritable(name, cause);
  }
}

/** Writes a new file with the mode and the owner of another one. */
function writeCopy(path: string, bytes: Uint8Array, { mode, uid, gid }: Stats): void {
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    try {
      fchownSync(descriptor, uid, gid);
    } catch {
      // Only the administrator may give files to others.
    }
    fchmodSync(descriptor, mode & 0o7777);
    writeFileSync(descriptor, bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Adds a text of its own paragraphs to the end of a file, which must not become larger than `most` bytes.
 *
 * @param name what an error calls it.
 * @throws UserError OUTPUT_UNWRITABLE
 */
export function appendTo(
  path: string,
  text: string,
  { name, most }: { readonly name: string; readonly most: number },
): void {
  try {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    // What is there may have no line break at its end, or a part that only an empty line ends.
    const own = size === 0 ? text : `\n\n${text}`;
    if (size + Buffer.byteLength(own) > most) throw withCode('EFBIG');
    writeRegularFile(path, own, constants.O_APPEND);
  } catch (cause) {
    throw unwritable(name, cause);
  }
}

/** What is the same for all names of a file, even of one that does not exist yet. */
export function identityOf(path: string): string {
  const stats = statOrNone(path);
  if (stats !== undefined) return `${stats.dev}:${stats.ino}`;
  return dirname(path) === path ? path : `${identityOf(dirname(path))}/${basename(path)}`;
}

/** The path of a file without symbolic links; undefined if there is none. */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function statOrNone(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined; // missing, or in what is no directory
  }
}

/** The error of a file or stream that could not be written. */
export function unwritable(what: string, cause: unknown): UserError {
  return new UserError('OUTPUT_UNWRITABLE', `cannot write ${what}: ${reasonOf(cause)}`, { cause });
}

/** Writes a regular file. It never waits for the reader of a pipe that is in its place. */
function writeRegularFile(path: string, text: string, mode: number): void {
  const { O_WRONLY, O_CREAT, O_NONBLOCK } = constants;
  const descriptor = openSync(path, O_WRONLY | O_CREAT | O_NONBLOCK | mode);
  try {
    if (!fstatSync(descriptor).isFile()) throw withCode('ENXIO');
    writeFileSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}

/** Creates a directory and its ancestors, one by one: recursive mkdirSync never ends below /proc. */
function makeDirectory(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(path) !== path) makeDirectory(dirname(path));
  mkdirSync(path);
}

function withCode(code: string): Error {
  return Object.assign(new Error(), { code });
}

function unreadable(message: string, cause?: unknown): UserError {
  return new UserError('FILE_UNREADABLE', message, cause === undefined ? {} : { cause });
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error) || !('code' in cause)) throw cause;
  const code = String(cause.code);
  return REASONS.get(code) ?? code;
}
