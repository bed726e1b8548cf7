import type { Catalogue, Module } from './policy/policy.ts';
import type { Addon, Profile } from './profile/profile.ts';

/** The built policies: the bytes of the WASM module, the catalogue, and their text on demand. */
export interface Bulkhead {
  readonly wasm: Uint8Array;
  readonly catalogue: Catalogue;
  readonly modules: () => readonly Module[];
  /** The built-in profiles, by name. */
  readonly profiles: () => Readonly<Record<string, Profile>>;
  /** The built-in add-ons, by name, such as addons/calico. */
  readonly addons: () => Readonly<Record<string, Addon>>;
  /** The page of each policy, by id. */
  readonly pages: () => Readonly<Record<string, string>>;
}

/**
 * Loads what `npm run build` made.
 *
 * @param dist the directory of the built files.
 */
export function loadBulkhead(dist: string, readFile: (path: string) => Uint8Array): Bulkhead {
  const parsed = new Map<string, unknown>();
  const read = (name: string): unknown => {
    if (!parsed.has(name)) {
      parsed.set(name, JSON.parse(new TextDecoder().decode(readFile(`${dist}/${name}`))));
    }
    return parsed.get(name);
  };
  return {
    wasm: readFile(`${dist}/policy.wasm`),
    // Built by the same version of this code, which validated them.
    catalogue: read('catalogue.json') as Catalogue,
    profiles: () => read('profiles.json') as Readonly<Record<string, Profile>>,
    addons: () => read('addons.json') as Readonly<Record<string, Addon>>,
    pages: () => read('pages.json') as Readonly<Record<string, string>>,
    modules: () => read('modules.json') as readonly Module[],
  };
}
