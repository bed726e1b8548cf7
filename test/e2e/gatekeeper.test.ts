import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { check } from '../../src/check.ts';
import { STAGES, type Stage } from '../../src/gatekeeper/enforcement.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { bind } from '../../src/policy/parameters.ts';
import { ADVERSE_PARAMETERS, COMPONENT, OTHER } from '../support/adverse-parameters.ts';
import { builtBulkhead, manifestsIn, ROOT, shippedProfile } from '../support/bulkhead.ts';
import { cellsOf, documentedCells } from '../support/component-cells.ts';
import { auditOf, testRights } from './audit.ts';
import { type Cluster, startCluster, until } from './cluster.ts';
import { audited, compiled, counted, enforced, policyOf, roll } from './constraints.ts';
import { cellFaults, everyCell, faults } from './faults.ts';
import { type Gatekeeper, startGatekeeper, succeed } from './gatekeeper.ts';
import {
  clusterObjects,
  DRIFTED,
  deployment,
  listIn,
  mapIn,
  objectIn,
  pod,
  SEPARATED,
} from './objects.ts';
import { brief, predict, SYNCED } from './predict.ts';
import { ask, type Verb } from './requests.ts';

// The generated files in a real cluster with Gatekeeper itself: they install with the commands of the
// README; requests are denied, warned about and audited as configured, with the messages of a check.

const bulkhead = builtBulkhead();
const { policies } = bulkhead.catalogue;
const profile = shippedProfile('tectonic-1.6.4');
const NAME = profile.name;
const bound = bind(bulkhead.catalogue, profile);

/** A Deployment of a user that can run on masters, and one that cannot. */
const intruder = (name: string, replicas = 0) =>
  deployment(name, replicas, [{ operator: 'Exists' }]);
const resident = (name: string) => deployment(name, 0, []);

