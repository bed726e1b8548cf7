import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { all, any, type Cel, choose, not, text } from '../../policies/lib/admission/cel.ts';
import { PROFILE_NAMES } from '../../scripts/profiles.ts';
import { HOSTILE, PROFILES } from '../../test/admission/profiles.ts';
import { builtBulkhead, shippedProfile } from '../../test/support/bulkhead.ts';
import { tokens } from '../../test/support/cel-tokens.ts';
import { admissionScene, generateAdmission } from '../generate.ts';
import type { Profile } from '../profile/profile.ts';
import { ofBindings, ofChanges, ofComponents, ofOthers } from './envelope.ts';
import { layout } from './layout.ts';
import { admissionName } from './names.ts';
import { CEL_POLICIES } from './policies.ts';

// Layout puts space between the words of an expression. Any other change could change what a policy decides.

const built = builtBulkhead();

describe('every expression of a policy has the same words in the file', () => {
  for (const profile of [...PROFILE_NAMES.map(shippedProfile), ...PROFILES, HOSTILE]) {
    test(profile.name, () => {
      const files = generateAdmission(built, profile);
      for (const [id, expressions] of madeFor(profile)) {
        const written = writtenIn(files.get(`${id}.yaml`) ?? '');
        assert.ok(expressions.length > 2);
        for (const { name, expression } of expressions) {
          const found = written.get(name) ?? [];
          assert.ok(
            found.some((one) => same(one, expression)),
            `${admissionName(id)}: ${name}\n${expression}\n${found}`,
          );
        }
        for (const one of [...written.values()].flat()) {
          const flat = one.replaceAll(/\n */g, ' ');
          assert.ok(same(layout(flat), flat), `${admissionName(id)}: ${one}`);
        }
      }
    });
  }
});

function same(a: Cel, b: Cel): boolean {
  return JSON.stringify(tokens(a)) === JSON.stringify(tokens(b));
}

interface Expression {
  readonly name: string;
  readonly expression: Cel;
}

/** The expressions of each policy, before they are laid out. */
function madeFor(profile: Profile): readonly (readonly [string, readonly Expression[]])[] {
  const scene = admissionScene(built, profile);
  assert.ok(scene);
  return Object.entries(CEL_POLICIES).flatMap(([id, make]) => {
    const made = make(scene);
    if (made === undefined) return [];
    const conditions = {
      others: [...ofOthers(profile, scene.rows, []), ...ofBindings(profile)],
      components: [...ofChanges(made.changed), ...ofComponents(profile, scene.rows)],
      nodes: ofChanges(made.changed),
    }[made.about];
    const isOfBindings = made.checks.some(({ resource }) => resource === 'bindings');
    const own = conditions.filter(({ name }) => isOfBindings || !name.includes('-bound-'));
    return [[id, [...made.variables, ...own]] as const];
  });
}

/** The expressions of a file by name: variables and conditions have names of their own. */
function writtenIn(file: string): ReadonlyMap<string, readonly Cel[]> {
  const [policy] = parseAllDocuments(file);
  const { variables, matchConditions } = policy?.toJS().spec ?? {};
  const found = new Map<string, Cel[]>();
  for (const { name, expression } of [...variables, ...matchConditions] as Expression[]) {
    found.set(name, [...(found.get(name) ?? []), expression]);
  }
  return found;
}

describe('whatever an expression is made of', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'a',
      'variables.some_longer_name',
      'object.spec.?x.orValue([])',
      "r'^(a|b)[?]$'",
    ),
    fc.string({ unit: 'grapheme' }).map(text),
    fc.constantFrom(" ? '", " : \\' || ", '([{', ')]} && ', "'", '\\', "\\'", 'a, b + c').map(text),
  );
  const { expression } = fc.letrec<{ expression: Cel }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'medium' },
      word,
      fc.array(tie('expression'), { minLength: 1, maxLength: 4 }).map((parts) => all(...parts)),
      fc.array(tie('expression'), { minLength: 1, maxLength: 4 }).map((parts) => any(...parts)),
      fc.array(tie('expression'), { maxLength: 4 }).map((parts) => `[${parts.join(', ')}].size()`),
      fc.array(tie('expression'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' + ')),
      tie('expression').map(not),
      tie('expression').map((part) => `{'k': ${part}}`),
      fc
        .tuple(tie('expression'), tie('expression'), tie('expression'))
        .map(([condition, yes, no]) => choose(condition, yes, no)),
      fc
        .tuple(tie('expression'), tie('expression'), tie('expression'))
        .map((parts) => `${parts[0]} ? ${parts[1]} : ${parts[2]}`),
    ),
  }));

  test('its words stay', () => {
    fc.assert(
      fc.property(expression, (made) => {
        assert.deepEqual(tokens(layout(made)), tokens(made));
      }),
      { numRuns: 500 },
    );
  });

  test('one that would be too long stays in one line', () => {
    const long = Array.from({ length: 900 }, () => `[${'a'.repeat(99)}, b]`).join(' + ');
    assert.ok(long.length < 100_000);
    assert.equal(layout(long), long);
  });

  test('each item of a list has a line', () => {
    const [a, b] = ['a'.repeat(50), `f(${'b'.repeat(50)}, [c, d])`];
    assert.equal(layout(`[${a}, ${b}, {'k': e}]`), `[\n  ${a},\n  ${b},\n  {'k': e}\n]`);
  });

  test('a line is too long only where nothing can be broken', () => {
    const long = `'${'x'.repeat(99)}'`;
    assert.equal(layout(long), long);
    assert.equal(
      layout(`${'a'.repeat(60)} && (${'b'.repeat(40)} || c) ? [${long}] : d ? e : f`),
      [
        'a'.repeat(60),
        `&& (${'b'.repeat(40)} || c)`,
        '? [',
        `    ${long}`,
        '  ]',
        ': d ? e : f',
      ].join('\n'),
    );
  });
});
