import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtBulkhead } from '../../test/support/bulkhead.ts';
import type { Waiver } from '../config/waiver.ts';
import { libraries } from './closure.ts';
import { constraint } from './constraint.ts';
import { enforcement, STAGES } from './enforcement.ts';
import { constraintKind, templateName } from './names.ts';
import { constraintTemplate } from './template.ts';

const { catalogue, sources } = builtBulkhead();
const modules = () => sources().policies;

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

test('a template holds the policy as a library, and all libraries that it reaches byte for byte', () => {
  const gatekeeper = modules().find(({ path }) => path === 'gatekeeper.rego');
  for (const policy of catalogue.policies) {
    const text = JSON.stringify(constraintTemplate(policy, modules()));
    assert.ok(text.includes(`"rego":${JSON.stringify(gatekeeper?.source)}`));
    const entry = modules().find(({ path }) => path === `${policy.id}/policy.rego`);
    assert.ok(entry !== undefined);
    const [before = '', after = '', ...others] = entry.source.split(
      `package policies["${policy.id}"]\n`,
    );
    assert.deepEqual(others, []);
    assert.ok(text.includes(JSON.stringify(`${before}package lib.policy\n${after}`)), policy.id);
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

test('a Constraint has the waivers of its policy, and says who granted each', () => {
  const [policy, other] = catalogue.policies;
  assert.ok(policy && other);
  const place = { file: 'bulkhead.yaml', line: 1, column: 1 };
  const waiver: Waiver = {
    policies: [policy.id],
    match: { kind: 'DaemonSet', namespace: 'logging', name: 'agent' },
    path: ['spec', 'template', 'spec', 'tolerations', '*'],
    environments: ['prod'],
    reason: 'Logs of the control plane are read there.',
    owner: 'team-logs',
    expires: '2027-03-31',
    ticket: 'OPS-1',
    place,
  };
  const { ticket: _, path: __, ...plain } = waiver;
  const node = {
    ...plain,
    policies: [other.id, policy.id],
    match: { kind: 'Node', name: 'gpu-*' },
  };
  const foreign = { ...waiver, policies: [other.id] };
  const profile = { name: 'p', exemptNamespaces: [] };
  const rolled = (waivers: readonly Waiver[]) =>
    constraint(policy, { nodeLabels: [] }, { profile, stage: 'deny', waivers });
  const { metadata, spec } = Object(rolled([waiver, foreign, node]));
  assert.deepEqual(spec.parameters, {
    nodeLabels: [],
    waivers: [{ match: waiver.match, path: waiver.path }, { match: node.match }],
  });
  const { reason, owner, expires } = waiver;
  assert.deepEqual(JSON.parse(metadata.annotations['bulkhead.dev/waivers']), [
    { owner, reason, expires, ticket: 'OPS-1' },
    { owner, reason, expires },
  ]);
  assert.deepEqual(rolled([foreign]), rolled([]));
  assert.deepEqual(Object(rolled([]))['metadata'], { name: 'p' });
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
