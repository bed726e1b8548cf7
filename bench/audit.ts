import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from '../scripts/tools.ts';
import type { JsonObject } from '../src/kubernetes/json.ts';
import { playing, sceneOf } from '../test/support/kubectl.ts';
import { clusterObjects } from './cluster.ts';
import { measure, publish, table } from './measure.ts';

// `bulkhead audit` of a large cluster: time and memory of the command, beside a kubectl that only prints.

const NODES = 500;
const WORKLOADS = Number(process.env['BENCH_WORKLOADS'] ?? 5000);
const PODS_EACH = 2;

const objects = clusterObjects(NODES, WORKLOADS);
const pods = objects.filter(({ kind }) => kind !== 'Node').flatMap(podsOf);
const { env } = playing(sceneOf([...objects, ...pods]));
Object.assign(process.env, env, {
  PATH: `${join(ROOT, 'testdata', 'bin')}${delimiter}${process.env['PATH']}`,
});
const saved = join(ROOT, 'dist', 'audit-bench.json');
const cli = join(ROOT, 'dist', 'cli.cjs');
const flags = ['--profile', 'kubeadm', '--no-config', '--fail-on=never', '-o', 'json'];
const live = await measure('node', [cli, 'audit', ...flags, '--save', saved]);
const offline = await measure('node', [cli, 'audit', ...flags, '--from', saved]);
const { summary } = JSON.parse(live.stdout);
writeFileSync(saved, '');
publish('audit', `${NODES} nodes, ${WORKLOADS} workloads, ${pods.length} pods`, [
  table(
    ['', 'objects', 'seconds', 'MB'],
    [
      ['through kubectl', String(summary.objects), seconds(live.ms), live.mb.toFixed(0)],
      ['from a saved file', String(summary.objects), seconds(offline.ms), offline.mb.toFixed(0)],
    ],
  ),
]);

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

/** The pods of a controller, each with what a kubelet and the scheduler write. */
function podsOf({ apiVersion, kind, metadata, spec }: JsonObject): readonly JsonObject[] {
  const template = Object(spec).template;
  if (template === undefined || kind === 'Deployment') return [];
  const { name, namespace, uid } = Object(metadata);
  return Array.from({ length: PODS_EACH }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...Object(metadata),
      name: `${name}-${index}`,
      namespace,
      uid: `${uid}-${index}`,
      labels: template.metadata?.labels ?? {},
      ownerReferences: [
        { apiVersion: apiVersion ?? '', kind: kind ?? '', name, uid, controller: true },
      ],
    },
    spec: { ...template.spec, nodeName: `node-${index}` },
    status: {
      phase: 'Running',
      startTime: '2026-01-01T00:00:00Z',
      conditions: [{ type: 'PodScheduled', status: 'True' }],
    },
  }));
}
