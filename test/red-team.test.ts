import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { check } from '../src/check.ts';
import { NO_ACCEPTANCE } from '../src/config/acceptance.ts';
import type { Waiver } from '../src/config/waiver.ts';
import { reference } from '../src/kubernetes/objects.ts';
import { pathText } from '../src/report/paths.ts';
import { openSession } from '../src/session.ts';
import { builtBulkhead, shippedProfile } from './support/bulkhead.ts';
import { type Attempt, filesOf, type Review, readThemes } from './support/red-team.ts';

// Attempts to get a pod onto a tainted node unnoticed, and what Bulkhead reports for each. What Kubernetes
// does is tested on a real control plane in test/e2e/red-team.test.ts.

const bulkhead = builtBulkhead();
const themes = readThemes();
const attempts = themes.flatMap((theme) => theme.attempts);

for (const { theme, attempts: own } of themes) {
  describe(theme, () => {
    for (const attempt of own) {
      test(attempt.id, () => {
        const { verdict, notes, errors } = attempt;
        assert.deepEqual(answerTo(attempt), { verdict, notes, errors });
      });
    }
  });
}

test('every attempt has an id of its own', () => {
  const ids = attempts.map(({ id }) => id);
  assert.deepEqual(ids, [...new Set(ids)]);
});

test('an attempt that reaches a tainted node, or may, is reported or is a limit with its reason', () => {
  // That nothing was checked says nothing of the attempt: an object beside it takes the note away.
  const silent = attempts.filter(({ verdict, notes, errors }) =>
    [verdict, notes.filter((code) => code !== 'NOTHING_CHECKED'), errors].every(
      (reported) => reported.length === 0,
    ),
  );
  const harmful = silent.filter(
    ({ reality }) => reality === 'reaches' || (typeof reality === 'object' && 'unknown' in reality),
  );
  assert.deepEqual(
    harmful.filter(({ limit }) => limit === undefined).map(({ id }) => id),
    [],
  );
  const limited = attempts.filter(({ limit }) => limit !== undefined);
  assert.deepEqual(
    limited.filter((attempt) => !silent.includes(attempt)).map(({ id }) => id),
    [],
  );
});

interface Answer {
  readonly verdict: readonly string[];
  readonly notes: readonly string[];
  readonly errors: readonly string[];
}

function answerTo(attempt: Attempt): Answer {
  if (attempt.review !== undefined) return reviewed(attempt, attempt.review);
  const { waivers } = attempt;
  const profile = shippedProfile(attempt.profile);
  const { findings, notes, inputErrors } = check(
    bulkhead,
    profile,
    filesOf(attempt),
    accepting(waivers),
  );
  return {
    verdict: findings
      .filter(({ status }) => status === 'open')
      .map(({ policy, path }) => `${policy} ${pathText(path)}`),
    notes: notes.map(({ code }) => code),
    errors: inputErrors.map(({ code }) => code),
  };
}

/** The answer to a request. The templates evaluate no policy for these deletions. */
function reviewed({ profile: name, inventory, waivers }: Attempt, review: Review): Answer {
  if (review.operation === 'DELETE') return { verdict: [], notes: [], errors: [] };
  const { object, ...request } = review;
  if (object === undefined) throw new Error('a review without an object');
  const { engine, policiesFor } = openSession(bulkhead, shippedProfile(name), inventory, {
    waivers,
  });
  const asked = policiesFor(reference(object)).map(({ id }) => id);
  const { violations } = engine.evaluate(object, asked, { ...request });
  return {
    verdict: violations
      .filter((violation) => violation.waivers.length === 0)
      .map(({ policy, path }) => `${policy} ${pathText(path)}`),
    notes: [],
    errors: [],
  };
}

function accepting(waivers: readonly Waiver[]) {
  return { acceptance: { ...NO_ACCEPTANCE, waivers } };
}
