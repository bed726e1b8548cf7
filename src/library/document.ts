import type { Picture } from '../formats/html/picture.ts';
import type { TableReport } from '../report/component-table.ts';
import type { Diff } from '../report/diff.ts';
import type { Report } from '../report/report.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { OBJECT, wrong } from './arguments.ts';

// The documents that a program gives back. A part that is missing must not be read as "nothing found".

const HEADER = ['environments', 'excluded', 'inputs', 'otherDocuments', 'read'] as const;
const LISTS = {
  report: [...HEADER, 'findings', 'inputErrors', 'notes', 'components', 'checked', 'waivers'],
  simulation: [
    ...HEADER,
    'drains',
    'updates',
    'workloads',
    'stopped',
    'missing',
    'inputErrors',
    'notes',
  ],
  diff: [...HEADER, 'added', 'fixed', 'accepted', 'crossing', 'waivers', 'gone', 'notes'],
} as const;

/** @throws TypeError unless a document has all that is read of one. */
export function checkDocument(document: Report | TableReport | Simulation | Diff | Picture): void {
  const given = partOf({ document }, 'document', '');
  if ('clusters' in given) {
    checkLists(given, ['clusters'], 'document.');
    checkReport(partOf(given, 'report', 'document.'), 'document.report.');
    for (const [index, cluster] of (given['clusters'] as readonly unknown[]).entries()) {
      checkCluster(cluster, `document.clusters[${index}]`);
    }
  } else if ('table' in given) {
    const rows = partOf(given, 'table', 'document.');
    checkLists(rows, ['rows'], 'document.table.');
    checkReport(partOf(given, 'report', 'document.'), 'document.report.');
  } else if ('crossing' in given) {
    checkLists(given, LISTS.diff, 'document.');
    for (const side of ['old', 'now']) {
      const prefix = `document.${side}.`;
      checkReport(partOf(partOf(given, side, 'document.'), 'report', prefix), `${prefix}report.`);
    }
  } else if ('drains' in given) {
    checkLists(given, LISTS.simulation, 'document.');
  } else if ('findings' in given) {
    checkReport(given, 'document.');
  } else {
    throw wrong('document', EXPECTED, document);
  }
}

const EXPECTED = 'a report, a table, a simulation, a difference or a picture';

type Part = Readonly<Record<string, unknown>>;

function checkReport(report: Part, prefix: string): void {
  checkLists(report, LISTS.report, prefix);
  partOf(report, 'summary', prefix);
}

function checkCluster(given: unknown, name: string): void {
  if (!OBJECT.is(given)) throw wrong(name, OBJECT.expected, given);
  const cluster = given as Part;
  checkLists(cluster, ['reservedRoles'], `${name}.`);
  const lists = ['roles', 'nodes', 'workloads', 'unanswered'];
  checkLists(partOf(cluster, 'reach', `${name}.`), lists, `${name}.reach.`);
  if (cluster['simulation'] === null) return;
  checkLists(partOf(cluster, 'simulation', `${name}.`), LISTS.simulation, `${name}.simulation.`);
}

function partOf(whole: Part, key: string, prefix: string): Part {
  const part = whole[key];
  if (OBJECT.is(part)) return part as Part;
  throw wrong(prefix + key, prefix === '' ? EXPECTED : OBJECT.expected, part);
}

function checkLists(whole: Part, keys: readonly string[], prefix: string): void {
  for (const key of keys) {
    if (!Array.isArray(whole[key])) throw wrong(prefix + key, 'a list', whole[key]);
  }
}
