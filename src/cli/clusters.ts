import { resolve, sep } from 'node:path';
import type { Config, Environment, Named, Source } from '../config/config.ts';
import type { UserError } from '../errors.ts';
import { inWords } from '../words.ts';
import { type Arguments, suggestion, usage } from './args.ts';
import { besides } from './config.ts';

/** A cluster to check, as the command line and the configuration name it. Its paths are from the current directory. */
export interface NamedCluster {
  readonly environment?: string;
  readonly profile?: Named | undefined;
  readonly namespace?: string | undefined;
  readonly sources: readonly Source[];
}

/** Which clusters to check, and whether these are all that the configuration names. */
export interface NamedClusters {
  readonly clusters: readonly NamedCluster[];
  readonly isWhole: boolean;
}

/**
 * Finds out what to check: the arguments, else the inputs of the configuration, else its directory. Of several
 * environments, an argument belongs to those whose inputs have it, or are in it.
 *
 * @param given what the command line names.
 * @throws UserError USAGE
 */
export function namedClusters(
  { values, lists }: Arguments,
  given: readonly Source[],
  { config, cwd }: { readonly config: Config | undefined; readonly cwd: string },
): NamedClusters {
  const chosen = lists.get('environment') ?? [];
  const namespace = values.get('namespace') ?? config?.namespace;
  if (config === undefined || config.environments.length === 0) {
    if (chosen.length > 0) throw usage('--environment needs a bulkhead.yaml with environments');
    const named = config === undefined ? [] : (config.inputs ?? [{ kind: 'path', path: '.' }]);
    const own = named.map((source) => moved(source, config, cwd));
    const sources = given.length > 0 ? given.flatMap((source) => asNamed(source, own, cwd)) : own;
    return {
      clusters: [{ profile: config?.profile, namespace, sources }],
      isWhole: given.length === 0,
    };
  }
  const environments = environmentsNamed(chosen, config);
  const clusters = environments.map((environment) => ({
    environment: environment.name,
    profile: environment.profile ?? config.profile,
    namespace: values.get('namespace') ?? environment.namespace ?? config.namespace,
    sources: environment.inputs.map((source) => moved(source, config, cwd)),
  }));
  if (given.length === 0) return { clusters, isWhole: chosen.length === 0 };
  if (
    clusters.length > 1 &&
    given.some((source) => source.kind === 'path' && source.path === STDIN)
  ) {
    throw usage(
      `standard input is of one cluster: add --environment ${inWords(
        clusters.map(({ environment }) => environment),
        'or',
      )}`,
    );
  }
  return { clusters: withGiven(clusters, given, cwd), isWhole: false };
}

function environmentsNamed(
  names: readonly string[],
  { environments, file }: Config,
): readonly Environment[] {
  const known = environments.map(({ name }) => name);
  for (const name of names) {
    if (known.includes(name)) continue;
    const hint = suggestion(name, known) || `: expected ${inWords(known, 'or')}`;
    throw usage(`${file} has no environment ${name}${hint}`);
  }
  return names.length === 0
    ? environments
    : environments.filter(({ name }) => names.includes(name));
}

/** The clusters with what the command line names in place of their inputs. */
function withGiven(
  clusters: readonly NamedCluster[],
  given: readonly Source[],
  cwd: string,
): readonly NamedCluster[] {
  const owned = clusters.map((cluster) => ({
    ...cluster,
    sources: given.flatMap((source) => partOf(source, cluster.sources, cwd)),
  }));
  for (const source of given) {
    if (clusters.some((cluster) => partOf(source, cluster.sources, cwd).length > 0)) continue;
    throw notOwned(source, clusters);
  }
  return owned.filter(({ sources }) => sources.length > 0);
}

function notOwned(source: Source, clusters: readonly NamedCluster[]): UserError {
  const names = clusters.flatMap(({ environment }) => environment ?? []);
  const what = pathOf(source);
  return usage(
    `${what} is in no input of the environments ${inWords(names, 'and')}: add it to the inputs of one, or use --no-config and --profile`,
  );
}

/** What of a given source belongs to a cluster: nothing if none of its inputs has it, or is in it. */
function partOf(source: Source, inputs: readonly Source[], cwd: string): readonly Source[] {
  const isOwn = inputs.some((input) => isIn(source, input, cwd));
  // Standard input belongs to the one cluster that there is.
  if (isOwn || source.kind !== 'path' || source.path === STDIN) {
    return isOwn || source.kind === 'path' ? asNamed(source, inputs, cwd) : [];
  }
  return inputs.filter((input) => isIn(input, source, cwd));
}

const STDIN = '-';

/** A given source, with the charts and kustomizations of the configuration that are in it, or in place of a part of one. */
export function asNamed(source: Source, inputs: readonly Source[], cwd: string): readonly Source[] {
  if (source.kind !== 'path') return [source];
  const rendered = inputs.filter(({ kind }) => kind !== 'path');
  const around = rendered.filter((input) => isIn(source, input, cwd));
  if (around.length > 0) return around;
  return [source, ...rendered.filter((input) => isIn(input, source, cwd))];
}

function isIn(inner: Source, outer: Source, cwd: string): boolean {
  const [path, directory] = [inner, outer].map((source) => resolve(cwd, pathOf(source)));
  if (path === undefined || directory === undefined) return false;
  return (
    path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep)
  );
}

/** The directory or file that a source is in. */
export function pathOf(source: Source): string {
  if (source.kind === 'path') return source.path;
  return source.kind === 'kustomize' ? source.directory : source.chart;
}

/** A source of the configuration, by its path from the current directory. */
function moved(source: Source, config: Config | undefined, cwd: string): Source {
  if (config === undefined) return source;
  const from = (path: string) => besides(config, path, cwd);
  if (source.kind === 'path') return { ...source, path: from(source.path) };
  if (source.kind === 'kustomize') return { ...source, directory: from(source.directory) };
  return { ...source, chart: from(source.chart), values: source.values.map(from) };
}
