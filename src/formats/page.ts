import type { Location } from '../report/report.ts';
import { isLive, liveNames } from './cluster.ts';
import type { Context } from './context.ts';
import { excerpt } from './excerpt.ts';
import { placeText } from './names.ts';
import { type Paint, painter, type Style } from './paint.ts';
import { visible, widthOf } from './text.ts';
import { wrap } from './wrap.ts';

/** What the blocks of a page are made with: one width, one set of colours, the lines of the files. */
export interface Page {
  /** The terminal columns of a line. */
  readonly width: number;
  readonly paint: Paint;
  /** Whether what is counted otherwise is listed. */
  readonly verbose: boolean;
  /** Returns `place  word  code`, the first line of a block. */
  readonly heading: (title: Heading) => string;
  /** Returns a text as lines that are indented by two, and by as much as the text is. */
  readonly paragraph: (text: string) => readonly string[];
  /** Returns a text behind a label, its lines aligned: `fix: …`. */
  readonly labelled: (label: string, text: string, style?: Style) => readonly string[];
  /** Returns a command on one line, however long: a terminal that breaks it copies it as one. */
  readonly command: (text: string) => string;
  /** Returns the source lines of a place, with the value underlined; none if they cannot be shown. */
  readonly quote: (place: Location, style: Style) => readonly string[];
  /** Returns a place as it is shown: an object of a cluster by its name. */
  readonly placeText: (place: Heading['place']) => string;
}

/** What the first line of a block says. */
export interface Heading {
  readonly place: Pick<Location, 'file' | 'line' | 'column'>;
  readonly word: string;
  readonly style: Style;
  readonly code: string;
}

const INDENT = '  ';

/** Makes the page of one rendering. */
export function pageOf({
  source,
  color,
  width,
  verbose = false,
}: Pick<Context, 'source' | 'color' | 'width' | 'verbose'>): Page {
  const paint = painter(color);
  const linesOf = linesBy(source);
  const nameOf = liveNames(source);
  const shownPlace = (place: Heading['place']) =>
    isLive(place.file) ? nameOf(place) : placeText(place);
  return {
    width,
    paint,
    verbose,
    heading: ({ place, word, style, code }) =>
      [paint('bold', shownPlace(place)), paint(style, word), paint('bold', visible(code))]
        .filter((_, index) => index > 0 || place.file !== null)
        .join('  '),
    paragraph: (text) => {
      const indent = INDENT + (/^ */.exec(text)?.[0] ?? '');
      return wrap(text, { width, first: indent, rest: indent });
    },
    labelled: (label, text, style = 'bold') => {
      const head = `${label}: `;
      const rest = INDENT + ' '.repeat(widthOf(head));
      const lines = wrap(text, { width, first: INDENT + head, rest });
      return lines.map((line, index) =>
        index === 0
          ? INDENT + paint(style, `${label}:`) + line.slice(INDENT.length + label.length + 1)
          : line,
      );
    },
    command: (text) => `${INDENT}${paint('good', 'run:')} ${visible(text)}`,
    quote: ({ file, line, column, endLine, endColumn }, style) => {
      if (file === null || line === null || column === null || isLive(file)) return [];
      const spot = { line, column, endLine, endColumn, style };
      const lines = excerpt(linesOf(file), spot, { paint, width: width - INDENT.length });
      return lines.map((text) => INDENT + text);
    },
    placeText: shownPlace,
  };
}

function linesBy(source: Context['source']): (file: string) => readonly string[] {
  const cache = new Map<string, readonly string[]>();
  return (file) => {
    const lines = cache.get(file) ?? source(file)?.split(/\r\n|\n|\r/) ?? [];
    cache.set(file, lines);
    return lines;
  };
}

/** Joins the blocks of a page with an empty line between them. */
export function pageText(blocks: readonly (readonly string[])[]): string {
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
