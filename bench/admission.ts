import type { JsonObject } from '../src/kubernetes/json.ts';
import { idOf, policiesOf, requestFor } from '../test/admission/asking.ts';
import { complete } from '../test/admission/complete.ts';
import { randomPlacement, randomRoleNode } from '../test/admission/generators.ts';
import { AT_THE_LIMITS } from '../test/admission/worst-pods.ts';
import {
  type AdmissionDecision,
  type AdmissionRequest,
  askAdmission,
  type BoundPolicy,
} from '../test/support/admission-oracle.ts';
import { shippedProfile } from '../test/support/bulkhead.ts';
import { randomFrom } from '../test/support/mutate.ts';
import { median, table } from './measure.ts';
import { publish } from './results.ts';

// What each ValidatingAdmissionPolicy costs an API server, by its own code: in its budget, and in time. Random
// workloads that it accepts, Nodes, and the worst pods that are checked.

const WORKLOADS = 2000;
const REPEAT = 5;
const PROFILES = ['kubeadm', 'tectonic-1.6.4', 'openshift-4'].map(shippedProfile);

/** A policy that asks nothing, of the same requests. */
const NOTHING = 'nothing.bulkhead.dev';

const rows: (readonly string[])[] = [];
const ratios: Record<string, number> = {};
for (const profile of PROFILES) {
  const random = randomFrom(1);
  const drawn = [
    ...Array.from({ length: WORKLOADS }, () => randomPlacement(random, profile)),
    ...Array.from({ length: WORKLOADS / 10 }, () => randomRoleNode(random, profile)),
  ];
  const row = profile.components.find((one) => one.nodeRole !== undefined && one.static !== true);
  const named = [{ name: 'web', namespace: 'shop' }, ...(row === undefined ? [] : [row.match])].map(
    ({ name, namespace }) => ({
      name: name.replace('*', 'x'),
      namespace: namespace.replace('*', 'x'),
    }),
  );
  const worst = named.flatMap((metadata) =>
    Object.values(AT_THE_LIMITS).map((spec) =>
      complete({ apiVersion: 'v1', kind: 'Pod', metadata, spec }),
    ),
  );
  const policies = policiesOf(profile);
  const [first] = policies;
  if (first === undefined) throw new Error(`${profile.name} has no policy`);
  const all = [...policies, nothing(first)];
  const usual = await decisionsOn(all, drawn);
  const extreme = await decisionsOn(all, worst);
  const idle = median((usual.get(NOTHING) ?? []).map(({ nanoseconds }) => nanoseconds));
  for (const [name, decisions] of usual) {
    if (name === NOTHING || decisions.length === 0) continue;
    const costs = decisions.map(({ cost }) => cost.largest).sort((a, b) => a - b);
    const times = decisions.map(({ nanoseconds }) => nanoseconds).sort((a, b) => a - b);
    const most = extreme.get(name) ?? [];
    rows.push([
      profile.name,
      idOf(name),
      String(decisions.length),
      ...[0.5, 0.99, 1].map((part) => String(quantile(costs, part))),
      ...[0.5, 0.99, 1].map((part) => (quantile(times, part) / 1e6).toFixed(2)),
      String(Math.max(0, ...most.map(({ cost }) => cost.largest))),
      (Math.max(0, ...most.map(({ nanoseconds }) => nanoseconds)) / 1e6).toFixed(1),
    ]);
    ratios[`${profile.name}: ${idOf(name)}, p50 / a policy that asks nothing`] =
      quantile(times, 0.5) / idle;
  }
}
publish('admission', {
  question: 'What does a ValidatingAdmissionPolicy cost in the API server?',
  peers: 'a policy that asks nothing',
  parts: [
    `The API server's own code, without HTTP and storage: ${WORKLOADS} random workloads for each profile that it accepts and that the policy is ` +
      `asked about, and ${WORKLOADS / 10} Nodes. The cost is that of the most expensive expression, of 1,000,000 that the API server allows; ` +
      `times are milliseconds, medians of ${REPEAT}. The worst pods are at the limits of what is checked (docs/limits.md).`,
    table(
      [
        'profile',
        'policy',
        'requests',
        'cost p50',
        'p99',
        'max',
        'ms p50',
        'p99',
        'max',
        'worst pods: cost',
        'ms',
      ],
      rows,
    ),
  ],
  ratios,
});

/** What each policy decides of those requests that it checks. */
async function decisionsOn(
  policies: readonly BoundPolicy[],
  objects: readonly JsonObject[],
): Promise<ReadonlyMap<string, readonly AdmissionDecision[]>> {
  const requests: AdmissionRequest[] = objects.flatMap((object) => requestFor(object) ?? []);
  const { answers } = await askAdmission(policies, requests, { repeat: REPEAT });
  const decisions = answers.flatMap((answer) => answer.decisions);
  const wrong = decisions.find(({ errors }) => errors.length > 0);
  if (wrong !== undefined) throw new Error(`${wrong.policy}: ${wrong.errors.join()}`);
  const names = policies.map(({ policy }) => String(Object(policy['metadata']).name));
  return new Map(
    names.map((name) => [
      name,
      decisions.filter(
        ({ policy, action }) => policy === name && ['admit', 'deny'].includes(action),
      ),
    ]),
  );
}

function nothing({ policy, binding }: BoundPolicy): BoundPolicy {
  const { matchConstraints } = Object(policy['spec']);
  const spec = { failurePolicy: 'Fail', matchConstraints, validations: [{ expression: 'true' }] };
  return {
    policy: { ...policy, metadata: { name: NOTHING }, spec },
    binding: {
      ...binding,
      metadata: { name: NOTHING },
      spec: { ...Object(binding['spec']), policyName: NOTHING },
    },
  };
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
