import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { constraintTemplate } from '../../src/gatekeeper/template.ts';
import { generateConftest } from '../../src/generate.ts';
import {
  ADVERSE_PARAMETERS,
  type AdverseParameters,
  COMPONENT,
  OTHER,
  soundParameters,
} from '../support/adverse-parameters.ts';
import { ROOT, shippedProfile } from '../support/bulkhead.ts';
import { run } from './run.ts';
import { bulkhead } from './surfaces.ts';
import { waiver } from './waived.ts';

// Constraints that someone wrote with a mistake: the schema of the template refuses them, or each object that
// they are about is a violation. test/e2e/gatekeeper.test.ts asks a real API server.

for (const name of ['gator', 'gator-oldest'] as const) {
  describe(`${name}: a mistake in the parameters never passes in silence`, () => {
    test('the objects have no fault under parameters without a mistake', async () => {
      for (const sound of soundParameters()) {
        assert.deepEqual(await messages(name, sound), [], sound.policy);
      }
    });
    for (const adverse of ADVERSE_PARAMETERS) {
      const { says, policy } = adverse;
      test(`${policy}: ${adverse.name} is ${says === undefined ? 'refused' : 'a violation'}`, async () => {
        const answer = await messages(name, adverse);
        if (says === undefined) assert.match(String(answer), /spec\.parameters/);
        else assert.ok(Array.isArray(answer) && answer.includes(says), String(answer));
      });
    }
  });
}

/** What is said of two objects without a fault, or why the Constraint is refused. */
async function messages(
  name: 'gator' | 'gator-oldest',
  { policy: id, constraint }: Pick<AdverseParameters, 'policy' | 'constraint'>,
): Promise<readonly string[] | string> {
  const policy = bulkhead.catalogue.policies.find((one) => one.id === id);
  assert.ok(policy);
  const objects = [
    constraintTemplate(policy, bulkhead.sources().policies),
    constraint,
    COMPONENT,
    OTHER,
  ];
  const files = new Map(objects.map((object, index) => [`${index}.json`, JSON.stringify(object)]));
  try {
    const argv = (directory: string) => ['test', '-f', directory, '-o', 'json'];
    const printed = await run({ name, argv, files });
    const results: readonly { msg: string }[] = printed === '' ? [] : (JSON.parse(printed) ?? []);
    return results.map(({ msg }) => msg);
  } catch (error) {
    return String(error);
  }
}

test('conftest: a mistake in its data is a violation', async () => {
  const waivers = [
    waiver('control-plane-intrusion', { kind: 'Pod', namespace: 'shop', name: 'web' }),
  ];
  const waiving = { waivers, today: '2026-01-01' };
  const [data = ''] = generateConftest(bulkhead, shippedProfile('kubeadm'), waiving).values();
  for (const [from, to, says] of [
    ['nodeRole: all', 'nodeRole: contol-plane', 'have no role contol-plane'],
    ['effect: NoSchedule', 'effect: noschedule', 'has the unknown effect "noschedule"'],
    [
      'name: web',
      'name: "*we*"',
      'nothing is waived: waivers[0] has no name, or one with two stars',
    ],
  ] as const) {
    const printed = await run({
      name: 'conftest',
      argv: (directory) => [
        ...['test', '-p', join(ROOT, 'policies'), '-p', join(ROOT, 'conftest', 'policy')],
        ...['-d', join(directory, 'data'), '-o', 'json', join(directory, 'object.json')],
      ],
      files: new Map([
        ['data/kubeadm.yaml', data.replaceAll(from, to)],
        ['object.json', JSON.stringify(COMPONENT)],
      ]),
    });
    assert.ok(printed.includes(JSON.stringify(says).slice(1, -1)), printed);
  }
});
