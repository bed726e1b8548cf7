import { escapeOf } from './text.ts';

/** An element of XML: its attributes, and its text or its elements. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: string | readonly Element[];
}

/** Writes a document of XML 1.0. */
export function xmlText(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${lines(root, '').join('\n')}\n`;
}

function lines({ name, attributes, children }: Element, indent: string): readonly string[] {
  const pairs = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${attributeText(String(value))}"`,
  );
  const start = `${indent}<${name}${pairs.join('')}`;
  if (children.length === 0) return [`${start}/>`];
  if (typeof children === 'string') return [`${start}>${contentText(children)}</${name}>`];
  return [
    `${start}>`,
    ...children.flatMap((child) => lines(child, `${indent}  `)),
    `${indent}</${name}>`,
  ];
}

/** No reference can stand for these in XML 1.0: they are shown as escapes. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** A parser changes a carriage return that is written as it is. */
function contentText(text: string): string {
  return text.replaceAll(FORBIDDEN, escapeOf).replaceAll(/[&<>\r]/g, reference);
}

/** A parser changes line breaks and tabs of an attribute to spaces. */
function attributeText(text: string): string {
  return text.replaceAll(FORBIDDEN, escapeOf).replaceAll(/[&<>"\t\n\r]/g, reference);
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);

function reference(character: string): string {
  return NAMED.get(character) ?? `&#${character.charCodeAt(0)};`;
}
