import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { BASES, PROFILE_NAMES, profileFile } from '../../scripts/profiles.ts';
import { VALIDATORS, validators } from '../../scripts/validators.ts';
import { ROOT, textOf } from '../../test/support/bulkhead.ts';
import { assertGolden } from '../../test/support/golden.ts';
import { type ErrorCode, type Path, UserError } from '../errors.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import { readYaml, writeYaml } from '../manifest/yaml.ts';
import { validateProfile } from '../schema/validate.generated.js';
import type { Profile } from './profile.ts';
import { type Bases, readProfile } from './read.ts';
import { profileText } from './write.ts';

const INVALID = 'testdata/profiles';
const BROKEN = readdirSync(`${ROOT}/${INVALID}`).sort();
const EXPECTATIONS = /^(?:# expect .*\n)*/;

/** The codes that a profile's text can have. */
const CODES = {
  FILE_UNREADABLE: true,
  PROFILE_CYCLE: true,
  PROFILE_NEWER: true,
  PROFILE_SYNTAX: true,
  PROFILE_INVALID: true,
  PROFILE_ROLE_UNKNOWN: true,
  PROFILE_ROLE_UNMARKED: true,
  PROFILE_COMPONENT_DUPLICATE: true,
  PROFILE_ROW_UNMATCHABLE: true,
  PROFILE_UNKNOWN: true,
} as const satisfies Partial<Record<ErrorCode, true>> &
  Record<Extract<ErrorCode, `PROFILE_${string}`>, true>;

// The first lines of a broken profile say what is wrong with it: `# expect 20:15 PROFILE_ROLE_UNKNOWN …`.
// UPDATE_GOLDEN=1 rewrites them.
describe('a broken profile', () => {
  for (const name of BROKEN) {
    const file = `${INVALID}/${name}`;
    test(`${name}: every mistake is reported with its place and what was expected`, () => {
      const text = textOf(file);
      const body = text.replace(EXPECTATIONS, '');
      const unknown = expectations('?\n'.repeat(mistakesOf(file, body).length));
      const mistakes = mistakesOf(file, unknown + body);
      assert.ok(mistakes.length > 0);
      assertGolden(file, expectations(mistakes.join('')) + body);
    });
  }

  test('an empty file lacks everything', () => {
    assert.deepEqual(mistakesOf('empty.yaml', ''), [
      '1:1 PROFILE_INVALID the profile is empty: apiVersion, kind, metadata, nodeRoles and components are required\n',
    ]);
  });

  test('every code of a profile occurs', () => {
    const found = BROKEN.flatMap((name) =>
      mistakesOf(`${INVALID}/${name}`, textOf(`${INVALID}/${name}`)),
    );
    const codes = new Set(found.map((mistake) => mistake.split(' ')[1]));
    assert.deepEqual([...codes].sort(), Object.keys(CODES).sort());
  });

  for (const name of PROFILE_NAMES) {
    test(`null is an error anywhere in ${name}`, () => {
      const { value } = readYaml('', textOf(profileFile(name)), 'PROFILE_SYNTAX');
      const accepted = pathsIn(value).filter(
        (path) => readProfile('', writeYaml(withNull(value, path))).kind === 'profile',
      );
      assert.deepEqual(accepted, []);
    });
  }
});

describe('a valid profile', () => {
  const text = (rest: string) => `apiVersion: bulkhead.dev/v1
kind: Profile
metadata: {name: test}
nodeRoles: {worker: {labels: {role: worker}}}
components: []
${rest}`;
  const plain: Profile = {
    name: 'test',
    title: 'test',
    nodeRoles: [{ name: 'worker', labels: [{ key: 'role', value: 'worker' }], taints: [] }],
    nodeLabels: [],
    schedulers: [],
    customWorkloads: [],
    exemptNamespaces: [],
    schedulerUsers: [],
    controllerUsers: [],
    components: [],
  };
  const replaced = (from: string, to: string) => text('').replace(from, to);
  const row = { name: 'dns', match: { namespace: 'x', name: 'dns' } };

  for (const { name, written, profile } of [
    {
      name: 'what is not written is absent, and the title is the name',
      written: text(''),
      profile: plain,
    },
    {
      name: 'the title may differ from the name, and the description is for people',
      written: replaced('name: test', 'name: test, title: Test it, description: For tests.'),
      profile: { ...plain, title: 'Test it' },
    },
    {
      name: 'paths of pod specs in custom workloads are split into keys',
      written: text(
        'customWorkloads: [{group: shop.example, kind: Till, pods: [spec.drawers.*.spec]}]',
      ),
      profile: {
        ...plain,
        customWorkloads: [
          { group: 'shop.example', kind: 'Till', pods: [['spec', 'drawers', '*', 'spec']] },
        ],
      },
    },
    {
      name: 'the version of Kubernetes is kept as it is written',
      written: text('kubernetes: "1.29"'),
      profile: { ...plain, kubernetes: '1.29' },
    },
    {
      name: 'a row of static pods may list the tolerations of their files',
      written: replaced(
        'components: []',
        'components: [{name: dns, match: {namespace: x, name: dns}, type: Pod, static: true, tolerations: [{operator: Exists}]}]',
      ),
      profile: {
        ...plain,
        components: [{ ...row, type: 'Pod', static: true, tolerations: [{ operator: 'Exists' }] }],
      },
    },
    {
      name: 'schedulers that respect taints are names',
      written: text('schedulers: [bin-packing]'),
      profile: { ...plain, schedulers: ['bin-packing'] },
    },
    {
      name: 'other workloads may have more columns than the node role',
      written: text('otherWorkloads: {nodeRole: worker, disruptionControl: true}'),
      profile: { ...plain, otherWorkloads: { nodeRole: 'worker', disruptionControl: true } },
    },
    {
      name: 'a label of a role may have any value, or be one that its nodes lack',
      written: replaced('{role: worker}', '{role: {exists: true}, old/master: {exists: false}}'),
      profile: {
        ...plain,
        nodeRoles: [
          {
            name: 'worker',
            labels: [
              { key: 'role', exists: true },
              { key: 'old/master', exists: false },
            ],
            taints: [],
          },
        ],
      },
    },
    {
      name: 'several values of a taint are several sets, and so are alternatives',
      written: replaced(
        '{role: worker}',
        '{role: worker}, taints: [{key: a, value: ["", "b"], effect: NoSchedule}], alternativeTaints: [[{key: c, value: {exists: true}, effect: NoExecute}]], optionalTaints: true, optional: true',
      ),
      profile: {
        ...plain,
        nodeRoles: [
          {
            name: 'worker',
            labels: [{ key: 'role', value: 'worker' }],
            taints: [{ key: 'a', value: '', effect: 'NoSchedule' }],
            alternativeTaints: [
              [{ key: 'a', value: 'b', effect: 'NoSchedule' }],
              [{ key: 'c', exists: true, effect: 'NoExecute' }],
            ],
            optionalTaints: true,
            optional: true,
          },
        ],
      },
    },
    {
      name: 'a row may have one of several kinds, a least number of replicas, and several roles',
      written: replaced(
        '{role: worker}}}',
        '{role: worker}}, edge: {labels: {role: edge}}}',
      ).replace(
        'components: []',
        'components: [{name: dns, match: {namespace: "x-*", name: dns}, kinds: [Deployment, DaemonSet], replicas: {min: 2}, nodeRole: [worker, edge]}]',
      ),
      profile: {
        ...plain,
        nodeRoles: [
          ...plain.nodeRoles,
          { name: 'edge', labels: [{ key: 'role', value: 'edge' }], taints: [] },
        ],
        components: [
          {
            name: 'dns',
            match: { namespace: 'x-*', name: 'dns' },
            kinds: ['Deployment', 'DaemonSet'],
            minReplicas: 2,
            nodeRole: ['worker', 'edge'],
          },
        ],
      },
    },
    {
      name: 'a component in an exempt namespace is checked',
      written: replaced(
        'components: []',
        'components: [{name: dns, match: {namespace: x, name: dns}, nodeRole: unreserved}]',
      ).concat('exemptNamespaces: ["*-system", x]\n'),
      profile: {
        ...plain,
        exemptNamespaces: ['*-system', 'x'],
        components: [{ ...row, nodeRole: 'unreserved' }],
      },
    },
    {
      name: 'other workloads may have columns, and no node role',
      written: text('otherWorkloads: {drainable: true}'),
      profile: { ...plain, otherWorkloads: { drainable: true } },
    },
    {
      name: 'what a profile says takes the place of what it extends, by name',
      written: `apiVersion: bulkhead.dev/v1
kind: Profile
metadata: {name: test, title: Test}
extends: [../bases/roles.yaml, ../bases/network.yaml, ../bases/scaler.yaml]
components:
  - {name: network, match: {namespace: kube-system, name: network}, nodeRole: any}
otherWorkloads: {drainable: true}
`,
      profile: {
        ...plain,
        title: 'Test',
        nodeRoles: [
          {
            name: 'master',
            labels: [{ key: 'node-role.kubernetes.io/master', value: '' }],
            taints: [{ key: 'node-role.kubernetes.io/master', value: '', effect: 'NoSchedule' }],
          },
          {
            name: 'worker',
            labels: [{ key: 'node-role.kubernetes.io/node', value: '' }],
            taints: [],
          },
        ],
        components: [
          {
            name: 'network',
            match: { namespace: 'kube-system', name: 'network' },
            nodeRole: 'any',
          },
          {
            name: 'scaler',
            match: { namespace: 'kube-system', name: 'scaler' },
            type: 'Deployment',
            nodeRole: 'master',
          },
        ],
        otherWorkloads: { nodeRole: 'worker', drainable: true },
      },
    },
    {
      name: 'namespaces that are exempt are names',
      written: text('exemptNamespaces: [shop]'),
      profile: { ...plain, exemptNamespaces: ['shop'] },
    },
    {
      name: 'users that bind pods as a scheduler does are names',
      written: text('schedulerUsers: [binder]'),
      profile: { ...plain, schedulerUsers: ['binder'] },
    },
    {
      name: 'users by which controllers make pods are names',
      written: text('controllerUsers: [maker]'),
      profile: { ...plain, controllerUsers: ['maker'] },
    },
    {
      name: 'users are joined to those of what a profile extends, each once',
      written: text(
        'extends: [../bases/users.yaml]\nschedulerUsers: [own]\ncontrollerUsers: [own, maker]',
      ),
      profile: {
        ...plain,
        schedulerUsers: ['binder', 'own'],
        controllerUsers: ['maker', 'other', 'own'],
      },
    },
    {
      name: 'labels of every node are pairs',
      written: text('nodeLabels: {kubernetes.io/os: linux}'),
      profile: { ...plain, nodeLabels: [{ key: 'kubernetes.io/os', value: 'linux' }] },
    },
    {
      name: 'a role may have several labels, and one of them several values',
      written: replaced('{role: worker}', '{role: [worker, node], old/worker: ""}'),
      profile: {
        ...plain,
        nodeRoles: [
          {
            name: 'worker',
            labels: [
              { key: 'role', value: 'worker' },
              { key: 'role', value: 'node' },
              { key: 'old/worker', value: '' },
            ],
            taints: [],
          },
        ],
      },
    },
    {
      name: 'a taint without a value has an empty one, and one key may have two effects',
      written: replaced(
        '{role: worker}',
        '{role: worker}, taints: [{key: a, effect: NoSchedule}, {key: a, value: b, effect: NoExecute}]',
      ),
      profile: {
        ...plain,
        nodeRoles: [
          {
            name: 'worker',
            labels: [{ key: 'role', value: 'worker' }],
            taints: [
              { key: 'a', value: '', effect: 'NoSchedule' },
              { key: 'a', value: 'b', effect: 'NoExecute' },
            ],
          },
        ],
      },
    },
    {
      name: 'a row has the columns that are written and no others',
      written: replaced(
        '[]',
        '[{name: dns, match: {namespace: x, name: dns}, replicas: 0, disruptionControl: false}]',
      ),
      profile: { ...plain, components: [{ ...row, replicas: 0, disruptionControl: false }] },
    },
    {
      name: 'one name may be that of two rows of different kinds',
      written: replaced(
        '[]',
        `
  - {name: one, match: {namespace: x, name: dns, kind: Job}, type: Job}
  - {name: two, match: {namespace: x, name: dns, kind: Pod}, nodeRole: any}`,
      ),
      profile: {
        ...plain,
        components: [
          { name: 'one', match: { ...row.match, kind: 'Job' }, type: 'Job' },
          { name: 'two', match: { ...row.match, kind: 'Pod' }, nodeRole: 'any' },
        ],
      },
    },
  ] satisfies readonly { name: string; written: string; profile: Profile }[]) {
    test(name, () => {
      const file = `${INVALID}/test.yaml`;
      assert.deepEqual(readProfile(file, written, BASES_OF_FILES), { kind: 'profile', profile });
      const text = profileText(profile);
      assert.deepEqual(readProfile(file, text), { kind: 'profile', profile }, text);
    });
  }

  for (const name of ['*', 'etcd-*', '*-etcd', 'a*.b', 'a.b', '0', 'a'.repeat(253)]) {
    test(`a row may match the name ${name.slice(0, 20)}`, () => {
      const match = `[{name: dns, match: {namespace: x, name: "${name}"}, type: Pod}]`;
      assert.equal(readProfile('', replaced('[]', match)).kind, 'profile');
    });
  }
});

describe('the built-in profiles', () => {
  for (const name of PROFILE_NAMES) {
    const file = profileFile(name);
    test(`${name} is valid, and has the name of its directory`, () => {
      const read = readProfile(file, textOf(file), BASES);
      assert.ok(read.kind === 'profile', JSON.stringify(read));
      assert.equal(read.profile.name, name);
      assert.ok(validateProfile(readYaml(file, textOf(file), 'PROFILE_SYNTAX').value));
    });
  }

  test('tectonic-1.6.4 has the rows of the document', () => {
    const file = 'profiles/tectonic-1.6.4/profile.yaml';
    const read = readProfile(file, textOf(file));
    const rows = read.kind === 'profile' ? read.profile.components : [];
    const column = (value: unknown) => (value === undefined ? '-' : String(value));
    assert.deepEqual(
      rows.map((row) =>
        [row.name, row.type, row.replicas, row.nodeRole, row.antiAffinity, row.disruptionControl]
          .map(column)
          .join(' '),
      ),
      [
        'kube-apiserver DaemonSet - master - -',
        'kube-controller-manager Deployment 2 master true true',
        'kube-scheduler Deployment 2 master true true',
        'kube-dns Deployment 1 master - false',
        'kube-flannel DaemonSet - all - -',
        'kube-proxy DaemonSet - all - -',
        'kube-etcd-network-checkpointer DaemonSet - master - -',
        'pod-checkpointer DaemonSet - master - -',
        'etcd-operator Deployment 1 any - false',
        'kube-etcd Pod - master true -',
        'heapster ReplicaSet 1 any - -',
      ],
    );
    assert.deepEqual(read.kind === 'profile' && read.profile.otherWorkloads, {
      nodeRole: 'worker',
    });
  });
});

describe('the schema of profiles', () => {
  test('it describes every property', () => {
    const schema = JSON.parse(textOf('profiles/profile.schema.json'));
    assert.deepEqual(undescribed(schema, '#'), []);
  });

  test('the validator is what scripts/validators.ts makes of it', async () => {
    const message = 'npx tsx scripts/validators.ts makes it again';
    assert.equal(readFileSync(VALIDATORS, 'utf8'), await validators(), message);
  });
});

function mistakesOf(file: string, text: string): readonly string[] {
  const read = readProfile(file, text, BASES_OF_FILES);
  if (read.kind === 'profile') return [];
  return read.errors.map(({ code, place, message }) => {
    const of = place?.file === file ? '' : `${place?.file}:`;
    return `${of}${place?.line}:${place?.column} ${code} ${message}\n`;
  });
}

const BASES_OF_FILES: Bases = {
  ...BASES,
  read: (path, from) => {
    const file = join(dirname(from), path);
    try {
      return { file, text: textOf(file) };
    } catch (cause) {
      throw new UserError('FILE_UNREADABLE', `cannot read ${file}`, { cause });
    }
  },
};

function expectations(lines: string): string {
  return lines.replaceAll(/^(?=.)/gm, '# expect ');
}

function pathsIn(value: JsonValue, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const steps = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...steps.flatMap(([step, child]) => pathsIn(child, [...path, step]))];
}

function withNull(value: JsonValue, [step, ...rest]: Path): JsonValue {
  if (step === undefined || typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === step ? withNull(item, rest) : item));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === step ? withNull(item, rest) : item]),
  );
}

function undescribed(schema: unknown, path: string): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, child]) => {
    const below = undescribed(child, `${path}/${key}`);
    if (key !== 'properties') return below;
    const bare = Object.entries(child).filter(([, property]) => !hasDescription(property));
    return [...bare.map(([name]) => `${path}/properties/${name}`), ...below];
  });
}

function hasDescription(property: unknown): boolean {
  return typeof property === 'object' && property !== null && 'description' in property;
}
