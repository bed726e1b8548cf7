import type { Acceptance } from '../config/acceptance.ts';
import type { BaselineSetting, Config, FailOn } from '../config/config.ts';
import { FAIL_ON } from '../config/config.ts';
import { dayOf } from '../config/days.ts';
import { UserError } from '../errors.ts';
import type { InputFile } from '../input.ts';
import { SCOPES, type Scope, type Severity } from '../report/report.ts';
import type { Settings as PolicySettings } from '../session.ts';
import { type Arguments, suggestion, usage } from './args.ts';
import { type NamedCluster, namedClusters } from './clusters.ts';
import { besides, findConfig } from './config.ts';
import type { Deps } from './deps.ts';
import type { Exclusion } from './exclude.ts';
import type { Revision } from './git.ts';
import { givenSources } from './inputs.ts';
import type { Io } from './io.ts';
import { type Output, outputsOf } from './outputs.ts';
import { type Texts, textsOnDisk } from './texts.ts';

/** What to check and how: the flags before the configuration, the configuration before the defaults. */
export interface Settings {
  readonly clusters: readonly NamedCluster[];
  readonly policies: PolicySettings & { readonly acceptance: Acceptance };
  readonly scope: Scope;
  readonly failOn: FailOn;
  readonly requireComponents: boolean;
  readonly outputs: readonly Output[];
  readonly exclude: readonly Exclusion[];
  readonly config: Config | undefined;
  /** Where `--write-baseline` writes, from the current directory. */
  readonly baselineFile: string;
  /** The texts that the places of notes and errors are in, besides the input. */
  readonly sources: readonly InputFile[];
  /** Where the profiles are read. */
  readonly texts: Texts;
  /** The revision that settings are read from, and annotations must be in. */
  readonly trusted: Revision | undefined;
}

/** The settings of a run, or every mistake in them. */
export type ReadSettings =
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'errors'; readonly errors: readonly UserError[] };

/** The file of a baseline that no setting names. */
const BASELINE = 'bulkhead.baseline.json';

/**
 * Reads the settings of a run from its flags and its configuration.
 *
 * @throws UserError USAGE, FILE_UNREADABLE
 */
export async function readSettings(args: Arguments, io: Io, deps: Deps): Promise<ReadSettings> {
  const outputs = outputsOf(args, io.cwd);
  const { trusted, texts } = await textsFor(args, io);
  const found = await texts.settled(() => findConfig(args, { io, deps, texts }));
  if (found.kind === 'errors') return found;
  const config = found.kind === 'config' ? found.config : undefined;
  const { clusters, isWhole } = namedClusters(args, givenSources(args), { config, cwd: io.cwd });
  const { severity, off } = policySettings(args, config, deps);
  const baseline = baselineSetting(args, config, io.cwd);
  const read = await texts.settled(() => readBaseline(baseline, { args, deps, texts }));
  if (read.kind === 'errors') return read;
  const isAll = isWhole && config !== undefined && !hasPolicyFlags(args);
  const settings: Settings = {
    clusters,
    config,
    policies: {
      severity,
      off,
      acceptance: {
        waivers: config?.waivers ?? [],
        inlineWaivers: config?.inlineWaivers ?? [],
        ...read.baseline,
        today: dayOf(io.now()),
        isWhole: isAll,
      },
    },
    scope: scopeOf(args, config),
    failOn: FAIL_ON.find((one) => one === args.values.get('fail-on')) ?? config?.failOn ?? 'error',
    requireComponents: isRequired(args, config),
    outputs,
    exclude: [
      { patterns: args.lists.get('exclude') ?? [], base: '.' },
      ...(config === undefined
        ? []
        : [{ patterns: config.exclude, base: besides(config, '.', io.cwd) }]),
    ],
    baselineFile: baseline?.file ?? (config ? besides(config, BASELINE, io.cwd) : BASELINE),
    sources:
      found.kind === 'config'
        ? [{ name: found.config.file, bytes: new TextEncoder().encode(found.text) }]
        : [],
    texts,
    trusted,
  };
  return { kind: 'settings', settings };
}

