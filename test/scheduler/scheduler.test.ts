import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { SCHEDULING_MISTAKES, titleOf, withMistake } from '../support/mistakes.ts';
import { randomFrom } from '../support/mutate.ts';
import { sampleOf, setting, sized } from '../support/settings.ts';
import { readVectors } from '../support/vectors.ts';
import { nodesOf, PARAMETERS } from './classes.ts';
import { type Random, randomNode, randomPod } from './pods.ts';
import {
  type ClassVerdict,
  compileScheduling,
  kubernetesAnswers,
  type OracleVerdict,
  type Question,
  waysOf,
} from './scheduler.ts';

// Compares where a pod can run with the code of Kubernetes itself (tools/scheduler-oracle). PAIRS is the
// number of pairs of a pod and a node, SEED chooses them.

const PAIRS = setting('PAIRS', sized(20_000, 1_000_000));
const SEED = setting('SEED', 20_261_124);
/** How many pods are evaluated on classes of nodes: each takes thousands of nodes. */
const PODS = Math.min(PAIRS / 100, 2000);
/** How many nodes each pod is evaluated on. */
const NODES = 25;
/** How many pods one run of the oracle evaluates. */
const BATCH = 2_000;

const libraries = compileScheduling();

describe('the vectors of testdata/scheduling', () => {
  const { nodes, pairs } = readVectors();
  for (const { id, pod, node, valid, runs, gate } of pairs) {
    test(id, () => {
      const gates = gate === undefined ? [] : [`--feature-gates=${gate}=true`];
      const question = { pod, nodes: [nodes[node] ?? {}], validate: true };
      const [answer] = kubernetesAnswers([question], gates);
      const [verdict] = answer?.nodes ?? [];
      assert.ok(verdict);
      assert.equal((answer?.invalid ?? []).length === 0, valid, answer?.invalid?.join());
      assert.deepEqual(typeof runs === 'boolean' ? verdict.scheduler : waysOf(verdict), runs);
    });
  }
});

test(`${PAIRS} pairs of a pod and a node from seed ${SEED}`, (context) => {
  const random = randomFrom(SEED);
  const counts = new Map<string, number>();
  let asked = 0;
  while (asked < PAIRS) {
    const questions = Array.from({ length: Math.min(BATCH, (PAIRS - asked) / NODES) }, () =>
      randomQuestion(random),
    );
    assert.ok(questions.length > 0);
    const answers = kubernetesAnswers(questions);
    questions.forEach((question, index) => {
      const ours = libraries.nodes(question);
      const theirs = answers[index]?.nodes ?? [];
      assert.deepEqual(sorted(ours), theirs.map(waysOf), JSON.stringify(question));
      for (const name of theirs.flatMap(deciders)) count(counts, name);
    });
    asked += questions.length * NODES;
  }
  context.diagnostic(`decided by: ${JSON.stringify(Object.fromEntries(counts))}`);
  // Each of them decides some.
  for (const name of DECIDERS) {
    assert.ok((counts.get(name) ?? 0) > asked / 1000, `${name} decided ${counts.get(name)}`);
  }
});

test(`the classes of nodes for ${PODS} pods from seed ${SEED}`, (context) => {
  const random = randomFrom(SEED + 1);
  const counts = new Map<string, number>();
  for (let done = 0; done < PODS; done += 50) {
    const cases = Array.from({ length: 50 }, () => classCases(random)).flat();
    const answers = kubernetesAnswers(cases);
    cases.forEach((question, index) => {
      const accepted = (answers[index]?.nodes ?? []).map(({ scheduler }) => scheduler);
      holdClass(question, accepted);
      count(counts, nameOf(question));
    });
  }
  context.diagnostic(`classes: ${JSON.stringify(Object.fromEntries(counts))}`);
  for (const name of ['can', 'cannot', 'all', 'witness'])
    assert.ok((counts.get(name) ?? 0) > PODS / 10, name);
});

describe('each deliberate mistake is caught within 20000 pairs', () => {
  // A fixed seed: these pairs are known to catch every mistake.
  const random = randomFrom(1);
  const questions = Array.from({ length: 20_000 / NODES }, () => randomQuestion(random));
  const answers = kubernetesAnswers(questions).map(({ nodes }) => nodes.map(waysOf));
  for (const mistake of sampleOf(SCHEDULING_MISTAKES)) {
    test(titleOf(mistake), () => {
      const mistaken = withMistake(mistake, compileScheduling);
      const isCaught = questions.some(
        (question, index) =>
          JSON.stringify(sorted(mistaken.nodes(question))) !== JSON.stringify(answers[index]),
      );
      assert.ok(isCaught);
    });
  }
});

