import type { ObjectReference } from '../kubernetes/objects.ts';
import { type Cell, COLUMNS, type Row, type TableReport } from '../report/component-table.ts';
import { compareText, sortReport } from '../report/order.ts';
import type { Finding, Problem, Report } from '../report/report.ts';
import type { Simulation } from '../simulation/simulation.ts';

/**
 * Renders a report as JSON by `docs/report.schema.json`.
 *
 * The keys are written out one by one: their order is part of the contract, and a key that a
 * producer adds does not slip into it.
 */
export function renderJson(report: Report): string {
  const sorted = sortReport(report);
  return text({
    profile: sorted.profile,
    findings: sorted.findings.map(findingJson),
    errors: sorted.errors.map(problemJson),
    warnings: sorted.warnings.map(problemJson),
    components: sorted.components.map(({ name, state, objects }) => ({
      name,
      state,
      objects: objects.map(objectJson),
    })),
    summary: summaryJson(sorted),
  });
}

/** Renders a filled-in component table as JSON by `docs/table.schema.json`. */
export function renderTableJson({ table, report }: TableReport): string {
  const sorted = sortReport(report);
  return text({
    profile: table.profile,
    title: table.title,
    rows: table.rows.map(rowJson),
    errors: sorted.errors.map(problemJson),
    warnings: sorted.warnings.map(problemJson),
    summary: summaryJson(sorted),
  });
}

/** Renders a simulation as JSON. */
export function renderSimulationJson(simulation: Simulation): string {
  const { profile, nodes, drains, updates, workloads } = simulation;
  return text({
    profile,
    nodes,
    workloads,
    drains,
    updates: updates.map(({ workload, outcome }) => ({
      workload: workload.id,
      replicas: workload.replicas,
      ...outcome,
    })),
  });
}

/** JSON leaves bidi marks and C1 controls as they are, and a terminal would obey them: escape them too. */
function text(value: object): string {
  const json = JSON.stringify(value, null, 2);
  return `${json.replaceAll(/[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu, codeUnits)}\n`;
}

function codeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

function findingJson(finding: Finding) {
  return {
    policy: finding.policy,
    severity: finding.severity,
    message: finding.message,
    component: finding.component,
    object: objectJson(finding.object),
    file: finding.file,
    line: finding.line,
    column: finding.column,
    path: finding.path,
    remediation: finding.remediation,
  };
}

function problemJson({ code, message, file, line, column }: Problem) {
  return { code, message, file, line, column };
}

function objectJson({ apiVersion, kind, namespace, name }: ObjectReference) {
  return { apiVersion, kind, namespace, name };
}

function summaryJson({ summary }: Report) {
  return {
    files: summary.files,
    documents: summary.documents,
    emptyDocuments: summary.emptyDocuments,
    otherDocuments: summary.otherDocuments,
    refusedDocuments: summary.refusedDocuments,
    objects: summary.objects,
    judged: summary.judged,
    findings: summary.findings,
    errors: summary.errors,
  };
}

function rowJson(row: Row) {
  return {
    component: row.component,
    state: row.state,
    objects: row.objects.map(objectJson),
    cells: Object.fromEntries(COLUMNS.map((column) => [column, cellJson(row.cells[column])])),
  };
}

function cellJson({ documented, actual, deviates, reasons }: Cell) {
  return { documented, actual, deviates, reasons: reasons.toSorted(compareText) };
}
