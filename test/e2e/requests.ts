import type { JsonObject } from '../../src/kubernetes/json.ts';

/** What the API server says of a request, and what Gatekeeper said through it. */
export interface Answer {
  readonly status: number;
  /** The messages by which it was refused, sorted. */
  readonly denied: readonly string[];
  /** The messages of which it was warned, sorted. */
  readonly warned: readonly string[];
  /** The API server's own words, where it refused. */
  readonly words: string;
}

export type Verb = 'POST' | 'PUT' | 'DELETE';

/** The folder of a kind below its namespace, in the paths of the API. */
const PLURALS: Readonly<Record<string, string>> = {
  'v1 Node': 'nodes',
  'v1 Namespace': 'namespaces',
  'v1 Pod': 'pods',
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

function pathOf(verb: Verb, { apiVersion, kind, metadata }: JsonObject): string {
  const { namespace, name } = metadata as { namespace?: string; name?: string };
  const version = String(apiVersion);
  const plural = PLURALS[`${version} ${String(kind)}`];
  if (plural === undefined) throw new Error(`no path is known of ${version} ${String(kind)}`);
  return [
    version.includes('/') ? `/apis/${version}` : `/api/${version}`,
    ...(namespace === undefined ? [] : ['namespaces', namespace]),
    plural,
    ...(verb === 'POST' && kind !== 'Binding' ? [] : [String(name)]),
    ...(kind === 'Binding' ? ['binding'] : []),
  ].join('/');
}

/** Each of Gatekeeper's messages stands on a line, after the name of its Constraint. */
function messagesIn(words: string): readonly string[] {
  return words
    .split('\n')
    .flatMap((line) => /\[[-a-z0-9.]+\] (.*)$/.exec(line)?.[1] ?? [])
    .sort();
}

/** The texts of a Warning header, which is a list of quoted strings. */
function warnings(header: string): readonly string[] {
  return [...header.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) =>
    text.replaceAll(/\\(.)/g, '$1'),
  );
}
