import { existsSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Source } from '../config/config.ts';
import { UserError } from '../errors.ts';
import { visible } from '../formats/text.ts';
import type { InputFile } from '../input.ts';
import { usage } from './args.ts';
import { pathOf } from './clusters.ts';
import { readInputs } from './files.ts';
import { type ReadSources, renderedOf, toRender } from './inputs.ts';
import type { Io } from './io.ts';
import type { ReadSourcesOf } from './read-clusters.ts';
import { extracted, type RenderedSource, type Scratch } from './revision-parts.ts';
import type { RevisionTree } from './revision-tree.ts';

/** The sources of a repository: as a revision has them, and as the work tree does. */
export interface TwoSources {
  /**
   * Requires that a revision can have the sources.
   *
   * @throws UserError USAGE
   */
  readonly check: (sources: readonly Source[]) => void;
  /** Whether a source is in the revision, and no longer in the work tree. */
  readonly isDeleted: (source: Source) => boolean;
  /** Whether git ignores a file or directory, by its path from the current directory. */
  readonly isIgnored: (path: string) => boolean;
  /** Reads them as the revision has them. One that it does not have is new: there is nothing of it. */
  readonly readOld: ReadSourcesOf;
  /** Removes the files that were written for rendering: places in them are looked up until then. */
  readonly dispose: () => void;
}

/**
 * Opens the sources of a repository.
 *
 * @throws UserError GIT_FAILED
 */
export async function twoSources(tree: RevisionTree, io: Io): Promise<TwoSources> {
  const { name } = tree.revision;
  const ignored = await ignoredIn(tree);
  const known = new Set(ignored.map((path) => path.replace(/\/$/, '')));
  const inTree = (path: string) => tree.pathOf(resolve(io.cwd, path));
  const isIgnored = (path: string) => {
    const names = inTree(path)?.split('/') ?? [];
    return names.some((_, index) => known.has(names.slice(0, index + 1).join('/')));
  };
  const scratches: Scratch[] = [];
  return {
    check: (sources) => {
      for (const path of sources.flatMap(pathsOf)) {
        if (path === '-') throw usage('--since takes no standard input: no revision has it');
        if (inTree(path) === undefined) {
          throw usage(
            `${visible(path)} is outside of the repository, so ${name} does not have it: compare two inputs with bulkhead diff OLD NEW`,
          );
        }
        if (isIgnored(path)) {
          throw usage(
            `git ignores ${visible(path)}, so ${name} does not have it: make it of both, and compare them with bulkhead diff OLD NEW`,
          );
        }
      }
    },
    isDeleted: (source) => {
      const path = pathOf(source);
      return !existsSync(resolve(io.cwd, path)) && isThere(tree, inTree(path));
    },
    isIgnored,
    readOld: async (sources, _io, isExcluded) => {
      const present = sources.filter((source) => isThere(tree, inTree(pathOf(source))));
      const scratch = await scratchOf(tree, present, { ignored, inTree });
      if (scratch !== undefined && 'remove' in scratch) scratches.push(scratch);
      return readAt(tree, present, { io, scratch, isExcluded, inTree });
    },
    dispose: () => {
      for (const { remove } of scratches) remove();
    },
  };
}

/** What a source reads, as a user named it. */
function pathsOf(source: Source): readonly string[] {
  return source.kind === 'helm' ? [source.chart, ...source.values] : [pathOf(source)];
}

/** Whether something is at a path; also if it cannot be read, which is the error of reading it. */
function isThere(tree: RevisionTree, path: string | undefined): boolean {
  try {
    return path !== undefined && tree.find(path) !== undefined;
  } catch (error) {
    if (error instanceof UserError) return true;
    throw error;
  }
}

/** The files and directories that git ignores, from the top of the repository; directories end with `/`. */
async function ignoredIn({ revision }: RevisionTree): Promise<readonly string[]> {
  const listed = await revision.git([
    ...['ls-files', '--others', '--ignored', '--exclude-standard', '--directory', '-z'],
  ]);
  return new TextDecoder()
    .decode(listed)
    .split('\0')
    .filter((path) => path !== '');
}

type InTree = (path: string) => string | undefined;

/** Writes what has to be rendered; why that cannot be done; or nothing, if nothing has to be. */
async function scratchOf(
  tree: RevisionTree,
  sources: readonly Source[],
  { ignored, inTree }: { readonly ignored: readonly string[]; readonly inTree: InTree },
): Promise<Scratch | UserError | undefined> {
  const own = (path: string) => inTree(path) ?? path;
  const rendered = sources.flatMap((source): readonly RenderedSource[] => {
    if (source.kind === 'path') return [];
    if (source.kind === 'kustomize') return [{ ...source, directory: own(source.directory) }];
    return [{ ...source, chart: own(source.chart), values: source.values.map(own) }];
  });
  if (rendered.length === 0) return undefined;
  try {
    return await extracted(tree, rendered, ignored);
  } catch (error) {
    if (error instanceof UserError && error.code !== 'GIT_FAILED') return error;
    throw error;
  }
}

interface Reading {
  readonly io: Io;
  readonly scratch: Scratch | UserError | undefined;
  readonly isExcluded: (path: string, isDirectory: boolean) => boolean;
  readonly inTree: InTree;
}

async function readAt(
  tree: RevisionTree,
  sources: readonly Source[],
  { io, scratch, isExcluded, inTree }: Reading,
): Promise<ReadSources> {
  const paths = sources.flatMap((source) => (source.kind === 'path' ? [source.path] : []));
  const { looking: _, ...quiet } = io;
  const root = scratch !== undefined && 'root' in scratch ? scratch.root : undefined;
  const cwd = root === undefined ? io.cwd : join(root, inTree('.') ?? '');
  const rendered =
    scratch instanceof UserError
      ? unrendered(sources, scratch)
      : await renderedOf(sources.map(relativeTo(io.cwd)).flatMap(toRender), { ...quiet, cwd });
  const isPart = (path: string) =>
    root !== undefined && rendered.isPart(join(root, relative(tree.base, path)));
  const read = await tree.settled((fs) =>
    readInputs(paths, quiet, { fs, isRendered: isPart, isExcluded }),
  );
  return {
    files: [...read.files, ...rendered.files],
    excluded: read.excluded,
    inputs: [...paths, ...rendered.names],
    isPart: () => false,
  };
}

/** The same error for each source that has to be rendered. */
function unrendered(sources: readonly Source[], error: UserError) {
  const names = sources.flatMap((source) =>
    source.kind === 'path' ? [] : [`${source.kind} ${pathOf(source)}`],
  );
  const files = names.map((name): InputFile => ({ name, error }));
  return { files, names, isPart: () => false };
}

/** The paths of a source from a directory, so that they lead somewhere in a copy of it. */
function relativeTo(cwd: string): (source: Source) => Source {
  const own = (path: string) => (path.startsWith(sep) ? relative(cwd, path) || '.' : path);
  return (source) => {
    if (source.kind === 'path') return source;
    if (source.kind === 'kustomize') return { ...source, directory: own(source.directory) };
    return { ...source, chart: own(source.chart), values: source.values.map(own) };
  };
}
