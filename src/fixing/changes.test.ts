import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FINDING, INPUT_ERROR, REPORT, SUMMARY } from '../../test/support/samples.ts';
import type { Edit, Finding, Report } from '../report/report.ts';
import type { Candidate } from './candidates.ts';
import { type Changes, sourcesOf } from './changes.ts';
import { findFixes } from './fixes.ts';
import type { TextEdit } from './text-edit.ts';
import { failedOf } from './verdict.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const start = (text: string) => sourcesOf(new Map([['a.yaml', bytes(text)]]));

function candidate(changes: Changes, text: TextEdit, edit: Edit, index = 0): Candidate {
  const file = changes.fileOf('a.yaml');
  const document = file?.documents[index];
  assert.ok(file && document);
  return { file, document, path: [], findings: [FINDING], texts: [text], edits: [edit] };
}

function textIn(changes: Changes | undefined): string | undefined {
  const changed = changes?.changed().get('a.yaml');
  return changed && new TextDecoder().decode(changed);
}

describe('edits of a file', () => {
  const set = (value: number): Edit => ({ op: 'set', path: ['a'], value });
  test('apply from the last to the first, and say the lines of the original', () => {
    const changes = start('a: 1\n---\na: 2\n');
    const made = changes.with([
      candidate(changes, { start: 3, end: 4, text: ' # one\n  3' }, set(3), 0),
      candidate(changes, { start: 3, end: 4, text: '4' }, set(4), 1),
    ]);
    assert.equal(textIn(made?.changes), 'a:  # one\n  3\n---\na: 4\n');
    assert.deepEqual(made?.fixes.map(({ hunks }) => hunks[0]?.line).sort(), [1, 3]);
    assert.ok(made);
    const again = made.changes.with([
      candidate(made.changes, { start: 3, end: 4, text: '5' }, set(5), 1),
    ]);
    assert.deepEqual(again?.fixes[0]?.hunks, [{ line: 3, removed: ['a: 4'], added: ['a: 5'] }]);
  });
  test('are refused if they do something else, or change another document', () => {
    const changes = start('a: 1\n---\nb: 2\n');
    for (const text of ['3', '2\nb: 1', '2\n---\nc: 1', '[']) {
      assert.equal(
        changes.with([candidate(changes, { start: 3, end: 4, text }, set(2))]),
        undefined,
      );
    }
    const beyond = { start: 3, end: 13, text: '2\n---\nb: 3' };
    assert.equal(changes.with([candidate(changes, beyond, set(2))]), undefined);
  });
});

describe('candidates fail', () => {
  const changes = start('a: 1\n---\na: 2\n');
  const edit: Edit = { op: 'set', path: ['a'], value: 1 };
  const one = { ...FINDING, fingerprint: '1', object: { ...FINDING.object, name: 'one' } };
  const two = { ...FINDING, fingerprint: '2', object: { ...FINDING.object, name: 'two' } };
  const of = (finding: Finding): Candidate => ({
    ...candidate(changes, { start: 0, end: 0, text: '' }, edit),
    findings: [finding],
  });
  const all = [of(one), of(two)] as const;
  const before = reportWith([one, two]);
  const failed = (report: Report, candidates: readonly Candidate[] = all) =>
    failedOf(candidates, before, report).map((failure) => candidates.indexOf(failure));

  test('if what they are for is still there', () => {
    assert.deepEqual(failed(reportWith([])), []);
    assert.deepEqual(failed(reportWith([one])), [0]);
    assert.deepEqual(failed(reportWith([one, two])), [0, 1]);
  });
  test('if fewer of one kind are gone than they are for', () => {
    const twice = [of(one), of(one)];
    const known = reportWith([one, one]);
    assert.equal(failedOf(twice, known, reportWith([one])).length, 1);
    assert.equal(failedOf(twice, known, reportWith([])).length, 0);
  });
  test('if their object has something new, or all if another one has', () => {
    const added = (name: string) => ({ ...two, fingerprint: '3', object: { ...two.object, name } });
    assert.deepEqual(failed(reportWith([added('two')])), [1]);
    assert.deepEqual(failed(reportWith([added('three')])), [0, 1]);
  });
  test('if an error is new, less is checked, or a component is gone', () => {
    const clean = reportWith([]);
    assert.deepEqual(failed({ ...clean, inputErrors: [INPUT_ERROR] }), [0, 1]);
    for (const key of ['checked', 'objects', 'documents', 'otherDocuments'] as const) {
      const summary = { ...SUMMARY, [key]: SUMMARY[key] + 1 };
      assert.deepEqual(failed({ ...clean, summary }), [0, 1], key);
    }
    const missing = { name: 'dns', environment: null, state: 'missing' as const, objects: [] };
    assert.deepEqual(failed({ ...clean, components: [missing] }), [0, 1]);
  });
});

function reportWith(findings: readonly Finding[]): Report {
  return { ...REPORT, findings, inputErrors: [], components: [], summary: SUMMARY };
}

describe('many candidates', () => {
  /** Objects of one namespace, each with a fix; those with a name in `bad` add a finding to another object. */
  const search = (count: number, bad: readonly string[]) => {
    const names = Array.from({ length: count }, (_, index) => `p${index}`);
    const text = names
      .map((name) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  a: 1\n`)
      .join('---\n');
    let checks = 0;
    const check = (changed: ReadonlyMap<string, Uint8Array>): Report => {
      checks += 1;
      const now = new TextDecoder().decode(changed.get('a.yaml') ?? bytes(text)).split('---\n');
      const findings = now.flatMap((part, index): readonly Finding[] => {
        const name = `p${index}`;
        if (!part.includes('a: 1')) {
          return bad.includes(name)
            ? [{ ...FINDING, fingerprint: `bad ${name}`, file: 'b.yaml' }]
            : [];
        }
        const line = index * 7 + 6;
        const fix = {
          title: '',
          safe: true,
          edits: [{ op: 'set' as const, path: ['spec', 'a'], value: 2 }],
        };
        const object = { apiVersion: 'v1', kind: 'Pod', namespace: null, name };
        const place = { file: 'a.yaml', line, column: 6, endLine: line, endColumn: 7 };
        return [
          {
            ...FINDING,
            ...place,
            fix,
            object,
            path: ['spec', 'a'],
            fingerprint: name,
            status: 'open',
          },
        ];
      });
      return reportWith(findings);
    };
    const { safe } = findFixes({ files: new Map([['a.yaml', bytes(text)]]), check });
    const names2 = safe.fixes.map(({ findings }) => findings[0]?.object.name);
    return { found: names2, checks, names };
  };
  test('are tried together, in a number of checks that does not grow with them', () => {
    const { found, checks, names } = search(160, []);
    assert.deepEqual(found, names);
    assert.ok(checks <= 18, `${checks} checks`);
  });
  test('of which some add findings are all found but these', () => {
    const bad = ['p0', 'p17', 'p18', 'p59'];
    const { found, names } = search(60, bad);
    assert.deepEqual(
      found,
      names.filter((name) => !bad.includes(name)),
    );
  });
});
