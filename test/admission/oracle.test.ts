import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import {
  type AdmissionAnswer,
  type AdmissionDecision,
  type AdmissionRequest,
  askAdmission,
  type BoundPolicy,
} from '../support/admission-oracle.ts';

// What tools/admission-oracle reports. Tests of our policies rely on it, so that it must not hide anything.

const PODS = { group: '', version: 'v1', resource: 'pods' };
const NODES = { group: '', version: 'v1', resource: 'nodes' };
const ALICE = { username: 'alice', groups: ['system:authenticated'] };
const CONTAINER = { name: 'web', image: 'web' };
const FALSE = { expression: 'false' };
/** Costs the square of the number of tolerations. */
const SQUARE = 'object.spec.tolerations.all(a, object.spec.tolerations.all(b, a != b || a == b))';
const WILDCARD =
  "object.spec.?tolerations.orValue([]).exists(t, t.?operator.orValue('Equal') == 'Exists' && !has(t.key))";

describe('a policy that refuses pods with a wildcard toleration', () => {
  const spec = {
    variables: [{ name: 'wildcard', expression: WILDCARD }],
    validations: [
      {
        expression: '!variables.wildcard',
        messageExpression: "object.metadata.name + ' tolerates everything'",
        reason: 'Forbidden',
      },
    ],
    auditAnnotations: [{ key: 'asked', valueExpression: 'request.userInfo.username' }],
  };

  test('denies one, with its message and the answer of the API server', async () => {
    const decision = await decide(spec, pod({ tolerations: [{ operator: 'Exists' }] }));
    assert.equal(decision.action, 'deny');
    assert.equal(decision.message, 'web tolerates everything');
    assert.equal(decision.reason, 'Forbidden');
    assert.equal(decision.refusal?.code, 403);
    assert.match(
      decision.refusal?.message ?? '',
      /^pods "web" is forbidden: .* tolerates everything$/,
    );
    assert.deepEqual(decision.errors, []);
  });

  test('admits another', async () => {
    const decision = await decide(spec, pod({ tolerations: [{ key: 'a', operator: 'Exists' }] }));
    assert.equal(decision.action, 'admit');
    assert.equal(decision.refusal, undefined);
    assert.deepEqual(decision.auditAnnotations, { asked: 'alice' });
  });

  test('is still a denial, but no refusal, if the binding only warns', async () => {
    const asked = bound(spec, { validationActions: ['Warn'] });
    const { answers } = await askAdmission(
      [asked],
      [pod({ tolerations: [{ operator: 'Exists' }] })],
    );
    const decision = only(answers);
    assert.equal(decision.action, 'deny');
    assert.equal(decision.refusal, undefined);
  });

  test('is not asked about an object that API validation refuses', async () => {
    const answer = await ask(spec, pod({ tolerations: [{ operator: 'Always' }] }));
    assert.match(
      answer.invalid?.join() ?? '',
      /spec\.tolerations\[0\]\.operator: Unsupported value/,
    );
    assert.equal(answer.undecodable, undefined);
    assert.deepEqual(answer.decisions, []);
  });

  test('is not asked about an object that the API server cannot read', async () => {
    const answer = await ask(spec, pod({ tolerations: 'all' }));
    assert.match(answer.undecodable ?? '', /spec\.tolerations/);
    assert.equal(answer.invalid, undefined);
    assert.deepEqual(answer.decisions, []);
  });

  test('is not asked about other operations', async () => {
    const { object } = pod();
    const answer = await ask(spec, { ...pod(), operation: 'DELETE', oldObject: object ?? {} });
    const decision = only([answer]);
    assert.equal(decision.matches, false);
    assert.equal(decision.action, 'skip');
  });

  test('costs what its expressions cost', async () => {
    const few = await decide(spec, pod({ tolerations: tolerations(1) }));
    const many = await decide(spec, pod({ tolerations: tolerations(100) }));
    assert.ok(few.cost.total > 0 && few.cost.annotations > 0, JSON.stringify(few.cost));
    assert.equal(few.cost.conditions, 0);
    assert.ok(many.cost.largest > few.cost.largest + 99, JSON.stringify(many.cost));
    assert.ok(many.cost.total > many.cost.largest, JSON.stringify(many.cost));
  });
});

