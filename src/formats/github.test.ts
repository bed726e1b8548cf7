import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { FINDING, INPUT_ERROR, NOTE, REPORT } from '../../test/support/samples.ts';
import {
  commandIn,
  commandsIn,
  type WorkflowCommand,
} from '../../test/support/workflow-commands.ts';
import type { Finding, Report } from '../report/report.ts';
import { command, renderGithub } from './github.ts';
import { plainPath } from './relative-path.ts';
import { visible } from './text.ts';

function commandsOf(report: Partial<Report>): readonly WorkflowCommand[] {
  return commandsIn(renderGithub({ ...REPORT, ...report }, {})).map((one) => {
    assert.ok(typeof one === 'object', `not a command: ${one}`);
    return one;
  });
}

function only(report: Partial<Report>): WorkflowCommand {
  const [first, ...others] = commandsOf(report);
  assert.ok(first !== undefined && others.length === 0);
  return first;
}

const HOSTILE = [
  'a\n::stop-commands::x',
  'a\r\n::error::x',
  '::error file=a::b',
  '100%',
  '%0A::error::x',
  '%250A',
  '%3A%2C',
  'a,title=b',
  'a:b',
  'a=b',
  '##[stop-commands]x',
  'x ##[error]y',
  'web\u202e',
  '\u001b[31m',
];

