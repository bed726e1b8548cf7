import { rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from '../scripts/tools.ts';
import type { JsonObject } from '../src/kubernetes/json.ts';
import { playing, sceneOf } from '../test/support/kubectl.ts';
import { clusterObjects } from './cluster.ts';
import { type Measure, measure, table } from './measure.ts';
import { publish } from './results.ts';

// `bulkhead audit` of a large cluster: time and memory of the command, beside a kubectl that only prints.

const NODES = 500;
const WORKLOADS = Number(process.env['BENCH_WORKLOADS'] ?? 5000);
const PODS_EACH = 2;

const path = process.env['PATH'];
const [half, whole] = [await audit(WORKLOADS / 2), await audit(WORKLOADS)];
publish('audit', {
  question: 'How long does an audit of a large cluster take?',
  peers: 'half as many workloads',
  parts: [
    `${NODES} Nodes; each workload has ${PODS_EACH} pods. kubectl only prints. Once.`,
    table(
      ['workloads', '', 'objects', 'seconds', 'MB'],
      [half, whole].flatMap(({ workloads, objects, live, offline }) => [
        [workloads, 'through kubectl', objects, seconds(live.ms), live.mb.toFixed(0)],
        [workloads, 'from a saved file', objects, seconds(offline.ms), offline.mb.toFixed(0)],
      ]),
    ),
  ],
  ratios: {
    'twice as many workloads, through kubectl': whole.live.ms / half.live.ms,
    'twice as many workloads, from a file': whole.offline.ms / half.offline.ms,
  },
});

interface Audit {
  readonly workloads: string;
  readonly objects: string;
  readonly live: Measure;
  readonly offline: Measure;
}

async function audit(workloads: number): Promise<Audit> {
  const made = clusterObjects(NODES, workloads);
  const pods = made.filter(({ kind }) => kind !== 'Node').flatMap(podsOf);
  const { env } = playing(sceneOf([...made, ...pods]));
  const bin = join(ROOT, 'testdata', 'bin');
  Object.assign(process.env, env, { PATH: `${bin}${delimiter}${path}` });
  const saved = join(ROOT, 'dist', 'audit-bench.json');
  const cli = join(ROOT, 'dist', 'cli.cjs');
  const flags = ['--profile', 'kubeadm', '--no-config', '--fail-on=never', '-o', 'json'];
  const live = await measure('node', [cli, 'audit', ...flags, '--save', saved]);
  const offline = await measure('node', [cli, 'audit', ...flags, '--from', saved]);
  rmSync(saved);
  const { summary } = JSON.parse(live.stdout);
  return { workloads: String(workloads), objects: String(summary.objects), live, offline };
}

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