describe('errors of expressions', () => {
  const missing = 'object.spec.nodeSelector.size() == 0';

  test('a validation fails as failurePolicy has it', async () => {
    const validations = [{ expression: missing }];
    const failed = await decide({ failurePolicy: 'Fail', validations }, pod());
    assert.equal(failed.action, 'error');
    assert.match(
      failed.errors.join(),
      /^spec\.validations\[0\]\.expression: .*no such key: nodeSelector$/,
    );
    assert.equal(failed.refusal?.code, 422);
    const ignored = await decide({ failurePolicy: 'Ignore', validations }, pod());
    assert.equal(ignored.action, 'error');
    assert.deepEqual(ignored.errors, failed.errors);
    assert.equal(ignored.refusal, undefined);
  });

  test('a match condition fails, with either failurePolicy', async () => {
    const spec = { matchConditions: [{ name: 'a', expression: missing }], validations: [FALSE] };
    const failed = await decide({ failurePolicy: 'Fail', ...spec }, pod());
    assert.equal(failed.action, 'error');
    assert.equal(failed.conditions, undefined);
    assert.match(failed.errors.join(), /^spec\.matchConditions\[0\].*no such key: nodeSelector$/);
    assert.equal(failed.refusal?.code, 422);
    const ignored = await decide({ failurePolicy: 'Ignore', ...spec }, pod());
    assert.equal(ignored.action, 'error');
    assert.deepEqual(ignored.errors, failed.errors);
    assert.equal(ignored.refusal, undefined);
  });

  test('a variable fails where the validation hides it', async () => {
    const variables = [{ name: 'hidden', expression: missing }];
    const validations = [{ expression: 'variables.hidden || true' }];
    const decision = await decide({ variables, validations }, pod());
    assert.equal(decision.action, 'admit');
    assert.deepEqual(decision.errors, ['spec.variables hidden: no such key: nodeSelector']);
  });

  for (const [name, messageExpression] of [
    ['fails', 'string(object.spec.nodeSelector.size())'],
    ['is empty', "' '"],
    ['has two lines', "'a\\nb'"],
    [
      'is too long',
      "['123456789 '].map(a, a+a+a+a).map(a, a+a+a+a).map(a, a+a+a+a).map(a, a+a+a+a).map(a, a+a+a+a).map(a, a+a+a+a)[0]",
    ],
  ] as const) {
    test(`a messageExpression ${name}`, async () => {
      const validations = [{ ...FALSE, messageExpression, message: 'the other' }];
      const decision = await decide({ validations }, pod());
      assert.equal(decision.action, 'deny');
      assert.equal(decision.message, 'the other');
      assert.match(decision.errors.join(), /^spec\.validations\[0\]\.messageExpression: /);
    });
  }

  test('a messageExpression of a validation that holds fails', async () => {
    const messageExpression = 'string(object.spec.nodeSelector.size())';
    const validations = [{ expression: 'true', messageExpression }];
    const decision = await decide({ validations }, pod());
    assert.equal(decision.action, 'admit');
    assert.equal(decision.errors.length, 1);
  });

  test('an empty messageExpression of a validation that holds is none', async () => {
    const decision = await decide(
      { validations: [{ expression: 'true', messageExpression: "''" }] },
      pod(),
    );
    assert.deepEqual(decision.errors, []);
  });

  test('an audit annotation fails', async () => {
    const auditAnnotations = [
      { key: 'a', valueExpression: 'string(object.spec.nodeSelector.size())' },
    ];
    const decision = await decide(
      { validations: [{ expression: 'true' }], auditAnnotations },
      pod(),
    );
    assert.equal(decision.action, 'error');
    assert.match(decision.errors.join(), /^spec\.auditAnnotations\[0\]/);
    assert.equal(decision.refusal?.code, 422);
  });

  test('the limit of an expression', async () => {
    const decision = await decide(
      { validations: [{ expression: SQUARE }] },
      pod({ tolerations: tolerations(3000) }),
    );
    assert.equal(decision.action, 'error');
    assert.match(decision.errors.join(), /actual cost limit exceeded$/);
    assert.ok(decision.cost.largest > 1_000_000, JSON.stringify(decision.cost));
  });

  // Searches 200,000 characters 40 times: 800,000 of an expression's 1,000,000.
  const expensive = `[${'0,'.repeat(39)}0].all(i, !object.metadata.annotations.long.contains('b'))`;
  const metadata = { name: 'web', annotations: { long: 'a'.repeat(200_000) } };
  const long = { ...pod(), object: { ...pod().object, metadata } };

  test('the budget of a policy, of expressions that are each within the limit', async () => {
    const validations = Array.from({ length: 13 }, () => ({ expression: expensive }));
    const decision = await decide({ validations }, long);
    assert.equal(decision.action, 'error', JSON.stringify(decision.cost));
    assert.match(
      decision.errors.join(),
      /^spec\.validations, budget 10000000: .*out of cost budget/,
    );
    const { largest, total } = decision.cost;
    assert.ok(largest < 1_000_000 && total > 10_000_000, `${largest} of ${total}`);
  });

  test('the budget of match conditions, also if failurePolicy ignores it', async () => {
    const matchConditions = ['a', 'b', 'c', 'd'].map((name) => ({ name, expression: expensive }));
    const spec = { failurePolicy: 'Ignore', matchConditions, validations: [FALSE] };
    const decision = await decide(spec, long);
    assert.equal(decision.action, 'error', JSON.stringify(decision.cost));
    assert.match(decision.errors.join(), /^spec\.matchConditions, budget 2500000: /);
    assert.ok(decision.cost.conditions > 2_500_000, JSON.stringify(decision.cost));
    assert.equal(decision.refusal, undefined);
  });
});

