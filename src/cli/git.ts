import { relative, resolve } from 'node:path';
import { WAIVE, waiveAnnotations } from '../config/annotation.ts';
import { UserError } from '../errors.ts';
import { visible } from '../formats/text.ts';
import type { InputFile } from '../input.ts';
import { identityOf, type ObjectReference, reference } from '../kubernetes/objects.ts';
import { classify } from '../manifest/objects.ts';
import { readManifest } from '../manifest/read.ts';
import type { Io } from './io.ts';
import { type Limits, run } from './run.ts';
import { decoded, type Texts } from './texts.ts';

/** A revision of the repository that the current directory is in. */
export interface Revision {
  /** As it was named. */
  readonly name: string;
  /** The id of its commit. */
  readonly commit: string;
  /** Returns a file of it; null if it has none. */
  readonly bytesOf: (file: string) => Promise<Uint8Array | null>;
  /** The top of the work tree. */
  readonly root: string;
  /**
   * Runs git in the top of the work tree, and returns what it prints.
   *
   * @throws UserError GIT_FAILED
   */
  readonly git: (argv: readonly string[], input?: string) => Promise<Uint8Array>;
}

/** All manifests of a repository are read at once. */
const LIMITS: Limits = { milliseconds: 300_000, bytes: 1024 * 1024 * 1024 };

/**
 * Finds a revision.
 *
 * @throws UserError GIT_FAILED
 */
export async function revisionNamed(
  name: string,
  io: Pick<Io, 'cwd' | 'env' | 'onEnd'>,
): Promise<Revision> {
  const gitIn = async (directory: string, argv: readonly string[], input?: string) => {
    const surroundings = { cwd: io.cwd, io, limits: LIMITS, input };
    const ran = await run('git', ['-C', directory, ...argv], surroundings);
    if (ran.kind === 'missing') throw failed(name, 'git is not on PATH');
    if (ran.kind === 'stopped') throw failed(name, `git ${ran.reason}`);
    return ran;
  };
  const printed = async (directory: string, argv: readonly string[], input?: string) => {
    const ran = await gitIn(directory, argv, input);
    if (ran.status === 0) return ran.stdout;
    throw failed(name, visible(lastLine(ran.stderr)) || 'git does not know it');
  };
  const text = async (argv: readonly string[]) =>
    decoded(await printed(io.cwd, argv)).replace(/\n$/, '');
  const root = await text(['rev-parse', '--show-toplevel']);
  const verify = ['rev-parse', '--verify', '--quiet', '--end-of-options'];
  const found = await gitIn(io.cwd, [...verify, `${name}^{commit}`]);
  if (found.status !== 0) {
    const isShallow = (await text(['rev-parse', '--is-shallow-repository'])) === 'true';
    throw failed(name, visible(lastLine(found.stderr)) || 'git does not know it', isShallow);
  }
  const commit = decoded(found.stdout).trim();
  return {
    name,
    commit,
    root,
    bytesOf: async (file) => {
      const path = relative(io.cwd, resolve(io.cwd, file));
      const ran = await gitIn(io.cwd, ['cat-file', 'blob', `${commit}:./${path}`]);
      return ran.status === 0 ? ran.stdout : null;
    },
    git: (argv, input) => printed(root, argv, input),
  };
}

/** What to do about a clone that has only the last commits. */
const SHALLOW =
  'This clone is shallow: fetch its history first (git fetch --unshallow; fetch-depth: 0 of actions/checkout; GIT_DEPTH: 0 in GitLab)';

function failed(name: string, reason: string, isShallow = false): UserError {
  const advice = isShallow ? SHALLOW : 'A shallow clone lacks revisions: fetch it first';
  return new UserError('GIT_FAILED', `cannot read the revision ${name}: ${reason}. ${advice}`);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** A text that has to be fetched before what asks for it can run. */
class NotFetched extends Error {
  readonly file: string;

  constructor(file: string) {
    super(file);
    this.file = file;
  }
}

/** The texts of settings as a revision has them. */
export function textsOf(revision: Revision, cwd: string): Texts {
  const fetched = new Map<string, Uint8Array | null>();
  const bytesOf = (file: string): Uint8Array | null => {
    const bytes = fetched.get(file);
    if (bytes === undefined) throw new NotFetched(file);
    return bytes;
  };
  return {
    read: (file, what) => {
      const bytes = bytesOf(file);
      if (bytes === null) throw unread(file, what, `it is not in ${revision.name}`);
      try {
        return decoded(bytes);
      } catch {
        throw unread(file, what, 'not UTF-8 text');
      }
    },
    has: (file) => bytesOf(file) !== null,
    files: () => [...fetched.keys()],
    isRoot: (directory) => resolve(cwd, directory) === revision.root,
    settled: async (use) => {
      for (;;) {
        try {
          return await use();
        } catch (error) {
          if (!(error instanceof NotFetched)) throw error;
          fetched.set(error.file, await revision.bytesOf(error.file));
        }
      }
    },
  };
}

function unread(file: string, what: string, reason: string): UserError {
  return new UserError('FILE_UNREADABLE', `cannot read ${what} ${file}: ${reason}`);
}

/**
 * Returns whether an annotation of an object in a file waives, by what the revision has: the same sentence on the
 * same object in the same file.
 */
export async function trustIn(
  revision: Revision,
  files: readonly InputFile[],
): Promise<
  (file: string, object: ObjectReference, sentence: { readonly text: string }) => boolean
> {
  const known = new Map<string, ReadonlySet<string>>();
  for (const file of files) {
    if ('error' in file || !Buffer.from(file.bytes).includes(WAIVE)) continue;
    const bytes = await revision.bytesOf(file.name);
    known.set(file.name, bytes === null ? new Set() : sentencesIn(file.name, bytes));
  }
  return (file, object, { text }) => known.get(file)?.has(keyOf(object, text)) === true;
}

/** Every line of the annotations of the objects of a file. */
function sentencesIn(file: string, bytes: Uint8Array): ReadonlySet<string> {
  const found = readManifest(file, bytes).documents.flatMap((document) => {
    const classified = classify(document);
    return classified.kind === 'objects' ? classified.objects : [];
  });
  return new Set(
    found.flatMap(({ value }) =>
      waiveAnnotations(value).flatMap(({ text }) =>
        text.split('\n').map((line) => keyOf(reference(value), line.trim())),
      ),
    ),
  );
}

function keyOf(object: ObjectReference, text: string): string {
  return `${identityOf(object)}\0${text}`;
}
