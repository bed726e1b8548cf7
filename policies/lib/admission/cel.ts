// The fragments of CEL stand beside the Rego that they repeat: `taints.cel.ts` beside `taints.rego`, each function
// with the name of the rule. What is known of a profile beforehand is decided here, and is not in the text.

/** An expression of CEL. */
export type Cel = string;

export const TRUE: Cel = 'true';
export const FALSE: Cel = 'false';

/** A literal text. What is not plain ASCII is escaped. */
export function text(value: string): Cel {
  const written = value.replace(/[\\']|[^\x20-\x7e]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) return code < 0x20 || code === 0x7f ? escaped(code) : `\\${character}`;
    return escaped(code);
  });
  return `'${written}'`;
}

function escaped(code: number): string {
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** A list of literal texts. */
export function texts(values: readonly string[]): Cel {
  return `[${values.map(text).join(', ')}]`;
}

/** A pattern of RE2 as a literal. */
export function pattern(source: string): Cel {
  return `r'${source}'`;
}

/** The expressions that are not decided, all of which must hold. */
export function all(...parts: readonly Cel[]): Cel {
  const open = [...new Set(parts)].filter((part) => part !== TRUE);
  if (open.includes(FALSE)) return FALSE;
  return open.length === 0 ? TRUE : open.map((part) => grouped(part, ' && ')).join(' && ');
}

/** The expressions that are not decided, of which one must hold. */
export function any(...parts: readonly Cel[]): Cel {
  const open = [...new Set(parts)].filter((part) => part !== FALSE);
  if (open.includes(TRUE)) return TRUE;
  return open.length === 0 ? FALSE : open.map((part) => grouped(part, ' || ')).join(' || ');
}

export function not(part: Cel): Cel {
  if (part === TRUE) return FALSE;
  if (part === FALSE) return TRUE;
  return /^[\w.]+$/.test(part) ? `!${part}` : `!(${part})`;
}

/** A choice. CEL takes another one in its first two places only in parentheses. */
export function choose(condition: Cel, yes: Cel, no: Cel): Cel {
  if (condition === TRUE) return yes;
  if (condition === FALSE) return no;
  const [asked, chosen] = [condition, yes].map((part) => (isChoice(part) ? `(${part})` : part));
  return `(${asked} ? ${chosen} : ${no})`;
}

/** An optional field, or the fallback. */
function field(holder: Cel, path: string, fallback: Cel): Cel {
  const steps = path.split('.').map((step) => `.?${step}`);
  return `${holder}${steps.join('')}.orValue(${fallback})`;
}

/** A field as text, empty where it is missing. */
export function fieldText(holder: Cel, path: string): Cel {
  return field(holder, path, "''");
}

/** The lists, one after the other. */
export function joined(lists: readonly Cel[]): Cel {
  const some = lists.filter((list) => list !== '[]');
  return some.length === 0 ? '[]' : some.join(' + ');
}

/** Texts, one after the other. */
export function concat(...parts: readonly Cel[]): Cel {
  return parts.filter((part) => part !== "''").join(' + ');
}

/** A list with the value where the condition holds, else an empty one. */
export function listIf(condition: Cel, list: Cel): Cel {
  if (list === '[]' || condition === FALSE) return '[]';
  return choose(condition, list, '[]');
}

/** Within `&&` and `||` a choice and the other operator take parentheses. */
function grouped(part: Cel, operator: ' && ' | ' || '): Cel {
  const other = operator === ' && ' ? ' || ' : ' && ';
  return hasOutside(part, other) || isChoice(part) ? `(${part})` : part;
}

function isChoice(part: Cel): boolean {
  return hasOutside(part, ' ? ');
}

/** Whether an operator stands outside of all brackets and quotes. */
function hasOutside(part: Cel, operator: string): boolean {
  return outside(part).some((index) => part.startsWith(operator, index));
}

/** The indexes of an expression outside of all brackets and quotes. */
export function outside(expression: Cel): readonly number[] {
  const found: number[] = [];
  let depth = 0;
  for (const { index, character } of code(expression)) {
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    else if (depth === 0) found.push(index);
  }
  return found;
}

/** The characters of an expression outside of quotes. */
export function code(
  expression: Cel,
): readonly { readonly index: number; readonly character: string }[] {
  const found: { index: number; character: string }[] = [];
  let isQuoted = false;
  for (let index = 0; index < expression.length; index += 1) {
    const character = expression[index] ?? '';
    if (character === "'") isQuoted = !isQuoted;
    else if (!isQuoted) found.push({ index, character });
    else if (character === '\\') index += 1;
  }
  return found;
}
