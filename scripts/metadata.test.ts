import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readCatalogue } from './metadata.ts';
import type { Reach } from './reach.ts';

const WORKLOADS = {
  Pod: { groups: [''], template: [] },
  Deployment: { groups: ['extensions', 'apps'], template: ['spec', 'template'] },
};

const CUSTOM = {
  category: 'placement',
  severity: 'error',
  kinds: ['workload'],
  columns: ['nodeRole'],
  requires: ['controller'],
  admission: 'warn',
  rationale: 'It matters.',
  remediation: 'Fix it.',
};

function inspection(custom: object, reads: unknown = ['controller', 'node']) {
  return {
    annotations: [
      {
        path: ['data', 'policies', 'some-fault'].map((value) => ({ value })),
        annotations: { scope: 'package', title: 'T', description: 'D', custom },
      },
      {
        path: ['data', 'lib', 'table', 'owners'].map((value) => ({ value })),
        annotations: { scope: 'package', custom: { reads } },
      },
    ],
  };
}

const PARAMETERS = ['components', 'customWorkloads'] as const;

function reach(...kinds: string[]): Reach {
  return { readers: new Map([['lib.table.owners', new Set(kinds)]]), parameters: PARAMETERS };
}

const SURROUNDINGS = {
  workloads: WORKLOADS,
  customKinds: {},
  reach: new Map([['some-fault', reach('Node')]]),
  version: '1.2.3',
  repository: 'https://example.org/project',
};

test('a policy is read from the METADATA of its package', () => {
  assert.deepEqual(readCatalogue(inspection(CUSTOM), SURROUNDINGS).policies, [
    {
      id: 'some-fault',
      version: '1.2.3',
      title: 'T',
      description: 'D',
      category: 'placement',
      severity: 'error',
      rationale: 'It matters.',
      remediation: 'Fix it.',
      resources: [],
      kinds: [
        { kind: 'Deployment', groups: ['apps', 'extensions'], template: ['spec', 'template'] },
        { kind: 'Pod', groups: [''], template: [] },
      ],
      columns: ['nodeRole'],
      parameters: ['components', 'customWorkloads'],
      optional: ['customWorkloads'],
      inventory: [
        { kind: 'Node', groups: [''], isClusterScoped: true },
        { kind: 'Deployment', groups: ['apps', 'extensions'], template: ['spec', 'template'] },
      ],
      isExemptable: false,
      required: [
        { kind: 'Deployment', groups: ['apps', 'extensions'], template: ['spec', 'template'] },
      ],
      admission: 'warn',
      operations: ['CREATE', 'UPDATE'],
    },
  ]);
});

describe('METADATA that is incomplete or invalid is an error', () => {
  for (const [name, value] of Object.entries({
    category: undefined,
    severity: 'fatal',
    kinds: ['workloads'],
    columns: ['role'],
    requires: ['service'],
    security: 11,
    rationale: ' ',
    remediation: undefined,
  })) {
    test(name, () => {
      assert.throws(
        () => readCatalogue(inspection({ ...CUSTOM, [name]: value }), SURROUNDINGS),
        (error) => error instanceof Error && error.message.includes(`custom.${name}`),
      );
    });
  }
});

test('a policy may say how much it weighs as a security problem', () => {
  const securityOf = (custom: object) =>
    readCatalogue(inspection(custom), SURROUNDINGS).policies[0]?.security;
  assert.equal(securityOf(CUSTOM), undefined);
  assert.equal(securityOf({ ...CUSTOM, security: 8.8 }), 8.8);
  for (const security of [0, '8.8', null]) {
    assert.throws(() => securityOf({ ...CUSTOM, security }), /custom\.security must be a number/);
  }
});

test('a parameter that a policy requires is not optional', () => {
  const requires = ['customWorkloads'];
  const [policy] = readCatalogue(inspection({ ...CUSTOM, requires }), SURROUNDINGS).policies;
  assert.deepEqual(policy?.optional, []);
  assert.deepEqual(policy?.required, []);
});

describe('a package that reads other objects must declare their kinds', () => {
  const rejected = (reads: unknown, surroundings = SURROUNDINGS) =>
    assert.throws(
      () => readCatalogue(inspection(CUSTOM, reads), surroundings),
      /METADATA of lib\.table\.owners: custom\.reads/,
    );
  test('it declares nothing', () => rejected(null));
  test('it declares an unknown word', () => rejected(['controllers']));
  test('it leaves out a kind that one of its rules names', () => {
    rejected(['controller']);
    rejected(['node'], { ...SURROUNDINGS, reach: new Map([['some-fault', reach('Service')]]) });
  });
});

test('a directory without policies is an error', () => {
  assert.throws(() => readCatalogue({ annotations: [] }, SURROUNDINGS), /no policy has METADATA/);
});
