import type { Built } from './built.ts';
import { type Cluster, checkClusters } from './check.ts';
import { type Fixes, type FixInput, findFixes } from './fixing/fixes.ts';
import type { InputFile } from './input.ts';
import type { SessionOptions } from './session.ts';

/** How to look for fixes. */
export interface FixOptions extends SessionOptions, Pick<FixInput, 'isWanted'> {
  /** Whether a file may be changed; all may by default. */
  readonly isEditable?: (file: string) => boolean;
  /** The one name of a file that clusters know by several; that which it has by default. */
  readonly nameOf?: (file: string) => string;
}

/**
 * Finds the fixes of clusters that have files in common or not.
 *
 * Nothing is written: the result has the bytes of the files with the fixes. The whole input is checked several times.
 */
export function fix(
  built: Built,
  clusters: readonly Cluster[],
  { isEditable = () => true, nameOf = (file) => file, isWanted, ...options }: FixOptions = {},
): Fixes {
  const files = new Map<string, Uint8Array>();
  for (const file of clusters.flatMap((cluster) => cluster.files)) {
    if ('error' in file || file.rendered !== undefined || !isEditable(file.name)) continue;
    files.set(nameOf(file.name), file.bytes);
  }
  const check: FixInput['check'] = (changed) =>
    checkClusters(
      built,
      clusters.map((cluster) => ({
        ...cluster,
        files: cluster.files.map(withBytes(changed, nameOf)),
      })),
      options,
    );
  return findFixes({ files, nameOf, check, ...(isWanted && { isWanted }) });
}

function withBytes(
  changed: ReadonlyMap<string, Uint8Array>,
  nameOf: (file: string) => string,
): (file: InputFile) => InputFile {
  return (file) => {
    const bytes = changed.get(nameOf(file.name));
    return bytes === undefined || 'error' in file || file.rendered !== undefined
      ? file
      : { ...file, bytes };
  };
}
