import type { CompiledModule } from './engine/module.ts';
import type { Catalogue, Module } from './policy/policy.ts';
import type { Addon, Profile } from './profile/profile.ts';

/** What the build made of the policies and profiles of the project. */
export interface Built {
  /** The policies: the bytes of the module, or the module. */
  readonly wasm: Uint8Array | CompiledModule;
  readonly catalogue: Catalogue;
  /** The text of the policies, and of the adapter for conftest. */
  readonly sources: () => Sources;
  /** The built-in profiles, by name. */
  readonly profiles: () => Readonly<Record<string, Profile>>;
  /** The built-in add-ons, by name, such as addons/calico. */
  readonly addons: () => Readonly<Record<string, Addon>>;
  /** The page of each policy, by id. */
  readonly pages: () => Readonly<Record<string, string>>;
}

/** The Rego files, byte for byte. */
export interface Sources {
  readonly policies: readonly Module[];
  /** The packages by which conftest enters the policies. */
  readonly conftest: readonly Module[];
}

/** The built files that are JSON: their names are those of the package's exports. */
export const JSON_FILES = ['catalogue', 'profiles', 'addons', 'pages', 'sources'] as const;
export type JsonFile = (typeof JSON_FILES)[number];

/**
 * Makes what the build made of its files.
 *
 * @param readJson reads a file when it is needed. It was built by the same version of this code, which validated it.
 */
export function builtOf(wasm: Built['wasm'], readJson: (name: JsonFile) => unknown): Built {
  const known = new Map<JsonFile, unknown>();
  const read = (name: JsonFile): unknown => {
    if (!known.has(name)) known.set(name, readJson(name));
    return known.get(name);
  };
  return {
    wasm,
    catalogue: read('catalogue') as Catalogue,
    profiles: () => read('profiles') as ReturnType<Built['profiles']>,
    addons: () => read('addons') as ReturnType<Built['addons']>,
    pages: () => read('pages') as ReturnType<Built['pages']>,
    sources: () => read('sources') as Sources,
  };
}

/**
 * Loads what the build made from a directory.
 *
 * @param dist the directory of the built files.
 */
export function loadBuilt(dist: string, readFile: (path: string) => Uint8Array): Built {
  return builtOf(readFile(`${dist}/policy.wasm`), (name) =>
    JSON.parse(new TextDecoder().decode(readFile(`${dist}/${name}.json`))),
  );
}
