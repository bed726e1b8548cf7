import { visible } from '../text.ts';

/** A part of a page, as it is written. Everything else that a template takes is text. */
export interface Markup {
  readonly markup: string;
}

/** What stands in a template: text is escaped, a list is written one after the other, undefined is nothing. */
export type Value = Markup | string | number | undefined | readonly Value[];

/**
 * Makes a part of a page. Whatever a value is, it stays text: controls and bidi marks are shown as escapes, and markup
 * as what it is made of. Line breaks of the template and the spaces behind them are left out.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const written = parts.map((part, index) => compact(part) + valueText(values[index]));
  return { markup: written.join('') };
}

/** Text that is part of the page itself, such as its style: it is not escaped. */
export function trusted(markup: string): Markup {
  return { markup };
}

/** How many bytes a part of a page takes in UTF-8. */
export function bytesOf({ markup }: Markup): number {
  return encoder.encode(markup).length;
}

const encoder = new TextEncoder();

/** Values with something between them. */
export function separated(values: readonly Value[], separator: Value): readonly Value[] {
  return values.flatMap((value, index) => (index === 0 ? [value] : [separator, value]));
}

const kept = new Map<string, string>();

/** The text of a template without its layout. Templates are few, and used again and again. */
function compact(part: string): string {
  const known = kept.get(part);
  if (known !== undefined) return known;
  const text = part.replaceAll(/\n\s*/g, '');
  kept.set(part, text);
  return text;
}

function valueText(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escaped(value);
  if ('markup' in value) return value.markup;
  return value.map(valueText).join('');
}

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (character) => REFERENCES[character] ?? '');
}

/** The characters of a name that a page shows. No name of Kubernetes is longer than 253. */
const MOST_OF_NAME = 253;

/** Cuts a text that is longer than it may be, with `…` at its end. */
export function short(text: string, most = MOST_OF_NAME): string {
  const shown = visible(text);
  if (shown.length <= most) return shown;
  return `${shown.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
