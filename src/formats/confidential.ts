/**
 * The fields whose values are not shown: they may be passwords. A value that a finding is about is shown, and
 * nothing around it.
 */
const FIELDS = ['env', 'data', 'stringData', 'binaryData'];

const HIDDEN = '…';
/** The dashes and the key that a line starts with. */
const START =
  /^(\s*)((?:-[ \t]+)*)(?:("(?:[^"\\]|\\.)*"|'[^']*'|[^\s:'"#[\]{},][^\s:'"[\]{},]*)[ \t]*:(?=\s|$))?/;
/** One of the fields with a value on its own line. */
const ON_ITS_LINE = new RegExp(`(?<![\\w-])(["']?)(?:${FIELDS.join('|')})\\1\\s*:(?=\\s*\\S)`);

/** The part of a line that a finding is about, from its first character to behind its last one. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/** A line without what is confidential, and where the part begins in it. */
export interface Shown {
  readonly text: string;
  readonly from: number;
}

/** Whether each line is in the value of one of the fields, by file: a file is read once. */
const known = new WeakMap<readonly string[], readonly boolean[]>();

/**
 * Returns a line as it may be shown.
 *
 * It goes by indentation, as people read YAML and formatted JSON: what is one line is hidden from the field on.
 *
 * @param number the number of the line, from 1 on.
 * @param part what is shown in any case.
 */
export function shownLine(lines: readonly string[], number: number, part?: Part): Shown {
  const text = lines[number - 1] ?? '';
  const start = hiddenFrom(lines, number);
  const { from, to } = part ?? { from: text.length, to: text.length };
  if (start === undefined) return { text, from };
  if (part === undefined || start >= to)
    return { text: text.slice(0, start) + hidden(text.slice(start)), from };
  // The field is within the part: the part says no more than that.
  if (start > from) return { text: text.slice(0, start) + HIDDEN, from };
  const before = text.slice(0, start) + hidden(text.slice(start, from));
  return { text: before + text.slice(from, to) + hidden(text.slice(to)), from: before.length };
}

/** Where a line starts to be confidential; undefined if it is not. */
function hiddenFrom(lines: readonly string[], number: number): number | undefined {
  const text = lines[number - 1] ?? '';
  const own = ON_ITS_LINE.exec(text);
  const ownStart = own === null ? undefined : own.index + own[0].length;
  if (!regionsOf(lines)[number - 1]) return ownStart;
  const [{ length } = ''] = START.exec(text) ?? [];
  return Math.min(length, ownStart ?? length);
}

function hidden(text: string): string {
  if (text.trim() === '') return text;
  const space = /^\s*/.exec(text)?.[0] ?? '';
  return space + HIDDEN;
}

/** A dash or a key that the lines below it may belong to. */
interface Level {
  readonly column: number;
  readonly isDash: boolean;
  readonly isConfidential: boolean;
}

function regionsOf(lines: readonly string[]): readonly boolean[] {
  const found = known.get(lines);
  if (found !== undefined) return found;
  const levels: Level[] = [];
  const regions = lines.map((line) => isWithin(line, levels));
  known.set(lines, regions);
  return regions;
}

/** Whether a line belongs to a confidential key above it. It becomes the last of the levels. */
function isWithin(line: string, levels: Level[]): boolean {
  if (line.trim() === '') return levels.at(-1)?.isConfidential ?? false;
  const [, space = '', dashes = '', key] = START.exec(line) ?? [];
  const column = space.length;
  while (levels.length > 0 && !isAbove(levels.at(-1) as Level, column, dashes !== '')) levels.pop();
  const inherited = levels.at(-1)?.isConfidential ?? false;
  for (const dash of dashes.matchAll(/-/g)) {
    levels.push({ column: column + dash.index, isDash: true, isConfidential: inherited });
  }
  const isConfidential =
    inherited || (key !== undefined && FIELDS.includes(key.replaceAll(/["']/g, '')));
  levels.push({ column: column + dashes.length, isDash: false, isConfidential });
  return inherited;
}

/** Whether what starts at a column belongs to a level: the items of a list may be as far left as its key. */
function isAbove(level: Level, column: number, isItem: boolean): boolean {
  return level.column < column || (level.column === column && isItem && !level.isDash);
}
