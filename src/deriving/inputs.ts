import type { Source } from '../config/config.ts';
import type { InputFile } from '../input.ts';
import { readManifest } from '../manifest/read.ts';
import { compareText } from '../report/order.ts';
import { patterns } from '../unrendered/advice.ts';
import { type Chart, chartOf } from '../unrendered/chart.ts';
import {
  isKustomizationName,
  type Kustomization,
  kustomizationOf,
} from '../unrendered/kustomization.ts';
import { baseOf } from '../unrendered/paths.ts';
import { belonging, rootCharts, rootsOf, type Tree } from '../unrendered/sources.ts';

/** What to check of a directory. */
export interface ProposedInputs {
  /** Of the one cluster, or of each environment. */
  readonly inputs: readonly ProposedInput[];
  /** Kustomizations that share a base, by the name of what they are variants for; none if there are no variants. */
  readonly environments: ReadonlyMap<string, readonly ProposedInput[]>;
  readonly exclude: readonly Exclusion[];
}

/** An input, and what a user may have to say of it. */
export interface ProposedInput {
  readonly source: Source;
  readonly hints: readonly string[];
}

/** What is left out. */
export interface Exclusion {
  readonly pattern: string;
  readonly reason: string;
}

/**
 * Proposes what to check of a directory: all of it, with its charts and kustomizations rendered.
 *
 * @param files all manifests below the directory, with names relative to it.
 */
export function proposeInputs(files: readonly InputFile[]): ProposedInputs {
  const { charts, kustomizations } = sourcesIn(files);
  const roots = [...rootCharts(charts).values()].sort(byDirectory);
  const { chartOf: chartAbove } = belonging(
    { charts, kustomizations: [] },
    files.map(({ name }) => name),
  );
  // Helm renders what is in a chart.
  const trees = rootsOf(
    kustomizations.filter(({ document }) => chartAbove(document.file) === undefined),
  ).toSorted((a, b) => byDirectory(a.root, b.root));
  const whole = trees.filter(({ root }) => !root.isComponent);
  const environments = variantsOf(whole);
  const variants = new Set([...environments.values()].flat());
  const names = files.map(({ name }) => name);
  return {
    inputs: [
      { source: { kind: 'path', path: '.' }, hints: [] },
      ...whole.filter((tree) => !variants.has(tree)).map(kustomizeInput),
      ...roots.filter(({ isLibrary }) => !isLibrary).map((chart) => helmInput(chart, names)),
    ],
    environments: new Map(
      [...environments].map(([name, members]) => [name, members.map(kustomizeInput)]),
    ),
    exclude: [
      ...[...variants].map(({ root }) => excluded(root, 'kustomize', 'an input of an environment')),
      ...trees
        .filter(({ root }) => root.isComponent)
        .map(({ root }) => excluded(root, 'kustomize', 'a component that no kustomization uses')),
      ...roots
        .filter(({ isLibrary }) => isLibrary)
        .map((chart) => excluded(chart, 'helm', 'a library chart, of which Helm renders nothing')),
    ].flat(),
  };
}

function byDirectory(a: { readonly directory: string }, b: { readonly directory: string }): number {
  return compareText(a.directory, b.directory);
}

function sourcesIn(files: readonly InputFile[]): {
  readonly charts: readonly Chart[];
  readonly kustomizations: readonly Kustomization[];
} {
  const documents = files
    .filter(({ name }) => baseOf(name) === 'Chart.yaml' || isKustomizationName(name))
    .flatMap((file) => ('error' in file ? [] : readManifest(file.name, file.bytes).documents));
  return {
    charts: documents.flatMap((document) => chartOf(document) ?? []),
    kustomizations: documents.flatMap((document) => kustomizationOf(document) ?? []),
  };
}

function kustomizeInput({ root, members }: Tree): ProposedInput {
  const directory = root.directory === '' ? '.' : root.directory;
  const isRemote = [...members].some(({ document }) => namesRemote(document.chunk.text));
  return {
    source: { kind: 'kustomize', directory },
    hints: isRemote ? ['it names a remote base: kustomize needs the network for it'] : [],
  };
}

function namesRemote(text: string): boolean {
  return /^\s*-\s+["']?(?:https?:\/\/|git@|ssh:\/\/|github\.com\/)/m.test(text);
}

function helmInput({ directory, document }: Chart, names: readonly string[]): ProposedInput {
  const prefix = directory === '' ? '' : `${directory}/`;
  const values = names.filter(
    (name) =>
      name.startsWith(prefix) && /^values[-_.][^/]+\.ya?ml$/.test(name.slice(prefix.length)),
  );
  const isBuilt = names.some((name) => name.startsWith(`${prefix}charts/`));
  const { value } = document;
  const needs = typeof value === 'object' && value !== null && 'dependencies' in value && !isBuilt;
  return {
    source: { kind: 'helm', chart: directory === '' ? '.' : directory, values: [] },
    hints: [
      ...(values.length > 0 ? [`values: [${values.join(', ')}] # choose`] : []),
      ...(needs ? ['it has dependencies: run helm dependency build first'] : []),
    ],
  };
}

function excluded(
  { document, directory }: Pick<Chart, 'document' | 'directory'>,
  tool: 'helm' | 'kustomize',
  reason: string,
): readonly Exclusion[] {
  return patterns({ tool, file: document.file, directory: literal(directory) }).map((pattern) => ({
    pattern,
    reason,
  }));
}

/** A path as a pattern of .gitignore that matches just it. */
function literal(path: string): string {
  return path.replaceAll(/[\\*?[\]!#]/g, '\\$&').replaceAll(/ (?=\/|$)/g, '\\ ');
}

/** The kustomizations that share a base, by a name for each; those of several bases with one name belong together. */
function variantsOf(trees: readonly Tree[]): ReadonlyMap<string, readonly Tree[]> {
  const environments = new Map<string, Tree[]>();
  for (const group of groupsOf(trees)) {
    const common = commonDirectory(group.map(({ root }) => root.directory));
    for (const tree of group) {
      const name = environmentName(tree.root.directory.slice(common.length));
      environments.set(name, [...(environments.get(name) ?? []), tree]);
    }
  }
  return new Map([...environments].sort(([a], [b]) => compareText(a, b)));
}

/** Groups of two or more kustomizations, each of which shares a base with another one. Components are no bases. */
function groupsOf(trees: readonly Tree[]): readonly (readonly Tree[])[] {
  const groups: Tree[][] = [];
  for (const tree of trees) {
    const own = groups.filter((group) => group.some((other) => sharesBase(tree, other)));
    const joined = [...own.flat(), tree];
    for (const group of own) groups.splice(groups.indexOf(group), 1);
    groups.push(joined);
  }
  return groups.filter((group) => group.length > 1);
}

function sharesBase(one: Tree, other: Tree): boolean {
  return [...one.members].some((member) => !member.isComponent && other.members.has(member));
}

function commonDirectory(directories: readonly string[]): string {
  const [first = '', ...others] = directories;
  const steps = first.split('/');
  let common = '';
  for (const step of steps) {
    const next = `${common}${step}/`;
    if (!others.every((one) => `${one}/`.startsWith(next)) || first === common + step) break;
    common = next;
  }
  return common;
}

function environmentName(path: string): string {
  const name = path
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  return name === '' ? 'default' : name;
}
