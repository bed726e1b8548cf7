import type { JsonObject } from '../src/kubernetes/json.ts';
import type { Profile } from '../src/profile/profile.ts';
import { openSession } from '../src/session.ts';
import { builtBulkhead, shippedProfile } from '../test/support/bulkhead.ts';
import { median, publish, table } from './measure.ts';

// One object through all policies: a typical Deployment, and the same with more tolerations, node selector
// terms and roles. What matters is how the time grows with ten times as many.

const ROUNDS = 9;
const bulkhead = builtBulkhead();
const base = shippedProfile('tectonic-1.6.4');

const TYPICAL = deployment(1, 1);

const rows = [
  row('a typical Deployment', TYPICAL, base),
  ...[10, 100, 1000].map((count) => row(`${count} tolerations`, deployment(count, 1), base)),
  ...[10, 100, 1000].map((count) => row(`${count} terms`, deployment(1, count), base)),
  ...[10, 20, 40].map((count) => row(`${count} node roles`, TYPICAL, withRoles(count))),
];
publish('evaluation', 'One object through all policies', [table(['object', 'µs'], rows)]);

function row(name: string, object: JsonObject, profile: Profile): readonly string[] {
  const { engine } = openSession(bulkhead, profile, []);
  const once = () => engine.evaluate(object);
  for (let warm = 0; warm < 50; warm += 1) once();
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    for (let done = 0; done < 100; done += 1) once();
    return (performance.now() - start) * 10; // a hundred, in microseconds
  });
  return [name, median(times).toFixed(0)];
}

function deployment(tolerations: number, terms: number): JsonObject {
  const spec = {
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: Array.from({ length: tolerations }, (_, index) => ({
      key: `example.com/dedicated-${index}`,
      operator: 'Exists',
    })),
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: Array.from({ length: terms }, (_, index) => ({
            matchExpressions: [
              { key: 'topology.kubernetes.io/zone', operator: 'In', values: [`zone-${index}`] },
            ],
          })),
        },
      },
    },
    containers: [{ name: 'web', image: 'registry.example/web:1' }],
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec },
    },
  };
}

function withRoles(count: number): Profile {
  const more = Array.from({ length: count - base.nodeRoles.length }, (_, index) => ({
    name: `role-${index}`,
    labels: [{ key: `node-role.kubernetes.io/role-${index}`, value: '' }],
    taints: [
      { key: `node-role.kubernetes.io/role-${index}`, value: '', effect: 'NoSchedule' as const },
    ],
  }));
  return { ...base, nodeRoles: [...base.nodeRoles, ...more] };
}
