import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../errors.ts';
import { visible } from '../formats/text.ts';
import type { InputFile } from '../input.ts';
import { isRenderedWith } from '../unrendered/chart.ts';
import { quoted } from '../unrendered/paths.ts';
import { orUnreadable, readRegularFile } from './disk.ts';
import type { Io } from './io.ts';
import { kustomizationFile, localFiles } from './kustomization.ts';
import { lookBelow } from './looking.ts';
import { type Limits, type Ran, run } from './run.ts';

/** What to render: paths are relative to the working directory. */
export type RenderSource =
  | { readonly kustomize: string }
  | {
      readonly helm: string;
      readonly values?: readonly string[] | undefined;
      /** The name of the directory by default. */
      readonly release?: string | undefined;
      /** Where its objects are installed if they name no namespace. */
      readonly namespace?: string | undefined;
    };

/** Inputs after rendering. */
export interface RenderedInputs {
  readonly files: readonly InputFile[];
  /** How a report names the inputs. */
  readonly names: readonly string[];
  /** Whether the file at a real path is a part of one of them, and so is checked as it is rendered. */
  readonly isPart: (path: string) => boolean;
}

interface RenderedInput {
  readonly file: InputFile;
  readonly isPart: (path: string) => boolean;
}

interface Rendering {
  readonly io: Pick<Io, 'cwd' | 'env' | 'onEnd' | 'looking'>;
  readonly limits?: Limits | undefined;
}

/** Renders inputs, one after the other. What cannot be rendered is the error of its input. */
export async function renderInputs(
  sources: readonly RenderSource[],
  io: Rendering['io'],
  limits?: Limits,
): Promise<RenderedInputs> {
  const named = new Map<string, RenderSource>();
  const known = new Set<string>();
  for (const source of sources.map(withoutSlash)) {
    const key = JSON.stringify(source);
    if (!known.has(key)) named.set(freeName(nameOf(source), named), source);
    known.add(key);
  }
  const rendered: RenderedInput[] = [];
  for (const [name, source] of named) {
    rendered.push(await renderInput(name, source, { io, limits }));
  }
  return {
    files: rendered.map(({ file }) => file),
    names: [...named.keys()],
    isPart: (path) => rendered.some(({ isPart }) => isPart(path)),
  };
}

function nameOf(source: RenderSource): string {
  if ('kustomize' in source) return `kustomize ${source.kustomize}`;
  const values = (source.values ?? []).map((file) => ` --values ${file}`).join('');
  return `helm ${source.helm}${values}`;
}

