import type { Built } from './built.ts';
import { reportOf } from './check.ts';
import type { Cells } from './engine/engine.ts';
import type { InputFile } from './input.ts';
import { type ObjectReference, reference } from './kubernetes/objects.ts';
import { isFilled } from './policy/columns.ts';
import { type Catalogue, type CheckedColumn, makesPods, type Policy } from './policy/policy.ts';
import type { Component, OtherWorkloads, Profile } from './profile/profile.ts';
import {
  type Cell,
  COLUMNS,
  type Column,
  type Reason,
  type Row,
  type TableReport,
} from './report/component-table.ts';
import type { Finding, Report } from './report/report.ts';
import { openFiles, type SessionOptions } from './session.ts';
import { inWords } from './words.ts';

/** Fills the component table in from manifests, and says where and why a cell deviates. */
export function table(
  built: Built,
  profile: Profile,
  files: readonly InputFile[],
  options: Omit<SessionOptions, 'scope'> = {},
): TableReport {
  const session = openFiles(built, profile, files, options);
  const { catalogue, input, engine } = session;
  const report = reportOf(session, { ...options, scope: 'cluster' });
  const facts = input.objects
    .filter(({ value }) => makesPods(catalogue, reference(value)))
    .flatMap(({ value }) => engine.cells(value));
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

/** The columns that each policy checks, by its id. */
function columnsOf(catalogue: Catalogue): ReadonlyMap<string, readonly string[]> {
  return new Map(catalogue.policies.map(({ id, columns }) => [id, columns]));
}

interface Evidence {
  readonly objects: readonly ObjectReference[];
  readonly facts: readonly Cells[];
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
  const isAsked = isFilled(component, column);
  const reasons = evidence.findings.filter(
    ({ policy }) => isAsked && evidence.columns.get(policy)?.includes(column),
  );
  const found = unique(evidence.facts.map((fact) => fact[column])).join('; ');
  return {
    documented,
    // A cell without a finding is as documented: `all` is one way of being `any`.
    actual: actualWord(column, documented, found, reasons.length > 0),
    deviates: reasons.length > 0,
    reasons,
  };
}

function actualWord(column: Column, documented: string, found: string, deviates: boolean): string {
  if (found === '') return '-';
  // What spreads the pods, where they should be spread.
  const saysBy = column === 'antiAffinity' && documented === yesOrNo(true);
  return deviates || saysBy ? found : documented;
}

function documentedWord(component: Component, column: Column): string {
  if (column === 'replicas') return replicasWord(component);
  const value = column === 'type' ? (component.type ?? component.kinds) : component[column];
  if (value === undefined) return 'N/A';
  if (typeof value === 'boolean') return yesOrNo(value);
  return typeof value === 'string' ? value : inWords(value, 'or');
}

function replicasWord({ type, replicas, minReplicas, managed }: Component): string {
  if (replicas !== undefined) return String(replicas);
  if (minReplicas !== undefined) return `${minReplicas} or more`;
  if (managed === true) return 'managed';
  return type === 'DaemonSet' ? 'n' : 'N/A';
}

/** The last row: what the profile demands of workloads that are not components. */
function otherWorkloads(
  { otherWorkloads: other }: Profile,
  report: Report,
  { policies }: Catalogue,
): readonly Row[] {
  if (other === undefined) return [];
  const checking = new Map(policies.map((policy) => [policy.id, policy]));
  const found = report.findings.flatMap((finding) => {
    const policy = checking.get(finding.policy);
    const isOfOthers = finding.component === null && policy?.parameters.includes('otherWorkloads');
    return policy && isOfOthers ? [{ finding, columns: otherColumns(policy) }] : [];
  });
  const cells = COLUMNS.map((column): readonly [Column, Cell] => {
    const own = found.filter(({ columns }) => columns.includes(column));
    return [
      column,
      otherCell(
        other,
        column,
        own.map(({ finding }) => finding),
      ),
    ];
  });
  return [
    {
      component: 'All other workloads',
      state: 'present',
      objects: found.map(({ finding: { object } }) => object),
      cells: record(cells),
    },
  ];
}

/**
 * What a policy checks of other workloads: where they run, if it has no verdict without their row; else
 * the same columns as of components, but not where they run.
 */
function otherColumns({ columns, optional }: Policy): readonly CheckedColumn[] {
  if (!optional.includes('otherWorkloads')) return ['nodeRole'];
  return columns.filter((column) => column !== 'nodeRole');
}

function otherCell(other: OtherWorkloads, column: Column, reasons: readonly Reason[]): Cell {
  const deviates = reasons.length > 0;
  if (column === 'type' || column === 'replicas') {
    const word = column === 'type' ? 'any' : 'not checked';
    return { documented: word, actual: word, deviates, reasons };
  }
  if (column === 'nodeRole') {
    const documented = other.nodeRole ?? 'not checked';
    return {
      documented,
      actual: deviates ? `${documented}, others` : documented,
      deviates,
      reasons,
    };
  }
  const wanted = other[column];
  const documented = wanted === undefined ? 'not checked' : yesOrNo(wanted);
  return { documented, actual: deviates ? 'not all' : documented, deviates, reasons };
}

function yesOrNo(isSo: boolean): string {
  return isSo ? 'yes' : 'no';
}

function record(cells: readonly (readonly [Column, Cell])[]): Record<Column, Cell> {
  return Object.fromEntries(cells) as Record<Column, Cell>;
}

function unique(words: readonly string[]): readonly string[] {
  return [...new Set(words)].sort();
}
