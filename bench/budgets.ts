import { check } from '../src/check.ts';
import type { JsonObject } from '../src/kubernetes/json.ts';
import type { Profile } from '../src/profile/profile.ts';
import { builtBulkhead, shippedProfile } from '../test/support/bulkhead.ts';
import { numbersFrom, table } from './measure.ts';
import { publish } from './results.ts';

// One namespace with many workloads and a budget for each, including the time to read them. It is a namespace
// of users; the same with a profile that requires disruption control of users' workloads, which compares each
// budget with each workload; a namespace with components, which compares each workload with each budget; or as
// many components as workloads, each a row of the profile.

const COUNTS = numbersFrom('BENCH_BUDGETS', '1000,5000,10000');
const ROWS = numbersFrom('BENCH_ROWS', '750,1500');
/** Names of workloads of the profile. */
const COMPONENTS = ['kube-scheduler', 'kube-controller-manager'];

const bulkhead = builtBulkhead();
const profile = shippedProfile('tectonic-1.6.4');
const [row] = profile.components.filter(({ name }) => COMPONENTS.includes(name));
if (row === undefined) throw new Error('the profile has none of the components');

const measured = [
  { title: "users' namespace", counts: COUNTS, cost: (count: number) => cost('shop', count) },
  {
    title: 'and protected',
    counts: COUNTS,
    cost: (count: number) =>
      cost('shop', count, {
        ...profile,
        otherWorkloads: { nodeRole: 'worker', disruptionControl: true },
      }),
  },
  {
    title: "components' namespace",
    counts: COUNTS,
    cost: (count: number) => cost('kube-system', count),
  },
  {
    title: 'each of them a row',
    counts: ROWS,
    cost: (count: number) =>
      cost('kube-system', count, {
        ...profile,
        components: namesOf(count).map((name) => ({
          ...row,
          name,
          match: { namespace: 'kube-system', name },
        })),
      }),
  },
].map(({ title, counts, cost: of }) => {
  const seconds = counts.map(of);
  return {
    title,
    counts,
    seconds,
    growth: (seconds.at(-1) ?? Number.NaN) / (seconds.at(-2) ?? Number.NaN),
  };
});
publish('budgets', {
  question: 'What do thousands of workloads and budgets in one namespace cost?',
  peers: 'half as many',
  parts: [
    'Seconds of CPU, once. Growth is the last divided by the one before, which counts half as many: 2 is linear.',
    table(
      ['', 'workloads', 'seconds', 'growth'],
      measured.map(({ title, counts, seconds, growth }) => [
        title,
        counts.join(', '),
        seconds.map((each) => each.toFixed(1)).join(', '),
        growth.toFixed(1),
      ]),
    ),
  ],
  ratios: Object.fromEntries(
    measured.map(({ title, growth }) => [`${title}: twice as many workloads`, growth]),
  ),
});

function cost(namespace: string, count: number, by: Profile = profile): number {
  const items = [...namesOf(count), ...COMPONENTS].flatMap((name) => [
    workload(namespace, name),
    budget(namespace, name),
  ]);
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const files = [{ name: 'namespace.json', bytes: new TextEncoder().encode(text) }];
  const start = process.cpuUsage();
  check(bulkhead, by, files);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function namesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `web-${index}`);
}

function workload(namespace: string, name: string): JsonObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'main' }] } },
    },
  };
}

function budget(namespace: string, name: string): JsonObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace },
    spec: { minAvailable: 1, selector: { matchLabels: { app: name } } },
  };
}
