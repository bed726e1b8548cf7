import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { UserError } from '../errors.ts';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file or folder'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['ELOOP', 'its symbolic links lead in a circle'],
  ['ENOTDIR', 'a part of the path is not a folder'],
  ['EISDIR', 'it is a folder, not a file'],
  ['EEXIST', 'there is a file where a folder is needed'],
  ['ENAMETOOLONG', 'the path is too long'],
  ['ENOSPC', 'no space is left'],
  ['EROFS', 'the file system is read-only'],
  ['ENXIO', 'it is not a regular file'],
  ['ERR_FS_FILE_TOO_LARGE', 'the file is too large to read'],
  ['ERR_INVALID_ARG_VALUE', 'no path may hold a null character'],
]);

/**
 * Reads a regular file.
 *
 * A pipe is refused rather than waited for: it is opened without blocking, and looked at before the
 * first byte is read.
 *
 * @throws UserError FILE_UNREADABLE
 */
export function readRegularFile(path: string): Uint8Array {
  return orUnreadable(() => {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = fstatSync(descriptor);
      if (stats.isDirectory()) throw unreadable('it is a folder, not a file');
      if (!stats.isFile()) throw notRegular();
      return readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Runs what asks the file system, and says what it complains of in words. */
export function orUnreadable<T>(ask: () => T): T {
  try {
    return ask();
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw unreadable(reasonOf(cause), cause);
  }
}

/** The refusal of a pipe, a socket or a device. */
export function notRegular(): UserError {
  return unreadable('it is not a regular file: pipe it to standard input and give - instead');
}

/**
 * Writes generated files below a folder, which is made if need be.
 *
 * @throws UserError USAGE if the folder cannot be written to.
 */
export function writeBelow(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) {
    const path = join(folder, name);
    if (isAbsolute(name) || normalize(name).startsWith('..')) {
      throw new Error(`a generated file would leave its folder: ${name}`);
    }
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    } catch (cause) {
      throw new UserError('USAGE', `cannot write ${path}: ${reasonOf(cause)}`, { cause });
    }
  }
}

function unreadable(message: string, cause?: unknown): UserError {
  return new UserError('FILE_UNREADABLE', message, cause === undefined ? {} : { cause });
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error) || !('code' in cause)) throw cause;
  const code = String(cause.code);
  return REASONS.get(code) ?? `the system says ${code}`;
}
