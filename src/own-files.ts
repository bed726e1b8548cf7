import type { Built } from './built.ts';
import { type ReadConfig, readConfig } from './config/read.ts';
import { type ReadBaseline, readBaseline } from './config/read-baseline.ts';
import { UserError } from './errors.ts';
import { isInlineWaivable, isNamespaced } from './policy/policy.ts';
import type { Profile } from './profile/profile.ts';
import {
  addonLayer,
  type Bases,
  profileLayer,
  type ReadProfile,
  readProfile,
} from './profile/read.ts';
import { compareText } from './report/order.ts';

// Reads the files that users write, which refer to what is built in.

/** Reads a profile, and what it extends; `readBase` reads the files among that. */
export function readOwnProfile(
  built: Built,
  { file, text }: OwnFile,
  readBase: Bases['read'],
): ReadProfile {
  const [profiles, addons] = [built.profiles(), built.addons()];
  return readProfile(file, text, {
    names: [...Object.keys(profiles), ...Object.keys(addons)].sort(compareText),
    builtIn: (name) => {
      const addon = addons[name];
      return addon === undefined ? profileLayer(builtInProfile(built, name)) : addonLayer(addon);
    },
    read: readBase,
  });
}

/** Reads a configuration, which names policies and kinds. */
export function readOwnConfig({ catalogue }: Built, { file, text }: OwnFile): ReadConfig {
  const { policies } = catalogue;
  return readConfig(file, text, {
    ids: policies.map(({ id }) => id),
    inlineWaivable: policies.filter(isInlineWaivable).map(({ id }) => id),
    isNamespaced: (kind) => isNamespaced({ policies }, kind),
  });
}

/** Reads a baseline. */
export function readOwnBaseline({ file, text }: OwnFile): ReadBaseline {
  return readBaseline(file, text);
}

/** A file, by the name that places in it have. */
export interface OwnFile {
  readonly file: string;
  readonly text: string;
}

/** @throws UserError NOT_BUILT */
function builtInProfile({ profiles }: Built, name: string): Profile {
  const profile = profiles()[name];
  if (profile === undefined) throw new UserError('NOT_BUILT', `the profile ${name} is not built`);
  return profile;
}
