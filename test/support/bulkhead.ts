import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InputFile } from '../../src/input.ts';
import { type Bulkhead, loadBulkhead } from '../../src/load.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { readProfile } from '../../src/profile/read.ts';

/** The checkout. */
export const ROOT = join(import.meta.dirname, '..', '..');

/** The policies as `npm run build` left them. */
export function builtBulkhead(): Bulkhead {
  return loadBulkhead(join(ROOT, 'dist'), readFileSync);
}

/** The text of a file of the checkout. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** A profile that ships, by name. */
export function shippedProfile(name: string): Profile {
  const read = readProfile(`profiles/${name}.yaml`, textOf(`profiles/${name}.yaml`));
  if (read.kind === 'profile') return read.profile;
  throw new AggregateError(read.errors, `profiles/${name}.yaml is broken`);
}

/** Every manifest of a folder, named by its path from `root`. */
export function manifestsIn(root: string, folder: string): readonly InputFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort()
    .map((name) => ({
      name: `${folder}/${name}`,
      bytes: readFileSync(join(root, folder, name)),
    }));
}
