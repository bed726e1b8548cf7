import type { FoundFix, Hunk } from '../report/fixes.ts';
import { compareText } from '../report/order.ts';
import { shownLine } from './confidential.ts';
import { lineAround } from './excerpt.ts';
import type { Paint, Style } from './paint.ts';
import { visible } from './text.ts';

/** A fix, and what is said of it after its policy. */
export interface ShownFix extends FoundFix {
  readonly remark?: string | undefined;
}

/** How fixes are shown. */
export interface FixLook {
  readonly paint: Paint;
  /** The terminal columns of a line, the line number included. */
  readonly width: number;
}

const LEAST_NUMBER = 4;
const LEAST_ROOM = 20;

/** Renders fixes as the lines that they change, with the numbers that these have in the files as they were read. */
export function renderFixes(fixes: readonly ShownFix[], look: FixLook): string {
  const all = fixes.toSorted((a, b) => compareText(a.file, b.file) || lineOf(a) - lineOf(b));
  return all
    .flatMap((fix) => [heading(fix, look), ...fix.hunks.flatMap((hunk) => lines(hunk, look))])
    .map((line) => `${line}\n`)
    .join('');
}

function lineOf({ hunks }: FoundFix): number {
  return hunks[0]?.line ?? 0;
}

function heading({ file, findings, remark }: ShownFix, { paint }: FixLook): string {
  const policies = [...new Set(findings.map(({ policy }) => policy))].sort(compareText);
  const more = remark === undefined ? '' : `  (${remark})`;
  return `${paint('bold', visible(file))}  ${policies.map(visible).join(', ')}${paint('dim', more)}`;
}

function lines({ line, removed, added }: Hunk, look: FixLook): readonly string[] {
  const [before, after] = [removed[0] ?? '', added[0] ?? ''];
  const isOneLine = removed.length === 1 && added.length === 1;
  const start = isOneLine ? commonStart(before, after) : 0;
  const end = isOneLine ? commonEnd(before.slice(start), after.slice(start)) : 0;
  const shown = (sign: Sign) => (text: string, index: number) =>
    changedLine(text, { ...look, number: line + index, sign, start, end });
  return [...removed.map(shown('-')), ...added.map(shown('+'))];
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

function commonEnd(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let length = 0;
  while (length < shorter && a.at(-1 - length) === b.at(-1 - length)) length += 1;
  return length;
}

type Sign = '-' | '+';
const STYLES: Readonly<Record<Sign, Style>> = { '-': 'error', '+': 'good' };

interface Line extends FixLook {
  readonly number: number;
  readonly sign: Sign;
  /** What of it is as before: the characters at its start, and those at its end. */
  readonly start: number;
  readonly end: number;
}

/** A line, without what may be a password, and cut around what changes. */
function changedLine(text: string, { number, sign, start, end, paint, width }: Line): string {
  const room = Math.max(LEAST_ROOM, width - LEAST_NUMBER - ' - '.length);
  const shown = shownLine([text], 1, { from: start, to: text.length - end });
  const content = lineAround(shown.text, shown.from, room);
  return paint(
    STYLES[sign],
    `${String(number).padStart(LEAST_NUMBER)} ${sign} ${content}`.trimEnd(),
  );
}
