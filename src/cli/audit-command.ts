import { resolve } from 'node:path';
import type { Cluster } from '../check.ts';
import { admissionKinds, kindsOf } from '../cluster/kinds.ts';
import { listening } from '../cluster/kubectl.ts';
import { rbacText } from '../cluster/rbac.ts';
import { readCluster } from '../cluster/read.ts';
import { UserError } from '../errors.ts';
import { exitStatus } from '../exit-status.ts';
import { visible } from '../formats/text.ts';
import type { InputFile } from '../input.ts';
import { RESOURCES } from '../kubernetes/resources.ts';
import { clusterIn, clusterName } from '../manifest/snapshot.ts';
import { bind, catalogueFor } from '../policy/parameters.ts';
import type { Policy } from '../policy/policy.ts';
import type { Profile } from '../profile/profile.ts';
import type { SessionOptions } from '../session.ts';
import { inWords } from '../words.ts';
import { type Arguments, usage } from './args.ts';
import { checkNamespace, printed, wantsPicture, writeBaseline } from './check-commands.ts';
import type { NamedCluster } from './clusters.ts';
import type { Deps, ReadProfile } from './deps.ts';
import { readRegularFile, writeTo } from './disk.ts';
import type { Io } from './io.ts';
import { kubectlFor } from './kubectl.ts';
import { CLUSTER, FROM } from './options.ts';
import { failed, invalidFiles, type Outcome, success } from './outcome.ts';
import { progressLine } from './progress.ts';
import { profileOf, type Run } from './read-clusters.ts';
import { readSettings, type Settings } from './settings.ts';

/** Checks a live cluster, or one that was saved. */
export async function runAudit(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  checkNamespace(args);
  checkSources(args);
  const read = await readSettings(args, io, deps);
  if (read.kind === 'errors') return invalidFiles(read.errors);
  const { settings } = read;
  const run = { args, io, deps };
  if (args.values.has('print-rbac')) return printRights(settings, run);
  const { kubectl, said } = listening(kubectlFor(args, io));
  const told = new Set<string>();
  let outcome: Outcome;
  try {
    outcome = await audited(settings, { ...run, kubectl, told });
  } catch (error) {
    outcome = failed(error);
  }
  const lines = said().filter((line) => !told.has(line) && !outcome.stderr.includes(line));
  return { ...outcome, stderr: heard(lines) + outcome.stderr };
}

interface AuditRun extends Run, Pick<ReturnType<typeof listening>, 'kubectl'> {
  /** The lines of kubectl that the report has. */
  readonly told: Set<string>;
}

async function audited(settings: Settings, run: AuditRun): Promise<Outcome> {
  const { args, io, deps } = run;
  const named = oneOf(settings.clusters);
  const profile = await profileFor(named, settings, run);
  if (profile.kind === 'errors') return invalidFiles(profile.errors);
  const file = await clusterFile(profile.profile, settings, run);
  save(file, run);
  const { environment } = named;
  const cluster: Cluster = {
    profile: profile.profile,
    files: [file],
    inputs: [file.name],
    ...(environment !== undefined && { environment }),
  };
  const isPart = clusterIn(file.bytes)?.namespace !== null;
  const { acceptance } = settings.policies;
  const progress = progressLine(io);
  const options: SessionOptions = {
    ...settings.policies,
    // What an author writes into an object counts for files that someone has reviewed.
    acceptance: { ...acceptance, isLive: true, isWhole: acceptance.isWhole && !isPart },
    scope: isPart ? 'part' : 'cluster',
    onProgress: progress.update,
  };
  const picture = wantsPicture(settings) ? await deps.picture([cluster], options) : undefined;
  const report = picture?.report ?? deps.check([cluster], options);
  progress.clear();
  if (args.values.has('write-baseline')) return writeBaseline(report, settings, io);
  const status = exitStatus(report, settings.failOn, settings.requireComponents);
  const clusters = [cluster];
  return printed('report', report, { args, status, settings, clusters, picture, io, deps });
}

/** A saved cluster needs no kubectl, and takes none of its flags. */
function checkSources({ values, rest = [] }: Arguments): void {
  if (values.has('namespace') && values.has('all-namespaces')) {
    throw usage('--namespace and --all-namespaces contradict each other: leave one out');
  }
  if (!values.has(FROM.name)) return;
  const given = CLUSTER.find(({ name }) => values.has(name))?.name ?? (rest.length > 0 ? ' ' : '');
  if (given !== '') {
    const flag = given === ' ' ? 'flags after --' : `--${given}`;
    throw usage(`--from reads no cluster: leave out ${flag}`);
  }
}