/** Where settings are read. Git is only asked where a revision is named. */
async function textsFor(
  { values }: Arguments,
  io: Io,
): Promise<{ readonly trusted: Revision | undefined; readonly texts: Texts }> {
  const name = values.get('trust');
  if (name === undefined) return { trusted: undefined, texts: textsOnDisk(io) };
  const { revisionNamed, textsOf } = await import('./git.ts');
  const trusted = await revisionNamed(name, io);
  return { trusted, texts: textsOf(trusted, io.cwd) };
}

function hasPolicyFlags({ lists }: Arguments): boolean {
  return lists.has('policy') || lists.has('skip-policy');
}

function scopeOf(args: Arguments, config: Config | undefined): Scope {
  const flag = SCOPES.find((scope) => scope === args.values.get('scope'));
  return flag ?? config?.scope ?? (isRequired(args, config) ? 'cluster' : 'part');
}

/** The error of a run that has nothing to check. */
export function nothingNamed(): UserError {
  return usage(
    'missing argument PATH: a file, a directory, or - for standard input; or write a bulkhead.yaml with inputs',
  );
}

function isRequired({ values }: Arguments, config: Config | undefined): boolean {
  return values.has('require-components') || config?.requireComponents === true;
}

/** The severities that the configuration sets, and the policies that it or the flags leave out. */
export function policySettings(
  { lists }: Arguments,
  config: Config | undefined,
  deps: Deps,
): { readonly severity: Readonly<Record<string, Severity>>; readonly off: readonly string[] } {
  const ids: readonly string[] = deps.catalogue().policies.map(({ id }) => id);
  const [only, skipped] = [lists.get('policy') ?? [], lists.get('skip-policy') ?? []];
  for (const id of [...only, ...skipped]) if (!ids.includes(id)) throw unknownPolicy(id, ids);
  const set = Object.entries(config?.severity ?? {});
  const isOff = (id: string) =>
    only.length > 0
      ? !only.includes(id)
      : set.some(([key, value]) => key === id && value === 'off');
  return {
    severity: Object.fromEntries(
      set.flatMap(([id, value]) => (value === 'off' ? [] : [[id, value] as const])),
    ),
    off: ids.filter((id) => isOff(id) || skipped.includes(id)),
  };
}

function unknownPolicy(id: string, ids: readonly string[]): UserError {
  const hint = suggestion(id, ids) || ': bulkhead explain lists the policies';
  return usage(`unknown policy ${id}${hint}`);
}

/** The baseline that the flags or the configuration name, by its path from the current directory. */
function baselineSetting(
  { values }: Arguments,
  config: Config | undefined,
  cwd: string,
): BaselineSetting | undefined {
  if (values.has('no-baseline')) return undefined;
  const flag = values.get('baseline');
  if (flag !== undefined) return { file: flag, place: { file: flag, line: 1, column: 1 } };
  if (config?.baseline === undefined) return undefined;
  return { ...config.baseline, file: besides(config, config.baseline.file, cwd) };
}

type ReadBaselineSetting =
  | { readonly kind: 'baseline'; readonly baseline: Pick<Acceptance, 'baseline'> }
  | { readonly kind: 'errors'; readonly errors: readonly UserError[] };

async function readBaseline(
  setting: BaselineSetting | undefined,
  { args, deps, texts }: { readonly args: Arguments; readonly deps: Deps; readonly texts: Texts },
): Promise<ReadBaselineSetting> {
  if (setting === undefined) return { kind: 'baseline', baseline: {} };
  let text: string;
  try {
    text = texts.read(setting.file, 'the baseline');
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (args.values.has('write-baseline')) return { kind: 'baseline', baseline: {} };
    const message = `${error.message}. bulkhead check --write-baseline writes it`;
    throw new UserError(error.code, message, { cause: error });
  }
  const read = await deps.readBaseline(setting.file, text);
  if (read.kind === 'errors') return read;
  return { kind: 'baseline', baseline: { baseline: { ...setting, counts: read.baseline } } };
}
