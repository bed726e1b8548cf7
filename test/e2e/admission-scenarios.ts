import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { reference } from '../../src/kubernetes/objects.ts';
import { type Asking, JANE, request, type Verdict } from './admission.ts';
import { type Cluster, until } from './cluster.ts';
import type { Verb } from './requests.ts';

/**
 * What may come of a request: `admitted`, or the policies that refuse it. An answer names only the first of them, and
 * their order differs from cluster to cluster.
 */
type Wanted = 'admitted' | readonly string[];

/** An object of the cluster, with what is read of it here. */
export interface Live extends JsonObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly JsonObject[];
  };
  readonly spec: { readonly nodeName?: string; readonly replicas?: number };
  readonly status: {
    readonly phase?: string;
    readonly replicas?: number;
    readonly desiredNumberScheduled?: number;
    readonly currentNumberScheduled?: number;
    readonly observedGeneration?: number;
    readonly typeChecking?: JsonObject;
    readonly conditions?: readonly { readonly type: string; readonly message?: string }[];
  };
}

/** Asks a cluster as a user, fails unless the answer is the one that is wanted, and writes it down. */
export class Scenarios {
  /** What was asked, and what came of it. */
  readonly rows: [string, string][] = [];
  readonly #cluster: Cluster;
  readonly #api: string;

  constructor(cluster: Cluster, api: string) {
    this.#cluster = cluster;
    this.#api = api;
  }

  note(what: string, came: string): void {
    this.rows.push([what, came]);
  }

  expect(what: string, wanted: Wanted, { outcome, denied }: Verdict): void {
    const words = `${what}: ${outcome} ${[...denied.values()].flat().join()}`;
    if (wanted === 'admitted') assert.equal(outcome, wanted, words);
    else
      assert.ok(
        wanted.some((policy) => denied.has(policy)),
        words,
      );
    this.note(what, wanted === 'admitted' ? wanted : refusedBy(wanted));
  }

  /** Sends an object, which is stored if it is admitted. */
  async send(
    what: string,
    wanted: Wanted,
    verb: Verb | 'PATCH',
    object: JsonObject,
    asking: Asking = {},
  ): Promise<void> {
    const verdict = await request(this.#api, verb, object, { isDry: false, ...asking });
    this.expect(what, wanted, verdict);
  }

  /** Sends a merge patch, or a JSON patch, which is a list. */
  async patch(
    what: string,
    wanted: Wanted,
    object: JsonObject,
    body: JsonObject | readonly JsonObject[],
    asking: Asking = {},
  ): Promise<void> {
    await this.send(what, wanted, 'PATCH', object, { body, ...asking });
  }

  /** Runs kubectl as a user, who must not be refused. */
  async kubectl(what: string, words: string): Promise<void> {
    const said = await this.#cluster.kubectl([`--as=${JANE.name}`, ...words.split(' ')]);
    this.note(what, said === '' ? 'admitted' : said);
    assert.equal(said, '', what);
  }

  /** The objects with a label, `app=web`. */
  async labelled(resource: string, label: string): Promise<readonly Live[]> {
    const argv = ['get', resource, '-A', '-l', label, '-o', 'json'];
    return JSON.parse(await this.#cluster.print(argv)).items;
  }

  /** Waits until so many pods with a label run, and no other is there. */
  async running(label: string, count: number): Promise<readonly Live[]> {
    const isRunning = ({ metadata, status }: Live) =>
      status.phase === 'Running' && metadata.deletionTimestamp === undefined;
    return until(`${count} pods of ${label}`, async () => {
      const pods = await this.labelled('pods', label);
      return pods.length === count && pods.every(isRunning) ? pods : undefined;
    });
  }

  /** Waits until no object with a label is there. */
  async gone(resource: string, label: string): Promise<void> {
    await until(`${resource} of ${label} to go`, async () => {
      const found = await this.labelled(resource, label);
      return found.length === 0 || undefined;
    });
  }

  /** What controllers could not create in a namespace. */
  async failures(namespace: string): Promise<readonly string[]> {
    const argv = ['get', 'events', '-n', namespace, '--field-selector', 'reason=FailedCreate'];
    const { items } = JSON.parse(await this.#cluster.print([...argv, '-o', 'json']));
    return items.map(({ message }: { message: string }) => message);
  }

  /** Waits until a condition of a Deployment has the words of a refusal. */
  async refusedIn(type: string, deployment: JsonObject): Promise<void> {
    const { name, namespace } = reference(deployment);
    const argv = ['get', `deployment/${name}`, `--namespace=${namespace}`, '-o', 'json'];
    await until(`the condition ${type} of ${name}`, async () => {
      const { status }: Live = JSON.parse(await this.#cluster.print(argv));
      const found = status.conditions?.find((one) => one.type === type);
      return found?.message?.includes(' can be scheduled onto control-plane nodes: ') || undefined;
    });
  }
}

export function refusedBy(policies: readonly string[]): string {
  return `refused by ${policies.join(' and ')}`;
}

export function nameOf(object: JsonObject): string {
  return reference(object).name ?? '';
}

/** The names of the nodes of pods, sorted. */
export function nodesOf(pods: readonly Live[]): readonly string[] {
  return pods.map(({ spec }) => spec.nodeName ?? '').sort();
}

export function uidsOf(pods: readonly Live[]): readonly string[] {
  return pods.map(({ metadata }) => metadata.uid).sort();
}

export function isOwned({ metadata }: Live): boolean {
  return metadata.ownerReferences !== undefined;
}

/** The processes that have a directory in their command line. */
export function processes(directory: string): readonly string[] {
  const listed = execFileSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8' });
  return listed.split('\n').filter((line) => line.includes(directory));
}
