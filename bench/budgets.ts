import { check } from '../src/check.ts';
import type { JsonObject } from '../src/kubernetes/json.ts';
import type { Profile } from '../src/profile/profile.ts';
import { builtBulkhead, shippedProfile } from '../test/support/bulkhead.ts';
import { numbersFrom, publish, table } from './measure.ts';

// One namespace with many workloads and a budget for each, including the time to read them. It is a namespace
// of users; the same with a profile that requires disruption control of users' workloads, which compares each
// budget with each workload; or a namespace with components, which compares each workload with each budget.

const bulkhead = builtBulkhead();
const profile = shippedProfile('tectonic-1.6.4');

const rows = numbersFrom('BENCH_BUDGETS', '1000,2000,5000').map((count) => [
  String(count),
  seconds('shop', count),
  seconds('shop', count, {
    ...profile,
    otherWorkloads: { nodeRole: 'worker', disruptionControl: true },
  }),
  seconds('kube-system', count),
]);
publish('budgets', 'Workloads and as many budgets in one namespace', [
  table(['workloads', "users' namespace, s", 'and protected, s', "components' namespace, s"], rows),
]);

function seconds(namespace: string, count: number, by: Profile = profile): string {
  const items = [
    ...Array.from({ length: count }, (_, index) => `web-${index}`),
    ...['kube-scheduler', 'kube-controller-manager'],
  ].flatMap((name) => [workload(namespace, name), budget(namespace, name)]);
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const files = [{ name: 'namespace.json', bytes: new TextEncoder().encode(text) }];
  const start = performance.now();
  check(bulkhead, by, files);
  return ((performance.now() - start) / 1000).toFixed(1);
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
