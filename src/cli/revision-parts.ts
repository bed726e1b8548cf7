import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Source } from '../config/config.ts';
import { UserError } from '../errors.ts';
import { visible } from '../formats/text.ts';
import { isPointer } from '../manifest/pointer.ts';
import { readManifest } from '../manifest/read.ts';
import { KUSTOMIZATION_NAMES, kustomizationOf } from '../unrendered/kustomization.ts';
import { ancestry } from '../unrendered/paths.ts';
import type { RevisionTree } from './revision-tree.ts';

// Charts and kustomizations of a revision: Helm and kustomize read a disk, so just their files are written to a temporary directory.

/** A directory with a part of a revision. */
export interface Scratch {
  /** A real path: that of the top of the repository. */
  readonly root: string;
  readonly remove: () => void;
}

/** A chart or a kustomization, by its paths from the top of the repository. */
export type RenderedSource = Exclude<Source, { readonly kind: 'path' }>;

/**
 * Writes what the sources need to be rendered. Of a chart these are its directory and its values, and what git ignores in its
 * `charts/`: dependencies are fetched, and not committed. Of a kustomization, all local files that it includes.
 *
 * @param ignored the paths that git ignores.
 * @throws UserError GIT_FAILED, FILE_UNREADABLE
 */
export async function extracted(
  tree: RevisionTree,
  sources: readonly RenderedSource[],
  ignored: readonly string[],
): Promise<Scratch> {
  const wanted = new Set<string>();
  for (const source of sources) {
    const paths =
      source.kind === 'helm'
        ? [source.chart, ...source.values]
        : await kustomizationPaths(tree, source.directory);
    for (const path of paths) wanted.add(path);
  }
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-')));
  const remove = () => rmSync(root, { recursive: true, force: true });
  try {
    await write(tree, [...wanted], root);
    for (const source of sources) {
      if (source.kind === 'helm') copyDependencies(tree, source.chart, { ignored, root });
    }
    return { root, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The directories and files of a kustomization, and of all that it includes. */
async function kustomizationPaths(
  tree: RevisionTree,
  directory: string,
): Promise<readonly string[]> {
  const found = new Set<string>();
  const queue = [directory];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    for (const path of await namedIn(tree, next)) {
      const at = tree.find(path);
      if (at === undefined) continue; // that it is missing is the error of its rendering
      if (at.entry === undefined) queue.push(path);
      else found.add(path);
    }
  }
  return [...found];
}

/** What the kustomization in a directory names. */
async function namedIn(tree: RevisionTree, directory: string): Promise<readonly string[]> {
  const files = KUSTOMIZATION_NAMES.flatMap((name) => {
    const file = directory === '' ? name : `${directory}/${name}`;
    const entry = tree.find(file)?.entry;
    return entry?.kind === 'file' ? [{ file, entry }] : [];
  });
  const bytes = await tree.bytesOf(files.map(({ entry }) => entry));
  return files.flatMap(({ file }, index) =>
    readManifest(`./${file}`, bytes[index] ?? new Uint8Array())
      .documents.flatMap((document) => kustomizationOf(document) ?? [])
      .flatMap(({ resources, others, plugins }) => [...resources, ...others, ...plugins]),
  );
}

/** Writes files and directories of a tree, and what links in them lead to. Links come last: nothing is written through one. */
async function write(tree: RevisionTree, wanted: readonly string[], root: string): Promise<void> {
  const { files, links } = needed(tree, wanted);
  const entries = [...files].flatMap((path) => {
    const entry = tree.entries.get(path);
    return entry === undefined ? [] : [{ path, entry }];
  });
  const bytes = await tree.bytesOf(entries.map(({ entry }) => entry));
  for (const [index, { path }] of entries.entries()) {
    const own = bytes[index] ?? new Uint8Array();
    if (isPointer(own)) throw unusable(tree, path, 'a pointer of Git LFS');
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), own, { flag: 'wx' });
  }
  for (const [path, target] of links) {
    const at = join(root, path);
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(relative(dirname(at), join(root, target)) || '.', at);
  }
}

/** The files below paths and behind their links, and the links with what they lead to. */
function needed(
  tree: RevisionTree,
  wanted: readonly string[],
): { readonly files: ReadonlySet<string>; readonly links: ReadonlyMap<string, string> } {
  const files = new Set<string>();
  const links = new Map<string, string>();
  const queue = [...wanted];
  const seen = new Set<string>();
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const link of [...below(tree, next, 'link'), ...linksOn(tree, next)]) {
      const target = targetOf(tree, link);
      links.set(link, target);
      queue.push(target);
    }
    for (const path of below(tree, next, 'submodule')) throw unusable(tree, path, 'a submodule');
    for (const file of below(tree, next, 'file')) files.add(file);
    const behind = tree.find(next)?.path;
    if (behind !== undefined) queue.push(behind);
  }
  return { files, links };
}

/** What of one kind is at a path and below it. */
function below(
  tree: RevisionTree,
  path: string,
  kind: 'file' | 'link' | 'submodule',
): readonly string[] {
  return [...tree.entries].flatMap(([own, entry]) => {
    const isBelow = path === '' || own === path || own.startsWith(`${path}/`);
    return isBelow && entry.kind === kind ? [own] : [];
  });
}

function targetOf(tree: RevisionTree, link: string): string {
  try {
    const target = tree.find(link)?.path;
    if (target !== undefined) return target;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  throw unusable(tree, link, 'a symbolic link to what is not in the repository');
}

/** The links among the directories that a path is in, and itself. */
function linksOn(tree: RevisionTree, path: string): readonly string[] {
  return [...ancestry(path)].filter((own) => tree.entries.get(own)?.kind === 'link');
}

function copyDependencies(
  { base }: RevisionTree,
  chart: string,
  { ignored, root }: { readonly ignored: readonly string[]; readonly root: string },
): void {
  const directory = `${chart === '' ? '' : `${chart}/`}charts/`;
  for (const path of ignored) {
    if (!path.startsWith(directory) || existsSync(join(root, path))) continue;
    cpSync(join(base, path), join(root, path), { recursive: true });
  }
}

/** The error of what a revision does not have itself. */
function unusable({ revision: { name } }: RevisionTree, path: string, what: string): UserError {
  const message = `cannot render what ${name} has: ${visible(path)} is ${what} there. Render both, and compare the two: bulkhead diff OLD NEW`;
  return new UserError('FILE_UNREADABLE', message);
}
