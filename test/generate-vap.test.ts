import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { PROFILE_NAMES } from '../scripts/profiles.ts';
import { admissionName, isAdmissionPolicy } from '../src/admission/names.ts';
import { CEL_POLICIES } from '../src/admission/policies.ts';
import type { Waiver, WaiverMatch } from '../src/config/waiver.ts';
import { STAGES, type Stage } from '../src/gatekeeper/enforcement.ts';
import { generateAdmission } from '../src/generate.ts';
import { bulkheadOf } from '../src/library/create.ts';
import type { Profile } from '../src/profile/profile.ts';
import { builtBulkhead, shippedProfile, textOf } from './support/bulkhead.ts';

// What `bulkhead generate vap` writes, as text: what the policies decide is compared with the Rego elsewhere.

const built = builtBulkhead();
const kubeadm = shippedProfile('kubeadm');
const AGENT = { kind: 'DaemonSet', namespace: 'logging', name: 'agent' };

/** The policies and bindings of a profile, by file. */
function documentsOf(profile: Profile, stage?: Stage, waivers: readonly Waiver[] = []) {
  const files = generateAdmission(built, profile, stage, { waivers, today: '2026-11-30' });
  return [...files].flatMap(([file, text]) =>
    file === 'kustomization.yaml'
      ? []
      : [{ file, documents: parseAllDocuments(text).map((document) => document.toJS()) }],
  );
}

function waiver(match: WaiverMatch, expires: string): Waiver {
  return {
    policies: ['control-plane-intrusion'],
    match,
    reason: 'It reads logs.',
    owner: 'team-logs',
    expires,
    place: { file: 'bulkhead.yaml', line: 1, column: 1 },
  };
}

describe('each file has a policy and a binding of the same name', () => {
  for (const name of PROFILE_NAMES) {
    test(name, () => {
      const profile = shippedProfile(name);
      const made = documentsOf(profile);
      for (const { file, documents } of made) {
        const id = file.replace(/\.yaml$/, '');
        assert.ok(id in CEL_POLICIES, id);
        const [policy, binding, ...others] = documents;
        assert.deepEqual(others, []);
        assert.ok(isAdmissionPolicy(policy));
        assert.equal(policy.metadata.name, admissionName(id));
        assert.equal(policy.spec.failurePolicy, 'Fail');
        assert.equal(binding.metadata.name, policy.metadata.name);
        assert.equal(binding.spec.policyName, policy.metadata.name);
        assert.deepEqual(
          [policy, binding].map(({ metadata }) => metadata.labels),
          [{ 'bulkhead.dev/profile': name }, { 'bulkhead.dev/profile': name }],
        );
      }
      const kustomization = generateAdmission(built, profile).get('kustomization.yaml') ?? '';
      assert.deepEqual(
        parse(kustomization).resources,
        made.map(({ file }) => file),
      );
    });
  }
});

test('a stage decides what happens to a request, and a number of replicas is never denied', () => {
  const actions = STAGES.map((stage) =>
    Object.fromEntries(
      documentsOf(kubeadm, stage).map(({ file, documents }) => [
        file,
        documents[1].spec.validationActions.join(),
      ]),
    ),
  );
  const of = (file: string) => actions.map((one) => one[file]);
  assert.deepEqual(of('control-plane-intrusion.yaml'), ['Audit', 'Warn,Audit', 'Deny,Audit']);
  assert.deepEqual(of('wrong-replica-count.yaml'), ['Audit', 'Warn,Audit', 'Warn,Audit']);
});

describe('nothing keeps other workloads off a role that is reserved only where its Nodes have taints', () => {
  const filesOf = (profile: Profile) => documentsOf(profile).map(({ file }) => file);
  const GUARDS = ['control-plane-intrusion.yaml', 'scheduler-bypass.yaml'];

  for (const name of ['k3s', 'rke2']) {
    test(`${name}: no such policy`, () => {
      const files = filesOf(shippedProfile(name));
      assert.ok(files.length > 0);
      assert.deepEqual(
        GUARDS.filter((file) => files.includes(file)),
        [],
      );
    });

    test(`${name}: both where a profile says that the taints are there`, () => {
      const profile = shippedProfile(name);
      const nodeRoles = profile.nodeRoles.map(({ optionalTaints: _, ...role }) => role);
      const files = filesOf({ ...profile, nodeRoles });
      assert.deepEqual(
        GUARDS.filter((file) => files.includes(file)),
        GUARDS,
      );
    });
  }
});

