import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { after, describe, type TestContext, test } from 'node:test';
import type { Case } from '../../scripts/cases.ts';
import { CEL_POLICIES } from '../../src/admission/policies.ts';
import { readInput } from '../../src/input.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { reference } from '../../src/kubernetes/objects.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { pathText } from '../../src/report/paths.ts';
import { openSession } from '../../src/session.ts';
import type { AdmissionRequest } from '../support/admission-oracle.ts';
import { manifestsIn, shippedProfile, textOf } from '../support/bulkhead.ts';
import { randomFrom } from '../support/mutate.ts';
import { readThemes } from '../support/red-team.ts';
import { setting, sized } from '../support/settings.ts';
import { randomObjects } from '../surfaces/objects.ts';
import { rows } from '../surfaces/rows.ts';
import { groupBy } from '../surfaces/scene.ts';
import {
  type Agreement,
  agreement,
  type Compared,
  DECLARED,
  type Declared,
  lawOf,
  withoutOwner,
} from './agreement.ts';
import { bulkhead, requestFor } from './asking.ts';
import { ASKS } from './asks.ts';
import { complete } from './complete.ts';
import { corners, randomPlacement, randomRoleNode } from './generators.ts';
import { HOSTILE, PROFILES } from './profiles.ts';

// Compares the ValidatingAdmissionPolicies with the rules that they repeat: every row of cases.yaml, every attempt of
// the red team, random workloads of two sorts. The API server's own code (tools/admission-oracle) reads, defaults and
// validates each object, and evaluates the policies with its budgets. CASES is the number of workloads of each sort
// for each profile, SEED chooses them.

const CASES = setting('CASES', sized(400, 5000));
const SEED = setting('SEED', 20_261_130);

/** Compares, counts, and fails on every difference that is not declared. */
const seen = { declared: new Map<Declared, number>(), denied: new Set<string>() };

function hold(context: TestContext, sets: readonly Agreement[]): void {
  const compared = sets.flatMap((set) => set.compared);
  const sum = (count: (set: Agreement) => number) => sets.reduce((all, set) => all + count(set), 0);
  for (const { declared, cel, policy } of compared) {
    for (const one of declared) seen.declared.set(one, (seen.declared.get(one) ?? 0) + 1);
    if (cel.length > 0) seen.denied.add(policy);
  }
  const denials = compared.filter(({ cel }) => cel.length > 0).length;
  context.diagnostic(
    `${compared.length} decisions, ${denials} of them denials; of the requests ${sum(({ undecodable }) => undecodable)} ` +
      `cannot be decoded and ${sum(({ invalid }) => invalid)} are invalid`,
  );
  assert.ok(compared.length > 0 && denials > 0);
  assert.deepEqual(compared.filter(({ fault }) => fault !== undefined).map(faultOf), []);
}

function faultOf({ policy, fault, law, cel, request, decision }: Compared): object {
  const { operation, userInfo, object } = request;
  return { policy, fault, law, cel, errors: decision.errors, operation, userInfo, object };
}

const isRepeated = (id: string) => id in CEL_POLICIES;

/** The rows of the policies that are repeated. */
const repeated = rows.filter(({ policy }) => isRepeated(policy.id));

test('every row of cases.yaml', async (context) => {
  const asked = repeated.flatMap(({ row }) => {
    const request = requestOf(row);
    return request === undefined ? [] : [{ profile: row.profile, request }];
  });
  context.diagnostic(`${repeated.length} rows, ${asked.length} of what an API server serves`);
  hold(context, await agreements(asked));
});

test('every attempt of the red team', async (context) => {
  const attempts = readThemes().flatMap((theme) => theme.attempts);
  const asked = attempts.flatMap((attempt) => {
    const profile = shippedProfile(attempt.profile);
    const { review } = attempt;
    const objects = review?.object === undefined ? attempt.objects : [review.object];
    return objects.flatMap((object) => {
      const rest = review === undefined ? {} : restOf({ ...review });
      const request = requestFor(complete(object), rest);
      return request === undefined ? [] : [{ profile, request }];
    });
  });
  context.diagnostic(
    `${attempts.length} attempts, ${asked.length} objects of what an API server serves`,
  );
  hold(context, await agreements(asked));
});

for (const profile of [...PROFILES, HOSTILE]) {
  const random = randomFrom(SEED);
  const sorts = {
    'of every sort': () => [
      ...randomObjects(random, profile, CASES).map(complete),
      ...Array.from({ length: CASES / 4 }, () => randomRoleNode(random, profile)),
    ],
    'heavy on the selection of nodes': () => [
      ...corners(),
      ...Array.from({ length: CASES }, () => randomPlacement(random, profile)),
    ],
  };
  for (const [sort, make] of Object.entries(sorts)) {
    test(`${CASES} workloads ${sort}, from seed ${SEED}, under ${profile.name}`, async (context) => {
      const requests = make().flatMap(
        (object) => requestFor(object, { userInfo: someone(random(8)) }) ?? [],
      );
      hold(context, [await agreement(profile, requests)]);
    });
  }
}

