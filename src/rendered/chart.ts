import type { Place, Range } from '../errors.ts';
import { isMap, stringAt } from '../kubernetes/objects.ts';
import { type FindSource, readManifest } from '../manifest/read.ts';
import type { RenderedChart } from './rendered.ts';

/** Lines of the rendered text that come from one file. */
interface Segment {
  /** The first one, 0-based. */
  readonly start: number;
  readonly file: string;
  /** Whether they are the lines of that file, one by one. */
  readonly isVerbatim: boolean;
}

/**
 * Finds the template of a line by the comment that Helm prints before each document. The line is that with the same
 * text, if the template has just one of it, else the first: what is computed has no line of its own.
 */
export function chartSources(chart: RenderedChart, text: Uint8Array): FindSource {
  const files = linesBy(chart.read);
  let segments: readonly (Segment | undefined)[] | undefined;
  let lines: readonly string[] = [];
  return (place) => {
    if (segments === undefined) {
      lines = linesOf(text);
      segments = segmentsOf(lines, (path) => fileOf(path, chart), files);
    }
    const index = place.line - 1;
    const segment = segments[index];
    const source = segment && files(segment.file);
    if (segment === undefined || source === undefined) return undefined;
    const line = segment.isVerbatim ? index - segment.start : lineWith(lines[index] ?? '', source);
    return rangeIn(segment.file, { place, text: lines[index] ?? '', line, source });
  };
}

type Lines = (file: string) => readonly string[] | undefined;

function linesBy(read: RenderedChart['read']): Lines {
  const known = new Map<string, readonly string[] | undefined>();
  return (file) => {
    if (!known.has(file)) {
      const bytes = read(file);
      known.set(file, bytes && linesOf(bytes));
    }
    return known.get(file);
  };
}

/** Lines as places count them. */
function linesOf(bytes: Uint8Array): readonly string[] {
  return new TextDecoder().decode(bytes).split(/\r\n|\n|\r/);
}

const HEADER = /^# Source: (.+)$/;

/**
 * Finds the file of each line by Helm's own comments: each is the first line after a separator. It splits templates at their
 * separators and so comments every document of them. Files of crds/ are printed as they are: what looks like a comment in
 * one of them is its author's.
 */
function segmentsOf(
  lines: readonly string[],
  fileOfPath: (path: string) => string | undefined,
  files: Lines,
): readonly (Segment | undefined)[] {
  const segments: (Segment | undefined)[] = lines.map(() => undefined);
  for (let at = 0; at < lines.length; ) {
    const [, path] = (lines[at] === '---' && HEADER.exec(lines[at + 1] ?? '')) || [];
    if (path === undefined) {
      at += 1;
      continue;
    }
    const start = at + 2;
    const file = fileOfPath(path);
    const copied = file !== undefined && CRDS.test(path) ? files(file) : undefined;
    const isVerbatim = copied?.every((line, index) => lines[start + index] === line) ?? false;
    at = isVerbatim ? start + (copied?.length ?? 0) : nextSeparator(lines, start);
    if (file !== undefined) segments.fill({ start, file, isVerbatim }, start, at);
  }
  return segments;
}

const CRDS = /^(?:[^/]+\/charts\/)*[^/]+\/crds\//;

function nextSeparator(lines: readonly string[], from: number): number {
  let at = from;
  while (lines[at]?.startsWith('---') === false) at += 1;
  return at;
}

/**
 * The file that Helm names, by the name of the chart in place of its directory, and by the name or alias of a subchart.
 * Nothing outside of the chart is one.
 */
function fileOf(path: string, chart: RenderedChart): string | undefined {
  const [, ...steps] = path.split('/');
  if (steps.length === 0 || steps.some((step) => ['', '.', '..'].includes(step))) return undefined;
  let directory = chart.directory;
  while (steps.length > 2 && steps[0] === 'charts') {
    const [, name = ''] = steps.splice(0, 2);
    directory = `${directory}/charts/${aliased(name, `${directory}/Chart.yaml`, chart.read)}`;
  }
  const file = `${directory}/${steps.join('/')}`;
  return chart.read(file) === undefined ? undefined : file;
}

/** The name of the dependency that a chart has under this name. */
function aliased(name: string, file: string, read: RenderedChart['read']): string {
  const bytes = read(file);
  const value = bytes && readManifest(file, bytes).documents[0]?.value;
  const dependencies = isMap(value) ? value['dependencies'] : undefined;
  const found = Array.isArray(dependencies)
    ? dependencies.find((one) => stringAt(one, 'alias') === name)
    : undefined;
  return stringAt(found, 'name') ?? name;
}

/** The 0-based number of the one line with the same text; undefined if there is none, or several. */
function lineWith(text: string, source: readonly string[]): number | undefined {
  const sought = text.trim();
  if (sought === '') return undefined;
  const found = source.flatMap((line, index) => (line.trim() === sought ? [index] : []));
  return found.length === 1 ? found[0] : undefined;
}

interface Found {
  readonly place: Place;
  /** The line of the rendered text. */
  readonly text: string;
  /** That of the template, if it is known. */
  readonly line: number | undefined;
  readonly source: readonly string[];
}

function rangeIn(file: string, { place, text, line, source }: Found): Range {
  const found = source[line ?? 0] ?? '';
  const endOfLine = found.trimEnd().length + 1;
  if (line === undefined) return { file, line: 1, column: 1, endLine: 1, endColumn: endOfLine };
  const shift = indentOf(found) - indentOf(text);
  const isOneLine = place.endLine === place.line && place.endColumn !== undefined;
  return {
    file,
    line: line + 1,
    column: Math.max(1, place.column + shift),
    endLine: line + 1,
    endColumn: isOneLine ? (place.endColumn ?? 0) + shift : endOfLine,
  };
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}
