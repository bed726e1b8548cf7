import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { readRegularFile } from './disk.ts';
import type { Io } from './io.ts';

/** Where the texts of settings come from: the disk, or a revision of git. Files are named from the current directory. */
export interface Texts {
  /**
   * Returns the text of a file.
   *
   * @param what what an error calls it: `the profile`.
   * @throws UserError FILE_UNREADABLE
   */
  readonly read: (file: string, what: string) => string;
  readonly has: (file: string) => boolean;
  /** The files that were read. */
  readonly files: () => readonly string[];
  /** The directories above the current one in which a configuration is looked for end with one of these files. */
  readonly isRoot: (directory: string) => boolean;
  /** Runs what reads texts, once all that it reads is at hand: it may run several times. */
  readonly settled: <T>(use: () => T | Promise<T>) => Promise<T>;
}

/** The texts on the disk. */
export function textsOnDisk({ cwd, looking }: Pick<Io, 'cwd' | 'looking'>): Texts {
  const files = new Set<string>();
  const seen = (file: string) => {
    const path = resolve(cwd, file);
    looking?.at(path);
    return path;
  };
  return {
    read: (file, what) => {
      files.add(file);
      try {
        return decoded(readRegularFile(seen(file)));
      } catch (cause) {
        const reason = cause instanceof UserError ? cause.message : 'not UTF-8 text';
        throw new UserError('FILE_UNREADABLE', `cannot read ${what} ${file}: ${reason}`, { cause });
      }
    },
    has: (file) => existsSync(seen(file)),
    files: () => [...files],
    isRoot: (directory) => existsSync(resolve(cwd, directory, '.git')),
    settled: async (use) => use(),
  };
}

/** @throws TypeError for what is not UTF-8. */
export function decoded(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
