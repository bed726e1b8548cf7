import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { bind, catalogueFor } from '../policy/parameters.ts';
import { isOnlyRead, type Module, type Policy } from '../policy/policy.ts';
import type { Profile } from '../profile/profile.ts';
import { constraint } from './constraint.ts';
import { FIRST_STAGE } from './enforcement.ts';
import { constraintTemplate } from './template.ts';

/** A row of a policy's table of cases, as far as a suite needs it. */
export interface SuiteCase {
  readonly name: string;
  readonly profile: Profile;
  readonly object: JsonObject;
  readonly inventory: readonly JsonObject[];
  readonly expect: readonly { readonly msg: string }[];
}

/**
 * The files of a `gator verify` suite for a policy, by path: one test a row, with the row's own
 * parameters. Rows to which the profile gives the policy nothing to judge are left out, since there
 * is no Constraint for them, and so are rows whose object no cluster can have.
 */
export function suite(
  policy: Policy,
  modules: readonly Module[],
  cases: readonly SuiteCase[],
): ReadonlyMap<string, JsonValue> {
  const files = new Map<string, JsonValue>();
  files.set('template.yaml', constraintTemplate(policy, modules));
  const tests: JsonObject[] = [];
  cases.forEach((row, index) => {
    const parameters = bind({ policies: [policy] }, row.profile).get(policy.id);
    const { apiVersion, kind } = row.object;
    const resource = { apiVersion: String(apiVersion), kind: String(kind) };
    if (parameters === undefined || isOnlyRead(policy, resource)) return;
    const inventory = row.inventory.map((_, number) => `${index}/inventory-${number}.yaml`);
    const [known = policy] = catalogueFor({ policies: [policy] }, row.profile).policies;
    files.set(
      `${index}/constraint.yaml`,
      constraint(known, parameters, { profile: row.profile, stage: FIRST_STAGE }),
    );
    files.set(`${index}/object.yaml`, row.object);
    row.inventory.forEach((object, number) => {
      files.set(inventory[number] ?? '', object);
    });
    tests.push({
      name: row.name,
      template: 'template.yaml',
      constraint: `${index}/constraint.yaml`,
      cases: [
        {
          name: row.name,
          object: `${index}/object.yaml`,
          ...(inventory.length > 0 && { inventory }),
          assertions: assertions(row.expect),
        },
      ],
    });
  });
  files.set('suite.yaml', {
    apiVersion: 'test.gatekeeper.sh/v1alpha1',
    kind: 'Suite',
    metadata: { name: policy.id },
    tests,
  });
  return files;
}

function assertions(expect: SuiteCase['expect']): readonly JsonObject[] {
  const messages = new Set(expect.map(({ msg }) => msg));
  return [
    { violations: expect.length },
    ...[...messages].map((msg) => ({
      violations: expect.filter((one) => one.msg === msg).length,
      message: `^${msg.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`,
    })),
  ];
}
