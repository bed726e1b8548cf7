import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pluralOf } from '../../src/cluster/kinds.ts';
import { readInput } from '../../src/input.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { groupOf } from '../../src/kubernetes/resources.ts';
import { manifestsIn, ROOT } from './bulkhead.ts';

/** An answer of the kubectl of testdata/bin. */
export interface Played {
  readonly stdout?: string;
  /** What a list has, in place of a text. */
  readonly items?: readonly JsonObject[];
  /** How often it has each item; `%d` in it is the number of the copy. */
  readonly copies?: number;
  /** How many characters are missing at the end. */
  readonly cut?: number;
  /** In milliseconds. */
  readonly wait?: number;
  readonly stderr?: string;
  /** How often it prints to standard error; `%d` is the number of the line. */
  readonly lines?: number;
  readonly status?: number;
}

/** What a kubectl plays, by the first two words of its arguments. */
export type Scene = Readonly<Record<string, Played>>;

/** The names of the kinds that every cluster serves; others are served if there is an object of them. */
const ALWAYS = [
  ...['v1/Pod', 'v1/Node', 'v1/Service', 'v1/Namespace', 'v1/ReplicationController'],
  ...['v1/PodTemplate', 'v1/PersistentVolume', 'v1/PersistentVolumeClaim', 'v1/ResourceQuota'],
  ...['v1/Secret', 'v1/ConfigMap', 'apps/v1/Deployment', 'apps/v1/DaemonSet', 'apps/v1/ReplicaSet'],
  ...['apps/v1/StatefulSet', 'apps/v1/ControllerRevision', 'batch/v1/Job', 'batch/v1/CronJob'],
  ...['policy/v1/PodDisruptionBudget', 'autoscaling/v2/HorizontalPodAutoscaler'],
  'node.k8s.io/v1/RuntimeClass',
];
const CLUSTER_SCOPED = ['Node', 'Namespace', 'PersistentVolume', 'RuntimeClass'];

const CONFIG = {
  contexts: [
    { name: 'prod', context: { cluster: 'prod', user: 'jane' } },
    { name: 'dev', context: { cluster: 'dev', user: 'jane' } },
  ],
  'current-context': 'prod',
};

/** A cluster with these objects, as an API server shows them. */
export function sceneOf(objects: readonly JsonObject[]): Scene {
  const kinds = new Map<string, JsonObject[]>(ALWAYS.map((name) => [name, []]));
  for (const object of objects.map(shown)) {
    const name = `${object['apiVersion']}/${object['kind']}`;
    const known = kinds.get(name);
    if (known === undefined) kinds.set(name, [object]);
    else known.push(object);
  }
  const resources = [...kinds].map(([name, items]) => {
    const kind = name.slice(name.lastIndexOf('/') + 1);
    const apiVersion = name.slice(0, name.lastIndexOf('/'));
    return { kind, apiVersion, resource: pluralOf(kind, groupOf(apiVersion)), items };
  });
  const lines = resources.map(
    ({ resource, apiVersion, kind }) =>
      `${resource}   ${apiVersion}   ${!CLUSTER_SCOPED.includes(kind)}   ${kind}\n`,
  );
  return {
    'config view': { stdout: JSON.stringify(CONFIG) },
    'version -o': { stdout: JSON.stringify({ serverVersion: { gitVersion: 'v1.36.3' } }) },
    'api-resources --verbs=list': { stdout: lines.join('') },
    ...Object.fromEntries(
      resources.map(({ resource, apiVersion, items }) => {
        const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
        return [`get ${resource}.${version}.${groupOf(apiVersion)}`, { items }];
      }),
    ),
  };
}

function shown(object: JsonObject): JsonObject {
  const { metadata } = object;
  const { name } = metadata as { readonly name: string };
  return { ...object, metadata: { uid: `uid-${object['kind']}-${name}`, ...(metadata as object) } };
}

/** What the API server says to a user who may not list a resource. */
export function forbidden(resource: string, group = ''): Played {
  const stderr = `Error from server (Forbidden): ${resource}${group === '' ? '' : `.${group}`} is forbidden: User "jane" cannot list resource "${resource}" in API group "${group}" at the cluster scope\n`;
  return { items: [], stderr, status: 1 };
}

/** The cluster that follows a built-in profile. */
export function clusterOf(profile: string): readonly JsonObject[] {
  const files = manifestsIn(ROOT, `profiles/${profile}/cluster`);
  return readInput(files).objects.map(({ value }) => value);
}

const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-'));
process.once('exit', () => rmSync(scratch, { recursive: true }));
let scenes = 0;

/** The environment in which kubectl plays a scene, and how it was called there. */
export function playing(scene: Scene): {
  readonly env: Readonly<Record<string, string>>;
  readonly calls: () => readonly string[];
} {
  scenes += 1;
  const directory = join(scratch, `scene-${scenes}`);
  const log = join(scratch, `log-${scenes}`);
  mkdirSync(directory);
  for (const [call, answer] of Object.entries(scene)) {
    writeFileSync(join(directory, encodeURIComponent(call)), JSON.stringify(answer));
  }
  writeFileSync(log, '');
  const path = [join(ROOT, 'testdata', 'bin'), dirname(process.execPath), '/usr/bin', '/bin'];
  return {
    env: { PATH: path.join(delimiter), KUBECTL_SCENE: directory, KUBECTL_LOG: log },
    calls: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
  };
}
