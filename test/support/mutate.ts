/** Returns a generator of numbers below a limit: the same for the same seed (mulberry32). */
export function randomFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  };
}

/** Text that has a meaning in YAML, or looks as if it had. */
const PARTS: readonly string[] = [
  ...[
    '\n',
    '\n',
    '\n  ',
    '  ',
    ' ',
    '\t',
    '\r',
    '\r\n',
    ' \n',
    '\\\n',
    '\u2028',
    '\u0085',
    '\ufeff',
  ],
  ...[':', ': ', '- ', '-', '? ', '?', '#', ' #', ',', '"', "'", '{', '}', '[', ']', '{}', '[]'],
  ...[
    '&a ',
    '*a',
    '!!str ',
    '!!int ',
    '|',
    '>',
    '|-\n',
    '|2\n',
    '<<: ',
    '\\',
    '""',
    "''",
    '%',
    '@',
    '`',
  ],
  ...[
    '---\n',
    '...\n',
    '--- ',
    'items: [',
    'kind: List\n',
    '~',
    'yes',
    '0',
    '1',
    '_',
    '.',
    'e',
    'a',
    'x',
  ],
  ...['a: 1\n', '😀', 'é'],
];

/** Changes a text in one to three random places. */
export function mutate(text: string, random: (limit: number) => number): string {
  let mutant = text;
  for (let edits = 1 + random(3); edits > 0; edits -= 1) mutant = edited(mutant, random);
  return mutant;
}

function edited(text: string, random: (limit: number) => number): string {
  const at = random(text.length + 1);
  const part = PARTS[random(PARTS.length)] ?? '';
  switch (random(5)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1 + random(3));
    case 1: {
      const from = random(text.length + 1);
      return text.slice(0, at) + text.slice(from, from + random(12)) + text.slice(at);
    }
    case 2:
      return text.slice(0, at) + part + text.slice(at + 1);
    default:
      return text.slice(0, at) + part + text.slice(at);
  }
}
