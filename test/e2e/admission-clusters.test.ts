import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { clusterOf, PROFILE_NAMES } from '../../scripts/profiles.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { reference } from '../../src/kubernetes/objects.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { shippedProfile } from '../support/bulkhead.ts';
import { sized } from '../support/settings.ts';
import { counted, generated, kubelet, refusals, request, startLikeKubeadm } from './admission.ts';
import { mirror, renamed, workload } from './admission-objects.ts';
import { type Live, nameOf } from './admission-scenarios.ts';
import { type Cluster, until } from './cluster.ts';
import { succeed } from './gatekeeper.ts';
import { clusterObjects, mapIn, objectIn } from './objects.ts';

// The cluster of a profile that follows it, on a real control plane with its policies in deny: a user, the kubelets
// and the controllers can make all of it.

/** Each takes 20 seconds. These have the most components, and the most reserved roles. */
const DAILY = ['hypershift', 'tectonic-1.6.4'];

describe('the cluster of a profile is admitted', () => {
  for (const name of sized(DAILY, PROFILE_NAMES)) {
    test(name, async (context) => {
      const directory = mkdtempSync(join(tmpdir(), 'bulkhead-admission-'));
      const cluster = await startLikeKubeadm();
      try {
        const api = await cluster.serve();
        await enforce(cluster, api, directory, shippedProfile(name));
        await install(cluster, api, clusterObjects(clusterOf(name)));
        const pods = await settled(cluster);
        assert.deepEqual(refusedIn(cluster), []);
        context.diagnostic(`${pods.length} pods`);
      } finally {
        cluster.stop();
        rmSync(directory, { recursive: true });
      }
    });
  }
});

/** Applies the policies, and waits until the last of them is enforced. */
async function enforce(cluster: Cluster, api: string, directory: string, profile: Profile) {
  await succeed(cluster, ['apply', '-k', generated(directory, 'deny', profile.name)]);
  const row = profile.components.find(
    ({ type, match }) =>
      type !== undefined && type !== 'Pod' && !`${match.namespace}${match.name}`.includes('*'),
  );
  assert.ok(row);
  const { namespace, name } = row.match;
  const probe = renamed(workload('Pod', name), { namespace });
  await cluster.kubectl(['create', 'namespace', namespace]);
  // An answer names only the first policy that refuses; the metrics count all.
  await until('the policies to deny', async () => {
    await request(api, 'POST', probe);
    const said = counted(await cluster.print(['get', '--raw', '/metrics']));
    return said.some(({ policy }) => policy === 'wrong-workload-kind') || undefined;
  });
}

/** Creates Nodes, and then all that no controller makes. */
async function install(cluster: Cluster, api: string, objects: readonly JsonObject[]) {
  const namespaces = new Set(objects.map((object) => reference(object).namespace));
  for (const name of namespaces) {
    if (typeof name === 'string') await cluster.kubectl(['create', 'namespace', name]);
  }
  const simulated = { annotations: { 'kwok.x-k8s.io/node': 'fake' } };
  for (const object of objects.filter(({ kind }) => kind === 'Node')) {
    const { status, outcome } = await request(api, 'POST', renamed(object, simulated), {
      isDry: false,
    });
    assert.equal(status, 201, outcome);
  }
  const nodes = await until('Ready nodes', async () => {
    const found = await cluster.list('nodes');
    return JSON.stringify(found).includes('/not-ready"') ? undefined : found;
  });
  for (const object of objects.filter(({ kind }) => kind !== 'Node')) {
    await make(api, object, nodes);
  }
}

/** A kubelet makes the mirror pods of its node, and a user all else. */
async function make(api: string, object: JsonObject, nodes: readonly JsonObject[]) {
  const { annotations = {}, ownerReferences } = mapIn(object, 'metadata');
  const isMirror = 'kubernetes.io/config.mirror' in mapIn({ annotations }, 'annotations');
  if (ownerReferences !== undefined && !isMirror) return;
  const on = String(mapIn({ spec: {}, ...object }, 'spec')['nodeName']);
  const { status, outcome, warned } = isMirror
    ? await request(api, 'POST', mirror(object, objectIn(nodes, 'Node', on)), {
        as: kubelet(on),
        isDry: false,
      })
    : await request(api, 'POST', object, { isDry: false });
  assert.deepEqual([status, warned], [201, new Map()], `${nameOf(object)}: ${outcome}`);
}

/** Waits until each controller has made all pods, or one was refused. @returns the pods. */
async function settled(cluster: Cluster): Promise<readonly JsonObject[]> {
  const kinds = 'deployments,replicasets,statefulsets,daemonsets';
  return until('all pods', async () => {
    const found: readonly Live[] = JSON.parse(
      await cluster.print(['get', kinds, '-A', '-o', 'json']),
    ).items;
    const isDone = found.every(isComplete) || refusedIn(cluster).length > 0;
    return isDone ? cluster.list('pods') : undefined;
  });
}

function isComplete({ metadata, spec, status }: Live): boolean {
  const { replicas = status.desiredNumberScheduled } = spec;
  const { replicas: made = status.currentNumberScheduled ?? 0 } = status;
  return status.observedGeneration === metadata.generation && made === replicas;
}

/** What was refused, but for the requests of this test that store nothing. */
function refusedIn(cluster: Cluster): readonly string[] {
  return refusals(cluster.files.auditLog)
    .filter(({ requestURI }) => !requestURI.includes('dryRun=All'))
    .map(({ responseStatus }) => responseStatus?.message ?? '');
}
