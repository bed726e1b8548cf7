import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { builtBulkhead } from '../../test/support/bulkhead.ts';
import type { Waiver } from '../config/waiver.ts';
import { type Policy, textOf } from '../policy/policy.ts';
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

/** The Rego of a template: the packages and what they have, without comments and strings. */
function regoOf(policy: Policy) {
  const template = Object(constraintTemplate(policy, modules()));
  const { rego, libs } = template.spec.targets[0].code[0].source;
  return [rego, ...libs].map((text: string) => {
    const [, name = ''] = /^package (.+)$/m.exec(text) ?? [];
    const imports = [...text.matchAll(/^import data\.(\S+?(\w+))(?: as (\w+))?$/gm)].map(
      ([, of = '', last = '', alias = last]) => ({ of, alias }),
    );
    const code = text
      .replace(/^(?:import|package) .*$/gm, '')
      .replace(/`[^`]*`|"(?:[^"\\]|\\.)*"/g, '""')
      .replace(/#.*$/gm, '');
    const rules = new Set(
      [...code.matchAll(/^(?:default )?([a-z_]\w*)/gm)].map(([, one = '']) => one),
    );
    return { text, name, imports, code, rules };
  });
}

describe('a template has the rules that its policy reaches, and no others', () => {
  for (const policy of catalogue.policies) {
    const files = regoOf(policy);
    const rulesOf = (name: string) => files.find((file) => file.name === name)?.rules;

    test(`${policy.id}: every rule of another package is there`, () => {
      for (const { name, imports, code } of files) {
        for (const { of, alias } of imports) {
          const used = [...code.matchAll(new RegExp(`(?<![\\w.])${alias}\\.(\\w+)`, 'g'))];
          assert.ok(used.length > 0, `${name} imports ${of} and does not use it`);
          for (const [, rule = ''] of used) {
            assert.ok(rulesOf(of)?.has(rule), `${name} calls ${of}.${rule}, which is missing`);
          }
        }
      }
    });

    test(`${policy.id}: every rule is used`, () => {
      for (const { name, rules, code } of files) {
        const importers = files.flatMap((file) =>
          file.imports
            .filter(({ of }) => of === name)
            .map(({ alias }) => ({ alias, code: file.code })),
        );
        for (const rule of rules) {
          if (rule === 'violation') continue;
          const isUsed =
            new RegExp(`(?<!^(?:default )?|[\\w.])${rule}\\b`, 'm').test(code) ||
            importers.some((one) => new RegExp(`\\b${one.alias}\\.${rule}\\b`).test(one.code));
          assert.ok(isUsed, `${name}.${rule} is not used`);
        }
      }
    });
  }
});

test('the text of a template is that of the files, rule by rule', () => {
  const byPackage = new Map(modules().map((module) => [module.package, module]));
  for (const policy of catalogue.policies) {
    for (const { name, text } of regoOf(policy)) {
      const module = byPackage.get(name === 'lib.policy' ? `policies.${policy.id}` : name);
      assert.ok(module !== undefined, name);
      const kept = module.rules.filter((rule) => text.includes(rule.text));
      const head = module.head.replace(/package policies.*/, 'package lib.policy');
      const imports = module.imports.filter((one) => text.includes(one.text.trim()));
      assert.equal(text, textOf({ ...module, head, imports, rules: kept }), name);
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
