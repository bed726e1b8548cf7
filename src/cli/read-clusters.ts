import type { Cluster } from '../check.ts';
import { UserError } from '../errors.ts';
import type { InputFile } from '../input.ts';
import type { Profile } from '../profile/profile.ts';
import type { Arguments } from './args.ts';
import type { NamedCluster } from './clusters.ts';
import { besides } from './config.ts';
import type { Deps, ReadProfile } from './deps.ts';
import { readInputs } from './files.ts';
import { type ReadSources, readSources } from './inputs.ts';
import type { Io } from './io.ts';
import { isFile, profileNamed } from './profile.ts';
import type { Settings } from './settings.ts';

/** The clusters of a run with their files and profiles, or every mistake in a profile. */
export type ReadClusters =
  | { readonly kind: 'clusters'; readonly clusters: readonly ReadCluster[] }
  | { readonly kind: 'errors'; readonly errors: readonly UserError[] };

/** A cluster, and what its files were made from. */
export type ReadCluster = Cluster & Pick<ReadSources, 'isPart'>;

/** What a run has at hand. */
export interface Run {
  readonly args: Arguments;
  readonly io: Io;
  readonly deps: Deps;
}

/** Reads the sources of a cluster. */
export type ReadSourcesOf = (
  sources: NamedCluster['sources'],
  io: Io,
  isExcluded: (path: string, isDirectory: boolean) => boolean,
) => Promise<ReadSources>;

/**
 * Reads the profile and the files of each cluster.
 *
 * @param readOf reads the files; from the disk by default.
 * @throws UserError USAGE, PROFILE_UNKNOWN, FILE_UNREADABLE
 */
export async function readClusters(
  settings: Settings,
  run: Run,
  readOf: ReadSourcesOf = readSources,
): Promise<ReadClusters> {
  const clusters: ReadCluster[] = [];
  const errors: UserError[] = [];
  for (const cluster of settings.clusters) {
    const read = await profileOf(cluster, settings, run);
    if (read.kind === 'errors') errors.push(...read.errors);
    else clusters.push(await withFiles(cluster, read.profile, { settings, run, readOf }));
  }
  // Two environments may have one profile, whose mistakes are the same.
  const unique = new Map(
    errors.map((error) => [JSON.stringify([error.message, error.place]), error]),
  );
  return errors.length > 0
    ? { kind: 'errors', errors: [...unique.values()] }
    : { kind: 'clusters', clusters };
}

async function withFiles(
  { environment, namespace, sources }: NamedCluster,
  profile: Profile,
  {
    settings,
    run: { io },
    readOf,
  }: { readonly settings: Settings; readonly run: Run; readonly readOf: ReadSourcesOf },
): Promise<ReadCluster> {
  const isExcluded = await exclusionOf(settings, io);
  return { environment, namespace, profile, ...(await readOf(sources, io, isExcluded)) };
}

async function exclusionOf(
  { exclude }: Settings,
  { cwd }: Io,
): Promise<(path: string, isDirectory: boolean) => boolean> {
  if (exclude.every(({ patterns }) => patterns.length === 0)) return () => false;
  return (await import('./exclude.ts')).excluder(exclude, cwd);
}

/** The profile that the flag names, else the configuration. */
export async function profileOf(
  { profile: named, sources }: Pick<NamedCluster, 'profile' | 'sources'>,
  { config, texts }: Pick<Settings, 'config' | 'texts'>,
  { args, io, deps }: Run,
): Promise<ReadProfile> {
  const flag = args.values.get('profile');
  const isWritten = flag === undefined && named !== undefined && config !== undefined;
  const name =
    isWritten && isFile(named.name) ? besides(config, named.name, io.cwd) : (flag ?? named?.name);
  try {
    return await texts.settled(() => profileNamed(name, { deps, texts }));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (isWritten)
      throw new UserError(error.code, error.message, { place: named.place, cause: error });
    throw await withGuess(
      error,
      sources.flatMap((source) => (source.kind === 'path' ? [source.path] : [])),
      { io, deps },
    );
  }
}

/** Adds to the error of a profile that is missing which one the input looks like. */
async function withGuess(
  error: UserError,
  paths: readonly string[],
  { io, deps }: Pick<Run, 'io' | 'deps'>,
): Promise<UserError> {
  if (!['USAGE', 'PROFILE_UNKNOWN'].includes(error.code)) return error;
  const { distribution, profile } = deps.recognise(await filesOrNone(paths, io));
  if (distribution === null) return error;
  const end = error.message.endsWith('?') ? ' The' : '; the';
  const guess = `${error.message}${end} Nodes in the input look like ${distribution}: --profile ${profile}`;
  return new UserError(error.code, guess);
}

/** Standard input is read once, and what cannot be read is another error. */
async function filesOrNone(paths: readonly string[], io: Io): Promise<readonly InputFile[]> {
  try {
    const named = paths.filter((path) => path !== '-');
    return (await readInputs(named, io)).files;
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}