function randomQuestion(random: Random): Question {
  return { pod: randomPod(random), nodes: Array.from({ length: NODES }, () => randomNode(random)) };
}

interface ClassCase extends Question {
  readonly verdict: ClassVerdict;
  /** Whether the nodes are all that differ for the pod. */
  readonly areAll: boolean;
  /** Whether the only term of the pod is one that reaches the class according to the libraries. */
  readonly isWitness: boolean;
}

/** A pod with each class, and again with only one of the terms that reach it according to the libraries. */
function classCases(random: Random): readonly ClassCase[] {
  // A pod with nodeName does not depend on classes.
  const { nodeName: _, ...pod } = randomPod(random);
  return PARAMETERS.nodeRoles.flatMap(({ name }) =>
    libraries.classes({ pod, role: name, parameters: PARAMETERS }).flatMap((verdict) => {
      const inRole = { ...verdict.class, role: name };
      return [
        { pod, verdict, ...nodesOf(pod, inRole, random, 300), isWitness: false },
        ...verdict.terms.map((path) => {
          const own = withTermAlone(pod, path.at(-1));
          return { pod: own, verdict, ...nodesOf(own, inRole, random, 3000), isWitness: true };
        }),
      ];
    }),
  );
}

function withTermAlone(pod: JsonObject, index: string | number | undefined): JsonObject {
  const { nodeAffinity } = (pod['affinity'] ?? {}) as Affinity;
  const terms = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (typeof index !== 'number') return pod;
  const alone = { nodeSelectorTerms: [terms?.[index] ?? null] };
  const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: alone } };
  return { ...pod, affinity };
}

function holdClass(
  { pod, nodes, verdict, areAll, isWitness }: ClassCase,
  accepted: boolean[],
): void {
  const shown = JSON.stringify({ pod, ...verdict });
  // Each "can" has a node that proves it, for each term of the verdict.
  if (isWitness) {
    assert.ok(accepted.includes(true), shown);
    return;
  }
  // Each "cannot" and each "all" holds on every node.
  if (verdict.terms.length === 0) assert.ok(!accepted.includes(true), shown);
  const own = accepted.filter((_, at) => hasNoOtherTaint(nodes[at], verdict));
  if (verdict.covers) assert.ok(own.length > 0 && !own.includes(false), shown);
  // Each "not all" has a node that rejects the pod.
  if (areAll && !verdict.covers) assert.ok(accepted.includes(false), shown);
}

function nameOf({ verdict, isWitness }: ClassCase): string {
  if (isWitness) return 'witness';
  if (verdict.covers) return 'all';
  return verdict.terms.length > 0 ? 'can' : 'cannot';
}

/** Whether the node has no taint of another role: such a node belongs to the classes of that role. */
function hasNoOtherTaint(
  node: JsonObject | undefined,
  { class: { forced } }: ClassVerdict,
): boolean {
  const { taints = [] } = (node?.['spec'] ?? {}) as { taints?: { key: string; value: string }[] };
  return taints.every(({ key, value }) => forced[key] === value);
}

interface Affinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: {
      readonly nodeSelectorTerms?: readonly JsonObject[] | null;
    };
  };
}

const DECIDERS = [
  ...['scheduler', 'NodeAffinity', 'TaintToleration', 'NodeUnschedulable', 'NodeName'],
  ...['kubelet alone', 'daemon alone', 'static alone'],
];

/** What decided: the only filter that rejects, and the ways that are open where others are not. */
function deciders(verdict: OracleVerdict): readonly string[] {
  const { scheduler, refusedBy = [], kubelet, daemon, static: file } = verdict;
  const ways = {
    scheduler,
    'kubelet alone': kubelet && !scheduler,
    'daemon alone': daemon && !scheduler,
    'static alone': file && !kubelet,
  };
  const open = Object.entries(ways).flatMap(([name, isOpen]) => (isOpen ? [name] : []));
  return refusedBy.length === 1 ? [...refusedBy, ...open] : open;
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function sorted(ways: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return ways.map((open) => [...open].sort());
}