describe('match conditions', () => {
  const expression = "request.userInfo.username == 'system:kube-scheduler'";
  const asked = bound({
    matchConditions: [{ name: 'scheduler', expression }],
    validations: [FALSE],
  });

  test('that do not hold skip the validations', async () => {
    const { answers } = await askAdmission([asked], [pod()]);
    const decision = only(answers);
    assert.equal(decision.matches, true);
    assert.equal(decision.conditions, false);
    assert.equal(decision.action, 'skip');
    assert.ok(decision.cost.conditions > 0, JSON.stringify(decision.cost));
    assert.equal(decision.cost.total, 0);
  });

  test('see the user of a binding', async () => {
    const object = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: 'web', namespace: 'shop' },
      target: { kind: 'Node', name: 'node-1' },
    };
    const binding = {
      operation: 'CREATE',
      object,
      userInfo: { username: 'system:kube-scheduler' },
    } as const;
    const { answers } = await askAdmission(
      [asked],
      [
        { ...binding, resource: PODS, subresource: 'binding' },
        { ...binding, resource: { ...PODS, resource: 'bindings' } },
      ],
    );
    for (const answer of answers) {
      assert.equal(only([answer]).action, 'deny');
      assert.deepEqual(answer.object, object);
    }
  });
});

describe('invalid policies', () => {
  test('a misspelt field, a missing function and a binding of another policy', async () => {
    const unknown = bound({ validation: [FALSE], validations: [FALSE] });
    const uncompiled = bound({ validations: [{ expression: 'unknown()' }] });
    const unbound = bound({ validations: [FALSE] }, { policyName: 'other' });
    const { policies, answers } = await askAdmission([unknown, uncompiled, unbound], [pod()]);
    assert.match(policies[0]?.invalid?.join() ?? '', /unknown field "spec\.validation"/);
    assert.match(policies[1]?.invalid?.join() ?? '', /undeclared reference to 'unknown'/);
    assert.match(policies[2]?.invalid?.join() ?? '', /"other"/);
    for (const decision of answers[0]?.decisions ?? []) {
      assert.equal(decision.action, 'error');
      assert.notDeepEqual(decision.errors, []);
    }
    assert.equal(answers[0]?.decisions.length, 3);
  });

  test('expressions that an older version does not know', async () => {
    const newer = bound({ validations: [{ expression: '[1].all(index, value, index < value)' }] });
    const older = bound({ validations: [{ expression: 'sets.contains([1], [1])' }] });
    const invalid = async (compatibility?: string) => {
      const { policies } = await askAdmission([newer, older], [], { compatibility });
      return policies.map((policy) => policy.invalid !== undefined);
    };
    assert.deepEqual(await invalid(), [false, false]);
    assert.deepEqual(await invalid('1.29'), [true, false]);
    assert.deepEqual(await invalid('1.28'), [true, true]);
  });
});

