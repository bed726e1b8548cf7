import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { constraintTemplate } from '../src/gatekeeper/template.ts';
import { textOf } from '../src/policy/policy.ts';
import { builtBulkhead } from '../test/support/bulkhead.ts';
import { readModules } from './modules.ts';
import { ROOT, tool } from './tools.ts';

const directory = mkdtempSync(join(tmpdir(), 'bulkhead-'));
after(() => rmSync(directory, { recursive: true }));
const { catalogue, sources } = builtBulkhead();

const TEXT = `# METADATA
# title: A file
package lib.some.file

import data.lib.other.one

# About this import.
import data.lib.other.two as second

# This belongs to the default.
default is_known := false

is_known if {
	# It is a comment.
	one.of(input) == {"}": "{"}
}
is_known if second.of(input)

# METADATA
# description: returns it.
of(x) := "a" if {
	x == 1
} else := "b" if { # on the same line
	x == 2
}

# It ends here.
`;

test('a file is cut after each rule: comments go with what follows, and the last keeps the rest', async () => {
  const files = join(directory, 'files');
  mkdirSync(join(files, 'lib'), { recursive: true });
  writeFileSync(join(files, 'lib/file.rego'), TEXT);
  writeFileSync(join(files, 'lib/file_test.rego'), 'package file_test\n');
  writeFileSync(join(files, 'empty.rego'), 'package empty\n');
  const calls = new Map([
    ['lib.some.file.of', new Set(['lib.other.b', 'lib.other.a'])],
    ['lib.other.of', new Set(['lib.other.c'])],
  ]);
  const [empty, module, ...others] = await readModules(tool('opa'), files, calls);
  assert.deepEqual(others, []);
  assert.deepEqual(empty, {
    path: 'empty.rego',
    package: 'empty',
    head: 'package empty\n',
    imports: [],
    rules: [],
    calls: {},
  });
  assert.ok(module);
  assert.equal(textOf(module), TEXT);
  assert.equal(module.path, 'lib/file.rego');
  assert.equal(module.package, 'lib.some.file');
  assert.deepEqual(module.calls, { is_known: [], of: ['lib.other.a', 'lib.other.b'] });
  assert.deepEqual(module.imports, [
    { package: 'lib.other.one', text: '\nimport data.lib.other.one\n' },
    {
      package: 'lib.other.two',
      text: '\n# About this import.\nimport data.lib.other.two as second\n',
    },
  ]);
  assert.deepEqual(
    module.rules.map(({ name, text }) => [name, text.split('\n').length]),
    [
      ['is_known', 4],
      ['is_known', 6],
      ['is_known', 2],
      ['of', 11],
    ],
  );
});

test('the pieces of each file are its text, byte for byte', () => {
  for (const module of sources().policies) {
    assert.equal(textOf(module), readFileSync(join(ROOT, 'policies', module.path), 'utf8'));
  }
});

describe('OPA takes the Rego of each template in strict mode, and would not format it otherwise', () => {
  for (const policy of catalogue.policies) {
    test(policy.id, () => {
      const template = Object(constraintTemplate(policy, sources().policies));
      const { rego, libs } = template.spec.targets[0].code[0].source;
      const files = join(directory, policy.id);
      mkdirSync(files);
      for (const [index, text] of [rego, ...libs].entries()) {
        writeFileSync(join(files, `${index}.rego`), text);
      }
      assert.equal(opa('check', '--strict', files), '');
      assert.equal(opa('fmt', '--list', files), '');
    });
  }
});

function opa(...argv: string[]): string {
  const { stdout, stderr } = spawnSync(tool('opa'), argv, { encoding: 'utf8' });
  return stdout + stderr;
}
