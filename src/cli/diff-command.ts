import type { Source } from '../config/config.ts';
import type { Waiver } from '../config/waiver.ts';
import type { DiffInput } from '../diff.ts';
import { UserError } from '../errors.ts';
import { diffStatus } from '../exit-status.ts';
import { inWords } from '../words.ts';
import { type Arguments, usage } from './args.ts';
import { checkNamespace, printed, withTrust } from './check-commands.ts';
import { asNamed } from './clusters.ts';
import { findConfig } from './config.ts';
import type { Deps } from './deps.ts';
import type { Revision } from './git.ts';
import { givenSources, RENDERING, readSources } from './inputs.ts';
import type { Io } from './io.ts';
import { invalidFiles, type Outcome } from './outcome.ts';
import { refuseInputs } from './outputs.ts';
import { progressLine } from './progress.ts';
import { type ReadCluster, type Run, readClusters } from './read-clusters.ts';
import { nothingNamed, readSettings, type Settings } from './settings.ts';

/** Compares two inputs, or the work tree with a revision. */
export async function runDiff(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  checkNamespace(args);
  const rev = args.values.get('since');
  const run = { args, io, deps };
  return rev === undefined ? ofInputs(run) : ofRevision(rev, run);
}

/** Two inputs that were read. */
interface Inputs {
  readonly old: Input;
  readonly now: Input;
  readonly settings: Settings;
  readonly oldWaivers?: readonly Waiver[] | undefined;
}

interface Input extends Omit<DiffInput, 'clusters'> {
  readonly clusters: readonly ReadCluster[];
}

async function compared(run: Run, { old, now, settings, oldWaivers }: Inputs): Promise<Outcome> {
  const { io, deps } = run;
  refuseInputs(settings, [...old.clusters, ...now.clusters], io.cwd);
  const policies = await withTrust(settings, [...old.clusters, ...now.clusters]);
  const progress = progressLine(io);
  const { scope, failOn, requireComponents } = settings;
  const options = { ...policies, scope, oldWaivers, onProgress: progress.update };
  const diff = deps.diff(old, now, options);
  progress.clear();
  const status = diffStatus(diff, failOn, requireComponents);
  return printed('diff', diff, { ...run, status, settings, clusters: now.clusters });
}

async function ofInputs(run: Run): Promise<Outcome> {
  const paths = twoPaths(run.args);
  const read = await readSettings({ ...run.args, positionals: [] }, run.io, run.deps);
  if (read.kind === 'errors') return invalidFiles(read.errors);
  const inputs: Input[] = [];
  for (const path of paths) {
    const settings = only(path, read.settings, run.io);
    const found = await readClusters(settings, run);
    if (found.kind === 'errors') return invalidFiles(found.errors);
    inputs.push({ name: path, clusters: found.clusters });
  }
  const [old, now] = inputs;
  if (old === undefined || now === undefined) throw new Error('there are two inputs');
  const { policies } = read.settings;
  const acceptance = { ...policies.acceptance, isWhole: false };
  const settings = { ...read.settings, policies: { ...policies, acceptance } };
  return compared(run, { old, now, settings });
}

function twoPaths({ positionals, lists }: Arguments): readonly string[] {
  const [old, now, more] = positionals;
  if (old === undefined || now === undefined || more !== undefined) {
    throw usage('diff takes two inputs, OLD and NEW, or --since REV');
  }
  const flag = RENDERING.find(({ name }) => lists.has(name));
  if (flag !== undefined) {
    throw usage(`--${flag.name} needs --since REV: OLD and NEW are files or directories`);
  }
  if (old === '-' && now === '-') throw usage('standard input can be OLD or NEW, not both');
  return [old, now];
}

/** The settings for one of two inputs, which are of one cluster. */
function only(path: string, settings: Settings, { cwd }: Io): Settings {
  const [cluster, ...others] = settings.clusters;
  if (cluster === undefined || others.length > 0) {
    const names = settings.clusters.flatMap(({ environment }) => environment ?? []);
    throw usage(`OLD and NEW are of one cluster: add --environment ${inWords(names, 'or')}`);
  }
  const sources = asNamed({ kind: 'path', path }, cluster.sources, cwd);
  return { ...settings, clusters: [{ ...cluster, sources }] };
}

async function ofRevision(rev: string, run: Run): Promise<Outcome> {
  const { args, io, deps } = run;
  const { revisionNamed } = await import('./git.ts');
  const { treeOf } = await import('./revision-tree.ts');
  const { twoSources } = await import('./revision-sources.ts');
  const revision = await revisionNamed(rev, io);
  const read = await readSettings(args, io, deps);
  if (read.kind === 'errors') return invalidFiles(read.errors);
  const { settings } = read;
  const named = settings.clusters.flatMap(({ sources }) => sources);
  if (named.length === 0) throw nothingNamed();
  const tree = await treeOf(revision, io.cwd);
  const both = await twoSources(tree, io);
  both.check(named);
  const given = new Set(givenSources(args).map(keyOf));
  const isGone = (source: Source) => given.has(keyOf(source)) && both.isDeleted(source);
  const stop = io.onEnd?.(() => {
    both.dispose();
    return false;
  });
  try {
    const before = await readClusters(settings, run, both.readOld);
    if (before.kind === 'errors') return invalidFiles(before.errors);
    const after = await readClusters(
      withoutSources(settings, isGone),
      run,
      (sources, _io, isExcluded) => {
        return readSources(sources, io, (path, isDirectory) => {
          return isExcluded(path, isDirectory) || both.isIgnored(path);
        });
      },
    );
    if (after.kind === 'errors') return invalidFiles(after.errors);
    const ahead = await aheadOf(revision);
    return await compared(run, {
      settings,
      oldWaivers: await waiversAt(revision, run),
      old: {
        name: rev,
        clusters: before.clusters,
        revision: { commit: revision.commit, ahead },
        mayBeEmpty: true,
      },
      now: { name: 'the work tree', clusters: after.clusters, mayBeEmpty: named.every(isGone) },
    });
  } finally {
    stop?.();
    both.dispose();
  }
}

function keyOf(source: Source): string {
  return JSON.stringify(source);
}

function withoutSources(settings: Settings, isGone: (source: Source) => boolean): Settings {
  const clusters = settings.clusters.map((cluster) => ({
    ...cluster,
    sources: cluster.sources.filter((source) => !isGone(source)),
  }));
  return { ...settings, clusters };
}

/** How many commits there are since a revision; null if the current branch has none yet. */
async function aheadOf(revision: Revision): Promise<number | null> {
  try {
    const counted = await revision.git(['rev-list', '--count', `${revision.commit}..HEAD`]);
    return Number(new TextDecoder().decode(counted));
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** The waivers of the configuration as a revision has it: none if there was none, or if it has mistakes. */
async function waiversAt(revision: Revision, { args, io, deps }: Run): Promise<readonly Waiver[]> {
  const { textsOf } = await import('./git.ts');
  const texts = textsOf(revision, io.cwd);
  try {
    const found = await texts.settled(() => findConfig(args, { io, deps, texts }));
    return found.kind === 'config' ? found.config.waivers : [];
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}
