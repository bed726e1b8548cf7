import { type Path, UserError } from '../errors.ts';
import { readYaml, type YamlFile } from '../manifest/yaml.ts';
import { pathIn } from '../report/paths.ts';
import { type FileKind, faultsOf } from '../schema/faults.ts';
import { validateConfig } from '../schema/validate.generated.js';
import type { Config, Environment, Named, Source } from './config.ts';
import { type KnownPolicies, mistakesIn } from './meaning.ts';
import type { Waiver, WaiverMatch } from './waiver.ts';

/** A configuration, or every mistake in it, in the order of the file. */
export type ReadConfig =
  | { readonly kind: 'config'; readonly config: Config }
  | { readonly kind: 'errors'; readonly errors: readonly UserError[] };

const CONFIG: FileKind = {
  title: 'the configuration',
  schema: 'docs/config.schema.json',
  needs: [],
  code: 'CONFIG_INVALID',
};

/**
 * Reads a configuration by docs/config.schema.json; each mistake has a code, a place, and what was expected.
 *
 * @param file the name that places in it have.
 */
export function readConfig(file: string, text: string, policies: KnownPolicies): ReadConfig {
  let yaml: YamlFile;
  try {
    yaml = readYaml(file, text, 'CONFIG_SYNTAX');
  } catch (error) {
    if (error instanceof UserError) return { kind: 'errors', errors: [error] };
    throw error;
  }
  const violations = validateConfig(yaml.value) ? [] : (validateConfig.errors ?? []);
  const errors = [
    ...faultsOf(yaml, violations, CONFIG).map(({ error }) => error),
    ...mistakesIn(yaml, policies),
  ];
  if (errors.length > 0) return { kind: 'errors', errors: errors.toSorted(compareByPlace) };
  // The schema guarantees it.
  return { kind: 'config', config: configOf(file, yaml.value as unknown as Written, yaml.placeOf) };
}

/** A configuration in the form of its schema. */
interface Written
  extends Omit<Config, 'file' | 'profile' | 'inputs' | 'environments' | 'waivers' | 'baseline'> {
  readonly profile?: string;
  readonly inputs?: readonly WrittenSource[];
  readonly environments?: Readonly<Record<string, WrittenEnvironment>>;
  readonly waivers?: readonly WrittenWaiver[];
  readonly baseline?: string | { readonly file: string; readonly until?: string };
}

interface WrittenEnvironment extends Omit<Environment, 'name' | 'profile' | 'inputs'> {
  readonly profile?: string;
  readonly inputs: readonly WrittenSource[];
}

interface WrittenSource {
  readonly path?: string;
  readonly kustomize?: string;
  readonly helm?: string;
  readonly values?: readonly string[];
  readonly release?: string;
  readonly namespace?: string;
}

interface WrittenWaiver extends Omit<Waiver, 'policies' | 'path' | 'place'> {
  readonly policy: string | readonly string[];
  readonly match: WaiverMatch;
  readonly path?: string;
}

function configOf(file: string, written: Written, placeOf: YamlFile['placeOf']): Config {
  const { profile, inputs, environments = {}, baseline, waivers = [] } = written;
  const { exclude = [], severity = {}, inlineWaivers = [] } = written;
  const { namespace, scope, requireComponents, failOn } = written;
  const named = (path: Path, name: string): Named => ({ name, place: placeOf(path) });
  return {
    file,
    ...(profile !== undefined && { profile: named(['profile'], profile) }),
    ...(inputs !== undefined && { inputs: inputs.map(sourceOf) }),
    environments: Object.entries(environments).map(([name, one]) => ({
      ...one,
      name,
      ...(one.profile !== undefined && {
        profile: named(['environments', name, 'profile'], one.profile),
      }),
      inputs: one.inputs.map(sourceOf),
    })) as readonly Environment[],
    exclude,
    ...(namespace !== undefined && { namespace }),
    ...(scope !== undefined && { scope }),
    ...(requireComponents !== undefined && { requireComponents }),
    ...(failOn !== undefined && { failOn }),
    severity,
    waivers: waivers.map((waiver, index) => waiverOf(waiver, placeOf(['waivers', index]))),
    inlineWaivers,
    ...(baseline !== undefined && {
      baseline: {
        ...(typeof baseline === 'string' ? { file: baseline } : baseline),
        place: placeOf(['baseline'], 'key'),
      },
    }),
  };
}

function sourceOf({
  path,
  kustomize,
  helm,
  values = [],
  release,
  namespace,
}: WrittenSource): Source {
  if (path !== undefined) return { kind: 'path', path };
  if (kustomize !== undefined) return { kind: 'kustomize', directory: kustomize };
  return {
    kind: 'helm',
    chart: helm ?? '',
    values,
    ...(release !== undefined && { release }),
    ...(namespace !== undefined && { namespace }),
  };
}

function waiverOf({ policy, path, ...waiver }: WrittenWaiver, place: Waiver['place']): Waiver {
  const steps = path === undefined ? undefined : pathIn(path);
  return {
    ...waiver,
    policies: typeof policy === 'string' ? [policy] : policy,
    ...(steps !== undefined && { path: steps }),
    place,
  };
}

function compareByPlace({ place: a }: UserError, { place: b }: UserError): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}
