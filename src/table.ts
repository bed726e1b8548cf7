import { type Catalogue, includes } from './catalogue/catalogue.ts';
import { engineFor, inputFor, judge, knownTo } from './check.ts';
import type { Facts } from './engine/engine.ts';
import type { Finding, ObjectReference, Report } from './finding/finding.ts';
import { type Cell, COLUMNS, type Column, type Row, type Table } from './finding/table.ts';
import type { InputFile, OnProgress } from './input.ts';
import type { Bulkhead } from './load.ts';
import type { Component, Profile } from './profile/profile.ts';

/** Fills the component table in from manifests, and says where and why a cell deviates. */
export function table(
  bulkhead: Bulkhead,
  profile: Profile,
  files: readonly InputFile[],
  onProgress?: OnProgress,
): { readonly report: Report; readonly table: Table } {
  const known = knownTo(bulkhead, profile);
  const { catalogue } = known;
  const input = inputFor(known, files, onProgress);
  const engine = engineFor(known, profile, input);
  const report = judge(known, profile, input, { engine, onProgress });
  const facts = input.objects
    .filter(({ value }) => isWorkload(catalogue, value['apiVersion'], value['kind']))
    .flatMap(({ value }) => engine.facts(value));
  const objects = new Map(report.components.map(({ name, objects: found }) => [name, found]));
  const columns = columnsOf(catalogue);
  return {
    report,
    table: {
      profile: profile.name,
      title: profile.title,
      rows: [
        ...profile.components.map((component) =>
          row(component, {
            objects: objects.get(component.name) ?? [],
            facts: facts.filter((fact) => fact.component === component.name),
            findings: report.findings.filter((finding) => finding.component === component.name),
            columns,
          }),
        ),
        ...otherWorkloads(profile, report, catalogue),
      ],
    },
  };
}

function isWorkload(catalogue: Catalogue, apiVersion: unknown, kind: unknown): boolean {
  return (
    typeof apiVersion === 'string' &&
    typeof kind === 'string' &&
    catalogue.policies.some(
      (policy) =>
        policy.parameters.includes('components') && includes(policy.kinds, { apiVersion, kind }),
    )
  );
}

/** The columns that each policy judges, by its id. */
function columnsOf(catalogue: Catalogue): ReadonlyMap<string, readonly string[]> {
  return new Map(catalogue.policies.map(({ id, columns }) => [id, columns]));
}

interface Evidence {
  readonly objects: readonly ObjectReference[];
  readonly facts: readonly Facts[];
  readonly findings: readonly Finding[];
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

function row(component: Component, evidence: Evidence): Row {
  const cells = COLUMNS.map((column) => [column, cell(component, column, evidence)] as const);
  return {
    component: component.name,
    state: evidence.objects.length > 0 ? 'present' : 'missing',
    objects: evidence.objects,
    cells: record(cells),
  };
}

function cell(component: Component, column: Column, evidence: Evidence): Cell {
  const documented = documentedWord(component, column);
  const reasons = unique(
    evidence.findings
      .filter(({ policy }) => evidence.columns.get(policy)?.includes(column))
      .map(({ message }) => message),
  );
  const found = unique(evidence.facts.map((fact) => fact[column])).join('; ');
  return {
    documented,
    // A cell that nobody faults is as documented: `all` is one way of being `any`.
    actual: actualWord(documented, found, reasons.length > 0),
    deviates: reasons.length > 0,
    reasons,
  };
}

function actualWord(documented: string, found: string, deviates: boolean): string {
  if (found === '') return '-';
  return deviates ? found : documented;
}

function documentedWord(component: Component, column: Column): string {
  const value = component[column];
  if (column === 'replicas' && value === undefined) return replicasWord(component);
  if (value === undefined) return 'N/A';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}

function replicasWord({ type, managed }: Component): string {
  if (managed === true) return 'managed';
  return type === 'DaemonSet' ? 'n' : 'N/A';
}

/** The document's last row: its only demand is where other workloads run. */
function otherWorkloads(
  { otherWorkloads: other }: Profile,
  report: Report,
  { policies }: Catalogue,
): readonly Row[] {
  if (other === undefined) return [];
  const judging = policies.filter(({ parameters }) => parameters.includes('otherWorkloads'));
  const intruders = report.findings.filter(({ policy }) => judging.some(({ id }) => id === policy));
  return [
    {
      component: 'All other workloads',
      state: 'present',
      objects: intruders.map(({ object }) => object),
      cells: record(
        COLUMNS.map((column) => [
          column,
          column === 'nodeRole'
            ? placement(intruders)
            : free(column === 'type' ? 'any' : 'not judged'),
        ]),
      ),
    },
  ];

  function free(word: string): Cell {
    return { documented: word, actual: word, deviates: false, reasons: [] };
  }

  function placement(findings: readonly Finding[]): Cell {
    const documented = other?.nodeRole ?? 'N/A';
    return {
      documented,
      actual: findings.length > 0 ? `not only ${documented}` : documented,
      deviates: findings.length > 0,
      reasons: unique(findings.map(({ message }) => message)),
    };
  }
}

function record(cells: readonly (readonly [Column, Cell])[]): Record<Column, Cell> {
  return Object.fromEntries(cells) as Record<Column, Cell>;
}

function unique(words: readonly string[]): readonly string[] {
  return [...new Set(words)].sort();
}