function oneOf(clusters: readonly NamedCluster[]): NamedCluster {
  const [cluster, ...others] = clusters;
  if (cluster !== undefined && others.length === 0) return cluster;
  const names = clusters.map(({ environment }) => environment ?? '');
  throw usage(`an audit is about one cluster: add --environment ${inWords(names, 'or')}`);
}

/** The policies that are asked: only what these read is listed. */
function askedPolicies(profile: Profile, { policies }: Settings, deps: Deps): readonly Policy[] {
  const catalogue = catalogueFor(deps.catalogue(), profile);
  const bound = bind(catalogue, profile);
  return catalogue.policies.filter(
    ({ id }) => bound.has(id) && policies.off?.includes(id) !== true,
  );
}

/** Without a profile, the rights are those for all policies. */
async function printRights(settings: Settings, run: Run): Promise<Outcome> {
  const { args, deps } = run;
  const named = oneOf(settings.clusters);
  const isNamed = args.values.has('profile') || named.profile !== undefined;
  const read = isNamed ? await profileOf({ ...named, sources: [] }, settings, run) : undefined;
  if (read?.kind === 'errors') return invalidFiles(read.errors);
  const policies =
    read === undefined ? deps.catalogue().policies : askedPolicies(read.profile, settings, deps);
  const kinds = [...kindsOf(policies), ...admissionKinds({ policies })];
  return success(rbacText(kinds, args.values.get('as')));
}

/** The profile of the settings; without one, the error says which one the cluster looks like. */
async function profileFor(
  named: NamedCluster,
  settings: Settings,
  run: AuditRun,
): Promise<ReadProfile> {
  try {
    return await profileOf({ ...named, sources: [] }, settings, run);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'USAGE') throw error;
    const { distribution, profile } = run.deps.recognise([await nodesFile(run)]);
    if (distribution === null) throw error;
    throw usage(`${error.message}; the cluster looks like ${distribution}: --profile ${profile}`);
  }
}

async function nodesFile(run: AuditRun): Promise<InputFile> {
  const saved = await savedFile(run);
  if (saved !== undefined) return saved;
  const { file } = await liveFile(RESOURCES.node, [], run);
  return file;
}

type ReadableFile = Extract<InputFile, { readonly bytes: Uint8Array }>;

async function clusterFile(
  profile: Profile,
  settings: Settings,
  run: AuditRun,
): Promise<ReadableFile> {
  const saved = await savedFile(run);
  if (saved !== undefined) return saved;
  const policies = askedPolicies(profile, settings, run.deps);
  const { file } = await liveFile(kindsOf(policies), admissionKinds({ policies }), run);
  return file;
}

async function liveFile(
  kinds: Parameters<typeof readCluster>[1]['kinds'],
  optional: Parameters<typeof readCluster>[1]['kinds'],
  { args: { values }, io, kubectl, told }: AuditRun,
): Promise<{ readonly file: ReadableFile }> {
  const progress = progressLine(io);
  const { files, notReadable } = await readCluster(kubectl, {
    kinds,
    optional,
    namespace: values.get('namespace'),
    context: values.get('context'),
    user: values.get('as'),
    now: io.now(),
    onProgress: progress.update,
  });
  progress.clear();
  for (const { reason } of notReadable) if (reason !== null) told.add(reason);
  return { file: files[0] };
}

async function savedFile({ args, io }: AuditRun): Promise<ReadableFile | undefined> {
  const name = args.values.get(FROM.name);
  if (name === undefined) return undefined;
  const bytes = name === '-' ? await io.readStdin() : readSaved(name, io);
  const cluster = clusterIn(bytes);
  if (cluster === undefined) {
    const message = `${name} is not a file of bulkhead audit --save: check other files with bulkhead check`;
    throw new UserError('SNAPSHOT_INVALID', message);
  }
  return { name: clusterName(cluster), bytes };
}

function readSaved(name: string, { cwd }: Io): Uint8Array {
  try {
    return readRegularFile(resolve(cwd, name));
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(cause.code, `cannot read ${name}: ${cause.message}`, { cause });
  }
}

function save({ bytes }: ReadableFile, { args, io }: Run): void {
  const name = args.values.get('save');
  if (name === undefined) return;
  writeTo(resolve(io.cwd, name), new TextDecoder().decode(bytes), visible(name));
}

/** More lines than these are counted: a client that complains of each request says the same again and again. */
const MOST_LINES = 20;

/** What kubectl has said, and nothing else says. */
function heard(lines: readonly string[]): string {
  const more = lines.length - MOST_LINES;
  return [
    ...lines.slice(0, MOST_LINES).map((line) => `kubectl: ${visible(line)}\n`),
    ...(more > 0 ? [`kubectl: ${more} more lines\n`] : []),
  ].join('');
}
