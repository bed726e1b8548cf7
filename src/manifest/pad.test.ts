import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { padContinuations, unpad } from './pad.ts';

const rows: readonly (readonly [law: string, text: string, padded: string])[] = [
  ['a quoted text is padded beyond its key', 'a:\n  b: "x\ny"\n', 'a:\n  b: "x\n   y"\n'],
  ['enough indentation is left as it is', 'a: "x\n y"\n', 'a: "x\n y"\n'],
  ['a text on its own line is padded to it', "a:\n  'x\ny'\n", "a:\n  'x\n  y'\n"],
  ['an item is padded beyond its dash', '- - [a,\nb]\n', '- - [a,\n   b]\n'],
  ['the end of a document is not padded', 'a: "x\n...\n', 'a: "x\n...\n'],
  ['quotes in comments open nothing', 'a: x # "\nb: 1\n', 'a: x # "\nb: 1\n'],
  ['quotes within words open nothing', "a: it's\nb: [it's,\nc]\n", "a: it's\nb: [it's,\n c]\n"],
  ['quotes in a block of text open nothing', 'a: |\n  "x\nb: 1\n', 'a: |\n  "x\nb: 1\n'],
];
for (const [law, text, padded] of rows) {
  test(law, () => assert.equal(padContinuations(text).text, padded));
}

test('every place in a padded text is one of the text as given', () => {
  const line = fc.stringMatching(/^ {0,4}[a-c"'[\]{}:,#|-]{0,4}$/);
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const text = lines.join('\n');
      const padded = padContinuations(text);
      let last = 0;
      for (let at = 0; at <= padded.text.length; at += 1) {
        const offset = unpad(padded, at);
        assert.ok(offset >= last && offset <= text.length);
        const character = padded.text[at];
        // A pad stands for the start of the line that it was put before.
        if (character !== ' ') assert.equal(text[offset], character);
        last = offset;
      }
      assert.equal(last, text.length);
    }),
  );
});