describe('objects as the policies see them', () => {
  const template = (kind: string, more: JsonObject = {}): JsonObject => ({
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [CONTAINER], ...(kind === 'Job' ? { restartPolicy: 'Never' } : {}) },
    },
    ...more,
  });
  const job = { template: { spec: { containers: [CONTAINER], restartPolicy: 'Never' } } };

  for (const [group, resource, kind, spec] of [
    [
      '',
      'replicationcontrollers',
      'ReplicationController',
      template('', { selector: { app: 'web' } }),
    ],
    ['apps', 'deployments', 'Deployment', template('')],
    ['apps', 'replicasets', 'ReplicaSet', template('')],
    ['apps', 'daemonsets', 'DaemonSet', template('')],
    ['apps', 'statefulsets', 'StatefulSet', template('', { serviceName: 'web' })],
    ['batch', 'jobs', 'Job', job],
    ['batch', 'cronjobs', 'CronJob', { schedule: '0 0 * * *', jobTemplate: { spec: job } }],
    ['', 'pods', 'Pod', { containers: [CONTAINER] }],
  ] as const) {
    test(`${kind} has defaults and a generated name, and no unknown field`, async () => {
      const object = { metadata: { generateName: 'web-' }, spec: { ...spec, unknown: true } };
      const request = {
        operation: 'CREATE',
        resource: { group, version: 'v1', resource },
        userInfo: ALICE,
        object,
      } as const;
      const { answers } = await askAdmission([], [request]);
      const seen = JSON.stringify(answers[0]);
      assert.match(seen, new RegExp(`"kind":"${kind}"`));
      assert.match(seen, /"name":"web-\w{5}"/);
      assert.match(seen, /"schedulerName":"default-scheduler"/);
      assert.doesNotMatch(seen, /unknown|managedFields/);
    });
  }

  test('an update keeps what the endpoint does not write', async () => {
    const stored = {
      metadata: { name: 'node-1', labels: { a: 'old' } },
      spec: { unschedulable: true },
    };
    const sent = {
      metadata: { name: 'node-1', labels: { a: 'new' } },
      status: { phase: 'Running' },
    };
    const update = {
      operation: 'UPDATE',
      resource: NODES,
      userInfo: { username: 'system:node:node-1' },
      object: sent,
      oldObject: stored,
    } as const;
    const { answers } = await askAdmission([], [update, { ...update, subresource: 'status' }]);
    const [node, status] = answers.map(({ object }) => object as typeof sent & typeof stored);
    assert.deepEqual([node?.metadata.labels.a, status?.metadata.labels.a], ['new', 'new']);
    assert.deepEqual([node?.spec.unschedulable, status?.spec.unschedulable], [undefined, true]);
    assert.deepEqual([node?.status.phase, status?.status.phase], [undefined, 'Running']);
    assert.match(JSON.stringify(answers[0]?.oldObject), /"a":"old"/);
  });

  test('a stored object need not be valid', async () => {
    const node = (labels: JsonObject): JsonObject => ({ metadata: { name: 'node-1', labels } });
    const update = { operation: 'UPDATE', resource: NODES, userInfo: ALICE } as const;
    const asked = [
      { ...update, object: node({ valid: '' }), oldObject: node({ '!': '' }) },
      { ...update, object: node({ '!': '' }), oldObject: node({ valid: '' }) },
    ];
    const { answers } = await askAdmission([], asked);
    assert.match(JSON.stringify(answers[0]?.oldObject), /"!"/);
    assert.match(answers[1]?.invalid?.join() ?? '', /^metadata\.labels: Invalid value/);
  });

  test('an update in a namespace', async () => {
    const { object = {} } = pod();
    const labelled = { ...object, metadata: { name: 'web', labels: { a: 'b' } } };
    const request = { ...pod(), operation: 'UPDATE', oldObject: object, object: labelled } as const;
    for (const namespace of ['default', 'shop']) {
      const answer = await ask({ validations: [FALSE] }, { ...request, namespace });
      assert.equal(only([answer]).action, 'deny');
      assert.match(JSON.stringify(answer.oldObject), new RegExp(`"namespace":"${namespace}"`));
      assert.match(JSON.stringify(answer.object), /"labels":{"a":"b"}/);
    }
  });
});

test('only the named policies are asked', async () => {
  const both = [
    bound({ validations: [FALSE] }, {}, 'one'),
    bound({ validations: [FALSE] }, {}, 'two'),
  ];
  const { answers } = await askAdmission(both, [{ ...pod(), policies: ['two'] }, pod()]);
  const asked = answers.map(({ decisions }) => decisions.map(({ policy }) => policy));
  assert.deepEqual(asked, [['two'], ['one', 'two']]);
});

function bound(spec: JsonObject, binding: JsonObject = {}, name = 'policy'): BoundPolicy {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const rule = {
    apiGroups: [''],
    apiVersions: ['v1'],
    operations: ['CREATE', 'UPDATE'],
    resources: ['pods', 'pods/binding', 'bindings'],
  };
  return {
    policy: {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: { matchConstraints: { resourceRules: [rule] }, ...spec },
    },
    binding: {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: ['Deny'], ...binding },
    },
  };
}

function pod(spec: JsonObject = {}): AdmissionRequest {
  const object = { metadata: { name: 'web' }, spec: { containers: [CONTAINER], ...spec } };
  return { operation: 'CREATE', resource: PODS, userInfo: ALICE, object };
}

function tolerations(count: number): readonly JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({ key: `k${index}`, operator: 'Exists' }));
}

async function ask(spec: JsonObject, request: AdmissionRequest): Promise<AdmissionAnswer> {
  const { policies, answers } = await askAdmission([bound(spec)], [request]);
  assert.deepEqual(policies, [{ name: 'policy' }]);
  const [answer] = answers;
  assert.ok(answer, 'no answer');
  return answer;
}

async function decide(spec: JsonObject, request: AdmissionRequest): Promise<AdmissionDecision> {
  return only([await ask(spec, request)]);
}

function only(answers: readonly AdmissionAnswer[]): AdmissionDecision {
  const [decision] = answers.flatMap(({ decisions }) => decisions);
  assert.ok(decision, JSON.stringify(answers));
  return decision;
}
