import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import {
  all,
  any,
  type Cel,
  choose,
  concat,
  FALSE,
  joined,
  listIf,
  not,
  TRUE,
  text,
  texts,
} from '../policies/lib/admission/cel.ts';
import { identifier, Variables } from '../policies/lib/admission/policy.ts';
import { fits, fitsAny } from '../policies/lib/api/patterns.cel.ts';
import { tokens } from './support/cel-tokens.ts';

// What expressions are put together by. Of truth values, CEL and JavaScript have the same operators, and the same
// precedence: so JavaScript can say what an expression means.

type Values = Readonly<Record<string, boolean>>;

/** A formula, and what it means where the letters have these values. */
interface Formula {
  readonly written: Cel;
  readonly meant: (of: Values) => boolean;
}

const LETTERS = ['a', 'b', 'c'] as const;

const letter: fc.Arbitrary<Formula> = fc.oneof(
  fc
    .constantFrom(...LETTERS)
    .map((name) => ({ written: name, meant: (of: Values) => of[name] === true })),
  fc
    .tuple(
      fc.constantFrom(...LETTERS),
      fc.constantFrom(' && ', ' || ', ' ? : ', "it's", '\\', '(', ")'", '[{'),
    )
    .map(([name, said]) => ({
      written: `(${name} ? 1 : ${text(said)}) == ${text(said)}`,
      meant: (of: Values) => of[name] !== true,
    })),
  fc.constantFrom(TRUE, FALSE).map((one) => ({ written: one, meant: () => one === TRUE })),
);

const { formula } = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { depthSize: 'medium' },
    letter,
    fc.array(tie('formula'), { maxLength: 4 }).map((parts) => ({
      written: all(...parts.map(({ written }) => written)),
      meant: (of: Values) => parts.every(({ meant }) => meant(of)),
    })),
    fc.array(tie('formula'), { maxLength: 4 }).map((parts) => ({
      written: any(...parts.map(({ written }) => written)),
      meant: (of: Values) => parts.some(({ meant }) => meant(of)),
    })),
    tie('formula').map(({ written, meant }) => ({
      written: not(written),
      meant: (of: Values) => !meant(of),
    })),
    fc.tuple(tie('formula'), tie('formula'), tie('formula')).map(([condition, yes, no]) => ({
      written: choose(condition.written, yes.written, no.written),
      meant: (of: Values) => (condition.meant(of) ? yes.meant(of) : no.meant(of)),
    })),
    // As fragments write a choice, without parentheses.
    fc.tuple(letter, letter, tie('formula')).map(([condition, yes, no]) => ({
      written: `${condition.written} ? ${yes.written} : ${no.written}`,
      meant: (of: Values) => (condition.meant(of) ? yes.meant(of) : no.meant(of)),
    })),
  ),
}));

const VALUES = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) =>
  Object.fromEntries(LETTERS.map((name, index) => [name, (bits & (1 << index)) > 0])),
);

test('a formula means what it is made of', () => {
  fc.assert(
    fc.property(formula, ({ written, meant }) => {
      for (const of of VALUES)
        assert.equal(runInNewContext(written, { ...of }), meant(of), written);
    }),
    { numRuns: 500 },
  );
});

describe('what is decided is left out', () => {
  for (const [made, wanted] of [
    [all(), TRUE],
    [all(TRUE, 'a', 'a', TRUE), 'a'],
    [all('a', FALSE), FALSE],
    [all('a || b', 'c'), '(a || b) && c'],
    [all('a && b', 'c'), 'a && b && c'],
    [all('a ? b : c', 'd'), '(a ? b : c) && d'],
    [all('[a || b].x', "' || '"), "[a || b].x && ' || '"],
    [any(), FALSE],
    [any(FALSE, 'a', 'a'), 'a'],
    [any('a', TRUE), TRUE],
    [any('a && b', 'c'), '(a && b) || c'],
    [not(TRUE), FALSE],
    [not(FALSE), TRUE],
    [not('variables.a'), '!variables.a'],
    [not('a && b'), '!(a && b)'],
    [choose(TRUE, 'a', 'b'), 'a'],
    [choose(FALSE, 'a', 'b'), 'b'],
    [choose('a', 'b', 'c'), '(a ? b : c)'],
    [listIf('a', '[]'), '[]'],
    [listIf(FALSE, '[b]'), '[]'],
    [listIf(TRUE, '[b]'), '[b]'],
    [listIf('a', '[b]'), '(a ? [b] : [])'],
    [joined([]), '[]'],
    [joined(['[]', '[a]', '[]', 'b']), '[a] + b'],
    [concat("'a'", "''", 'b'), "'a' + b"],
    [texts(['a', "'"]), "['a', '\\'']"],
  ] as const) {
    test(`${wanted} of ${made}`, () => {
      assert.equal(made, wanted);
    });
  }
});

describe('a literal text', () => {
  for (const [value, wanted] of [
    ['', "''"],
    ['it\'s \\ "q" $& `', "'it\\'s \\\\ \"q\" $& `'"],
    ['\n\t\0\x7f', "'\\u000a\\u0009\\u0000\\u007f'"],
    ['ü\u2028', "'\\u00fc\\u2028'"],
    ['😀', "'\\U0001f600'"],
  ] as const) {
    test(wanted, () => {
      assert.equal(text(value), wanted);
    });
  }

  test('is one word of plain ASCII that stands for it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const written = text(value);
        assert.match(written, /^[ -~]*$/);
        assert.deepEqual(tokens(written), [written]);
        const inScript = written.replaceAll(/\\U([0-9a-f]{8})/g, (_, code) => `\\u{${code}}`);
        assert.equal(runInNewContext(inScript), value);
      }),
    );
  });
});

test('a pattern has at most one star', () => {
  assert.equal(fits('a', 'x'), "x == 'a'");
  assert.equal(fits('*', 'x'), 'x.size() >= 1');
  assert.equal(fits('ab*', 'x'), "x.startsWith('ab') && x.size() >= 2");
  assert.equal(fits('a*a', 'x'), "x.startsWith('a') && x.endsWith('a') && x.size() >= 2");
  assert.equal(fitsAny([], 'x'), FALSE);
  assert.equal(
    fitsAny(['a', 'b', '*c'], 'x'),
    "x in ['a', 'b'] || (x.endsWith('c') && x.size() >= 1)",
  );
});

test('a variable of the same name and another expression has another name', () => {
  const variables = new Variables();
  const names = ['x-y', 'x--y', 'x-y', 'x_y'].map((role, index) =>
    variables.add(identifier('term', role), ['a', 'b', 'a', 'c'][index] ?? ''),
  );
  assert.deepEqual(
    names,
    ['', '_2', '', '_3'].map((end) => `variables.term_x_y${end}`),
  );
  assert.deepEqual(
    variables.all.map(({ name, expression }) => [name, expression]),
    [
      ['term_x_y', 'a'],
      ['term_x_y_2', 'b'],
      ['term_x_y_3', 'c'],
    ],
  );
});
