import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtInProfile } from '../../scripts/profiles.ts';
import { type Built, loadBuilt } from '../../src/built.ts';
import type { InputFile } from '../../src/input.ts';
import type { Profile } from '../../src/profile/profile.ts';

/** The checkout. */
export const ROOT = join(import.meta.dirname, '..', '..');

/** The policies as `npm run build` left them. */
export function builtBulkhead(): Built {
  return loadBuilt(join(ROOT, 'dist'), readFileSync);
}

/** The text of a file of the checkout. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** A built-in profile, by name. */
export const shippedProfile: (name: string) => Profile = builtInProfile;

/** Every manifest of a directory, named by its path from `root`. */
export function manifestsIn(root: string, directory: string): readonly InputFile[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort()
    .map((name) => ({
      name: `${directory}/${name}`,
      bytes: readFileSync(join(root, directory, name)),
    }));
}