test('requests that differ in who asks', async (context) => {
  hold(context, await agreements(ASKS));
});

const corpus = process.env['BULKHEAD_CORPUS'];

test('real manifests', { skip: corpus === undefined }, async (context) => {
  const root = resolve(corpus ?? '.');
  const { objects } = readInput(manifestsIn(root, '.'));
  const requests = objects.flatMap(({ value }) => requestFor(value) ?? []);
  hold(context, await Promise.all(PROFILES.map((profile) => agreement(profile, requests))));
});

describe('what docs/surfaces.md declares', () => {
  const page = textOf('docs/surfaces.md');

  test('each declared difference occurs', () => {
    assert.deepEqual([...seen.declared.keys()].sort(), [...DECLARED].sort());
    const [, table = ''] = page.split('| difference | what it is |\n|---|---|\n');
    const [lines = ''] = table.split('\n\n');
    assert.deepEqual(
      lines.split('\n').map((line) => line.split(' | ')[0]),
      DECLARED.map((name) => `| ${name}`),
    );
  });

  test('each policy refuses something', () => {
    assert.deepEqual([...seen.denied].sort(), Object.keys(CEL_POLICIES).sort());
  });

  test('the rows that rest on other objects are those of docs/surfaces.md', () => {
    const [, listed = ''] = page.split('### Rows that rest on other objects\n');
    const named = [...(listed.split('\n## ')[0] ?? '').matchAll(/^\| `([\w-]+)` \| (.+) \|$/gm)];
    assert.deepEqual(
      named.map(([, id, name]) => `${id}: ${name}`),
      repeated
        .filter(({ row }) => restsOnOthers(row))
        .map(({ policy, row }) => `${policy.id}: ${row.name}`),
    );
  });
});

after(() => {
  for (const [name, times] of seen.declared) process.stderr.write(`${name}: ${times}\n`);
});

/** Whether the rules say something else without the inventory of the row. */
function restsOnOthers({ profile, object, inventory, request }: Case): boolean {
  if (inventory.length === 0 || requestFor(object) === undefined) return false;
  const alone = [...lawOf(profile)(object, request)];
  const { engine, policiesFor } = openSession(bulkhead, profile, inventory);
  const ids = policiesFor(reference(object)).map(({ id }) => id);
  const found = engine.evaluate(object, ids, request).violations;
  return alone.some(([id, texts]) => {
    const whole = found.filter(({ policy }) => policy === id);
    return (
      isRepeated(id) &&
      JSON.stringify(
        withoutOwners(whole.map(({ path, message }) => `${pathText(path)}: ${message}`)),
      ) !== JSON.stringify(withoutOwners(texts))
    );
  });
}

function withoutOwners(texts: readonly string[]): readonly string[] {
  return texts.map(withoutOwner).sort();
}

function requestOf({ object, request }: Case): AdmissionRequest | undefined {
  return requestFor(complete(object), restOf(request));
}

/** The parts of a request that a row or an attempt gives. */
function restOf({ operation, userInfo, oldObject }: JsonObject): Partial<AdmissionRequest> {
  return {
    ...(operation !== undefined && { operation: operation as AdmissionRequest['operation'] }),
    ...(userInfo !== undefined && {
      userInfo: userInfo as unknown as AdmissionRequest['userInfo'],
    }),
    ...(oldObject !== undefined && { oldObject: complete(oldObject as JsonObject) }),
  };
}

interface Asked {
  readonly profile: Profile;
  readonly request: AdmissionRequest;
}

/** Asks profile by profile. */
async function agreements(asked: readonly Asked[]): Promise<readonly Agreement[]> {
  const found: Agreement[] = [];
  for (const group of groupBy(asked, ({ profile }) => JSON.stringify(profile))) {
    const [first] = group;
    if (first === undefined) continue;
    found.push(
      await agreement(
        first.profile,
        group.map(({ request }) => request),
      ),
    );
  }
  return found;
}

/** Mostly a user; now and then a kubelet, the scheduler or a controller. */
function someone(drawn: number): AdmissionRequest['userInfo'] {
  const users = [
    { username: 'system:node:n1', groups: ['system:nodes'] },
    { username: 'system:kube-scheduler', groups: [] },
    { username: 'system:serviceaccount:kube-system:replicaset-controller', groups: [] },
  ];
  return users[drawn] ?? { username: 'jane', groups: ['system:authenticated'] };
}
