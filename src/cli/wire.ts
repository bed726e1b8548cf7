import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Built, loadBuilt } from '../built.ts';
import { checkClusters } from '../check.ts';
import { diff } from '../diff.ts';
import { UserError } from '../errors.ts';
import { explain, policyIndex } from '../explain.ts';
import { readInput } from '../input.ts';
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
  let loaded: Built | undefined;
  const built = (): Built => {
    loaded ??= loadBuilt(join(root, 'dist'), readBuilt);
    return loaded;
  };
  return {
    version: () => versionIn(readFileSync(join(root, 'package.json'), 'utf8')),
    catalogue: () => built().catalogue,
    pages: () => built().pages(),
    profileNames: () => Object.keys(built().profiles()).sort(compareText),
    addons: () =>
      Object.values(built().addons())
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
    shippedProfile: (name) => shippedProfile(built(), name),
    // The YAML library is loaded on demand: a check against a built-in profile starts without it.
    readProfile: async (file, text, readBase) =>
      (await import('../own-files.ts')).readOwnProfile(built(), { file, text }, readBase),
    readConfig: async (file, text) =>
      (await import('../own-files.ts')).readOwnConfig(built(), { file, text }),
    readBaseline: async (file, text) =>
      (await import('../own-files.ts')).readOwnBaseline({ file, text }),
    check: (clusters, options) => checkClusters(built(), clusters, options),
    diff: (old, now, options) => diff(built(), old, now, options),
    fix: async (clusters, options) => (await import('../fix.ts')).fix(built(), clusters, options),
    table: (profile, files, options) => table(built(), profile, files, options),
    picture: async (clusters, options) =>
      (await import('../picture.ts')).picture(built(), clusters, options),
    tablePicture: async (cluster, options) =>
      (await import('../picture.ts')).tablePicture(built(), cluster, options),
    simulate: (profile, files, options) => simulate(built(), profile, files, options),
    generateGatekeeper: async (profile, stage, waiving) =>
      (await import('../generate.ts')).generateGatekeeper(built(), profile, stage, waiving),
    generateAdmission: async (profile, stage, waiving) =>
      (await import('../generate.ts')).generateAdmission(built(), profile, stage, waiving),
    generateConftest: async (profile, waiving) =>
      (await import('../generate.ts')).generateConftest(built(), profile, waiving),
    init: async (input) => (await import('../init.ts')).init(built(), input),
    recognise: (files) => recognise(readInput(files).objects.map(({ value }) => value)),
    policyIndex: () => policyIndex(built()),
    explain: (id, explanation) => explain(built(), id, explanation),
  };
}

function shippedProfile({ profiles }: Built, name: string): Profile {
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
