import type { JsonObject } from '../../src/kubernetes/json.ts';

/** The response of the API server to a request, with the messages of Gatekeeper in it. */
export interface Answer {
  readonly status: number;
  /** The messages that denied it, sorted. */
  readonly denied: readonly string[];
  /** The warnings, sorted. */
  readonly warned: readonly string[];
  /** The error of the API server, if it rejected the request. */
  readonly words: string;
}

export type Verb = 'POST' | 'PUT' | 'DELETE';

/** The plural of a kind, as in the paths of the API. */
const PLURALS: Readonly<Record<string, string>> = {
  'v1 Node': 'nodes',
  'v1 Namespace': 'namespaces',
  'v1 Pod': 'pods',
  'v1 ReplicationController': 'replicationcontrollers',
  'v1 Service': 'services',
  'apps/v1 Deployment': 'deployments',
  'apps/v1 DaemonSet': 'daemonsets',
  'apps/v1 StatefulSet': 'statefulsets',
  'apps/v1 ReplicaSet': 'replicasets',
  'batch/v1 Job': 'jobs',
  'batch/v1 CronJob': 'cronjobs',
  'policy/v1 PodDisruptionBudget': 'poddisruptionbudgets',
  'autoscaling/v2 HorizontalPodAutoscaler': 'horizontalpodautoscalers',
  'v1 Binding': 'pods',
  'v1 ConfigMap': 'configmaps',
  'v1 Event': 'events',
  'coordination.k8s.io/v1 Lease': 'leases',
  'apps/v1 ControllerRevision': 'controllerrevisions',
};

/** Sends an object to the API server; by default nothing is stored. */
export async function ask(
  api: string,
  verb: Verb,
  object: JsonObject,
  { isDry = true }: { readonly isDry?: boolean } = {},
): Promise<Answer> {
  const dry = isDry ? '?dryRun=All' : '';
  const response = await fetch(`${api}${pathOf(verb, object)}${dry}`, {
    method: verb,
    headers: { 'content-type': 'application/json' },
    ...(verb !== 'DELETE' && { body: JSON.stringify(object) }),
  });
  const { message = '' }: { message?: string } = JSON.parse(await response.text());
  const words = response.ok ? '' : message;
  return {
    status: response.status,
    denied: words.includes(' denied the request: ') ? messagesIn(words) : [],
    warned: warnings(response.headers.get('warning') ?? '')
      .flatMap(messagesIn)
      .sort(),
    words,
  };
}

/** The path of an object in the API; of all objects beside it, where it is made. */
export function pathOf(verb: Verb | 'PATCH', { apiVersion, kind, metadata }: JsonObject): string {
  const { namespace, name } = metadata as { namespace?: string; name?: string };
  const version = String(apiVersion);
  const plural = PLURALS[`${version} ${String(kind)}`];
  if (plural === undefined) throw new Error(`no plural for ${version} ${String(kind)}`);
  return [
    version.includes('/') ? `/apis/${version}` : `/api/${version}`,
    ...(namespace === undefined ? [] : ['namespaces', namespace]),
    plural,
    ...(verb === 'POST' && kind !== 'Binding' ? [] : [String(name)]),
    ...(kind === 'Binding' ? ['binding'] : []),
  ].join('/');
}

/** Each message of Gatekeeper is on its own line, after the name of its Constraint. */
function messagesIn(words: string): readonly string[] {
  return words
    .split('\n')
    .flatMap((line) => /\[[-a-z0-9.]+\] (.*)$/.exec(line)?.[1] ?? [])
    .sort();
}

/** The texts of a Warning header, which is a list of quoted strings. */
export function warnings(header: string): readonly string[] {
  return [...header.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) =>
    text.replaceAll(/\\(.)/g, '$1'),
  );
}
