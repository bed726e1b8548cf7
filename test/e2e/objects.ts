import assert from 'node:assert/strict';
import { clusterOf } from '../../scripts/profiles.ts';
import { readInput } from '../../src/input.ts';
import type { JsonObject, JsonValue } from '../../src/kubernetes/json.ts';
import { reference } from '../../src/kubernetes/objects.ts';
import { manifestsIn, ROOT } from '../support/bulkhead.ts';

/** The cluster of the reference profile, without findings. */
export const SEPARATED = clusterOf('tectonic-1.6.4');
/** A cluster with findings for every row of the profile. */
export const DRIFTED = 'testdata/clusters/drifted';

/** The objects of a directory of manifests, its Nodes with the labels that a kubelet adds. */
export function clusterObjects(directory: string): readonly JsonObject[] {
  const { objects } = readInput(manifestsIn(ROOT, directory));
  return objects.map(({ value }) => {
    if (value['kind'] !== 'Node') return value;
    const metadata = mapIn(value, 'metadata');
    const labels = { ...mapIn(metadata, 'labels'), 'kubernetes.io/os': 'linux' };
    return { ...value, metadata: { ...metadata, labels } };
  });
}

/** Returns the object with a kind and name, which must exist. */
export function objectIn(world: readonly JsonObject[], kind: string, name: string): JsonObject {
  const found = world.find((object) => {
    const one = reference(object);
    return one.kind === kind && one.name === name;
  });
  assert.ok(found, `${kind} ${name}`);
  return found;
}

export function listIn(holder: JsonObject, key: string): readonly JsonValue[] {
  const found = holder[key];
  assert.ok(Array.isArray(found), key);
  return found;
}

export function mapIn(holder: JsonObject, key: string): JsonObject {
  const found = holder[key];
  assert.ok(typeof found === 'object' && found !== null && !Array.isArray(found), key);
  return found as JsonObject;
}

export function pod(name: string, spec: JsonObject): JsonObject {
  const containers = [{ name: 'main', image: 'registry.example/main:1' }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop' },
    spec: { ...spec, containers },
  };
}

export function deployment(
  name: string,
  replicas: number,
  tolerations: readonly JsonObject[],
): JsonObject {
  const labels = { app: name };
  const containers = [{ name: 'main', image: 'registry.example/main:1' }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { tolerations: [...tolerations], containers } },
    },
  };
}
