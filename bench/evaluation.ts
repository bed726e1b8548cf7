import { parseDocument, stringify } from 'yaml';
import type { JsonObject } from '../src/kubernetes/json.ts';
import type { Profile } from '../src/profile/profile.ts';
import { openSession } from '../src/session.ts';
import { builtBulkhead, shippedProfile } from '../test/support/bulkhead.ts';
import { median, table } from './measure.ts';
import { publish } from './results.ts';

// One object through all policies: a typical Deployment, and the same with more tolerations, node selector
// terms and roles. What matters is how the time grows with ten times as many.

const ROUNDS = 9;
const EACH = 100;
const bulkhead = builtBulkhead();
const base = shippedProfile('tectonic-1.6.4');

const TYPICAL = deployment(1, 1);

const typical = cost(TYPICAL, base);
const grown = [
  ...[10, 100, 1000].map((count) => of(`${count} tolerations`, deployment(count, 1), base)),
  ...[10, 100, 1000].map((count) => of(`${count} terms`, deployment(1, count), base)),
  ...[10, 20, 40].map((count) => of(`${count} node roles`, TYPICAL, withRoles(count))),
];
const text = stringify(TYPICAL);
const parsed = medianOf(() => parseDocument(text).toJS());
publish('evaluation', {
  question: 'What does one object cost, through all policies?',
  peers: '`yaml`, which parses it',
  parts: [
    `Microseconds, medians of ${ROUNDS} rounds of ${EACH}.`,
    table(
      ['object', 'µs'],
      [
        ['a typical Deployment', typical.toFixed(0)],
        ['the same, parsed by `yaml`', parsed.toFixed(0)],
        ...grown.map(([name, time]) => [name, time.toFixed(0)]),
      ],
    ),
  ],
  ratios: {
    'a typical Deployment / parsing it': typical / parsed,
    ...Object.fromEntries(
      grown.map(([name, time]) => [`${name} / a typical Deployment`, time / typical]),
    ),
  },
});

function of(name: string, object: JsonObject, profile: Profile): readonly [string, number] {
  return [name, cost(object, profile)];
}

/** Microseconds of an evaluation. */
function cost(object: JsonObject, profile: Profile): number {
  const { engine } = openSession(bulkhead, profile, []);
  return medianOf(() => engine.evaluate(object));
}

function medianOf(once: () => unknown): number {
  for (let warm = 0; warm < 50; warm += 1) once();
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    for (let done = 0; done < EACH; done += 1) once();
    return ((performance.now() - start) / EACH) * 1000;
  });
  return median(times);
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
