import type { Cluster } from '../check.ts';
import { baselineOf } from '../checking/baseline.ts';
import { baselineText } from '../config/baseline.ts';
import { exitStatus, simulationStatus } from '../exit-status.ts';
import { type Context, SHOWN, type Shown } from '../formats/context.ts';
import { reportOfDiff } from '../formats/diff-report.ts';
import type { Picture } from '../formats/html/picture.ts';
import { type Documents, formatsOf } from '../formats/index.ts';
import { problemLine } from '../formats/names.ts';
import { counted, visible } from '../formats/text.ts';
import { isNamespaceName } from '../kubernetes/objects.ts';
import type { TableReport } from '../report/component-table.ts';
import type { Report } from '../report/report.ts';
import { sourceOf } from '../source.ts';
import { inWords } from '../words.ts';
import { type Arguments, usage } from './args.ts';
import type { Deps } from './deps.ts';
import { writeBelow } from './disk.ts';
import { type Io, lineWidth, wantsColor } from './io.ts';
import { VERBOSE } from './options.ts';
import { invalidFiles, type Outcome } from './outcome.ts';
import { refuseInputs, writeOutputs } from './outputs.ts';
import { progressLine } from './progress.ts';
import { type ReadCluster, type Run, readClusters } from './read-clusters.ts';
import { nothingNamed, readSettings, type Settings } from './settings.ts';
import { addressesIn, pathsIn } from './workspace.ts';

// The commands that read manifests.

export async function runCheck(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  return withClusters({ args, io, deps }, async (clusters, settings) => {
    const { scope, failOn, requireComponents } = settings;
    const policies = await withTrust(settings, clusters);
    const progress = progressLine(io);
    const options = { ...policies, scope, onProgress: progress.update };
    const picture = wantsPicture(settings) ? await deps.picture(clusters, options) : undefined;
    const report = picture?.report ?? deps.check(clusters, options);
    progress.clear();
    if (args.values.has('write-baseline')) return writeBaseline(report, settings, io);
    const status = exitStatus(report, failOn, requireComponents);
    return printed('report', report, { args, status, settings, clusters, picture, io, deps });
  });
}

export async function runTable(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  return withCluster({ args, io, deps }, async ({ profile, files, ...own }, settings) => {
    const progress = progressLine(io);
    const policies = await withTrust(settings, [{ files }]);
    const options = { ...own, ...policies, onProgress: progress.update };
    const picture = wantsPicture(settings)
      ? await deps.tablePicture({ profile, files }, options)
      : undefined;
    const table = tableIn(picture) ?? deps.table(profile, files, options);
    progress.clear();
    const status = exitStatus(table.report, settings.failOn);
    const clusters = [{ profile, files }];
    return printed('table', table, { args, status, settings, clusters, picture, io, deps });
  });
}

export async function runSimulate(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  return withCluster({ args, io, deps }, async ({ profile, files, ...own }, settings) => {
    const nodes = nodeCounts(args.values.get('nodes') ?? '');
    const simulation = deps.simulate(profile, files, { nodes, ...own });
    const status = simulationStatus(simulation, profile);
    const clusters = [{ profile, files }];
    return printed('simulation', simulation, { args, status, settings, clusters, io, deps });
  });
}

/** Whether an output is a picture, which takes more than a check. */
export function wantsPicture({ outputs }: Settings): boolean {
  return outputs.some(({ format }) => Object.hasOwn(formatsOf('picture'), format));
}

function tableIn(picture: Picture | undefined): TableReport | undefined {
  const table = picture?.table ?? null;
  return picture === undefined || table === null ? undefined : { table, report: picture.report };
}

/** With a trusted revision, annotations count only as it has them. */
export async function withTrust(
  { policies, trusted }: Settings,
  clusters: readonly Pick<Cluster, 'files'>[],
): Promise<Settings['policies']> {
  const { acceptance } = policies;
  if (trusted === undefined || acceptance.inlineWaivers.length === 0) return policies;
  const { trustIn } = await import('./git.ts');
  const trusts = await trustIn(
    trusted,
    clusters.flatMap(({ files }) => files),
  );
  return { ...policies, acceptance: { ...acceptance, trusts } };
}

/** Reads the settings and the clusters of a run, or reports all that is wrong with them. */
export async function withClusters(
  run: Run,
  use: (clusters: readonly ReadCluster[], settings: Settings) => Promise<Outcome>,
): Promise<Outcome> {
  const { args, io, deps } = run;
  checkNamespace(args);
  const read = await readSettings(args, io, deps);
  if (read.kind === 'errors') return invalidFiles(read.errors);
  const { settings } = read;
  if (settings.clusters.every(({ sources }) => sources.length === 0)) throw nothingNamed();
  const found = await readClusters(settings, run);
  if (found.kind === 'errors') return invalidFiles(found.errors);
  refuseInputs(settings, found.clusters, io.cwd);
  return use(found.clusters, settings);
}

