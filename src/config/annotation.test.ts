import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readAnnotation } from './annotation.ts';

const SENTENCE = 'unspread-replicas until 2027-03-31 by team-shop: one replica for each zone';

test('a sentence waives one policy until a day', () => {
  assert.deepEqual(readAnnotation(SENTENCE), {
    sentences: [
      {
        text: SENTENCE,
        policy: 'unspread-replicas',
        expires: '2027-03-31',
        owner: 'team-shop',
        reason: 'one replica for each zone',
      },
    ],
    broken: [],
  });
});

test('each line is a sentence of its own', () => {
  const { sentences, broken } = readAnnotation(
    `${SENTENCE}\n\n  stuck-rollout until never by Ann Lee: see the runbook: page 4\nunspread-replicas\n`,
  );
  assert.deepEqual(
    sentences.map(({ policy, expires, owner, reason }) => [policy, expires, owner, reason]),
    [
      ['unspread-replicas', '2027-03-31', 'team-shop', 'one replica for each zone'],
      ['stuck-rollout', 'never', 'Ann Lee', 'see the runbook: page 4'],
    ],
  );
  assert.deepEqual(broken, ['unspread-replicas']);
});

describe('no sentence is', () => {
  for (const text of [
    'unspread-replicas',
    '* until 2027-03-31 by team-shop: one replica for each zone',
    'all until never by team-shop',
    SENTENCE.replace('2027-03-31', '2027-02-30'),
    SENTENCE.replace('2027-03-31', 'forever'),
    SENTENCE.replace(' until 2027-03-31', ''),
    SENTENCE.replace(' by team-shop', ''),
    SENTENCE.replace('team-shop', ''),
    SENTENCE.replace('one replica for each zone', 'because'),
    SENTENCE.replace('until', 'Until'),
    `# ${SENTENCE}`,
  ]) {
    test(text, () => assert.deepEqual(readAnnotation(text), { sentences: [], broken: [text] }));
  }
});
