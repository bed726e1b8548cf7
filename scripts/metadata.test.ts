import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UserError } from '../src/errors.ts';
import { readCatalogue } from './metadata.ts';

const WORKLOADS = {
  Pod: { groups: [''], template: [] },
  Deployment: { groups: ['extensions', 'apps'], template: ['spec', 'template'] },
};

const CUSTOM = {
  category: 'placement',
  severity: 'error',
  kinds: ['workload'],
  columns: ['nodeRole'],
  parameters: ['components'],
  optional: ['customWorkloads'],
  inventory: ['controller'],
  referential: false,
  admission: 'warn',
  rationale: 'It matters.',
  remediation: 'Mend it.',
};

function inspection(custom: object, rest: object = {}) {
  return {
    annotations: [
      {
        path: ['data', 'policies', 'some-fault'].map((value) => ({ value })),
        annotations: { scope: 'package', title: 'T', description: 'D', custom, ...rest },
      },
      { path: [{ value: 'data' }, { value: 'lib' }], annotations: { scope: 'package' } },
    ],
  };
}

const SURROUNDINGS = { workloads: WORKLOADS, customKinds: {}, version: '1.2.3' };

test('the METADATA of a package of policies makes a policy', () => {
  assert.deepEqual(readCatalogue(inspection(CUSTOM), SURROUNDINGS).policies, [
    {
      id: 'some-fault',
      version: '1.2.3',
      title: 'T',
      description: 'D',
      category: 'placement',
      severity: 'error',
      rationale: 'It matters.',
      remediation: 'Mend it.',
      resources: [],
      kinds: [
        { kind: 'Deployment', groups: ['apps', 'extensions'], template: ['spec', 'template'] },
        { kind: 'Pod', groups: [''], template: [] },
      ],
      columns: ['nodeRole'],
      parameters: ['components', 'customWorkloads'],
      optional: ['customWorkloads'],
      inventory: [
        { kind: 'Deployment', groups: ['apps', 'extensions'], template: ['spec', 'template'] },
      ],
      referential: false,
      admission: 'warn',
      operations: ['CREATE', 'UPDATE'],
    },
  ]);
});

describe('METADATA that lacks something or says it wrong is refused', () => {
  for (const [name, value] of Object.entries({
    category: undefined,
    severity: 'fatal',
    kinds: ['workloads'],
    columns: ['role'],
    parameters: 'components',
    inventory: undefined,
    referential: 'no',
    rationale: ' ',
    remediation: undefined,
  })) {
    test(name, () => {
      assert.throws(
        () => readCatalogue(inspection({ ...CUSTOM, [name]: value }), SURROUNDINGS),
        (error) =>
          error instanceof UserError &&
          error.code === 'POLICY_INVALID' &&
          error.message.includes(`custom.${name}`),
      );
    });
  }
});

test('a folder without policies is refused', () => {
  assert.throws(() => readCatalogue({ annotations: [] }, SURROUNDINGS), UserError);
});
