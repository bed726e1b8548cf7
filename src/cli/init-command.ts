import { existsSync, lstatSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { visible } from '../formats/text.ts';
import type { Derivation, InitInput } from '../init.ts';
import type { InputFile } from '../input.ts';
import { inWords } from '../words.ts';
import { type Arguments, usage } from './args.ts';
import { CONFIG_NAMES } from './config.ts';
import type { Deps } from './deps.ts';
import { createAt, orUnreadable, writeTo } from './disk.ts';
import { readInputs } from './files.ts';
import { type Io, lineWidth } from './io.ts';
import { kubectlFor } from './kubectl.ts';
import type { Outcome } from './outcome.ts';
import { unknownProfile } from './profile.ts';
import { progressLine } from './progress.ts';

/** Writes bulkhead.yaml and a profile for a cluster, a dump or a directory. */
export async function runInit(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  const { values } = args;
  const named = args.positionals[0] ?? '.';
  const directory = resolve(io.cwd, named);
  requireDirectory(directory, named);
  const isForced = values.has('force');
  if (isForced) requireFiles(directory, named);
  else refuseToOverwrite(directory, named);
  const profile = values.get('profile');
  if (profile !== undefined && !deps.profileNames().includes(profile)) {
    throw unknownProfile(profile, deps);
  }
  const cluster = await readSource(args, io, deps);
  const here = await readInputs(['.'], { ...io, cwd: directory });
  const derivation = await deps.init({
    source: sourceName(named),
    ...cluster,
    directory: here.files.filter(isInput),
    name: profileName(directory),
    profile,
    schemas: schemasFor(directory, deps),
    width: lineWidth(io, values.get('width')),
  });
  write(derivation, { directory, named, isForced });
  return {
    stdout: derivation.page,
    stderr: '',
    status: derivation.isWhole ? 0 : 2,
  };
}

type ReadSource = Pick<InitInput, 'source' | 'cluster' | 'server' | 'missing'>;

/** What `--context`, `--kubeconfig` or `--from` name; undefined without them. */
async function readSource(args: Arguments, io: Io, deps: Deps): Promise<ReadSource | undefined> {
  const { values, lists } = args;
  const dumps = lists.get('from') ?? [];
  const isLive = values.has('context') || values.has('kubeconfig');
  if (isLive && dumps.length > 0)
    throw usage('--from is a dump: leave out --context and --kubeconfig');
  if (isLive) return readLive(args, io, deps);
  if (dumps.length === 0) return undefined;
  const { files } = await readInputs(dumps, io);
  return { source: inWords(dumps.map(visible), 'and'), cluster: files };
}

async function readLive(args: Arguments, io: Io, deps: Deps): Promise<ReadSource> {
  const [{ readCluster }, { kindsOf }] = await Promise.all([
    import('../cluster/read.ts'),
    import('../cluster/kinds.ts'),
  ]);
  const progress = progressLine(io);
  const reading = readCluster(kubectlFor(args, io), {
    kinds: kindsOf(deps.catalogue().policies),
    // Its name is a sign of kubeadm. No other ConfigMap is read.
    configMaps: [{ namespace: 'kube-system', name: 'kubeadm-config' }],
    context: args.values.get('context'),
    now: io.now(),
    onProgress: progress.update,
  });
  const read = await reading.finally(progress.clear);
  return {
    source: `cluster ${visible(read.cluster.context)} through kubectl`,
    cluster: read.files,
    server: read.cluster.server,
    missing: read.notReadable.map(
      ({ resource, reason }) => `cannot list ${resource}: ${reason ?? 'no reason is known'}`,
    ),
  };
}

function sourceName(named: string): string {
  return named === '.' ? 'this directory' : visible(named);
}

/** What init itself writes says nothing of a cluster. */
function isInput({ name }: InputFile): boolean {
  return !OWN.includes(name);
}

const [CONFIG_FILE = ''] = CONFIG_NAMES;
const PROFILE_FILE = 'bulkhead.profile.yaml';
const OWN: readonly string[] = [...CONFIG_NAMES, PROFILE_FILE];

function requireDirectory(path: string, named: string): void {
  const stats = orUnreadable(() => {
    try {
      return statSync(path);
    } catch (cause) {
      throw new UserError('FILE_UNREADABLE', `cannot read ${named}: no such directory`, { cause });
    }
  });
  if (!stats.isDirectory()) {
    throw usage(`${named} is not a directory: to derive from a dump, use --from ${named}`);
  }
}

function refuseToOverwrite(directory: string, named: string): void {
  const found = OWN.filter((name) => lstatSync(join(directory, name), { throwIfNoEntry: false }));
  if (found.length === 0) return;
  const names = inWords(
    found.map((name) => join(named, name)),
    'and',
  );
  const verb = found.length === 1 ? 'exists' : 'exist';
  throw usage(`${names} ${verb}: nothing was written; --force overwrites`);
}

/** What is overwritten is a file of this directory: a link may lead anywhere. Found out before the first is written. */
function requireFiles(directory: string, named: string): void {
  for (const name of [CONFIG_FILE, PROFILE_FILE]) {
    const stats = lstatSync(join(directory, name), { throwIfNoEntry: false });
    if (stats === undefined || stats.isFile()) continue;
    const what = stats.isSymbolicLink() ? 'it is a symbolic link' : 'it is not a file';
    const message = `cannot write ${join(named, name)}: ${what}. Nothing was written`;
    throw new UserError('OUTPUT_UNWRITABLE', message);
  }
}

function profileName(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  return name === '' ? 'cluster' : name;
}

/** The schemas of the package beside the files, else those of the release. */
function schemasFor(directory: string, deps: Deps): InitInput['schemas'] {
  const { repository, version } = deps.catalogue();
  const own = 'node_modules/bulkhead';
  const isInstalled = existsSync(join(directory, own, 'docs/config.schema.json'));
  const base = isInstalled ? `./${own}` : `${rawFiles(repository)}/v${version}`;
  return {
    config: `${base}/docs/config.schema.json`,
    profile: `${base}/profiles/profile.schema.json`,
  };
}

function rawFiles(repository: string): string {
  return repository.replace('https://github.com/', 'https://raw.githubusercontent.com/');
}

function write(
  { files }: Derivation,
  {
    directory,
    named,
    isForced,
  }: { readonly directory: string; readonly named: string; readonly isForced: boolean },
): void {
  for (const [name, text] of files) {
    const [path, shown] = [join(directory, name), join(named, name)];
    if (isForced) writeTo(path, text, shown);
    else createAt(path, text, shown);
  }
}
