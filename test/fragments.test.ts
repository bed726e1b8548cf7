import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { CEL_POLICIES } from '../src/admission/policies.ts';
import { reached } from '../src/policy/closure.ts';
import { builtBulkhead, ROOT } from './support/bulkhead.ts';
import { assertGolden } from './support/golden.ts';

// The fragments of CEL repeat rules by hand. What they mean is compared in test/admission; here it is held that no rule
// changes without somebody looking at its fragment, and that each is repeated, or left out for a reason.

/** Packages that the policies reach and that have no fragment. */
const LEFT: Readonly<Record<string, string>> = {
  'lib.api.fields': 'an API server shows typed fields',
  'lib.api.int_or_percent': 'of fields that place no pod',
  'lib.api.inventory': 'other objects',
  'lib.api.limits': 'numbers, as literals (lib.findings.admission)',
  'lib.api.requests': 'the request is a variable of CEL',
  'lib.api.selectors': 'other objects',
  'lib.api.served': 'other objects',
  'lib.findings.edits': 'fixes, which admission does not say',
  'lib.findings.findings': 'fixes, which admission does not say',
  'lib.findings.node_commands': 'commands of workloads',
  'lib.findings.ownership': 'an API server has no input',
  'lib.findings.parameter_faults': 'a profile has been checked',
  'lib.findings.words': 'words of a profile, as literals (lib.findings.admission)',
  'lib.nodes.cluster_classes': 'files and custom resources',
  'lib.nodes.command_flags': 'commands of workloads',
  'lib.nodes.k0s': 'files and custom resources',
  'lib.nodes.kind': 'files and custom resources',
  'lib.nodes.kops': 'files and custom resources',
  'lib.nodes.kubeadm': 'files and custom resources',
  'lib.nodes.kubelet_commands': 'commands of workloads',
  'lib.nodes.kubelet_flags': 'commands of workloads',
  'lib.nodes.microk8s': 'files and custom resources',
  'lib.nodes.node_commands': 'commands of workloads',
  'lib.nodes.node_pools': 'files and custom resources',
  'lib.nodes.nodes': 'other objects',
  'lib.nodes.openshift': 'files and custom resources',
  'lib.nodes.rancher': 'files and custom resources',
  'lib.nodes.registration': 'files and custom resources',
  'lib.nodes.registration_fields': 'files and custom resources',
  'lib.nodes.roles': 'classes of nodes, as literals (lib.findings.admission)',
  'lib.nodes.shell': 'commands of workloads',
  'lib.nodes.talos': 'files and custom resources',
  'lib.scheduling.volumes': 'other objects',
  'lib.table.owners': 'other objects',
  'lib.workloads.controllers': 'other objects; who asks is in src/admission/envelope.ts',
  'lib.workloads.custom_resources': 'files and custom resources',
  'lib.workloads.late_values': 'files and custom resources',
  'lib.workloads.replicas': 'other objects; the number itself is in replica_counts.cel.ts',
  'lib.workloads.workload_refs': 'files and custom resources',
};

const { policies: modules } = builtBulkhead().sources();
const found = reached(
  Object.keys(CEL_POLICIES).map((id) => `policies.${id}.violation`),
  modules,
);
const isRepeated = ({ path }: { readonly path: string }) =>
  existsSync(join(ROOT, 'policies', path.replace(/\.rego$/, '.cel.ts')));
const files = readdirSync(join(ROOT, 'policies'), { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.cel.ts'),
);

test('each package that the policies reach has a fragment, or a reason to have none', () => {
  const others = found.filter((module) => !isRepeated(module)).map((module) => module.package);
  assert.deepEqual(others.sort(), Object.keys(LEFT).sort());
});

describe('a fragment stands beside its rules, and names rules that exist', () => {
  const names = new Set(
    modules.flatMap((one) => one.rules.map(({ name }) => `${one.package}.${name}`)),
  );
  const packages = new Set(modules.map((one) => one.package));
  for (const file of files) {
    test(file, () => {
      assert.ok(existsSync(join(ROOT, 'policies', file.replace(/\.cel\.ts$/, '.rego'))));
      const text = readFileSync(join(ROOT, 'policies', file), 'utf8');
      for (const [name] of text.matchAll(/\blib\.[a-z_]+\.[a-z_]+(?:\.[a-z_]+)?/g)) {
        assert.ok(names.has(name) || packages.has(name), `${name} does not exist`);
      }
    });
  }
});

test('a rule that has changed was compared with its fragment', () => {
  // Where this fails: change the fragment as the rule has changed, run test/admission, then update this list.
  const texts = new Map<string, string>();
  for (const { package: of, rules } of found.filter(isRepeated)) {
    for (const { name, text } of rules) {
      const code = text.replace(/^\s*#.*\n/gm, '');
      texts.set(`${of}.${name}`, (texts.get(`${of}.${name}`) ?? '') + code);
    }
  }
  assert.ok(texts.size > 200);
  const digests = [...texts].map(([name, text]) => `${name} ${digest(text)}\n`).sort();
  assertGolden('testdata/fragments/rules.txt', digests.join(''));
});

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
