import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { tool } from '../../scripts/tools.ts';
import { check } from '../../src/check.ts';
import { chartValues, webhookPatch } from '../../src/gatekeeper/webhook.ts';
import { readInput } from '../../src/input.ts';
import type { JsonObject, JsonValue } from '../../src/kubernetes/json.ts';
import { reference } from '../../src/kubernetes/objects.ts';
import { builtBulkhead, ROOT, shippedProfile } from '../support/bulkhead.ts';
import { type Adverse, adverse } from './adverse.ts';
import { type Cluster, startCluster, until } from './cluster.ts';
import { audited, enforced, roll } from './constraints.ts';
import { type Forged, forged, forgedRevision, NODE, RESERVED, statefulSet } from './forged.ts';
import { type Gatekeeper, released, startGatekeeper, succeed } from './gatekeeper.ts';
import { deployment, listIn, mapIn, objectIn } from './objects.ts';
import { ask } from './requests.ts';
import {
  breakGlass,
  failClosed,
  nodesOfPods,
  remove,
  type Sent,
  saturate,
  sendAlone,
  type Tally,
  TRIES,
} from './webhook.ts';

// What costs much to check, and what claims to be something else, on a real API server: with the configuration of
// Gatekeeper's release, which admits what is not answered within three seconds, and with the one that `generate`
// writes. Nothing of it gets in with either. docs/gatekeeper.md has the tables that these tests print.

const bulkhead = builtBulkhead();
const profile = shippedProfile('kubeadm');

/** A Deployment of a user that can run on the control plane. */
const intruder = (name: string) => deployment(name, 0, [{ operator: 'Exists' }]);

/** The pod of a StatefulSet that is made from an old revision. */
const OLD_POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'db-0', namespace: 'shop' },
};

/** One line of a table: what is seen of an object, by the heading of the column. */
type Row = Record<string, string>;

/** The statuses of the responses to an object. Any other would be a mistake of the object. */
function expected(
  one: Adverse | Forged,
  configuration: 'defaults' | 'documented',
): readonly number[] {
  // 500 is a request that Gatekeeper did not answer.
  const refusing = [403, 500];
  if (configuration === 'documented') return refusing;
  // No policy is asked about what Gatekeeper does not read.
  if ('isTooLong' in one && one.isTooLong) return [201];
  return SLOW.includes(nameOf(one.object)) ? [201, ...refusing] : refusing;
}

/**
 * Gatekeeper itself reads such an object for each template, which takes about the three seconds after which the
 * defaults let it in: on a busy machine they do. Only `failurePolicy: Fail` keeps it out.
 */
const SLOW = ['containers-3000', 'env-10000'];