describe('Gatekeeper on a real API server', () => {
  let cluster: Cluster;
  let gatekeeper: Gatekeeper;
  let api: string;
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-'));
  before(async () => {
    cluster = await startCluster();
    api = await cluster.serve();
    gatekeeper = await startGatekeeper(cluster);
    for (const stage of STAGES) {
      const argv = ['generate', 'gatekeeper', '--profile', NAME, '--enforcement', stage];
      execFileSync('node', [join(ROOT, 'dist/cli.cjs'), ...argv, '--out', join(directory, stage)]);
    }
  });
  after(async () => {
    await gatekeeper?.kill();
    cluster?.stop();
    rmSync(directory, { recursive: true });
  });

  test('the committed files install in the order of the README', async () => {
    await succeed(cluster, ['apply', '--server-side', '-k', join(ROOT, 'gatekeeper/templates')]);
    await succeed(cluster, [
      ...['wait', '--for=jsonpath={.status.created}=true', '--timeout=90s'],
      ...['constrainttemplates', '--all'],
    ]);
    await succeed(cluster, ['apply', '-k', join(ROOT, 'gatekeeper/sync')]);
    await succeed(cluster, ['apply', '-k', join(ROOT, `gatekeeper/constraints/${NAME}`)]);
    await enforced(cluster);
    const templates = await cluster.list('constrainttemplates');
    assert.equal(templates.length, policies.length);
    assert.doesNotMatch(JSON.stringify(templates.map(({ status }) => status)), /"errors"/);
  });

  test('the first stage denies nothing and warns about nothing', async () => {
    await succeed(cluster, ['create', 'namespace', 'shop']);
    await succeed(cluster, ['create', 'namespace', 'monitoring']);
    const { status, denied, warned } = await ask(api, 'POST', intruder('web'));
    assert.deepEqual([status, denied, warned], [201, [], []]);
  });

  test('the API server refuses Constraints with a mistake, or each request gets a violation', async (context) => {
    const refused = ADVERSE_PARAMETERS.filter(({ says }) => says === undefined);
    for (const { name, constraint } of refused) {
      const said = await cluster.create([constraint]);
      assert.match(said, /is invalid: .*spec\.parameters/, `${name}: ${said}`);
    }
    const accepted = ADVERSE_PARAMETERS.filter(({ says }) => says !== undefined);
    const said: string[] = [];
    for (const { name, policy, constraint, says = '' } of accepted) {
      await succeed(cluster, ['create', '-f', '-'], bytesOf(constraint));
      await enforced(cluster);
      const answers = [await ask(api, 'POST', COMPONENT), await ask(api, 'POST', OTHER)];
      const words = answers.flatMap(({ denied, warned }) => [...denied, ...warned]).join('\n');
      assert.ok(words.includes(says), `${policy}: ${name}: ${words}`);
      await succeed(cluster, ['delete', '-f', '-'], bytesOf(constraint));
      said.push(policy);
    }
    context.diagnostic(`${refused.length} refused, ${said.length} violations`);
  });

  test('the cluster without findings is admitted, and its pods run where they should', async () => {
    await roll(cluster, join(directory, 'deny', 'constraints', NAME));
    assert.deepEqual(await createAll(api, clusterObjects(SEPARATED)), []);
    const pods = await until('every pod to run', async () => {
      const found = await podsOf(cluster);
      const isDone = found.every(({ status }) => status.phase === 'Running');
      return found.length === SEPARATED_PODS && isDone ? found : undefined;
    });
    const users = pods.filter(({ metadata }) => metadata.namespace !== 'kube-system');
    assert.ok(users.length >= 6, `${users.length}`);
    for (const { metadata, spec } of users)
      assert.match(spec.nodeName ?? '', /^worker-/, metadata.name);
  });

  test('each policy denies or warns as configured, with the messages of a check', async (context) => {
    const world = await cluster.list(SYNCED);
    const requests = [...faults(world), ...cellFaults()];
    const said = new Map<string, Stage>();
    const cells = new Set<string>();
    for (const [verb, object] of requests) {
      const expected = predict(world, verb, object);
      const answer = await ask(api, verb, object);
      assert.deepEqual(
        brief(answer),
        brief(expected),
        `${verb} ${answer.status} ${answer.words} ${JSON.stringify(object)}`,
      );
      for (const [policy, stage] of expected.policies) said.set(policy, stage);
      for (const cell of expected.cells) cells.add(cell);
    }
    context.diagnostic(`${requests.length} requests: ${JSON.stringify(Object.fromEntries(said))}`);
    assert.deepEqual(
      Object.fromEntries([...said].sort()),
      Object.fromEntries(
        policies.filter(({ id }) => bound.has(id)).map(({ id, admission }) => [id, admission]),
      ),
    );
    // What is denied for one reason may be warned about for another.
    const stars = [...cells].filter((cell) => !cells.has(cell.replace(/ \*$/, '')));
    const denied = [...cells].filter((cell) => !cell.endsWith(' *'));
    assert.deepEqual([...denied, ...stars].sort(), documentedCells('Admission'));
  });

  test('updates, bindings and deletions are checked too', async () => {
    const world = await cluster.list(SYNCED);
    const of = (kind: string, name: string) => objectIn(world, kind, name);
    const said = async (verb: Verb, object: JsonObject, old?: JsonObject) => {
      const expected = predict(world, verb, object, old);
      const answer = await ask(api, verb, object);
      assert.deepEqual(
        brief(answer),
        brief(expected),
        `${verb} ${answer.status} ${answer.words} ${JSON.stringify(object)}`,
      );
      return [expected.denied.length > 0, expected.warned.length > 0];
    };
    // A toleration is added to a Pending pod.
    const waiting = pod('waiting', { nodeSelector: { nowhere: '' } });
    assert.equal((await ask(api, 'POST', waiting, { isDry: false })).status, 201);
    const unborn = pod('gated', { schedulingGates: [{ name: 'shop.example/wait' }] });
    assert.equal((await ask(api, 'POST', unborn, { isDry: false })).status, 201);
    const gated = objectIn(await cluster.list('pods'), 'Pod', 'gated');
    const spec = mapIn(gated, 'spec');
    const tolerations = [...listIn(spec, 'tolerations'), { operator: 'Exists' }];
    const tolerant = { ...gated, spec: { ...spec, tolerations } };
    assert.deepEqual(await said('PUT', tolerant, gated), [true, false]);
    // The taint of a master is removed.
    const master = of('Node', 'master-0');
    assert.deepEqual(await said('PUT', { ...master, spec: {} }), [true, false]);
    // A user binds the pod, without the scheduler.
    const metadata = { name: 'waiting', namespace: 'shop' };
    const target = { kind: 'Node', name: 'master-0' };
    const binding = { apiVersion: 'v1', kind: 'Binding', metadata, target };
    assert.deepEqual(await said('POST', binding), [true, false]);
    // The last budget of a component is deleted: a warning. The component itself may be deleted.
    const budget = of('PodDisruptionBudget', 'kube-scheduler');
    assert.deepEqual(await said('DELETE', budget), [false, true]);
    assert.deepEqual(await said('DELETE', of('Deployment', 'kube-scheduler')), [false, false]);
    // The API server generates the name.
    const generated = pod('', { tolerations: [{ operator: 'Exists' }] });
    const nameless = { ...generated, metadata: { generateName: 'web-', namespace: 'shop' } };
    assert.deepEqual(await said('POST', nameless), [true, false]);
  });

  // The API server waits 30 seconds at most, and the machine runs all of the cluster.
  test('500 objects, 100 at once, get the right verdict each', async () => {
    const objects = Array.from({ length: 500 }, (_, index) =>
      index % 2 === 0 ? intruder(`crowd-${index}`) : resident(`crowd-${index}`),
    );
    const answers: Awaited<ReturnType<typeof ask>>[] = [];
    while (answers.length < objects.length) {
      const wave = objects.slice(answers.length, answers.length + 100);
      answers.push(
        ...(await Promise.all(wave.map((object) => ask(api, 'POST', object, { isDry: false })))),
      );
    }
    for (const [index, { status, denied, words }] of answers.entries()) {
      const isIntruder = index % 2 === 0;
      assert.deepEqual([status, denied.length], isIntruder ? [403, 1] : [201, 0], words);
    }
  });

  test('templates are upgraded in place, and requests are denied meanwhile', async (context) => {
    await succeed(cluster, [
      'apply',
      '--server-side',
      '-k',
      earlierRelease(join(directory, 'deny')),
    ]);
    await compiled(cluster, EARLIER);
    let isDone = false;
    const upgrade = async () => {
      await succeed(cluster, [
        'apply',
        '--server-side',
        '-k',
        join(directory, 'deny', 'templates'),
      ]);
      await compiled(cluster, version);
      isDone = true;
    };
    const watch = async () => {
      let asked = 0;
      for (; !isDone; asked += 1) {
        const { denied, words } = await ask(api, 'POST', intruder('slip'));
        assert.equal(denied.length, 1, words);
      }
      return asked;
    };
    const [asked] = await Promise.all([watch(), upgrade()]);
    context.diagnostic(`${asked} requests during the upgrade, each denied`);
    assert.ok(asked > 5, `${asked}`);
  });

  test('requests fail while Gatekeeper is down, and are checked afterwards', async () => {
    await gatekeeper.kill();
    const dead = await ask(api, 'POST', resident('orphan'));
    assert.deepEqual([dead.status, dead.denied], [500, []]);
    await gatekeeper.start();
    // On a busy machine it may say that it is ready before it has loaded each Constraint (docs/gatekeeper.md).
    await until('an intruder to be denied', async () => {
      const { denied } = await ask(api, 'POST', intruder('risen'));
      return denied.length === 1 || undefined;
    });
    assert.equal((await ask(api, 'POST', resident('orphan'))).status, 201);
  });

  test('audit counts what a check finds in what kubectl prints, object by object', async (context) => {
    await roll(cluster, join(directory, 'dryrun', 'constraints', NAME));
    await succeed(cluster, ['delete', 'deployments,pods', '--all', '-n', 'shop', '--wait=false']);
    await replaceAll(cluster, api, clusterObjects(SEPARATED), everyCell());
    const bytes = await settled(cluster);
    const report = check(bulkhead, profile, [{ name: 'cluster.yaml', bytes }]);
    assert.deepEqual(report.inputErrors, []);
    const expected = report.findings.map(({ policy, object, message }) =>
      counted(policy, { ...object, message }),
    );
    const constraints = await audited(cluster);
    const audit = constraints.flatMap(({ kind, status }) =>
      (status?.violations ?? []).map((one) => counted(policyOf(kind), one)),
    );
    assert.deepEqual(audit.sort(), [...new Set(expected)].sort());
    for (const { kind, status } of constraints) {
      const own = expected.filter((line) => line.startsWith(`${policyOf(kind)} `));
      assert.equal(status?.totalViolations, new Set(own).size, kind);
    }
    // So does the command, through kubectl.
    const live = await auditOf(cluster, NAME);
    assert.deepEqual(live.report.inputErrors, []);
    assert.deepEqual(
      live.report.findings
        .map(({ policy, object, message }) => counted(policy, { ...object, message }))
        .sort(),
      [...expected].sort(),
    );
    // Audit reports every deviating cell that a check of the files reports.
    const files = check(bulkhead, profile, manifestsIn(ROOT, DRIFTED));
    const cells = files.findings.filter(({ object }) => object.kind !== 'Node');
    const rows = new Set(cells.map(({ component }) => component ?? 'All other workloads'));
    assert.equal(rows.size, profile.components.length + 1);
    assert.deepEqual(
      cells
        .map(({ policy, object, message }) => counted(policy, { ...object, message }))
        .filter((cell) => !audit.includes(cell)),
      [],
    );
    const deviating = report.findings
      .filter(({ policy, object, message }) =>
        audit.includes(counted(policy, { ...object, message })),
      )
      .flatMap(cellsOf);
    assert.deepEqual([...new Set(deviating)].sort(), documentedCells('Audit'));
    context.diagnostic(
      `${audit.length} violations of ${constraints.length} Constraints, ${cells.length} cells of ${rows.size} rows`,
    );
  });

  testRights(() => cluster, NAME);
});

