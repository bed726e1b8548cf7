import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DISRUPTION_MISTAKES, titleOf, withMistake } from '../support/mistakes.ts';
import { randomFrom } from '../support/mutate.ts';
import { sampleOf, setting, sized } from '../support/settings.ts';
import {
  compileDisruption,
  kubernetesAnswers,
  kubernetesVerdicts,
  type Posed,
  type Verdict,
} from './disruption.ts';
import { readDisruptionVectors } from './disruption-vectors.ts';
import { randomQuestion } from './disruptions.ts';
import { OUTCOMES, outcomesOf } from './outcomes.ts';

// What budgets allow, updates take down and keeps pods apart, held against the code of Kubernetes itself
// (tools/disruption-oracle). CASES says how many questions, SEED which.

const CASES = setting('CASES', sized(5_000, 200_000));
const SEED = setting('SEED', 20_261_126);
/** How many questions are asked of Kubernetes at a time. */
const BATCH = 2_000;

const vocabulary = compileDisruption();

describe('the vectors of testdata/disruption', () => {
  const vectors = readDisruptionVectors();
  const questions = vectors.map(({ posed }) => posed);
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

test(`${CASES} questions by the seed ${SEED}`, (context) => {
  const random = randomFrom(SEED);
  const counts = new Map<string, number>();
  for (let asked = 0; asked < CASES; asked += BATCH) {
    const size = Math.min(BATCH, CASES - asked);
    const questions = Array.from({ length: size }, () => randomQuestion(random));
    const theirs = kubernetesVerdicts(questions);
    questions.forEach((posed, index) => {
      const verdict = theirs[index];
      if (verdict !== undefined) hold(posed, verdict);
      for (const outcome of outcomesOf(posed, verdict)) count(counts, outcome);
    });
  }
  context.diagnostic(`outcomes: ${JSON.stringify(Object.fromEntries([...counts].sort()))}`);
  // None of them is idle.
  for (const outcome of OUTCOMES) {
    assert.ok((counts.get(outcome) ?? 0) > CASES / 1000, `${outcome}: ${counts.get(outcome)}`);
  }
});

describe('each deliberate mistake is caught within 10000 questions', () => {
  // The same questions whatever SEED says: that they are enough is known of them.
  const random = randomFrom(1);
  const questions = Array.from({ length: 10_000 }, () => randomQuestion(random));
  const theirs = kubernetesVerdicts(questions);
  test('without one, all agree', () => {
    questions.forEach((posed, index) => {
      const verdict = theirs[index];
      if (verdict !== undefined) hold(posed, verdict);
    });
  });
  for (const mistake of sampleOf(DISRUPTION_MISTAKES)) {
    test(titleOf(mistake), () => {
      const mistaken = withMistake(mistake, compileDisruption);
      const isCaught = questions.some((posed, index) => {
        const verdict = theirs[index];
        return verdict !== undefined && !agrees(() => mistaken.verdict(posed), verdict);
      });
      assert.ok(isCaught);
    });
  }
});

function hold(posed: Posed, verdict: Verdict): void {
  const said = JSON.stringify(posed.ours);
  assert.equal(JSON.stringify(vocabulary.verdict(posed)), JSON.stringify(verdict), said);
}

/** A vocabulary that has no answer, or two, does not agree either. */
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
