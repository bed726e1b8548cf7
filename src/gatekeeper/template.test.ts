import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtBulkhead } from '../../test/support/bulkhead.ts';
import { libraries } from './closure.ts';
import { constraint } from './constraint.ts';
import { enforcement, STAGES } from './enforcement.ts';
import { constraintKind, templateName } from './names.ts';
import { constraintTemplate } from './template.ts';

const { catalogue, modules } = builtBulkhead();

test('a policy is told by its id in PascalCase, and its template in lower case', () => {
  assert.equal(constraintKind('off-role-placement'), 'BulkheadOffRolePlacement');
  assert.equal(templateName('off-role-placement'), 'bulkheadoffroleplacement');
});

test("every template's name is short enough for Gatekeeper", () => {
  for (const { id } of catalogue.policies) assert.ok(templateName(id).length <= 63, id);
});

test('a violation that another object can fix is never denied, and audit reports it at every stage', () => {
  for (const policy of catalogue.policies) {
    for (const stage of STAGES) {
      const { enforcementAction, scopedEnforcementActions } = enforcement(policy, stage);
      const isScoped = stage === 'deny' && policy.admission === 'warn';
      assert.equal(enforcementAction, isScoped ? 'scoped' : stage, policy.id);
      const text = JSON.stringify(scopedEnforcementActions ?? []);
      assert.equal(text.includes('"warn","enforcementPoints":[{"name":"validation.'), isScoped);
      assert.equal(text.includes('audit.gatekeeper.sh'), isScoped);
    }
  }
});

test('policies that say nothing of one object alone only warn', () => {
  for (const { id, required, admission } of catalogue.policies) {
    if (required.length > 0) assert.equal(admission, 'warn', id);
  }
  assert.ok(catalogue.policies.some(({ admission }) => admission === 'deny'));
});

test('what the profile exempts is excluded, and kinds that no cluster has are not matched', () => {
  const profile = { name: 'p', exemptNamespaces: ['shop'] };
  for (const policy of catalogue.policies) {
    const text = JSON.stringify(constraint(policy, {}, { profile, stage: 'dryrun' }));
    assert.equal(text.includes('"excludedNamespaces":["shop"]'), policy.isExemptable, policy.id);
    assert.doesNotMatch(text, /InitConfiguration|SystemdUnit/);
  }
});

test('a template holds the policy and all libraries that it reaches, byte for byte', () => {
  for (const policy of catalogue.policies) {
    const text = JSON.stringify(constraintTemplate(policy, modules()));
    const entry = modules().find(({ path }) => path === `${policy.id}/policy.rego`);
    assert.ok(entry !== undefined && text.includes(JSON.stringify(entry.source)));
    const reached = libraries(entry, modules());
    for (const { source } of reached) assert.ok(text.includes(JSON.stringify(source)));
    const used = reached.flatMap(({ source }) => [
      ...source.matchAll(/^import data\.(lib\.\w+)$/gm),
    ]);
    for (const [, name] of used) {
      assert.ok(
        reached.some(({ source }) => source.includes(`\npackage ${name}\n`)),
        name,
      );
    }
  }
});

test('libraries are found through libraries, each once, and no more than are imported', () => {
  const module = (path: string, source: string) => ({ path, source });
  const found = libraries(module('a/policy.rego', 'package a\nimport data.lib.one\n'), [
    module('lib/one.rego', 'package lib.one\nimport data.lib.two\nimport data.lib.three\n'),
    module('lib/two.rego', 'package lib.two\nimport data.lib.three\n'),
    module('lib/three.rego', 'package lib.three\n'),
    module('lib/four.rego', 'package lib.four\n'),
  ]);
  assert.deepEqual(
    found.map(({ path }) => path),
    ['lib/one.rego', 'lib/three.rego', 'lib/two.rego'],
  );
});

test('a library that is imported and is not there is an error', () => {
  assert.throws(
    () => libraries({ path: 'a', source: 'package a\nimport data.lib.none\n' }, []),
    /a imports lib\.none, which does not exist/,
  );
});