describe("the configuration of Gatekeeper's webhook", () => {
  let cluster: Cluster;
  let gatekeeper: Gatekeeper;
  let api: string;
  let shapes: readonly Adverse[];
  let claims: readonly Forged[];
  const rows = new Map<string, Row>();
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-'));
  const note = (name: string, seen: Row) => rows.set(name, { ...rows.get(name), ...seen });

  before(async () => {
    const argv = ['generate', 'gatekeeper', '--profile', profile.name, '--enforcement', 'deny'];
    execFileSync('node', [join(ROOT, 'dist/cli.cjs'), ...argv, '--out', directory], {
      stdio: 'ignore',
    });
    cluster = await startCluster();
    api = await cluster.serve();
    gatekeeper = await startGatekeeper(cluster, {});
    assert.equal(await cluster.create([NODE, namespace('shop')]), '');
    await succeed(cluster, ['apply', '--server-side', '-k', join(directory, 'templates')]);
    await succeed(cluster, [
      ...['wait', '--for=jsonpath={.status.created}=true', '--timeout=90s'],
      ...['constrainttemplates', '--all'],
    ]);
    await succeed(cluster, ['apply', '-k', join(directory, 'sync')]);
    await until('a service account in every namespace', async () => {
      const accounts = await cluster.list('serviceaccounts');
      return accounts.filter(isDefaultOf('shop', 'kube-system')).length === 2 || undefined;
    });
    const node = await until('a Ready node', async () => {
      const [found] = await cluster.list('nodes');
      return JSON.stringify(found).includes('/not-ready"') ? undefined : found;
    });
    shapes = adverse();
    claims = forged(uidOf(node));
  });
  after(async () => {
    await gatekeeper?.kill();
    cluster?.stop();
    rmSync(directory, { recursive: true });
  });

  test('kustomize changes one webhook of the release, and its chart has the same settings', () => {
    const resource = 'gatekeeper.yaml';
    copyFileSync(released(`deploy/${resource}`), join(directory, resource));
    const build = (kustomization: JsonObject) => {
      writeFileSync(join(directory, 'kustomization.yaml'), JSON.stringify(kustomization));
      const bytes = execFileSync(tool('kubectl'), ['kustomize', directory]);
      return readInput([{ name: 'built.yaml', bytes }]).objects.map(({ value }) => value);
    };
    const [patch] = listIn(webhookPatch(), 'webhooks');
    const expected = build({ resources: [resource] }).map((object) => {
      if (object['kind'] !== 'ValidatingWebhookConfiguration') return object;
      const [checks, ...others] = listIn(object, 'webhooks');
      return { ...object, webhooks: [{ ...mapOf(checks), ...mapOf(patch) }, ...others] };
    });
    const patches = [{ path: 'webhook/patch.yaml' }];
    assert.deepEqual(build({ resources: [resource], patches }), expected);
    const values = readFileSync(released('charts/gatekeeper/values.yaml'), 'utf8');
    for (const name of Object.keys(chartValues()))
      assert.match(values, new RegExp(`^${name}:`, 'm'));
  });

  test('without Constraints, everything gets in', async () => {
    for (const { object } of [...shapes, ...claims]) {
      const { status, words } = await ask(api, 'POST', object, { isDry: false });
      assert.equal(status, 201, `${nameOf(object)} ${words}`);
    }
    // The pod of the first revision stays where it is, and is made from that revision again.
    assert.equal((await ask(api, 'POST', statefulSet(false), { isDry: false })).status, 201);
    await until('the first pod', async () => nodeOf(await podNamed(cluster, nameOf(OLD_POD))));
    const bytes = new TextEncoder().encode(JSON.stringify(statefulSet(true)));
    await succeed(cluster, ['replace', '-f', '-'], bytes);
    await remove(cluster, OLD_POD);
    await until('the pod of the old revision', async () =>
      nodeOf(await podNamed(cluster, nameOf(OLD_POD))),
    );
    const nodes = [...(await nodesOfPods(cluster))];
    for (const { object } of [...shapes, ...claims]) {
      const name = nameOf(object);
      const [, node] = nodes.find(([pod]) => pod === name || pod.startsWith(`${name}-`)) ?? [];
      const bytes = JSON.stringify(object).length;
      note(name, { KB: (bytes / 1000).toFixed(0), Kubernetes: node ?? 'Pending' });
    }
    note('db-0', { KB: '1', Kubernetes: RESERVED });
    assert.ok(claims.every(({ object }) => rows.get(nameOf(object))?.['Kubernetes'] === RESERVED));
  });

  test('a check of the files reports everything', () => {
    const { findings } = checked(shapes.map(({ object }) => object));
    for (const { object } of shapes) {
      const own = findings.filter((finding) => finding.object.name === nameOf(object));
      const isFound = own.some(({ policy }) => policy === 'control-plane-intrusion');
      assert.ok(isFound, nameOf(object));
      note(nameOf(object), { check: 'control-plane-intrusion' });
    }
  });

  test('a check of the files takes no claim on trust', () => {
    for (const { object, files } of claims) {
      const { findings, notes } = checked(files);
      note(nameOf(object), { check: findings[0]?.policy ?? notes[0]?.code ?? 'silent' });
    }
    const silent = claims.filter(({ object }) => rows.get(nameOf(object))?.['check'] === 'silent');
    assert.deepEqual(
      silent.map(({ name }) => name),
      [],
    );
  });

  test('audit counts everything that is there', async () => {
    await roll(cluster, join(directory, 'constraints', profile.name));
    // If they stayed, the next tests would be told that they exist.
    const constraints = await audited(cluster).finally(() =>
      remove(cluster, ...[...shapes, ...claims].map(({ object }) => object)),
    );
    const counted = new Set(
      constraints.flatMap(({ status }) =>
        (status?.violations ?? []).map(({ kind, name }) => `${kind} ${name}`),
      ),
    );
    const isCounted = (object: JsonObject) => counted.has(`${object['kind']} ${nameOf(object)}`);
    for (const { object } of [...shapes, ...claims]) {
      note(nameOf(object), { audit: isCounted(object) ? 'counted' : 'not counted' });
    }
    const revision = [...counted].find((one) => one.startsWith('ControllerRevision db-'));
    note(nameOf(OLD_POD), { audit: isCounted(OLD_POD) ? 'counted' : 'not counted' });
    note('its revision', { audit: revision === undefined ? 'not counted' : 'counted' });
    const visible = claims.filter(({ isIndistinguishable }) => !isIndistinguishable);
    const missed = [...shapes, ...visible, { object: OLD_POD }]
      .map(({ object }) => object)
      .filter((object) => !isCounted(object));
    assert.deepEqual(missed.map(nameOf), []);
    assert.ok(revision);
  });

  test('with the defaults, nothing that is expensive gets in when it is sent alone', async () => {
    await refused(shapes, 'defaults');
  });

  test('with the defaults, no claim gets in', async () => {
    await refused(claims, 'defaults');
  });

  test('with the defaults, no old revision gets in', async () => {
    await refusedRevision('defaults');
  });

  test('with the defaults, a flood lets others in', async (context) => {
    await flood(context, 'defaults', [4, 16, 64]);
  });

  test('what fails closed is set with the command of the documentation, and can be taken back', async () => {
    const status = async () => (await ask(api, 'POST', intruder('down'))).status;
    const becomes = (wanted: number) =>
      until(`status ${wanted}`, async () => (await status()) === wanted || undefined);
    await gatekeeper.kill();
    await becomes(201);
    await failClosed(cluster, directory);
    await becomes(500);
    // What keeps the nodes Ready and the controllers in charge needs no Gatekeeper.
    const metadata = { name: RESERVED, namespace: 'shop' };
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec: {} };
    const involvedObject = { kind: 'Pod', name: 'web', namespace: 'shop' };
    const event = { apiVersion: 'v1', kind: 'Event', metadata, involvedObject };
    for (const object of [lease, event]) assert.equal((await ask(api, 'POST', object)).status, 201);
    await breakGlass(cluster);
    await becomes(201);
    await failClosed(cluster, directory);
    await becomes(500);
    await gatekeeper.start();
    await enforced(cluster);
    await becomes(403);
  });

  test('with the documented configuration, nothing that is expensive gets in', async () => {
    await refused(shapes, 'documented');
  });

  test('with the documented configuration, no claim gets in', async () => {
    await refused(claims, 'documented');
  });

  test('with the documented configuration, no old revision gets in', async () => {
    await refusedRevision('documented');
  });

  test('with the documented configuration, a flood lets nothing in', async (context) => {
    for (const { load, others } of await flood(context, 'documented', [16])) {
      assert.deepEqual([load.admitted, others.admitted], [0, 0]);
    }
  });

  test('the tables', (context) => {
    for (const line of table(rows)) context.diagnostic(line);
  });

  /** Sends objects one by one, writes down what came of each, and fails if one gets in. */
  async function refused(
    all: readonly (Adverse | Forged)[],
    configuration: 'defaults' | 'documented',
  ): Promise<void> {
    const wrong: string[] = [];
    for (const one of all) {
      const allowed = expected(one, configuration);
      const sent = await sendAlone(cluster, api, {
        object: one.object,
        tries: allowed.includes(500) ? TRIES : 1,
      });
      const { status, words } = sent.answer;
      note(nameOf(one.object), { [configuration]: outcome(sent) });
      if (!allowed.includes(status)) wrong.push(`${nameOf(one.object)}: ${status} ${words}`);
    }
    assert.deepEqual(wrong, []);
  }

  /** The StatefulSet's controller and a user use a revision that is not its template. */
  async function refusedRevision(configuration: string): Promise<void> {
    const owner = objectIn(await cluster.list('statefulsets'), 'StatefulSet', 'db');
    const sent = await sendAlone(cluster, api, {
      object: forgedRevision(uidOf(owner)),
      tries: TRIES,
    });
    note('its revision', { [configuration]: outcome(sent) });
    await succeed(cluster, ['delete', 'events', '--all', '-n', 'shop']);
    await until('the pod of the old revision to be denied', async () => {
      if ((await podNamed(cluster, nameOf(OLD_POD))) !== undefined) {
        await remove(cluster, OLD_POD);
        return undefined;
      }
      const messages = (await cluster.list('events')).map((event) => String(event['message']));
      const isDenied = (message: string) => / denied the request: /.test(message);
      return messages.some((one) => /Pod db-0 /.test(one) && isDenied(one)) || undefined;
    });
    note('db-0', { [configuration]: 'denied' });
    assert.equal(sent.answer.status, 403, outcome(sent));
  }

  async function flood(context: TestContext, configuration: string, counts: readonly number[]) {
    const [slowest] = shapes
      .filter(({ isTooLong }) => !isTooLong)
      .toSorted((a, b) => secondsOf(b.object, configuration) - secondsOf(a.object, configuration));
    assert.ok(slowest);
    const tallies: { readonly load: Tally; readonly others: Tally }[] = [];
    for (const count of counts) {
      const ordinary = Array.from({ length: 10 }, (_, index) => intruder(`ordinary-${index}`));
      const seen = await saturate(api, { object: slowest.object, count }, ordinary);
      tallies.push(seen);
      context.diagnostic(
        `${configuration}: ${count} × ${nameOf(slowest.object)}: ${words(seen.load)}; 10 ordinary: ${words(seen.others)}`,
      );
    }
    return tallies;
  }

  function secondsOf(object: JsonObject, configuration: string): number {
    return Number.parseFloat(
      /([\d.]+) s/.exec(rows.get(nameOf(object))?.[configuration] ?? '')?.[1] ?? '0',
    );
  }
});

