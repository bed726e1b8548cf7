import { join } from 'node:path';
import { CONFIGURATION } from '../../src/gatekeeper/webhook.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { reference } from '../../src/kubernetes/objects.ts';
import { type Cluster, until } from './cluster.ts';
import { succeed } from './gatekeeper.ts';
import { mapIn } from './objects.ts';
import { type Answer, ask } from './requests.ts';

/** Sets what `generate gatekeeper --enforcement deny` writes, with the command of docs/gatekeeper.md. */
export async function failClosed(cluster: Cluster, generated: string): Promise<void> {
  const patch = join(generated, 'webhook', 'patch.yaml');
  await succeed(cluster, ['patch', KIND, CONFIGURATION, '--patch-file', patch]);
}

/** Lets an administrator in while Gatekeeper is down, with the command of docs/gatekeeper.md. */
export async function breakGlass(cluster: Cluster): Promise<void> {
  const webhooks = [{ name: 'validation.gatekeeper.sh', failurePolicy: 'Ignore' }];
  await succeed(cluster, ['patch', KIND, CONFIGURATION, '-p', JSON.stringify({ webhooks })]);
}

const KIND = 'validatingwebhookconfiguration';

/** What came of an object that was sent until it was not admitted. */
export interface Sent {
  readonly answer: Answer;
  /** How often it was admitted before. */
  readonly admitted: number;
  /** The time of the last request. */
  readonly seconds: number;
}

/** On a busy machine a request can be late without a fault. What is always late, or wrong, gets in every time. */
export const TRIES = 5;

/** Milliseconds of an ordinary request on a machine that does nothing else. */
const ORDINARY = 250;

/** Sends an object alone, and takes it away again if it is admitted. */
export async function sendAlone(
  cluster: Cluster,
  api: string,
  { object, tries }: { readonly object: JsonObject; readonly tries: number },
): Promise<Sent> {
  for (let admitted = 0; ; admitted += 1) {
    const start = performance.now();
    const answer = await ask(api, 'POST', object, { isDry: false });
    const seconds = (performance.now() - start) / 1000;
    if (answer.status !== 201) return { answer, admitted, seconds };
    await remove(cluster, object);
    if (admitted + 1 === tries) return { answer, admitted: tries, seconds };
    await quiet(api);
  }
}

/** Waits until ordinary requests are answered as fast as usual, but not forever: a machine may be slow. */
async function quiet(api: string): Promise<void> {
  const metadata = { name: 'ordinary', namespace: 'shop' };
  const patience = Date.now() + 10_000;
  for (let calm = 0; calm < 3 && Date.now() < patience; ) {
    const start = performance.now();
    await ask(api, 'POST', { apiVersion: 'v1', kind: 'ConfigMap', metadata });
    calm = performance.now() - start < ORDINARY ? calm + 1 : 0;
  }
}

/** Deletes objects at once: no kubelet is there to end their pods. */
export async function remove(cluster: Cluster, ...objects: readonly JsonObject[]): Promise<void> {
  const groups = new Map<string, string[]>();
  for (const object of objects) {
    const { kind, name, namespace } = reference(object);
    const group = `${kind} -n ${namespace}`;
    groups.set(group, [...(groups.get(group) ?? []), name ?? '']);
  }
  const now = ['--ignore-not-found', '--force', '--grace-period=0'];
  for (const [group, names] of groups) {
    await succeed(cluster, ['delete', ...group.split(' '), ...names, ...now]);
  }
}

/**
 * The nodes of all pods by name, once the scheduler has decided about each. Undefined if no node was found.
 *
 * From tables that the API server makes: the pods themselves are many megabytes.
 */
export async function nodesOfPods(
  cluster: Cluster,
): Promise<ReadonlyMap<string, string | undefined>> {
  const lines = async (...argv: readonly string[]) =>
    (await cluster.print(['get', ...argv, '-A', '--no-headers'])).split('\n').filter(Boolean);
  return until('every pod to be scheduled', async () => {
    const failed = await lines(
      ...['events', '--field-selector', 'reason=FailedScheduling'],
      ...['-o', 'custom-columns=NAME:.involvedObject.name'],
    );
    const pods = (await lines('pods', '-o', 'wide')).map((line): [string, string | undefined] => {
      const cells = line.split(/\s+/);
      const node = cells.at(-3);
      return [cells[1] ?? '', node === '<none>' ? undefined : node];
    });
    const isDecided = pods.every(([name, node]) => node !== undefined || failed.includes(name));
    return isDecided ? new Map(pods) : undefined;
  });
}

/** How many requests got in, were denied, and failed without an answer of Gatekeeper. */
export interface Tally {
  readonly admitted: number;
  readonly denied: number;
  readonly failed: number;
}

/** Sends many copies of an object at once, and some others while Gatekeeper works on them. Nothing is stored. */
export async function saturate(
  api: string,
  load: { readonly object: JsonObject; readonly count: number },
  others: readonly JsonObject[],
): Promise<{ readonly load: Tally; readonly others: Tally }> {
  const metadata = { ...mapIn(load.object, 'metadata'), name: 'flood' };
  const object = { ...load.object, metadata };
  const copies = Array.from({ length: load.count }, () => ask(api, 'POST', object));
  await new Promise((resolve) => setTimeout(resolve, 500));
  const answers = others.map((object) => ask(api, 'POST', object));
  return {
    load: tally(await Promise.all(copies)),
    others: tally(await Promise.all(answers)),
  };
}

function tally(answers: readonly Answer[]): Tally {
  const admitted = answers.filter(({ status }) => status === 201).length;
  const denied = answers.filter((answer) => answer.denied.length > 0).length;
  return { admitted, denied, failed: answers.length - admitted - denied };
}