test('a profile that has nothing to check makes no file, and no kustomization', () => {
  const { otherWorkloads: _, ...profile } = kubeadm;
  const match = { namespace: 'kube-system', name: 'coredns' };
  const nodeRoles = [{ name: 'worker', labels: [{ key: 'a', exists: true }], taints: [] }];
  const components = [{ name: 'coredns', match, disruptionControl: true }];
  const files = generateAdmission(built, { ...profile, nodeRoles, components });
  assert.deepEqual([...files.keys()], []);
});

describe('waivers', () => {
  const intrusionOf = (waivers: readonly Waiver[]) => {
    const made = documentsOf(kubeadm, 'deny', waivers);
    const found = made.find(({ file }) => file === 'control-plane-intrusion.yaml');
    const [policy] = found?.documents ?? assert.fail();
    const conditions: readonly { name: string; expression: string }[] = policy.spec.matchConditions;
    return {
      granted: JSON.parse(policy.metadata.annotations['bulkhead.dev/waivers'] ?? 'null'),
      condition: conditions.find(({ name }) => name === 'not-waived')?.expression,
    };
  };

  test('that have not expired are a condition, and the annotation says for what and until when', () => {
    const { granted, condition } = intrusionOf([
      waiver(AGENT, '2026-11-30'),
      waiver({ ...AGENT, name: 'old' }, '2026-11-29'),
    ]);
    assert.deepEqual(granted, [
      { match: AGENT, owner: 'team-logs', reason: 'It reads logs.', expires: '2026-11-30' },
    ]);
    assert.match(condition ?? '', /'agent'/);
    assert.doesNotMatch(condition ?? '', /'old'/);
  });

  test('of a kind of another group waive none of Kubernetes', () => {
    for (const [group, isThere] of [
      ['apps', true],
      ['apps.kruise.io', false],
    ] as const) {
      const { condition } = intrusionOf([waiver({ ...AGENT, group }, 'never')]);
      assert.equal(condition !== undefined, isThere, group);
    }
  });

  test('of other policies are not in it', () => {
    const others = { ...waiver(AGENT, 'never'), policies: ['scheduler-bypass'] };
    assert.deepEqual(intrusionOf([others]), { granted: null, condition: undefined });
  });
});

describe('docs/admission.md', () => {
  const page = textOf('docs/admission.md');
  const [profile = '', excerpt = ''] = [/^apiVersion: /, /^- name: tolerates_/].map((begin) =>
    [...page.matchAll(/^```yaml\n([\s\S]+?)^```$/gm)]
      .map(([, text = '']) => text)
      .find((text) => begin.test(text)),
  );

  test('its profile for tainted servers of k3s has both policies that keep workloads off', () => {
    const bulkhead = bulkheadOf(built);
    const own = bulkhead.readProfile(profile);
    const names = [...bulkhead.generate('vap', { profile: own }).keys()];
    assert.ok(names.includes('control-plane-intrusion.yaml'));
    assert.ok(names.includes('scheduler-bypass.yaml'));
  });

  test('its excerpt is what is generated for kubeadm', () => {
    const [named] = parse(excerpt);
    const made = documentsOf(kubeadm).flatMap(({ documents }) => documents[0].spec.variables);
    assert.deepEqual(
      made.find(({ name }) => name === named.name),
      named,
    );
  });

  test('it names every condition by which a request is left out', () => {
    const exempting = { ...kubeadm, exemptNamespaces: ['ops'] };
    const names = documentsOf(exempting, 'deny', [waiver(AGENT, 'never')]).flatMap(
      ({ documents }): { name: string }[] => documents[0].spec.matchConditions,
    );
    const [, row = ''] = /\| `matchConditions` \|(.*)/.exec(page) ?? [];
    assert.deepEqual(
      [...new Set(names.map(({ name }) => name))].sort(),
      [...row.matchAll(/`([^`]+)`/g)].map(([, name]) => name).sort(),
    );
  });
});

test('what is generated is our own, and a check has nothing to say about it', () => {
  const { check } = bulkheadOf(built);
  for (const name of PROFILE_NAMES) {
    const made = generateAdmission(built, shippedProfile(name), 'deny', {
      waivers: [waiver(AGENT, 'never')],
      today: '2026-11-30',
    });
    const files = Object.fromEntries([...made].filter(([file]) => file !== 'kustomization.yaml'));
    const alone = check(files, { profile: 'kubeadm' });
    assert.deepEqual(
      [alone.findings, alone.inputErrors, alone.notes.map(({ code }) => code)],
      [[], [], ['NOTHING_CHECKED']],
      name,
    );
  }
});