function outcome({ answer, admitted, seconds }: Sent): string {
  const time = `${seconds.toFixed(1)} s`;
  const late = admitted > 0 ? `, let in ${admitted} ×` : '';
  if (answer.status === 201) return `let in, ${time}`;
  return `${answer.denied.length > 0 ? 'denied' : 'failed'}, ${time}${late}`;
}

function words({ admitted, denied, failed }: Tally): string {
  return `${admitted} let in, ${denied} denied, ${failed} failed`;
}

function table(rows: ReadonlyMap<string, Row>): readonly string[] {
  const heads = ['KB', 'check', 'Kubernetes', 'audit', 'defaults', 'documented'];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['object', ...heads]),
    line(['object', ...heads].map(() => '---')),
    ...[...rows].map(([name, row]) => line([name, ...heads.map((head) => row[head] ?? '')])),
  ];
}

function checked(objects: readonly JsonObject[]) {
  const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  return check(bulkhead, profile, [{ name: 'files.yaml', bytes: new TextEncoder().encode(text) }]);
}

function namespace(name: string): JsonObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

function nameOf(object: JsonObject): string {
  return reference(object).name ?? '';
}

function mapOf(value: JsonValue | undefined): JsonObject {
  return mapIn({ value: value ?? null }, 'value');
}

function uidOf(object: JsonObject | undefined): string {
  return String(mapIn(object ?? {}, 'metadata')['uid']);
}

function isDefaultOf(...namespaces: readonly string[]) {
  return (account: JsonObject) =>
    nameOf(account) === 'default' && namespaces.includes(reference(account).namespace ?? '');
}

/** A pod in the namespace of users. */
async function podNamed(cluster: Cluster, name: string): Promise<JsonObject | undefined> {
  const text = await cluster.print([
    'get',
    'pod',
    name,
    '-n',
    'shop',
    '--ignore-not-found',
    '-o',
    'json',
  ]);
  return text === '' ? undefined : JSON.parse(text);
}

function nodeOf(pod: JsonObject | undefined): string | undefined {
  const name = mapIn(pod ?? { spec: {} }, 'spec')['nodeName'];
  return typeof name === 'string' ? name : undefined;
}
