import type { Path } from '../errors.ts';
import type { ObjectReference } from '../kubernetes/objects.ts';
import {
  type CheckedObject,
  type Finding,
  type Location,
  type OtherDocument,
  type Problem,
  type Report,
  SEVERITIES,
} from './report.ts';

/** Compares texts by their code units: the same order on every machine, in every locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

type Unnumbered = Omit<Finding, 'ordinal'>;

/** Orders findings by their place, then by what they say: a total order. */
export function compareFindings(a: Unnumbered, b: Unnumbered): number {
  return firstDifference([
    compareText(a.file, b.file),
    a.line - b.line,
    a.column - b.column,
    compareText(a.policy, b.policy),
    compareText(a.message, b.message),
    compareNullable(a.component, b.component),
    compareReferences(a.object, b.object),
    compareText(pathKey(a.path), pathKey(b.path)),
    compareText(a.severity, b.severity),
    compareText(a.remediation, b.remediation),
    a.endLine - b.endLine,
    a.endColumn - b.endColumn,
    compareText(JSON.stringify([a.fix, a.related]), JSON.stringify([b.fix, b.related])),
    compareRendered(a, b),
  ]);
}

/** Orders errors and notes about the input by their place, then by what they say. */
export function compareProblems(a: Problem, b: Problem): number {
  return firstDifference([
    comparePlaces(a, b),
    compareText(a.code, b.code),
    compareText(a.message, b.message),
    compareRendered(a, b),
  ]);
}

/** Orders documents that are not objects by their place, then by what they are. */
export function compareOthers(a: OtherDocument, b: OtherDocument): number {
  return comparePlaces(a, b) || compareText(a.reason, b.reason);
}

function comparePlaces(a: Location, b: Location): number {
  return firstDifference([
    compareNullable(a.file, b.file),
    (a.line ?? 0) - (b.line ?? 0),
    (a.column ?? 0) - (b.column ?? 0),
  ]);
}

/** Orders objects by namespace, name, kind and version. */
export function compareReferences(a: ObjectReference, b: ObjectReference): number {
  return firstDifference([
    compareNullable(a.namespace, b.namespace),
    compareNullable(a.name, b.name),
    compareText(a.kind, b.kind),
    compareText(a.apiVersion, b.apiVersion),
  ]);
}

/** Orders checked objects as references, then by their file. */
export function compareChecked(a: CheckedObject, b: CheckedObject): number {
  return compareReferences(a, b) || compareText(a.file, b.file);
}

/** The same report with everything in it in order; components keep the order of the profile. */
export function sortReport(report: Report): Report {
  return {
    ...report,
    otherDocuments: report.otherDocuments.toSorted(compareOthers),
    findings: report.findings.toSorted(compareFindings),
    inputErrors: report.inputErrors.toSorted(compareProblems),
    notes: report.notes.toSorted(compareProblems),
    checked: report.checked.toSorted(compareChecked),
    components: report.components.map((component) => ({
      ...component,
      objects: component.objects.toSorted(compareReferences),
    })),
  };
}

/** The findings that need attention. */
export function openFindings({ findings }: Pick<Report, 'findings'>): readonly Finding[] {
  return findings.filter(({ status }) => status === 'open');
}

/** The same findings, the worst first; those of one severity keep their order. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  );
}

function firstDifference(comparisons: readonly number[]): number {
  return comparisons.find((comparison) => comparison !== 0) ?? 0;
}

/** Several renderings may use one source. */
function compareRendered(
  { rendered: a }: Pick<Problem, 'rendered'>,
  { rendered: b }: Pick<Problem, 'rendered'>,
): number {
  return firstDifference([
    compareNullable(a?.input ?? null, b?.input ?? null),
    (a?.line ?? 0) - (b?.line ?? 0),
    (a?.column ?? 0) - (b?.column ?? 0),
  ]);
}

/** Null stands before every text. */
function compareNullable(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return compareText(a, b);
}

function pathKey(path: Path): string {
  return JSON.stringify(path);
}
