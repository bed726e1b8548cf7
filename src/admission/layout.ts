import { type Cel, code, outside } from '../../policies/lib/admission/cel.ts';

/** The columns that a line of an expression may have, where it can be broken. */
const WIDTH = 100;

/** The most characters that CEL takes of an expression, with its space. */
const MOST = 100_000;

/** Operators at which a line is broken, the loosest first; each begins the next line. */
const OPERATORS = [' || ', ' && ', ' + '];

/**
 * Breaks an expression into lines that a person can read. CEL takes any space between its words. One that would be
 * too long then stays in one line.
 */
export function layout(expression: Cel): Cel {
  const written = lines(expression, 0).join('\n');
  return written.length > MOST ? expression : written;
}

function lines(expression: Cel, indent: number): readonly string[] {
  if (indent + expression.length <= WIDTH) return [' '.repeat(indent) + expression];
  return (
    choice(expression, indent) ??
    operands(expression, indent) ??
    group(expression, indent) ?? [' '.repeat(indent) + expression]
  );
}

/** `condition ? yes : no`, the last of which may be a choice again. */
function choice(expression: Cel, indent: number): readonly string[] | undefined {
  const [condition, rest] = cut(expression, ' ? ');
  if (rest === undefined) return undefined;
  const [yes, no] = cut(rest, ' : ');
  if (no === undefined) return undefined;
  return [...lines(condition, indent), ...after('? ', yes, indent), ...after(': ', no, indent)];
}

function operands(expression: Cel, indent: number): readonly string[] | undefined {
  for (const operator of OPERATORS) {
    const [first, ...others] = split(expression, operator);
    if (first === undefined || others.length === 0) continue;
    return [
      ...lines(first, indent),
      ...others.flatMap((part) => after(operator.trimStart(), part, indent)),
    ];
  }
  return undefined;
}

/** What stands in the longest brackets, on lines of its own. */
function group(expression: Cel, indent: number): readonly string[] | undefined {
  const [longest] = brackets(expression).sort((a, b) => b.end - b.start - (a.end - a.start));
  if (longest === undefined || longest.end - longest.start < 3) return undefined;
  const { start, end } = longest;
  const items = split(expression.slice(start + 1, end), ', ');
  const pad = ' '.repeat(indent);
  return [
    `${pad}${expression.slice(0, start + 1)}`,
    ...items.flatMap((item, index) => {
      const written = lines(item, indent + 2);
      const isLast = index === items.length - 1;
      return isLast ? written : [...written.slice(0, -1), `${written.at(-1)},`];
    }),
    `${pad}${expression.slice(end)}`,
  ];
}

function after(operator: string, part: Cel, indent: number): readonly string[] {
  const [first = '', ...others] = lines(part, indent + operator.length);
  return [' '.repeat(indent) + operator + first.trimStart(), ...others];
}

/** The text before and after the first operator that stands for itself: an inner choice before it is in parentheses. */
function cut(expression: Cel, operator: ' ? ' | ' : '): readonly [Cel, Cel?] {
  const found = outside(expression).find((index) => expression.startsWith(operator, index));
  if (found === undefined) return [expression];
  return [expression.slice(0, found), expression.slice(found + operator.length)];
}

function split(expression: Cel, operator: string): readonly Cel[] {
  const parts: Cel[] = [];
  let start = 0;
  for (const index of outside(expression)) {
    if (!expression.startsWith(operator, index)) continue;
    parts.push(expression.slice(start, index));
    start = index + operator.length;
  }
  return [...parts, expression.slice(start)];
}

function brackets(expression: Cel): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const open: number[] = [];
  for (const { index, character } of code(expression)) {
    if ('([{'.includes(character)) open.push(index);
    else if (')]}'.includes(character)) {
      const start = open.pop() ?? 0;
      if (open.length === 0) found.push({ start, end: index });
    }
  }
  return found;
}
