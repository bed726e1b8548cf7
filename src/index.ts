// The library for Node.js (docs/library.md): the core, with the files of the package.
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { JSON_FILES } from './built.ts';
import { type Bulkhead, createBulkhead as createFrom, UserError } from './core.ts';

export type * from './core.ts';
export { EngineError, UserError } from './core.ts';

/**
 * Loads the policies and profiles that are in the package.
 *
 * @throws UserError NOT_BUILT if they are not beside this code.
 */
export async function createBulkhead(): Promise<Bulkhead> {
  const [wasm, ...json] = await Promise.all(
    ['policy.wasm', ...JSON_FILES.map((name) => `${name}.json`)].map(read),
  );
  const values = json.map((bytes) => JSON.parse(new TextDecoder().decode(bytes)));
  const [catalogue, profiles, addons, pages, sources] = values;
  return createFrom({ wasm: wasm as Uint8Array, catalogue, profiles, addons, pages, sources });
}

async function read(name: string): Promise<Uint8Array> {
  const here = import.meta.dirname;
  const path = basename(here) === 'dist' ? join(here, name) : join(here, '..', 'dist', name);
  try {
    return await readFile(path);
  } catch (cause) {
    const message = `cannot read ${path}, a file of the package. If you bundle bulkhead into another file, keep it external, or use bulkhead/core`;
    throw new UserError('NOT_BUILT', message, { cause });
  }
}
