import type { Built } from '../built.ts';
import type { Cluster } from '../check.ts';
import type { Config } from '../config/config.ts';
import { UserError } from '../errors.ts';
import type { BuiltInProfile } from '../names.generated.ts';
import { readOwnConfig, readOwnProfile } from '../own-files.ts';
import type { Profile } from '../profile/profile.ts';
import { profileText } from '../profile/write.ts';
import { inWords, similar } from '../words.ts';
import { checkOptions, checkText, FUNCTION, firstOf, TEXT, wrong } from './arguments.ts';
import type { Bulkhead } from './bulkhead.ts';
import { deepFrozen } from './frozen.ts';
import { CLUSTER_OPTIONS } from './kinds.ts';
import type { ClusterOptions } from './options.ts';
import { unknownIn } from './profile.ts';

/** Reads the profiles and configurations of a program, and knows those that it has read. */
export interface Readers extends Pick<Bulkhead, 'readProfile' | 'readConfig'> {
  /** What the options and the configuration say of a cluster, the options first. */
  readonly clusterOf: (options: ClusterOptions) => Omit<Cluster, 'files'>;
}

/** Makes the readers of a program's own files. */
export function readersOf(built: Built, profiles: Bulkhead['profiles']): Readers {
  const read = new WeakSet<object>(Object.values(profiles));
  const configs = new WeakSet<object>();

  const readProfile: Bulkhead['readProfile'] = (text, options = {}) => {
    checkText(text);
    checkOptions(options, { file: TEXT, readFile: FUNCTION });
    const { file = 'profile.yaml', readFile } = options;
    const found = readOwnProfile(built, { file, text }, (path, from) => {
      if (readFile !== undefined) {
        const base: unknown = readFile(path, from);
        if (typeof base !== 'string')
          throw wrong(`what readFile returns for ${path}`, TEXT.expected, base);
        return { file: path, text: base };
      }
      throw new UserError('FILE_UNREADABLE', `cannot read ${path}: give readFile to readProfile`);
    });
    if (found.kind === 'errors') throw firstOf(found.errors);
    read.add(deepFrozen(found.profile));
    return found.profile;
  };

  /** A profile that a program made is read as if it were written. */
  const sound = (profile: Profile, name: string): Profile => {
    if (read.has(profile)) return profile;
    const own = asWritten(profile, name);
    const [unknown] = unknownIn(profile, own);
    if (unknown === undefined) return own;
    throw new TypeError(`${name} is not a profile: it has the unknown field ${unknown}`);
  };

  const asWritten = (profile: Profile, name: string): Profile => {
    try {
      return readProfile(profileText(profile));
    } catch (error) {
      const reason = error instanceof UserError ? error.message : 'it lacks fields of a profile';
      throw new TypeError(`${name} is not a profile: ${reason}`, { cause: error });
    }
  };

  const profileNamed = (name: string): Profile => {
    const profile = Object.hasOwn(profiles, name) ? profiles[name as BuiltInProfile] : undefined;
    if (profile !== undefined) return profile;
    const names = Object.keys(profiles);
    const near = similar(name, names);
    const hint =
      near.length === 0 ? `built in: ${names.join(', ')}` : `did you mean ${inWords(near, 'or')}?`;
    throw new UserError('PROFILE_UNKNOWN', `unknown profile: ${name}; ${hint}`);
  };

  /** What the options and the configuration say of a cluster, the options first. */
  const clusterOf = (options: ClusterOptions): Omit<Cluster, 'files'> => {
    const { config } = options;
    if (config !== undefined && !configs.has(config)) {
      throw wrong('options.config', 'a configuration that readConfig has read', config);
    }
    const own = environmentOf(options);
    const named = options.profile ?? own?.profile?.name ?? config?.profile?.name;
    if (named === undefined)
      throw wrong('options.profile', CLUSTER_OPTIONS.profile.expected, named);
    const namespace = options.namespace ?? own?.namespace ?? config?.namespace;
    return {
      profile: typeof named === 'string' ? profileNamed(named) : sound(named, 'options.profile'),
      environment: options.environment,
      ...(namespace !== undefined && { namespace }),
    };
  };

  return {
    readProfile,
    readConfig: (text, options = {}) => {
      checkText(text);
      checkOptions(options, { file: TEXT });
      const found = readOwnConfig(built, { file: options.file ?? 'bulkhead.yaml', text });
      if (found.kind === 'errors') throw firstOf(found.errors);
      configs.add(deepFrozen(found.config));
      return found.config;
    },
    clusterOf,
  };
}

function environmentOf({
  config,
  environment,
}: ClusterOptions): Config['environments'][number] | undefined {
  const names = config?.environments.map(({ name }) => name) ?? [];
  if (environment === undefined) {
    if (names.length === 0) return undefined;
    throw new TypeError(
      `options.environment is missing: the configuration has ${inWords(names, 'and')}`,
    );
  }
  const own = config?.environments.find(({ name }) => name === environment);
  if (own === undefined && config !== undefined) {
    throw new TypeError(
      `options.environment is ${environment}, which the configuration does not have`,
    );
  }
  return own;
}
