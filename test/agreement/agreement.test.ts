import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { reportOf } from '../../src/check.ts';
import { UserError } from '../../src/errors.ts';
import { readProfile } from '../../src/profile/read.ts';
import type { Report } from '../../src/report/report.ts';
import { type FileSession, openFiles } from '../../src/session.ts';
import { simulationOf } from '../../src/simulate.ts';
import type { Simulation } from '../../src/simulation/simulation.ts';
import { initial, running, type State } from '../../src/simulation/state.ts';
import { builtBulkhead } from '../support/bulkhead.ts';
import { setting, sized } from '../support/settings.ts';
import { type Cluster, clustersFrom, type Drawn, PROFILE } from './clusters.ts';
import { type Case, DIFFERENCES, QUESTIONS, type Question } from './differences.ts';

// `check` and `simulate` answer the same questions by different means: rules here, moves of pods there.

const CLUSTERS = setting('CLUSTERS', sized(1000, 5000));
const bulkhead = builtBulkhead();
const read = readProfile('drawn.yaml', PROFILE);
if (read.kind === 'errors') throw new AggregateError(read.errors);
const { profile } = read;

const STOPPED = ['stopped-component', 'unreachable-node-role'];
const EMPTIED = ['missing-disruption-budget', 'powerless-disruption-budget'];
const BLOCKED = ['blocking-disruption-budget', 'overlapping-disruption-budgets'];

test(`check and simulate agree on ${CLUSTERS} clusters, but for the listed differences`, (context) => {
  const next = clustersFrom(setting('SEED', 20_261_129));
  const tally = new Map<string, number>();
  const unexplained = Array.from({ length: CLUSTERS }, next).flatMap((cluster) =>
    compared(cluster)
      .filter((answered) => !isExplained(answered, tally))
      .map(({ found }) => JSON.stringify({ ...found, cluster })),
  );
  context.diagnostic(JSON.stringify(Object.fromEntries([...tally].sort())));
  assert.deepEqual(unexplained.slice(0, 2), [], `${unexplained.length} differences`);
  if (CLUSTERS < 1000) return;
  for (const reason of Object.keys(DIFFERENCES)) assert.ok(tally.has(reason), reason);
  for (const question of QUESTIONS) {
    for (const answer of [true, false]) {
      assert.ok((tally.get(`${question} ${answer}`) ?? 0) > CLUSTERS / 50, question);
    }
  }
});

/** Whether both answer the same, or a listed difference applies; counts which. */
function isExplained({ question, answers, found }: Answered, tally: Map<string, number>): boolean {
  const [ofCheck, ofSimulation] = answers;
  const reason = Object.entries(DIFFERENCES).find(([, applies]) => applies(found))?.[0];
  const isSame = ofCheck === ofSimulation;
  const name = isSame ? `${question} ${ofCheck}` : (reason ?? 'unexplained');
  tally.set(name, (tally.get(name) ?? 0) + 1);
  return isSame || reason !== undefined;
}

test('the list in docs/simulation.md has each difference by its name', () => {
  const page = readFileSync(new URL('../../docs/simulation.md', import.meta.url), 'utf8');
  const listed = [...page.matchAll(/^\| \*\*(.+?)\*\* \|/gm)].map(([, name]) => name);
  assert.deepEqual(listed, Object.keys(DIFFERENCES));
});

interface Answered {
  readonly question: Question;
  readonly answers: readonly [check: boolean, simulate: boolean];
  readonly found: Case;
}

/** Asks both about each component and about the budgets. */
function compared(cluster: Cluster): readonly Answered[] {
  const { workloads, nodes, budgets, autoscalers } = cluster;
  const named = [...workloads, ...budgets].map(({ object }) => object);
  const items = [...named, ...nodes, ...autoscalers];
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const files = [{ name: 'cluster.json', bytes: new TextEncoder().encode(list) }];
  // As `check` and `simulate` do, but with one session for both: it takes half the time.
  const session = openFiles(bulkhead, profile, files);
  const report = reportOf(session);
  assert.deepEqual(report.inputErrors, []);
  const simulation = simulated(session, report, cluster);
  if (simulation === undefined) return [];
  const answers = workloads.flatMap((one) => ofComponent(one, cluster, report, simulation));
  return [...answers, ofBudgets(cluster, report, simulation)];
}

