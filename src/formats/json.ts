import type { RenderedPlace } from '../errors.ts';
import type { ObjectReference } from '../kubernetes/objects.ts';
import { type Cell, COLUMNS, type Row, type TableReport } from '../report/component-table.ts';
import { sortReport } from '../report/order.ts';
import type {
  AppliedWaiver,
  BaselineState,
  Finding,
  Fix,
  Header,
  Location,
  Problem,
  ReadCluster,
  ReadFile,
  Related,
  Report,
  WaiverState,
} from '../report/report.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { Workload } from '../simulation/world.ts';

/**
 * Renders a report as JSON by `docs/report.schema.json`.
 *
 * The keys are written out one by one: their order is part of the contract, and a key that a
 * producer adds does not slip into it.
 */
export function renderJson(report: Report): string {
  const sorted = sortReport(report);
  return jsonText({
    ...headerJson(sorted),
    findings: sorted.findings.map(findingJson),
    inputErrors: sorted.inputErrors.map(problemJson),
    notes: sorted.notes.map(problemJson),
    components: sorted.components.map(({ name, environment, state, objects }) => ({
      name,
      environment,
      state,
      objects: objects.map(objectJson),
    })),
    checked: sorted.checked.map(({ apiVersion, kind, namespace, name, file }) => ({
      apiVersion,
      kind,
      namespace,
      name,
      file,
    })),
    waivers: sorted.waivers.map(waiverJson),
    baseline: sorted.baseline && baselineJson(sorted.baseline),
    summary: summaryJson(sorted),
  });
}

/** Renders a filled-in component table as JSON by `docs/table.schema.json`. */
export function renderTableJson({ table, report }: TableReport): string {
  const sorted = sortReport(report);
  return jsonText({
    ...headerJson(sorted),
    title: table.title,
    rows: table.rows.map(rowJson),
    inputErrors: sorted.inputErrors.map(problemJson),
    notes: sorted.notes.map(problemJson),
    summary: summaryJson(sorted),
  });
}

/** Renders a simulation as JSON by `docs/simulation.schema.json`. */
export function renderSimulationJson(simulation: Simulation): string {
  const { nodes, drains, updates, workloads, stopped, missing, inputErrors, notes } = simulation;
  return jsonText({
    ...headerJson(simulation),
    nodes,
    workloads: workloads.map(workloadJson),
    stopped: stopped.map(workloadJson),
    missing,
    drains,
    updates: updates.map(({ workload, outcome }) => ({
      workload: workload.id,
      replicas: workload.replicas,
      ...outcome,
    })),
    inputErrors: inputErrors.map(problemJson),
    notes: notes.map(problemJson),
  });
}

/** The rules and closed nodes of a workload are those of the input. */
function workloadJson({
  rules: _,
  closed: __,
  ...workload
}: Workload): Omit<Workload, 'rules' | 'closed'> {
  return workload;
}

/**
 * JSON does not escape bidi marks and C1 controls, and a terminal would interpret them: escape them too. And `##[`, which
 * is a command in a log of GitHub Actions: in JSON it is always part of a string.
 */
export function jsonText(value: object): string {
  const json = JSON.stringify(value, null, 2);
  return `${json.replaceAll(/[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]|(?<=##)\[/gu, codeUnits)}\n`;
}

function codeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

export function headerJson(header: Header) {
  return {
    version: header.version,
    tool: { name: header.tool.name, version: header.tool.version },
    profile: header.profile,
    environment: header.environment,
    environments: header.environments.map(({ name, profile }) => ({ name, profile })),
    scope: header.scope,
    policies: policiesJson(header.policies),
    inputs: header.inputs.map(({ path }) => ({ path })),
    read: header.read.map(readJson),
    excluded: header.excluded.map(({ path, reason }) => ({ path, reason })),
    otherDocuments: header.otherDocuments.map((document) => ({
      ...locationJson(document),
      reason: document.reason,
    })),
  };
}

function policiesJson({ off, severity, notAsked }: Header['policies']) {
  return { off, severity, ...(notAsked !== undefined && { notAsked }) };
}

function readJson({ file, state, cluster }: ReadFile) {
  return { file, state, ...(cluster !== undefined && { cluster: clusterJson(cluster) }) };
}

function clusterJson({ context, user, server, namespace, at, kinds }: ReadCluster) {
  return {
    ...{ context, user, server, namespace, at },
    kinds: kinds.map(({ resource, group, kind, state, objects, reason }) => ({
      ...{ resource, group, kind, state, objects, reason },
    })),
  };
}

export function findingJson(finding: Finding) {
  return {
    policy: finding.policy,
    severity: finding.severity,
    message: finding.message,
    component: finding.component,
    object: objectJson(finding.object),
    ...locationJson(finding),
    path: finding.path,
    remediation: finding.remediation,
    fix: fixJson(finding.fix),
    ...(finding.now !== undefined && { now: finding.now }),
    ...(finding.command !== undefined && { command: finding.command }),
    related: finding.related.map(relatedJson),
    fingerprint: finding.fingerprint,
    ordinal: finding.ordinal,
    environment: finding.environment,
    status: finding.status,
    waiver: finding.waiver && appliedJson(finding.waiver),
    docs: finding.docs,
  };
}

function appliedJson(waiver: AppliedWaiver) {
  const { reason, owner, expires, ticket } = waiver;
  return { reason, owner, expires, ticket, ...locationJson(waiver) };
}

export function waiverJson(waiver: WaiverState) {
  const { policies, match, state, findings } = waiver;
  const { kind, namespace, name } = match;
  return { policies, match: { kind, namespace, name }, state, findings, ...appliedJson(waiver) };
}

function baselineJson({ file, until, isActive, entries, fixed }: BaselineState) {
  return { file, until, active: isActive, entries, fixed };
}

function fixJson({ title, safe, edits }: Fix) {
  return {
    title,
    safe,
    edits: edits.map((edit) => ({
      op: edit.op,
      path: edit.path,
      ...(edit.op !== 'remove' && { value: edit.value }),
    })),
  };
}

function relatedJson(related: Related) {
  const { path, says } = related;
  return { ...objectJson(related), ...locationJson(related), path, says };
}

export function problemJson(problem: Problem) {
  return { code: problem.code, message: problem.message, ...locationJson(problem) };
}

function locationJson({ file, line, column, endLine, endColumn, rendered }: Location) {
  return {
    ...{ file, line, column, endLine, endColumn },
    ...(rendered && { rendered: renderedJson(rendered) }),
  };
}

function renderedJson({ input, line, column }: RenderedPlace) {
  return { input, line, column };
}

export function objectJson({ apiVersion, kind, namespace, name }: ObjectReference) {
  return { apiVersion, kind, namespace, name };
}

export function summaryJson({ summary }: Report) {
  return {
    files: summary.files,
    documents: summary.documents,
    emptyDocuments: summary.emptyDocuments,
    otherDocuments: summary.otherDocuments,
    unreadableDocuments: summary.unreadableDocuments,
    objects: summary.objects,
    checked: summary.checked,
    findings: summary.findings,
    open: summary.open,
    waived: summary.waived,
    baselined: summary.baselined,
    inputErrors: summary.inputErrors,
    notes: summary.notes,
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
  return {
    documented,
    actual,
    deviates,
    reasons: reasons.map(({ policy, message, object, file, line, column }) => ({
      policy,
      message,
      object: objectJson(object),
      file,
      line,
      column,
    })),
  };
}