/** The same chart may be rendered for two releases. */
function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name} (${count})`;
  return free;
}

function withoutSlash(source: RenderSource): RenderSource {
  const trimmed = (path: string) => path.replace(/(?<=.)\/+$/, '');
  return 'kustomize' in source
    ? { kustomize: trimmed(source.kustomize) }
    : { ...source, helm: trimmed(source.helm) };
}

/** Renders one input, with a directory of its own that is removed afterwards. */
async function renderInput(
  name: string,
  source: RenderSource,
  { io, limits }: Rendering,
): Promise<RenderedInput> {
  let scratch: string | undefined;
  const directory = 'kustomize' in source ? source.kustomize : source.helm;
  lookBelow(resolve(io.cwd, directory), io.looking);
  try {
    scratch = orUnreadable(() => realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-'))));
    const work: Work = { name, io, limits, scratch };
    return 'kustomize' in source
      ? await kustomized(source.kustomize, work)
      : await templated(source, work);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { file: { name, error }, isPart: () => false };
  } finally {
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  }
}

interface Work extends Rendering {
  readonly name: string;
  /** A real path. */
  readonly scratch: string;
}

/**
 * Builds a kustomization as it is, and once more through a kustomization in the scratch directory that asks for origins.
 * Only the first is checked; the other says where its objects come from.
 */
async function kustomized(directory: string, work: Work): Promise<RenderedInput> {
  const { name, io, scratch } = work;
  const real = existing(directory, io.cwd);
  const files = localFiles(real);
  for (const path of files.used) io.looking?.at(path);
  const shown = showing(directory, io.cwd);
  const isPart = (path: string) => files.used.has(path);
  const own = kustomizationFile(real);
  const root = own && `${directory}/${basename(own)}`;
  const wrapper = { resources: [relative(scratch, real)], buildMetadata: ['originAnnotations'] };
  writeFileSync(join(scratch, 'kustomization.yaml'), JSON.stringify(wrapper));
  const [built, annotated] = await Promise.all([build(real, work), build(scratch, work)]);
  const text = printed(built, {
    command: `kustomize build ${quoted(directory)}`,
    missing: `neither kustomize nor kubectl is on PATH (needed for ${directory}): install one of them, or: kubectl kustomize ${quoted(directory)} | bulkhead check -`,
    root,
    known: ownPaths(io),
  });
  if (text instanceof UserError) return { file: { name, error: text }, isPart };
  const sources = new Map([...files.used].map((path) => [shown(path), path]));
  const applied = new Set(files.resources.values());
  const rendered = {
    tool: 'kustomize' as const,
    root: root ?? name,
    annotated: annotated.kind === 'ended' && annotated.status === 0 ? annotated.stdout : undefined,
    others: [...files.used].filter((path) => !applied.has(path)).map(shown),
    nameOf: (origin: string) => {
      const path = files.resources.get(resolve(scratch, origin));
      return path && shown(path);
    },
    read: (file: string) => readOrNone(file === root ? own : sources.get(file)),
  };
  return { file: { name, bytes: text, rendered }, isPart };
}

async function build(directory: string, { scratch: cwd, io, limits }: Work): Promise<Ran> {
  const surroundings = { cwd, io, limits };
  // An absolute path is no flag.
  const ran = await run('kustomize', ['build', directory], surroundings);
  if (ran.kind !== 'missing') return ran;
  return run('kubectl', ['kustomize', directory], surroundings);
}

type Chart = Extract<RenderSource, { readonly helm: string }>;

/** Helm's own default depends on the kubeconfig of the machine. */
const DEFAULT_NAMESPACE = 'default';

async function templated(source: Chart, work: Work): Promise<RenderedInput> {
  const { name, io, scratch, limits } = work;
  const { values = [], namespace, helm: directory } = source;
  const real = existing(directory, io.cwd);
  const path = resolve(io.cwd, directory);
  const release = source.release ?? releaseOf(path);
  const isPart = (file: string) =>
    file.startsWith(real + sep) && isRenderedWith(file.slice(real.length + 1));
  const copies = values.map((file, index) => copied(file, `values-${index}.yaml`, work));
  const argv = [
    'template',
    `--namespace=${namespace ?? DEFAULT_NAMESPACE}`,
    '--include-crds',
    ...copies.map((file) => `--values=${file}`),
    ...['--', release, path],
  ];
  const root = existsSync(join(real, 'Chart.yaml')) ? `${directory}/Chart.yaml` : undefined;
  const text = printed(await run('helm', argv, { cwd: scratch, io, limits }), {
    command: `helm template ${quoted(directory)}`,
    missing: `helm is not on PATH (needed for ${directory}): install Helm, or: helm template ${quoted(directory)} | bulkhead check -`,
    root,
    known: [...copies.map((copy, index) => [copy, values[index] ?? ''] as const), ...ownPaths(io)],
  });
  if (text instanceof UserError) return { file: { name, error: text }, isPart };
  const read = (file: string) => readOrNone(insideOf(real, directory, file));
  const rendered = { tool: 'helm' as const, root: root ?? name, directory, namespace, read };
  return { file: { name, bytes: text, rendered }, isPart };
}

/** Helm's default, `release-name`, gives objects names that no release has. */
function releaseOf(path: string): string {
  const name = basename(path);
  return /^[a-z0-9](?:[-a-z0-9]{0,51}[a-z0-9])?$/.test(name) ? name : 'release-name';
}

/** Copies a file under a plain name: Helm takes the name of values for a list, and each of them for an address. */
function copied(file: string, name: string, { io, scratch }: Work): string {
  const path = resolve(io.cwd, file);
  io.looking?.at(path);
  const bytes = forRendering(file, () => readRegularFile(path));
  const copy = join(scratch, name);
  writeFileSync(copy, bytes);
  return copy;
}

/** The real path of a file of a chart; undefined for what is not in it, or only linked from it. */
function insideOf(real: string, directory: string, file: string): string | undefined {
  if (!file.startsWith(`${directory}/`)) return undefined;
  try {
    const path = realpathSync(join(real, file.slice(directory.length + 1)));
    return path.startsWith(real + sep) ? path : undefined;
  } catch {
    return undefined; // a name that Helm made, such as that of an alias
  }
}

/** The real path of what is to be rendered. Names of repositories are not fetched. */
function existing(path: string, cwd: string): string {
  return forRendering(path, () => {
    if (path === '') throw new UserError('FILE_UNREADABLE', 'the path is empty');
    return orUnreadable(() => realpathSync(resolve(cwd, path)));
  });
}

function forRendering<T>(path: string, ask: () => T): T {
  try {
    return ask();
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    const message = `cannot render ${path}: ${cause.message}`;
    throw new UserError(cause.code, message, { cause });
  }
}

/** Makes a function that names files as the input is named: relative to the working directory, or not. */
function showing(asked: string, cwd: string): (path: string) => string {
  const from = realpathSync(cwd);
  return (path) => (isAbsolute(asked) ? path : relative(from, path));
}

function readOrNone(path: string | undefined): Uint8Array | undefined {
  if (path === undefined) return undefined;
  try {
    return readRegularFile(path);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

interface Asked {
  readonly command: string;
  readonly missing: string;
  /** The file that an error is at, if there is one. */
  readonly root: string | undefined;
  /** Paths, and how a user knows them. */
  readonly known: readonly (readonly [string, string])[];
}

/** What a program printed, or why that is not to be had. */
function printed(ran: Ran, { command, missing, root, known }: Asked): Uint8Array | UserError {
  const place = root === undefined ? {} : { place: { file: root, line: 1, column: 1 } };
  if (ran.kind === 'missing') return new UserError('RENDER_TOOL_MISSING', missing, place);
  if (ran.kind === 'ended' && ran.status === 0) return ran.stdout;
  const said = saidIn(ran.stderr, known);
  const what = ran.kind === 'ended' ? `failed with exit status ${ran.status}` : ran.reason;
  const message = `${command} ${what}${said === '' ? '' : `: ${said}`}`;
  return new UserError('RENDER_FAILED', message, place);
}

/** The characters that are shown of what a program says. */
const MOST = 800;

/** Paths below the working directory are shown relative to it. */
function ownPaths({ cwd }: Pick<Io, 'cwd'>): readonly (readonly [string, string])[] {
  return [cwd, realpathSync(cwd)].map((directory) => [`${directory}/`, ''] as const);
}

/** What a program says is wrong: from its last error on, without controls, cut, with paths as users know them. */
function saidIn(stderr: string, known: Asked['known']): string {
  const text = stderr.slice(Math.max(0, stderr.lastIndexOf('\nError: '))).trim();
  const own = known.reduce(
    (all, [path, name]) => all.replaceAll(path, name),
    text.replace(/^Error: /, ''),
  );
  const line = own.replaceAll(/\s+/g, ' ');
  return visible(line.length > MOST ? `${line.slice(0, MOST)}…` : line);
}
