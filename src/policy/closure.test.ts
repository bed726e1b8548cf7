import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reached } from './closure.ts';
import { type Module, textOf } from './policy.ts';

/** A file whose rules call others: "name" with the text of each definition, and calls by name. */
function file(
  name: string,
  imports: readonly string[],
  calls: Module['calls'],
  rules: readonly string[] = Object.keys(calls),
): Module {
  return {
    path: `${name}.rego`,
    package: name,
    head: `# About ${name}.\npackage ${name}\n`,
    imports: imports.map((one, index) => ({
      package: one,
      text: `${index === 0 ? '\n' : ''}import data.${one}\n`,
    })),
    rules: rules.map((rule) => ({ name: rule, text: `\n# About ${rule}.\n${rule} := 1\n` })),
    calls,
  };
}

const MODULES = [
  file('lib.a', ['lib.b', 'lib.c'], {
    first: ['lib.b.used', 'lib.a._own'],
    second: ['lib.c.unused'],
    _own: ['lib.c.used'],
  }),
  file('lib.b', [], { used: [], unused: [] }),
  file('lib.c', ['lib.a', 'lib.b'], { used: ['lib.b.used'], unused: ['lib.a.second'] }, [
    'used',
    'unused',
    'used',
  ]),
  file('lib.d', ['lib.a'], { first: ['lib.a.first'] }),
];

test('the rules that are called, directly and indirectly, are there with the imports that they need', () => {
  const found = reached(['lib.a.first'], MODULES);
  assert.deepEqual(
    found.map((module) => [
      module.path,
      module.imports.map((one) => one.package),
      module.rules.map(({ name }) => name),
    ]),
    [
      ['lib.a.rego', ['lib.b', 'lib.c'], ['first', '_own']],
      ['lib.b.rego', [], ['used']],
      ['lib.c.rego', ['lib.b'], ['used', 'used']],
    ],
  );
});

test('rules that call each other are there once', () => {
  const names = reached(['lib.c.unused', 'lib.a.second'], MODULES).flatMap((module) =>
    module.rules.map(({ name }) => `${module.package}.${name}`),
  );
  assert.deepEqual(names, ['lib.a.second', 'lib.c.unused']);
});

test('a blank line is between the package and the first import that is left', () => {
  const [, module] = reached(['lib.c.used'], MODULES);
  assert.ok(module);
  assert.match(
    textOf(module),
    /^# About lib\.c\.\npackage lib\.c\n\nimport data\.lib\.b\n\n# About used/,
  );
});

test('a rule that is called and is not there is an error', () => {
  assert.throws(
    () => reached(['lib.d.first', 'lib.d.none'], MODULES),
    /there is no rule lib\.d\.none/,
  );
  const calling = file('lib.e', [], { of: ['lib.none.of'] });
  assert.throws(() => reached(['lib.e.of'], [calling]), /there is no rule lib\.none\.of/);
});