function bytesOf(object: JsonObject): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(object));
}

/** The pods of the cluster without findings, on its three masters and two workers. */
const SEPARATED_PODS = 35;

/** Creates objects one by one. @returns errors and warnings. */
async function createAll(api: string, objects: readonly JsonObject[]): Promise<readonly string[]> {
  const said: string[] = [];
  for (const object of [...objects].sort((a, b) => rank(a) - rank(b))) {
    const { status, words, warned } = await ask(api, 'POST', object, { isDry: false });
    if (status !== 201) said.push(words);
    said.push(...warned);
  }
  return said;
}

/** Nodes first, and budgets before what they protect: otherwise there are warnings. */
function rank({ kind }: JsonObject): number {
  if (kind === 'Node') return 0;
  return kind === 'PodDisruptionBudget' ? 1 : 2;
}

interface Pod {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly nodeName?: string };
  readonly status: { readonly phase?: string };
}

/** The pods that should run. */
async function podsOf(cluster: Cluster): Promise<readonly Pod[]> {
  const { items } = JSON.parse(await cluster.print(['get', 'pods', '-A', '-o', 'json']));
  return items.filter(({ metadata }: Pod) => metadata.namespace !== 'gatekeeper-system');
}

/** The release of the templates, and an earlier one. */
const version = policies[0]?.version ?? '';
const EARLIER = '0.0.1';

