const CODES = {
  bold: '1',
  dim: '2',
  error: '1;31',
  warning: '1;33',
  note: '1;36',
  good: '1;32',
} as const;

/** What a stretch of output is, for its colour. */
export type Style = keyof typeof CODES;

/** Colours a text, or leaves it as it is where colour is off. */
export type Paint = (style: Style, text: string) => string;

/** Makes the painter of one rendering. */
export function painter(color: boolean): Paint {
  return color
    ? (style, text) => `\u001b[${CODES[style]}m${text}\u001b[0m`
    : (_style, text) => text;
}