describe('a command that the runner reads', () => {
  const value = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' }));
  test('has the properties and the message that were written, whatever they are', () => {
    fc.assert(
      fc.property(value, value, (file, message) => {
        // The runner drops spaces and `=` at the beginning of a value: no escape stands for them.
        const properties = { file: `f${file}`, title: 't' };
        const line = command('error', properties, message);
        assert.doesNotMatch(line, /[\r\n]/);
        assert.deepEqual(commandIn(line), { name: 'error', properties, message });
      }),
      { numRuns: 2000 },
    );
  });

  test('is one line for each finding, error and note, and nothing else is a command', () => {
    for (const text of HOSTILE) {
      const found = commandsOf({
        findings: [
          { ...FINDING, message: text, file: `f${text}`, fix: { ...FINDING.fix, title: text } },
        ],
        inputErrors: [{ ...INPUT_ERROR, message: text, file: `f${text}` }],
        notes: [{ ...NOTE, message: text, file: `f${text}` }],
      });
      const file = plainPath(visible(`f${text}`));
      assert.deepEqual(
        found.map(({ name, properties }) => [name, properties['file'], properties['title']]),
        [
          ['error', file, 'MANIFEST_SYNTAX'],
          ['error', file, FINDING.policy],
          ['notice', file, 'DUPLICATE_KEY'],
        ],
      );
      for (const { message, properties } of found) {
        assert.doesNotMatch(message + properties['file'], /[\p{Cc}\p{Cf}]|##\[/u);
      }
    }
  });
});

describe('a place', () => {
  const at = (place: Partial<Finding>) => {
    const { properties } = only({ findings: [{ ...FINDING, ...place }] });
    const { title: _, ...rest } = properties;
    return rest;
  };
  const file = 'a.yaml';

  test('of one line has its last column, which is a part of it', () => {
    const place = { line: 3, column: 5, endLine: 3, endColumn: 9 };
    assert.deepEqual(at(place), { file, line: '3', endLine: '3', col: '5', endColumn: '8' });
  });
  test('of one character ends where it begins', () => {
    const place = { line: 3, column: 5, endLine: 3, endColumn: 6 };
    assert.deepEqual(at(place), { file, line: '3', endLine: '3', col: '5', endColumn: '5' });
  });
  test('without characters has no last column', () => {
    const place = { line: 3, column: 5, endLine: 3, endColumn: 5 };
    assert.deepEqual(at(place), { file, line: '3', endLine: '3', col: '5' });
  });
  test('of several lines has no columns, which the runner would drop', () => {
    const place = { line: 3, column: 5, endLine: 7, endColumn: 2 };
    assert.deepEqual(at(place), { file, line: '3', endLine: '7' });
  });
  test('that ends at the beginning of a line does not have that line', () => {
    const place = { line: 3, column: 5, endLine: 5, endColumn: 1 };
    assert.deepEqual(at(place), { file, line: '3', endLine: '4' });
    const one = { line: 3, column: 5, endLine: 4, endColumn: 1 };
    assert.deepEqual(at(one), { file, line: '3', endLine: '3', col: '5' });
  });
  test('in rendered text that is of no file is none', () => {
    const rendered = { input: 'helm charts/shop', line: 214, column: 1 };
    assert.deepEqual(at({ rendered, file: rendered.input }), {});
  });
  test('of standard input is none', () => assert.deepEqual(at({ file: '-' }), {}));
  test('of a file that cannot be read is the file', () => {
    const gone = { ...INPUT_ERROR, line: null, column: null };
    assert.deepEqual(only({ inputErrors: [gone] }).properties, { file, title: INPUT_ERROR.code });
  });
  test('without an end is its beginning', () => {
    const expected = { file, line: '1', col: '3', title: INPUT_ERROR.code };
    assert.deepEqual(only({ inputErrors: [INPUT_ERROR] }).properties, expected);
  });
  test('has a path without steps that stay where they are', () => {
    assert.equal(at({ file: './b//c.yaml' })['file'], 'b/c.yaml');
  });
  test('is a path of the repository', () => {
    const repositoryPath = (name: string) => `deploy/${name}`;
    const text = renderGithub({ ...REPORT, findings: [FINDING] }, { repositoryPath });
    assert.match(text, /^::error file=deploy\/a\.yaml,/);
  });
  test('in rendered text is that of the source, and the message has the other', () => {
    const rendered = { input: 'helm charts/shop', line: 214, column: 1 };
    const { properties, message } = only({ findings: [{ ...FINDING, rendered }] });
    assert.equal(properties['file'], file);
    assert.equal(
      message,
      'it is wrong (Pod p, in the rendered chart charts/shop, line 214). Fix: Fix it.',
    );
  });
});

describe('of each level', () => {
  const many = (count: number, severity: Finding['severity']) =>
    Array.from(
      { length: count },
      (_, index): Finding => ({ ...FINDING, severity, line: index + 1 }),
    );

  test('ten are shown', () => {
    assert.deepEqual(
      commandsOf({ findings: many(10, 'error') }).map(({ properties }) => properties['line']),
      Array.from({ length: 10 }, (_, index) => `${index + 1}`),
    );
  });
  test('of more than ten the tenth counts the others', () => {
    const errors = Array.from({ length: 12 }, () => INPUT_ERROR);
    const notes = Array.from({ length: 11 }, () => NOTE);
    const findings = [...many(20, 'warning'), ...many(3, 'error')];
    const found = commandsOf({ inputErrors: errors, findings, notes });
    const of = (level: string) => found.filter(({ name }) => name === level);
    for (const level of ['error', 'warning', 'notice']) assert.equal(of(level).length, 10);
    assert.deepEqual(
      found
        .filter(({ properties }) => properties['title'] === 'bulkhead')
        .map(({ name, message }) => [name, message]),
      [
        ['error', '6 more errors: see the job summary'],
        ['warning', '11 more warnings: see the job summary'],
        ['notice', '2 more notices: see the job summary'],
      ],
    );
  });
  test('only open findings are shown', () => {
    const accepted = (['waived', 'baseline'] as const).map((status) => ({ ...FINDING, status }));
    assert.equal(renderGithub({ ...REPORT, findings: accepted }, {}), '');
  });
});

test('a component that is not in a cluster is a notice without a place', () => {
  const missing = { name: 'kube-dns', environment: null, state: 'missing', objects: [] } as const;
  const summary = { ...REPORT.summary, objects: 1 };
  const { name, properties, message } = only({ scope: 'cluster', components: [missing], summary });
  assert.deepEqual(
    [name, properties, message],
    ['notice', { title: 'COMPONENT_MISSING' }, 'component kube-dns was not found in the input'],
  );
});

test('a long message leaves room for its fix', () => {
  const long = 'x'.repeat(100_000);
  const of = (finding: Partial<Finding>) =>
    only({ findings: [{ ...FINDING, message: long, ...finding }] }).message;
  assert.match(of({}), /x…\. Fix: Fix it\.$/);
  assert.ok(of({ fix: { ...FINDING.fix, title: long } }).length < 4096);
});

test('what to write into a file keeps its lines', () => {
  const message = 'not rendered. Add it:\n  inputs:\n    - helm: a\u202e';
  const error = { ...INPUT_ERROR, code: 'NOT_RENDERED', message } as const;
  assert.equal(
    only({ inputErrors: [error] }).message,
    'not rendered. Add it:\n  inputs:\n    - helm: a\\u202e',
  );
});
