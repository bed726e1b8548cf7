import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandIn } from '../../test/support/workflow-commands.ts';
import { visible } from './text.ts';

const HIDDEN: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x1f], // controls
  [0x7f, 0xa0], // more controls, the no-break space
  [0xad, 0xad], // the soft hyphen
  [0x34f, 0x34f], // the grapheme joiner
  [0x61c, 0x61c], // the Arabic letter mark
  [0x115f, 0x1160], // Hangul fillers
  [0x1680, 0x1680], // the Ogham space
  [0x17b4, 0x17b5], // Khmer vowels without a glyph
  [0x180b, 0x180f], // Mongolian selectors
  [0x2000, 0x200f], // spaces, zero-width characters, directions
  [0x2028, 0x202f], // separators, embeddings, the narrow space
  [0x205f, 0x206f], // the mathematical space, the word joiner, invisible operators
  [0x2800, 0x2800], // the empty Braille pattern
  [0x3164, 0x3164], // the Hangul filler
  [0xd800, 0xdfff], // half a character
  [0xfdd0, 0xfdef], // code points that never are characters
  [0xfe00, 0xfe0f], // variation selectors
  [0xfeff, 0xfeff], // the byte order mark
  [0xffa0, 0xffa0], // the half-width filler
  [0xfff0, 0xfffb], // annotations
  [0xfffe, 0xffff], // code points that never are characters
  [0x1d159, 0x1d159], // the musical null
  [0x1d173, 0x1d17a], // musical marks
  [0xe0000, 0xe0fff], // tags, more variation selectors
];

test('every character that a terminal interprets or hides is an escape', () => {
  for (const [first, last] of HIDDEN) {
    for (let code = first; code <= last; code += 1) {
      const shown = visible(`a${String.fromCodePoint(code)}b`);
      assert.match(shown, /^a\\(?:[tnr]|x[0-9a-f]{2}|u[0-9a-f]{4}|u\{[0-9a-f]+\})b$/, `${code}`);
    }
  }
});

test('what has a glyph is shown as it is', () => {
  for (const text of [
    'a b',
    'é',
    'ß',
    'web-1',
    '東京　都',
    'नमस्ते',
    '한국어',
    'שלום',
    '🚀',
    '✗',
    '…',
  ]) {
    assert.equal(visible(text), text);
  }
});

test('what would be a command of GitHub Actions in a log is an escape', () => {
  for (const [text, shown] of [
    ['::error file=a::b', '\\x3a:error file=a::b'],
    ['a ::stop-commands::x', 'a \\x3a:stop-commands::x'],
    ['::Warning::b', '\\x3a:Warning::b'],
    ['x##[add-mask]y', 'x##\\x5badd-mask]y'],
    ['a::b ::1 #[0] # [x]', 'a::b ::1 #[0] # [x]'],
  ] as const) {
    assert.equal(visible(text), shown);
    assert.equal(commandIn(visible(text)), undefined);
  }
});
