import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { check } from '../check.ts';
import { explain } from '../explain.ts';
import { type Bulkhead, loadBulkhead } from '../load.ts';
import type { Profile } from '../profile/profile.ts';
import { compareText } from '../report/order.ts';
import { simulate } from '../simulate.ts';
import { table } from '../table.ts';
import { usage } from './args.ts';
import type { Deps } from './deps.ts';

/**
 * Ties the commands to the use cases and to the files that ship.
 *
 * Nothing is read before a command needs it.
 *
 * @param here the folder of the running code: `dist` of the package, or `src/cli` of its source.
 */
export function wire(here: string): Deps {
  const root = basename(here) === 'dist' ? dirname(here) : join(here, '..', '..');
  let loaded: Bulkhead | undefined;
  const bulkhead = (): Bulkhead => {
    loaded ??= loadBulkhead(join(root, 'dist'), readBuilt);
    return loaded;
  };
  return {
    version: () => versionIn(readFileSync(join(root, 'package.json'), 'utf8')),
    policies: () => bulkhead().catalogue.policies,
    profileNames: () => Object.keys(bulkhead().profiles()).sort(compareText),
    profileText: (name) => readFileSync(join(root, 'profiles', name, 'profile.yaml'), 'utf8'),
    shippedProfile: (name) => shippedProfile(bulkhead(), name),
    // What needs the YAML library is loaded on demand: a check by a profile that ships starts without.
    readProfile: async (file, text) => (await import('../profile/read.ts')).readProfile(file, text),
    check: (profile, files, onProgress) => check(bulkhead(), profile, files, onProgress),
    table: (profile, files, onProgress) => table(bulkhead(), profile, files, onProgress),
    simulate: (profile, files, nodes) => simulate(bulkhead(), profile, files, nodes),
    generateGatekeeper: async (profile, stage) =>
      (await import('../generate.ts')).generateGatekeeper(bulkhead(), profile, stage),
    generateConftest: async (profile) =>
      (await import('../generate.ts')).generateConftest(bulkhead(), profile),
    explain: (id) => explain(bulkhead(), id),
  };
}

function shippedProfile({ profiles }: Bulkhead, name: string): Profile {
  const profile = profiles()[name];
  if (profile === undefined) throw usage(`the profile ${name} is not built: run npm run build`);
  return profile;
}

/** A checkout has no built files until it is built; a package always has them. */
function readBuilt(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || cause.code !== 'ENOENT') throw cause;
    throw usage(`the policies are not built: run npm run build, which makes ${path}`);
  }
}

function versionIn(manifest: string): string {
  const { version } = JSON.parse(manifest);
  return String(version);
}
