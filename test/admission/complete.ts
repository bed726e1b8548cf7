import type { JsonObject, JsonValue } from '../../src/kubernetes/json.ts';
import { isMap } from '../../src/kubernetes/objects.ts';

// Objects of tests leave out what a policy does not read. An API server does not take them without.

/** Adds what API validation requires of a workload, and leaves what is written. Other kinds stay as they are. */
export function complete(object: JsonObject): JsonObject {
  const { kind } = object;
  const metadata = map(object['metadata']);
  const { status: _, ...rest } = object;
  if (kind === 'Pod') {
    return {
      ...rest,
      ...kept(object),
      metadata: named(metadata),
      spec: completePod(object['spec'], 'Always'),
    };
  }
  if (kind === 'CronJob') {
    const spec = map(object['spec']);
    const jobTemplate = map(spec['jobTemplate']);
    const job = map(jobTemplate['spec']);
    const template = completeTemplate(job['template'], 'Never', {});
    return {
      ...rest,
      metadata: named(metadata),
      spec: {
        schedule: '0 0 * * *',
        ...spec,
        jobTemplate: { ...jobTemplate, spec: { ...job, template } },
      },
    };
  }
  if (typeof kind !== 'string' || !(kind in RESTART)) return object;
  const spec = map(object['spec']);
  const labels = map(map(map(spec['template'])['metadata'])['labels']);
  const own = kind === 'Job' ? undefined : selectorOf(spec['selector'], labels, kind);
  const template = completeTemplate(
    spec['template'],
    RESTART[kind] ?? 'Always',
    own === undefined ? {} : own.labels,
  );
  return {
    ...rest,
    metadata: named(metadata),
    spec: { ...spec, ...(own !== undefined && { selector: own.selector }), template },
  };
}

const RESTART: Readonly<Record<string, string>> = {
  Job: 'Never',
  Deployment: 'Always',
  ReplicaSet: 'Always',
  ReplicationController: 'Always',
  DaemonSet: 'Always',
  StatefulSet: 'Always',
};

/** A running pod shows its status. */
function kept({ status }: JsonObject): JsonObject {
  return status === undefined ? {} : { status };
}

function named(metadata: JsonObject): JsonObject {
  const hasName = [metadata['name'], metadata['generateName']].some(
    (name) => typeof name === 'string' && name !== '',
  );
  return hasName ? metadata : { ...metadata, name: 'unnamed' };
}

function selectorOf(
  written: JsonValue | undefined,
  labels: JsonObject,
  kind: string,
): { readonly selector: JsonValue; readonly labels: JsonObject } {
  const pairs = kind === 'ReplicationController' ? map(written) : map(map(written)['matchLabels']);
  const chosen = Object.keys(pairs).length > 0 ? pairs : { app: labels['app'] ?? 'x' };
  const selector = kind === 'ReplicationController' ? chosen : { matchLabels: chosen };
  return { selector, labels: chosen };
}

function completeTemplate(
  written: JsonValue | undefined,
  restartPolicy: string,
  selected: JsonObject,
): JsonObject {
  const template = map(written);
  const metadata = map(template['metadata']);
  const labels = { ...map(metadata['labels']), ...selected };
  return {
    ...template,
    metadata: { ...metadata, labels },
    spec: completePod(template['spec'], restartPolicy),
  };
}

function completePod(written: JsonValue | undefined, restartPolicy: string): JsonObject {
  const spec = map(written);
  const listed = Array.isArray(spec['containers']) ? spec['containers'] : [];
  const containers = (listed.length > 0 ? listed : [{}]).map((container, index) => ({
    name: `c${index}`,
    image: 'example.com/image',
    ...map(container),
  }));
  return { ...spec, containers, restartPolicy };
}

export function map(value: JsonValue | undefined): JsonObject {
  return isMap(value) ? value : {};
}