/** Writes templates of another release: the same rules in other text. */
function earlierRelease(generated: string): string {
  const directory = join(generated, 'earlier');
  cpSync(join(generated, 'templates'), directory, { recursive: true });
  for (const name of readdirSync(directory)) {
    const text = readFileSync(join(directory, name), 'utf8');
    const earlier = text
      .replace(`gatekeeper.sh/version: ${version}`, `gatekeeper.sh/version: ${EARLIER}`)
      .replaceAll(/^( *)(package .*)$/gm, '$1$2\n$1# as it was');
    assert.ok(name === 'kustomization.yaml' || earlier !== text, name);
    writeFileSync(join(directory, name), earlier);
  }
  return directory;
}

/** Replaces the objects of one cluster with those of another. */
async function replaceAll(
  cluster: Cluster,
  api: string,
  old: readonly JsonObject[],
  fresh: readonly JsonObject[],
): Promise<void> {
  const remove = async (items: readonly JsonObject[]) => {
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    const argv = ['delete', '-f', '-', '--ignore-not-found', '--wait=false'];
    await succeed(cluster, argv, new TextEncoder().encode(text));
  };
  // Without a kubelet, pods are not terminated.
  await remove(old.filter(({ kind }) => kind !== 'Node'));
  await until('the pods to go', async () => (await podsOf(cluster)).length === 0 || undefined);
  await remove(old);
  assert.deepEqual(await createAll(api, fresh), []);
}

/** Returns what kubectl prints of the cluster, once the output is the same twice. */
async function settled(cluster: Cluster): Promise<Uint8Array> {
  const kinds = `${SYNCED},pods,controllerrevisions`;
  let last = '';
  return until('the cluster to settle', async () => {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const text = await cluster.print(['get', kinds, '-A', '-o', 'yaml']);
    const isSettled = text === last;
    last = text;
    return isSettled ? new TextEncoder().encode(text) : undefined;
  });
}
