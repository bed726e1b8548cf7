import type { ObjectReference } from '../kubernetes/objects.ts';
import { compareText, openFindings, sortReport } from '../report/order.ts';
import type { CheckedObject, Finding, InputError, Report } from '../report/report.ts';
import { errorBlocks, findingBlocks } from './blocks.ts';
import type { Context } from './context.ts';
import { objectName } from './names.ts';
import { type Page, pageOf } from './page.ts';
import { findingSentence } from './sentences.ts';
import { missingComponents, missingSentence } from './summary.ts';
import { oneLine, visible } from './text.ts';
import { type Element, xmlText } from './xml.ts';

/** The columns of the text of a failure, wherever it is shown. */
const WIDTH = 100;

/** The suite of what is in no file. */
const NO_FILE = 'bulkhead';

/** What became of a case, in the words of JUnit. */
const OUTCOMES = ['failure', 'error', 'skipped'] as const;
type Outcome = (typeof OUTCOMES)[number];

/** A case of a suite; it passes if it has no outcome. */
interface Case {
  readonly name: string;
  readonly result?: Element & { readonly name: Outcome };
}

/**
 * Renders a report as JUnit XML: a suite for each file, a case for each object that was checked.
 *
 * Readers keep one outcome of a case, and one of two cases with the same name. So a case has one outcome, and
 * objects of a file with one name share a case.
 */
export function renderJunit(report: Report, { source }: Context): string {
  const page = pageOf({ source, color: false, width: WIDTH });
  const suites = suitesOf(sortReport(report), page);
  const elements = [...suites]
    .sort(([a], [b]) => compareText(a, b))
    .map(([file, cases]) => suiteElement(file, uniquelyNamed(cases)));
  const { skipped: _, ...counts } = sums(elements.map(({ counts }) => counts));
  return xmlText({
    name: 'testsuites',
    // The schema of Jenkins' xUnit plugin has no count of skipped ones here.
    attributes: { name: 'bulkhead', ...counts },
    children: elements.map(({ element }) => element),
  });
}

function suitesOf(report: Report, page: Page): ReadonlyMap<string, readonly Case[]> {
  const suites = new Map<string, Case[]>();
  const add = (file: string | null, ...cases: readonly Case[]) => {
    const name = file === null ? NO_FILE : visible(file);
    const known = suites.get(name);
    if (known === undefined) suites.set(name, [...cases]);
    else known.push(...cases);
  };
  for (const error of report.inputErrors) add(error.file, errorCase(error, page));
  for (const { file, name, findings } of objectsOf(report)) {
    add(file, ...objectCases(name, findings, page));
  }
  for (const name of missingComponents(report)) add(null, missingCase(name));
  return suites;
}

interface NamedObject {
  readonly file: string;
  readonly name: string;
  readonly findings: Finding[];
}

/** Every object that was checked or that has findings, by file and name. */
function objectsOf(report: Report): readonly NamedObject[] {
  const objects = new Map<string, NamedObject>();
  const objectAt = (file: string, name: string): NamedObject => {
    const key = JSON.stringify([visible(file), name]);
    const known = objects.get(key) ?? { file, name, findings: [] };
    objects.set(key, known);
    return known;
  };
  for (const object of report.checked) {
    objectAt(object.file, nameIn(environmentOf(object, report), object));
  }
  for (const finding of report.findings) {
    const { environment, object, file, rendered } = finding;
    // An object of a rendered text is in that text, wherever a finding is shown.
    objectAt(rendered?.input ?? file, nameIn(environment, object)).findings.push(finding);
  }
  return [...objects.values()];
}

function nameIn(environment: string | null, object: ObjectReference): string {
  const name = objectName(object);
  return environment === null ? name : `${visible(environment)}: ${name}`;
}

/** The key of an object begins with its environment; a name of one has no colon. */
function environmentOf({ key }: CheckedObject, { environments }: Report): string | null {
  return environments.find(({ name }) => key.startsWith(`${name}: `))?.name ?? null;
}

/** A case with open findings; what is accepted is skipped, beside open findings in a case of its own. */
function objectCases(name: string, findings: readonly Finding[], page: Page): readonly Case[] {
  const open = openFindings({ findings });
  const accepted = findings.filter(({ status }) => status !== 'open');
  if (open.length === 0 && accepted.length === 0) return [{ name }];
  const isMixed = open.length > 0 && accepted.length > 0;
  return [
    ...(open.length === 0 ? [] : [{ name, result: resultOf('failure', open, page) }]),
    ...(accepted.length === 0
      ? []
      : [
          {
            name: isMixed ? `${name} (accepted)` : name,
            result: resultOf('skipped', accepted, page),
          },
        ]),
  ];
}

function resultOf<O extends Outcome>(name: O, findings: readonly Finding[], page: Page) {
  return {
    name,
    attributes: {
      type: [...new Set(findings.map(({ policy }) => visible(policy)))].join(', '),
      message: findings.map(findingSentence).join('\n'),
    },
    children: blockText(findingBlocks(findings, page)),
  };
}

function errorCase(error: InputError, page: Page): Case {
  const { code, message } = error;
  const attributes = { type: code, message: oneLine(message) };
  const children = blockText(errorBlocks([error], page));
  return { name: code, result: { name: 'error', attributes, children } };
}

function missingCase(component: string): Case {
  const message = missingSentence(component);
  const attributes = { type: 'missing', message };
  return {
    name: `component ${oneLine(component)}`,
    result: { name: 'skipped', attributes, children: message },
  };
}

function blockText(blocks: readonly (readonly string[])[]): string {
  return blocks.map((lines) => lines.join('\n')).join('\n\n');
}

/** The same cases: a name that another one has gets a number. */
function uniquelyNamed(cases: readonly Case[]): readonly Case[] {
  const taken = new Map<string, number>();
  return cases.map((one) => {
    let { name } = one;
    let count = taken.get(name) ?? 0;
    for (; taken.has(name); name = `${one.name} (${count})`) count += 1;
    taken.set(one.name, count).set(name, Math.max(count, 1));
    return { ...one, name };
  });
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

function suiteElement(
  file: string,
  cases: readonly Case[],
): { readonly element: Element; readonly counts: Counts } {
  const count = (outcome: Outcome) => cases.filter(({ result }) => result?.name === outcome).length;
  const counts = {
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  };
  const children = cases.map(({ name, result }) => ({
    name: 'testcase',
    attributes: { classname: file, name },
    children: result === undefined ? [] : [result],
  }));
  const element = { name: 'testsuite', attributes: { name: file, ...counts }, children };
  return { element, counts };
}

function sums(all: readonly Counts[]): Counts {
  const sum = (key: keyof Counts) => all.reduce((total, one) => total + one[key], 0);
  return {
    tests: sum('tests'),
    failures: sum('failures'),
    errors: sum('errors'),
    skipped: sum('skipped'),
  };
}
