import type { Counts } from '../input.ts';
import { compareOthers, compareText } from '../report/order.ts';
import type { Header } from '../report/report.ts';

/** The header of a report on several clusters, given that of each: there is at least one. */
export function joinedHeader(headers: readonly Header[]): Header {
  const [first] = headers;
  if (first === undefined) throw new Error('a report is about one cluster or more');
  if (headers.length === 1) return first;
  return {
    ...first,
    profile: [...new Set(headers.map(({ profile }) => profile))].join(', '),
    environment: null,
    environments: headers.flatMap(({ environments }) => environments),
    inputs: unique(headers.map(({ inputs }) => inputs)).sort((a, b) => compareText(a.path, b.path)),
    read: unique(headers.map(({ read }) => read)).sort((a, b) => compareText(a.file, b.file)),
    excluded: unique(headers.map(({ excluded }) => excluded)).sort((a, b) =>
      compareText(a.path, b.path),
    ),
    otherDocuments: unique(headers.map(({ otherDocuments }) => otherDocuments)).sort(compareOthers),
  };
}

/** What was read for all clusters: a file that belongs to two of them counts twice. */
export function totals(counts: readonly Counts[]): Counts {
  const sum = (key: keyof Counts) => counts.reduce((total, one) => total + one[key], 0);
  return {
    files: sum('files'),
    documents: sum('documents'),
    emptyDocuments: sum('emptyDocuments'),
    otherDocuments: sum('otherDocuments'),
    unreadableDocuments: sum('unreadableDocuments'),
    objects: sum('objects'),
  };
}

function unique<T>(lists: readonly (readonly T[])[]): T[] {
  return [...new Map(lists.flat().map((item) => [JSON.stringify(item), item])).values()];
}
