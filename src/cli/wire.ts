import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { checkClusters } from '../check.ts';
import { UserError } from '../errors.ts';
import { explain, policyIndex } from '../explain.ts';
import { readInput } from '../input.ts';
import { type Bulkhead, loadBulkhead } from '../load.ts';
import { isInlineWaivable, isNamespaced } from '../policy/policy.ts';
import type { Profile } from '../profile/profile.ts';
import { recognise } from '../recognition/recognise.ts';
import { compareText } from '../report/order.ts';
import { simulate } from '../simulate.ts';
import { table } from '../table.ts';
import type { Deps } from './deps.ts';

/**
 * Connects the commands with the use cases and the files of the package.
 *
 * Nothing is read before a command needs it.
 *
 * @param here the directory of the running code: `dist` of the package, or `src/cli` of its source.
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
    catalogue: () => bulkhead().catalogue,
    pages: () => bulkhead().pages(),
    profileNames: () => Object.keys(bulkhead().profiles()).sort(compareText),
    addons: () =>
      Object.values(bulkhead().addons())
        .map(({ name, title }) => ({ name: `addons/${name}`, title }))
        .sort((a, b) => compareText(a.name, b.name)),
    profileText: (name) =>
      readFileSync(
        join(
          root,
          ...(name.startsWith('addons/') ? [`${name}.yaml`] : ['profiles', name, 'profile.yaml']),
        ),
        'utf8',
      ),
    resolvedText: async (profile) => (await import('../profile/write.ts')).profileText(profile),
    shippedProfile: (name) => shippedProfile(bulkhead(), name),
    // The YAML library is loaded on demand: a check against a built-in profile starts without it.
    readProfile: async (file, text, readBase) => {
      const { addonLayer, profileLayer, readProfile } = await import('../profile/read.ts');
      const [profiles, addons] = [bulkhead().profiles(), bulkhead().addons()];
      return readProfile(file, text, {
        names: [...Object.keys(profiles), ...Object.keys(addons)].sort(compareText),
        builtIn: (name) => {
          const addon = addons[name];
          return addon === undefined
            ? profileLayer(shippedProfile(bulkhead(), name))
            : addonLayer(addon);
        },
        read: readBase,
      });
    },
    readConfig: async (file, text) => {
      const { readConfig } = await import('../config/read.ts');
      const { policies } = bulkhead().catalogue;
      return readConfig(file, text, {
        ids: policies.map(({ id }) => id),
        inlineWaivable: policies.filter(isInlineWaivable).map(({ id }) => id),
        isNamespaced: (kind) => isNamespaced({ policies }, kind),
      });
    },
    readBaseline: async (file, text) => {
      const { readBaseline } = await import('../config/baseline.ts');
      return readBaseline(file, text);
    },
    check: (clusters, options) => checkClusters(bulkhead(), clusters, options),
    table: (profile, files, options) => table(bulkhead(), profile, files, options),
    simulate: (profile, files, options) => simulate(bulkhead(), profile, files, options),
    generateGatekeeper: async (profile, stage, waiving) =>
      (await import('../generate.ts')).generateGatekeeper(bulkhead(), profile, stage, waiving),
    generateConftest: async (profile, waiving) =>
      (await import('../generate.ts')).generateConftest(bulkhead(), profile, waiving),
    recognise: (files) => recognise(readInput(files).objects.map(({ value }) => value)),
    policyIndex: () => policyIndex(bulkhead()),
    explain: (id, explanation) => explain(bulkhead(), id, explanation),
  };
}

function shippedProfile({ profiles }: Bulkhead, name: string): Profile {
  const profile = profiles()[name];
  if (profile === undefined) throw notBuilt(`the profile ${name}`);
  return profile;
}

/** Only a checkout can lack built files. */
function readBuilt(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || cause.code !== 'ENOENT') throw cause;
    throw notBuilt(path);
  }
}

function notBuilt(what: string): UserError {
  return new UserError('NOT_BUILT', `${what} is not built: run npm run build`);
}

function versionIn(manifest: string): string {
  const { version } = JSON.parse(manifest);
  return String(version);
}