/** The same for a command that is about one cluster. */
async function withCluster(
  run: Run,
  use: (cluster: Cluster, settings: Settings) => Promise<Outcome>,
): Promise<Outcome> {
  return withClusters(run, (clusters, settings) => {
    const [cluster, ...others] = clusters;
    if (cluster !== undefined && others.length === 0) return use(cluster, settings);
    const names = inWords(
      clusters.map(({ environment }) => environment ?? ''),
      'or',
    );
    throw usage(`this command is about one cluster: add --environment ${names}`);
  });
}

/** Writes the baseline in place of a report. What could not be read is said, and keeps its entries. */
export function writeBaseline(report: Report, settings: Settings, io: Io): Outcome {
  const { policies, baselineFile: file, config } = settings;
  const { baseline, isWhole } = policies.acceptance;
  const counts = baselineOf(report, baseline?.counts ?? {}, isWhole);
  writeBelow(io.cwd, new Map([[file, baselineText(counts)]]));
  const found = Object.values(counts).flatMap((keys) => Object.values(keys));
  const total = found.reduce((sum, count) => sum + count, 0);
  const of = counted(Object.keys(counts).length, 'policy').replace('policys', 'policies');
  const isRead = config?.baseline !== undefined;
  const next = isRead
    ? 'They do not fail a check any more; new ones do. Commit the file.'
    : `Add "baseline: ${file}" to bulkhead.yaml, or use --baseline ${file}: then they do not fail a check, and new ones do.`;
  return {
    stdout: `Wrote ${visible(file)}: ${counted(total, 'finding')} of ${of}.\n${next}\n`,
    stderr: report.inputErrors.map((error) => `${problemLine(error)}\n`).join(''),
    status: report.inputErrors.length > 0 ? 2 : 0,
  };
}

/**
 * Requires that --namespace names a namespace.
 *
 * @throws UserError USAGE
 */
export function checkNamespace({ values }: Arguments): void {
  const namespace = values.get('namespace');
  if (namespace !== undefined && !isNamespaceName(namespace)) {
    throw usage(
      `--namespace takes the name of a namespace (lowercase letters, digits and -), not ${namespace}`,
    );
  }
}

/** Reads `master=3,worker=5`. */
function nodeCounts(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const part of text === '' ? [] : text.split(',')) {
    const [, role, count] = /^([^=]+)=(\d{1,4})$/.exec(part) ?? [];
    if (role === undefined) throw usage(`--nodes takes ROLE=N, N below 10000, not ${part}`);
    if (counts.has(role)) throw usage(`--nodes has ${role} twice: give each role once`);
    counts.set(role, Number(count));
  }
  return counts;
}

/** A document's run, its status, and what it quotes. */
export interface Printing extends Run {
  readonly status: number;
  readonly settings: Settings;
  readonly clusters: readonly Pick<Cluster, 'files'>[];
  /** What formats show that have more than the document. */
  readonly picture?: Picture | undefined;
}

/** The formats that tell a person on standard output what could not be read. */
const FOR_PEOPLE: readonly string[] = ['human', 'concise'];

/** Renders a document in the formats that `--output` names: for standard output, and into files. */
export function printed<Name extends keyof Documents>(
  name: Name,
  document: Documents[Name],
  { args, status, settings, clusters, picture, io, deps }: Printing,
): Outcome {
  const context: Context = {
    source: sourceOf([...settings.sources, ...clusters.flatMap(({ files }) => files)]),
    repositoryPath: pathsIn(io),
    lineAddress: addressesIn(io),
    color: false,
    width: lineWidth({ columns: undefined }, args.values.get('width')),
    catalogue: deps.catalogue(),
    pages: deps.pages,
    verbose: args.values.has(VERBOSE.name),
    show: shownBy(args),
  };
  const terminal = { color: wantsColor(io), width: lineWidth(io, args.values.get('width')) };
  const inFormat = (format: string, { isForTerminal = false } = {}): string => {
    const own = isForTerminal ? { ...context, ...terminal } : context;
    const draw = formatsOf('picture')[format];
    if (draw !== undefined && picture !== undefined) return draw(picture, own);
    const render = formatsOf(name)[format];
    if (render === undefined) throw new Error(`${name} has no such format`);
    return render(document, own);
  };
  const { outputs } = settings;
  const printed = outputs.find(({ file }) => file === undefined)?.format;
  const stdout = printed === undefined ? '' : inFormat(printed, { isForTerminal: true });
  const lost = writeOutputs(outputs, inFormat, io);
  const inputErrors = inputErrorsOf(document);
  const isSaid = printed !== undefined && FOR_PEOPLE.includes(printed);
  const problems = [...(isSaid ? [] : inputErrors), ...lost];
  return {
    stdout,
    stderr: problems.map((problem) => `${problemLine(problem)}\n`).join(''),
    status: lost.length > 0 ? 2 : status,
  };
}

function inputErrorsOf(document: Documents[keyof Documents]): Report['inputErrors'] {
  if ('table' in document) return document.report.inputErrors;
  return 'crossing' in document ? reportOfDiff(document).inputErrors : document.inputErrors;
}

function shownBy({ lists }: Arguments): ReadonlySet<Shown> {
  const named = lists.get('show') ?? ['notes'];
  return new Set(SHOWN.filter((one) => named.includes(one) || named.includes('all')));
}