/** The simulation; none where no component has a node, which the check then finds. */
function simulated(session: FileSession, report: Report, { workloads }: Cluster) {
  try {
    return simulationOf(session, report);
  } catch (error) {
    assert.ok(error instanceof UserError && error.code === 'NODES_UNKNOWN');
    for (const { name } of workloads) assert.ok(has(report, STOPPED, name), name);
    return undefined;
  }
}

function has(report: Report, policies: readonly string[], component: string): boolean {
  return report.findings.some(
    (one) => one.component === component && policies.includes(one.policy),
  );
}

function ofComponent(
  { name, labels }: Drawn,
  cluster: Cluster,
  report: Report,
  simulation: Simulation,
): readonly Answered[] {
  const { drains, updates, workloads } = simulation;
  const own = workloads.find(({ component }) => component === name);
  const outcome = updates.find(({ workload }) => workload.component === name)?.outcome;
  const id = own?.id ?? '';
  const start = startOf(simulation);
  const isPlaced = (component: string) =>
    workloads
      .filter((workload) => workload.component === component)
      .every((workload) => running(start, workload.id) === workload.replicas);
  const neighbours = cluster.workloads.filter((other) => other.labels.app === labels.app);
  const answer = (question: Question, ofCheck: boolean, ofSimulation: boolean): Answered => ({
    question,
    answers: [ofCheck, ofSimulation],
    found: {
      question,
      by: ofCheck ? 'check' : 'simulate',
      own,
      runs: running(start, id) > 0,
      isCut: drains.at(-1)?.stop !== undefined,
      isWhole: isPlaced(name),
      areNeighboursWhole: neighbours.every((other) => isPlaced(other.name)),
      isWaiting: false,
      blocked: [],
    },
  });
  return [
    answer('stuck', has(report, ['stuck-rollout'], name), outcome?.stop !== undefined),
    answer('interrupted', has(report, ['interrupting-update'], name), outcome?.least[id] === 0),
    answer(
      'emptied',
      has(report, EMPTIED, name),
      drains.some(({ least }) => least[id] === 0),
    ),
    answer('stopped', has(report, STOPPED, name), own === undefined || own.nodes.length === 0),
  ];
}

/** The pods before anything happens. */
function startOf({ nodes, workloads }: Simulation): State {
  return initial({ nodes, workloads, budgets: [] });
}

function ofBudgets(cluster: Cluster, report: Report, simulation: Simulation): Answered {
  const { drains, workloads } = simulation;
  const findings = report.findings.filter(({ policy }) => BLOCKED.includes(policy));
  const stopped = drains.find(({ stop }) => stop !== undefined);
  const last = stopped?.steps.at(-1)?.running ?? {};
  const isOfCheck = findings.length > 0;
  return {
    question: 'blocked',
    answers: [isOfCheck, stopped !== undefined],
    found: {
      question: 'blocked',
      by: isOfCheck ? 'check' : 'simulate',
      runs: false,
      isCut: false,
      isWhole: false,
      areNeighboursWhole: false,
      isWaiting: workloads.some(({ id, replicas }) => (last[id] ?? replicas) < replicas),
      blocked: findings.map(({ object }) => kindsOf(object.name, cluster, simulation)),
    },
  };
}

/** The kinds of the workloads with pods that the budget of this name selects. */
function kindsOf(
  name: string | null,
  { budgets, workloads }: Cluster,
  simulation: Simulation,
): readonly string[] {
  const start = startOf(simulation);
  const budget = budgets.find((one) => one.name === name);
  return workloads
    .filter(({ labels }) => labels.app === budget?.labels.app)
    .flatMap((one) => simulation.workloads.filter(({ component }) => component === one.name))
    .filter(({ id }) => running(start, id) > 0)
    .map(({ kind }) => kind);
}
