import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DISRUPTION_MISTAKES, titleOf, withMistake } from '../support/mistakes.ts';
import { randomFrom } from '../support/mutate.ts';
import { sampleOf, setting, sized } from '../support/settings.ts';
import {
  compileDisruption,
  kubernetesAnswers,
  kubernetesVerdicts,
  type Question,
  type Verdict,
} from './disruption.ts';
import { readDisruptionVectors } from './disruption-vectors.ts';
import { randomQuestion } from './disruptions.ts';
import { OUTCOMES, outcomesOf } from './outcomes.ts';

// Compares the libraries with the code of Kubernetes itself (tools/disruption-oracle): what budgets allow,
// how many pods updates make unavailable, and what keeps pods off one node. CASES is the number of
// questions, SEED chooses them.

const CASES = setting('CASES', sized(5_000, 200_000));
const SEED = setting('SEED', 20_261_126);
/** How many questions one run of the oracle answers. */
const BATCH = 2_000;

const libraries = compileDisruption();

describe('the vectors of testdata/disruption', () => {
  const vectors = readDisruptionVectors();
  const questions = vectors.map(({ question }) => question);
  const verdicts = kubernetesVerdicts(questions);
  const answers = kubernetesAnswers(questions);
  vectors.forEach(({ id, answer, valid }, index) => {
    test(id, () => {
      assert.deepEqual({ ...verdicts[index], ...answer }, verdicts[index]);
      const [given] = answers[index] as readonly { invalid?: readonly string[] }[];
      assert.equal((given?.invalid ?? []).length === 0, valid, given?.invalid?.join());
    });
  });
});

test(`${CASES} questions from seed ${SEED}`, (context) => {
  const random = randomFrom(SEED);
  const counts = new Map<string, number>();
  for (let asked = 0; asked < CASES; asked += BATCH) {
    const size = Math.min(BATCH, CASES - asked);
    const questions = Array.from({ length: size }, () => randomQuestion(random));
    const theirs = kubernetesVerdicts(questions);
    questions.forEach((question, index) => {
      const verdict = theirs[index];
      if (verdict !== undefined) hold(question, verdict);
      for (const outcome of outcomesOf(question, verdict)) count(counts, outcome);
    });
  }
  context.diagnostic(`outcomes: ${JSON.stringify(Object.fromEntries([...counts].sort()))}`);
  // Every outcome occurs.
  for (const outcome of OUTCOMES) {
    assert.ok((counts.get(outcome) ?? 0) > CASES / 1000, `${outcome}: ${counts.get(outcome)}`);
  }
});

describe('each deliberate mistake is caught within 10000 questions', () => {
  // A fixed seed: these questions are known to catch every mistake.
  const random = randomFrom(1);
  const questions = Array.from({ length: 10_000 }, () => randomQuestion(random));
  const theirs = kubernetesVerdicts(questions);
  test('without a mistake, all agree', () => {
    questions.forEach((question, index) => {
      const verdict = theirs[index];
      if (verdict !== undefined) hold(question, verdict);
    });
  });
  for (const mistake of sampleOf(DISRUPTION_MISTAKES)) {
    test(titleOf(mistake), () => {
      const mistaken = withMistake(mistake, compileDisruption);
      const isCaught = questions.some((question, index) => {
        const verdict = theirs[index];
        return verdict !== undefined && !agrees(() => mistaken.verdict(question), verdict);
      });
      assert.ok(isCaught);
    });
  }
});

function hold(question: Question, verdict: Verdict): void {
  const ours = libraries.verdict(question);
  assert.equal(JSON.stringify(ours), JSON.stringify(verdict), JSON.stringify(question.ours));
}

/** Whether the verdicts are equal. Libraries without an answer, or with two, do not agree. */
function agrees(ours: () => Verdict, verdict: Verdict): boolean {
  try {
    return JSON.stringify(ours()) === JSON.stringify(verdict);
  } catch {
    return false;
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
