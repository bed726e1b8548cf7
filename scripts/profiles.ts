import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './tools.ts';

/** The names of the built-in profiles: the directories of `profiles/`, sorted. */
export const PROFILE_NAMES: readonly string[] = readdirSync(join(ROOT, 'profiles'), {
  withFileTypes: true,
})
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** The file of a built-in profile. */
export function profileFile(name: string): string {
  return `profiles/${name}/profile.yaml`;
}

/** The directory of a cluster that follows a built-in profile. */
export function clusterOf(name: string): string {
  return `profiles/${name}/cluster`;
}
