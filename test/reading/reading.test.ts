import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readManifest } from '../../src/manifest/read.ts';
import { ROOT } from '../support/bulkhead.ts';
import { mutate, randomFrom } from '../support/mutate.ts';
import { kubernetesReads } from '../support/oracle.ts';
import { bytesOf, compareReading, plain, type ReadingCase } from '../support/reading.ts';
import { setting, sized } from '../support/settings.ts';

// Compares the reader with Kubernetes' own code: on the stored cases, on the corpus, and on mutants.
// MUTANTS is the number of mutants, SEED chooses them.

const CASES = join(ROOT, 'testdata/reading/cases.json');
const topics = JSON.parse(readFileSync(CASES, 'utf8')) as Record<string, readonly ReadingCase[]>;
const cases = Object.values(topics).flat();
/** The last topic: what Kubernetes reads differs from run to run. */
const AT_RANDOM = 'keys of which Kubernetes keeps one at random';
// None if only the stored answers are rewritten.
const MUTANTS = setting(
  'MUTANTS',
  sized(5_000, 1_000_000),
  process.env['UPDATE_GOLDEN'] === '1' ? 0 : 1,
);
const SEED = setting('SEED', 1);
const corpus = process.env['BULKHEAD_CORPUS'] ?? '';

describe('manifests are read as Kubernetes reads them', () => {
  test(`the stored answers to ${cases.length} cases are those of Kubernetes`, async () => {
    const answers = await kubernetesReads(cases.map(bytesOf));
    if (process.env['UPDATE_GOLDEN'] === '1') return rewrite(answers);
    const settled = cases.length - (topics[AT_RANDOM]?.length ?? 0);
    assert.ok(settled > 1000);
    const stored = cases.map(({ kubernetes }) => kubernetes);
    assert.deepEqual(plain(stored.slice(0, settled)), plain(answers.slice(0, settled)));
  });

  test('of a file in UTF-16, the first document', async () => {
    const texts = [
      'apiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: Node\n',
      '---\napiVersion: v1\nkind: Pod\n---\na: [\n',
      '# c\n---\napiVersion: v1\nkind: Pod\n...\n---\nkind: [\n',
      '---\n---\napiVersion: v1\nkind: Node\n',
      '{"apiVersion": "v1", "kind": "Pod"}\n---\n{"apiVersion": "v1", "kind": "Node"}\n',
      'apiVersion: v1\nkind: Pod\n--- # c\nb: 1\n',
      'apiVersion: v1\r\nkind: Pod\r\n--- {a: b}\r\n',
      'apiVersion: v1\nkind: Pod\n...\nfoo\n',
      'kind: Pod\na: |\n  ---\n  x\n---\n\t: @\n',
    ];
    const files = texts.flatMap((text) => {
      const little = Buffer.from(`\ufeff${text}`, 'utf16le');
      return [little, Buffer.from(little).swap16()];
    });
    const answers = await kubernetesReads(files);
    assert.deepEqual(
      files.map((file) => plain(readManifest('a.yaml', file).documents.map(({ value }) => value))),
      answers.map(({ documents }) => plain(documents.map(({ value }) => value))),
    );
  });

  test('every file of the corpus', {
    skip: corpus === '' && 'BULKHEAD_CORPUS is not set',
  }, async (context) => {
    const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ya?ml|json)$/.test(name))
      .map((name) => readFileSync(join(corpus, name)));
    assert.ok(files.length > 500);
    context.diagnostic(await compared(files));
  });

  test(`${MUTANTS} mutants from seed ${SEED}`, async (context) => {
    const random = randomFrom(SEED);
    const seeds = [...cases.flatMap(({ text }) => text ?? []), ...manifests()];
    const mutants = Array.from({ length: MUTANTS }, () =>
      new TextEncoder().encode(mutate(seeds[random(seeds.length)] ?? '', random)),
    );
    context.diagnostic(await compared(mutants));
  });
});

/** As many manifests as there are cases: half of the mutants are made from manifests. */
function manifests(): readonly string[] {
  const directory = join(ROOT, 'profiles/tectonic-1.6.4/cluster');
  const texts = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(join(directory, name), 'utf8'));
  const cornerCases = readFileSync(join(ROOT, 'testdata/reading/corner-cases.yaml'), 'utf8');
  return Array.from(
    { length: cases.length },
    (_, i) => (i % 2 === 0 ? cornerCases : texts[i % texts.length]) ?? '',
  );
}

/** Compares file by file and counts the verdicts. Fails on a difference. */
async function compared(files: readonly Uint8Array[]): Promise<string> {
  const counts = new Map<string, number>();
  for (let from = 0; from < files.length; from += 10_000) {
    const some = files.slice(from, from + 10_000);
    const answers = await kubernetesReads(some);
    some.forEach((file, index) => {
      const { verdict } = compareReading(file, answers[index] ?? { documents: [] });
      counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
      assert.ok(
        verdict !== 'different' && verdict !== 'read here',
        `${verdict}: ${JSON.stringify(new TextDecoder().decode(file))} ${JSON.stringify(answers[index])}`,
      );
    });
  }
  return [...counts].map(([verdict, count]) => `${verdict}: ${count}`).join(', ');
}

function rewrite(answers: readonly ReadingCase['kubernetes'][]): void {
  assert.equal(process.env['CI'] ?? '', '', 'CI must not rewrite what it compares with');
  let next = 0;
  const lines = Object.entries(topics).map(([topic, rows]) => {
    const written = rows.map(
      (row) => `  ${JSON.stringify({ ...row, kubernetes: answers[next++] })}`,
    );
    return `${JSON.stringify(topic)}: [\n${written.join(',\n')}\n]`;
  });
  const json = `{\n${lines.join(',\n')}\n}\n`;
  writeFileSync(
    CASES,
    json.replaceAll(
      /[\u007f-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
}
