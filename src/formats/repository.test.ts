import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FINDING, INPUT_ERROR, NOTE, REPORT } from '../../test/support/samples.ts';
import type { Related } from '../report/report.ts';
import { NOWHERE } from '../report/report.ts';
import { formatsOf } from './index.ts';
import { inRepository } from './repository.ts';

const repositoryPath = (file: string) => `deploy/${file}`;
const RELATED: Related = { ...NOWHERE, ...FINDING.object, path: [], says: '', file: 'b.yaml' };

test('every place of a file has its path in the repository', () => {
  const report = {
    ...REPORT,
    findings: [{ ...FINDING, related: [RELATED] }],
    inputErrors: [INPUT_ERROR],
    notes: [NOTE],
  };
  const { findings, inputErrors, notes } = inRepository(report, { repositoryPath });
  const places = [...findings, ...findings.flatMap(({ related }) => related), ...inputErrors];
  assert.deepEqual(
    [...places, ...notes].map(({ file }) => file),
    ['deploy/a.yaml', 'deploy/b.yaml', 'deploy/a.yaml', 'deploy/a.yaml'],
  );
});

test('what is of no file keeps the name of its input', () => {
  const rendered = { input: 'helm charts/shop', line: 1, column: 1 };
  const { findings, notes } = inRepository(
    {
      ...REPORT,
      findings: [
        { ...FINDING, file: '-' },
        { ...FINDING, file: rendered.input, rendered },
      ],
      notes: [{ ...NOTE, ...NOWHERE }],
    },
    { repositoryPath },
  );
  assert.deepEqual(
    [...findings, ...notes].map(({ file }) => file),
    ['-', 'helm charts/shop', null],
  );
});

test('the formats that a repository is annotated by name files so', () => {
  const context = {
    source: () => undefined,
    repositoryPath,
    color: false,
    width: 80,
    catalogue: { version: '1.2.3', repository: 'https://example.org', policies: [] },
    pages: () => ({}),
  };
  const report = { ...REPORT, findings: [FINDING], inputErrors: [INPUT_ERROR] };
  for (const [format, render] of Object.entries(formatsOf('report'))) {
    const isIn = ['sarif', 'github', 'gitlab'].includes(format);
    const names = render(report, context).match(/\b(?:deploy\/)?a\.yaml/g) ?? [];
    assert.ok(names.length >= 2, format);
    assert.deepEqual(
      names.filter((name) => name.startsWith('deploy/') !== isIn),
      [],
      format,
    );
  }
});
