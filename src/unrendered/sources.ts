import type { UserError } from '../errors.ts';
import { type Chart, isOfChart, unrenderedChart } from './chart.ts';
import { type Kustomization, unrenderedKustomization } from './kustomization.ts';
import { ancestry, normalized } from './paths.ts';

/** What has to be rendered before it is what a cluster gets. */
export interface Sources {
  readonly charts: readonly Chart[];
  readonly kustomizations: readonly Kustomization[];
}

/** How the files of an input belong to its charts and kustomizations. */
export interface Belonging {
  /** The chart that a file is a part of: Helm reads it, kubectl does not. */
  readonly chartOf: (file: string) => Chart | undefined;
  /** Whether a kustomization uses a file as something other than objects, and none as objects. */
  readonly isUsed: (file: string) => boolean;
  /** One error for each chart, and for each kustomization that no other one includes, given the files with errors of their own. */
  readonly errors: (faulty: readonly string[]) => readonly UserError[];
}

/** Finds out which files of an input belong to its charts and kustomizations. */
export function belonging(
  { charts, kustomizations }: Sources,
  files: readonly string[],
): Belonging {
  const roots = rootCharts(charts);
  const users = usersOf(kustomizations, files);
  const chartOf = (file: string) => chartAbove(file, roots);
  return {
    chartOf,
    isUsed: (file) => users.has(file),
    errors: (faulty) => [
      ...[...roots.values()].map((chart) =>
        unrenderedChart(chart, faulty.filter((file) => chartOf(file) === chart).length),
      ),
      ...rootsOf(kustomizations).map(({ root, members }) =>
        unrenderedKustomization(root, {
          others: members.size - 1,
          files: [...users.values()].filter((found) => [...found].some((one) => members.has(one)))
            .length,
        }),
      ),
    ],
  };
}

/** The charts that are not part of another one, by their directory. */
export function rootCharts(charts: readonly Chart[]): ReadonlyMap<string, Chart> {
  const all = new Map(charts.map((chart) => [chart.directory, chart]));
  const roots = charts.filter(({ directory }) => chartAbove(directory, all) === undefined);
  return new Map(roots.map((chart) => [chart.directory, chart]));
}

function chartAbove(file: string, charts: ReadonlyMap<string, Chart>): Chart | undefined {
  if (charts.size === 0) return undefined;
  const path = normalized(file);
  for (const directory of [...ancestry(path), '']) {
    const chart = directory === path ? undefined : charts.get(directory);
    if (chart !== undefined && isOfChart(chart, path)) return chart;
  }
  return undefined;
}

/** A kustomization that no other one includes. */
export interface Tree {
  readonly root: Kustomization;
  /** The root, and what it includes. */
  readonly members: ReadonlySet<Kustomization>;
}

/** The kustomizations that no other one includes, with those that they do; of a loop, the first. */
export function rootsOf(kustomizations: readonly Kustomization[]): readonly Tree[] {
  const included = includedIn(kustomizations);
  const isIncluded = new Set([...included.values()].flatMap((found) => [...found]));
  const trees: Tree[] = [];
  const reached = new Set<Kustomization>();
  const ordered = [
    ...kustomizations.filter((one) => !isIncluded.has(one)),
    ...kustomizations.filter((one) => isIncluded.has(one)),
  ];
  for (const root of ordered) {
    if (reached.has(root)) continue;
    const members = new Set([root]);
    // A set is gone through up to what is added meanwhile.
    for (const member of members) {
      for (const one of included.get(member) ?? []) members.add(one);
    }
    for (const member of members) reached.add(member);
    trees.push({ root, members });
  }
  return trees;
}

/** What each kustomization includes, by its directory or its file. */
function includedIn(
  kustomizations: readonly Kustomization[],
): ReadonlyMap<Kustomization, ReadonlySet<Kustomization>> {
  const byPath = new Map<string, Kustomization[]>();
  for (const one of kustomizations) {
    for (const path of [one.directory, normalized(one.document.file)]) {
      byPath.set(path, [...(byPath.get(path) ?? []), one]);
    }
  }
  return new Map(
    kustomizations.map((one) => {
      const found = [...one.resources].flatMap((path) => byPath.get(path) ?? []);
      return [one, new Set(found.filter((other) => other !== one))];
    }),
  );
}

/** The kustomizations that use a file as something other than objects, for each such file. */
function usersOf(
  kustomizations: readonly Kustomization[],
  files: readonly string[],
): ReadonlyMap<string, ReadonlySet<Kustomization>> {
  const found = new Map<string, Set<Kustomization>>();
  const users = usersByPath(kustomizations);
  if (users.size === 0) return found;
  const resources = new Set(kustomizations.flatMap((one) => [...one.resources]));
  for (const file of files) {
    const path = normalized(file);
    if (resources.has(path)) continue;
    const [itself, ...directories] = ancestry(path);
    const using = new Set([
      ...(users.get(itself ?? '') ?? []),
      ...directories.flatMap((directory) =>
        (users.get(directory) ?? []).filter(({ plugins }) => plugins.has(directory)),
      ),
    ]);
    if (using.size > 0) found.set(file, using);
  }
  return found;
}

function usersByPath(
  kustomizations: readonly Kustomization[],
): ReadonlyMap<string, readonly Kustomization[]> {
  const users = new Map<string, Kustomization[]>();
  for (const kustomization of kustomizations) {
    for (const path of new Set([...kustomization.others, ...kustomization.plugins])) {
      users.set(path, [...(users.get(path) ?? []), kustomization]);
    }
  }
  return users;
}
