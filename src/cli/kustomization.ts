import { realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { readManifest } from '../manifest/read.ts';
import { KUSTOMIZATION_NAMES, kustomizationOf } from '../unrendered/kustomization.ts';
import { readRegularFile } from './disk.ts';

/** The local files of a kustomization, with those of all that it includes. */
export interface LocalFiles {
  /** The real paths of all of them. */
  readonly used: ReadonlySet<string>;
  /** Those that it applies as objects, by the path that a kustomization gives them: where that leads to. */
  readonly resources: ReadonlyMap<string, string>;
}

interface Found {
  readonly used: Set<string>;
  readonly resources: Map<string, string>;
}

/** The file of the kustomization in a directory, if there is one. */
export function kustomizationFile(directory: string): string | undefined {
  return KUSTOMIZATION_NAMES.map((name) => join(directory, name)).find(
    (path) => kindOf(path) === 'file',
  );
}

/**
 * Finds the files of the kustomization in a directory: what it names, as far as that exists here. Whatever cannot be read
 * is no part of it: kustomize reports it.
 *
 * @param directory a real path.
 */
export function localFiles(directory: string): LocalFiles {
  const found: Found = { used: new Set(), resources: new Map() };
  const seen = new Set<string>();
  const queue = [directory];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    queue.push(...directoriesOf(next, found));
  }
  return found;
}

/** Adds the files that one kustomization names, and returns the directories. */
function directoriesOf(directory: string, { used, resources }: Found): readonly string[] {
  const file = kustomizationFile(directory);
  if (file === undefined) return [];
  used.add(realpathSync(file));
  const named = readManifest(file, bytesOf(file)).documents.flatMap(
    (document) => kustomizationOf(document) ?? [],
  );
  const applied = new Set(named.flatMap((one) => [...one.resources]));
  const paths = new Set([...applied, ...named.flatMap((one) => [...one.others, ...one.plugins])]);
  for (const path of paths) {
    if (kindOf(path) !== 'file') continue;
    const real = realpathSync(path);
    used.add(real);
    if (applied.has(path)) resources.set(path, real);
  }
  return [...paths]
    .filter((path) => kindOf(path) === 'directory')
    .map((path) => realpathSync(path));
}

function bytesOf(file: string): Uint8Array {
  try {
    return readRegularFile(file);
  } catch (error) {
    if (error instanceof UserError) return new Uint8Array();
    throw error;
  }
}

function kindOf(path: string): 'file' | 'directory' | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isDirectory() ? 'directory' : stats?.isFile() ? 'file' : undefined;
  } catch {
    return undefined; // not a path at all, such as a plugin that is written in place
  }
}
