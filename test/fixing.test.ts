import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAllDocuments, stringify } from 'yaml';
import { type Case, readCases } from '../scripts/cases.ts';
import { check } from '../src/check.ts';
import { fix } from '../src/fix.ts';
import { editDocument } from '../src/fixing/edit-document.ts';
import { edited } from '../src/fixing/text-edit.ts';
import type { JsonObject, JsonValue } from '../src/kubernetes/json.ts';
import { identityOf, reference } from '../src/kubernetes/objects.ts';
import { readManifest } from '../src/manifest/read.ts';
import { pathText } from '../src/report/paths.ts';
import type { Edit, Report } from '../src/report/report.ts';
import { openSession } from '../src/session.ts';
import { builtBulkhead, textOf } from './support/bulkhead.ts';
import { appliedInText } from './support/edits.ts';

// The fixes of every row of every cases.yaml, as edits of bytes in every style of writing.

const bulkhead = builtBulkhead();
const base = textOf('profiles/tectonic-1.6.4/profile.yaml');

/** A way to write an object: the text, and where in the text's one document that the test looks at it is. */
interface Style {
  readonly name: string;
  readonly write: (object: JsonObject) => string;
  /** The document, and the path of the object in it. */
  readonly document?: number;
  readonly path?: readonly (string | number)[];
}

const OTHER = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ключ 🔑' } };
const block = (value: JsonValue, options: object = {}) =>
  stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, ...options });
const listOf = (object: JsonObject) => ({
  apiVersion: 'v1',
  kind: 'List',
  items: [OTHER, object, OTHER],
});
const IN_LIST = { path: ['items', 1] };

const STYLES: readonly Style[] = [
  { name: 'a block', write: (object) => block(object) },
  { name: 'a block of 4 columns', write: (object) => block(object, { indent: 4 }) },
  {
    name: 'a block with dashes below keys',
    write: (object) => block(object, { indentSeq: false }),
  },
  { name: 'a block without a line break at its end', write: (object) => block(object).trimEnd() },
  { name: 'a block with CRLF', write: (object) => block(object).replaceAll('\n', '\r\n') },
  {
    name: 'a block with quoted keys',
    write: (object) => block(object, { defaultStringType: 'QUOTE_DOUBLE' }),
  },
  {
    name: 'a block in single quotes',
    write: (object) => block(object, { defaultStringType: 'QUOTE_SINGLE' }),
  },
  { name: 'a block with comments', write: (object) => commented(block(object)) },
  {
    name: 'a block with tabs after values',
    write: (object) => block(object).replaceAll('\n', '\t\n'),
  },
  {
    name: 'several documents',
    write: (object) => `\ufeff# ü\n---\n${block(OTHER)}---\n${block(object)}---\n${block(OTHER)}`,
    document: 2,
  },
  { name: 'a List', write: (object) => block(listOf(object)), ...IN_LIST },
  {
    name: 'a List with dashes below keys',
    write: (object) => block(listOf(object), { indentSeq: false }),
    ...IN_LIST,
  },
  { name: 'a flow', write: (object) => block(object, { collectionStyle: 'flow' }) },
  { name: 'JSON', write: (object) => `${JSON.stringify(object, null, 2)}\n` },
  {
    name: 'JSON with CRLF and 4 columns',
    write: (object) => JSON.stringify(object, null, 4).replaceAll('\n', '\r\n'),
  },
  { name: 'JSON on a line', write: (object) => `${JSON.stringify(object)}\n` },
  {
    name: 'a List of JSON',
    write: (object) => JSON.stringify(listOf(object), null, '\t'),
    ...IN_LIST,
  },
];

/** Comments above each line and behind it; two lines are not, to see that neighbours stay. */
function commented(text: string): string {
  return text
    .split('\n')
    .flatMap((line, index) => {
      if (line === '') return [line];
      const indent = /^ */.exec(line)?.[0] ?? '';
      return [...(index % 3 === 0 ? [`${indent}# above ${index}`] : []), `${line} # at ${index}`];
    })
    .join('\n');
}

for (const { id } of bulkhead.catalogue.policies) {
  const file = `policies/${id}/cases.yaml`;
  const rows = readCases(file, textOf(file), base).filter(({ expect }) => expect.length > 0);
  const all = rows.map((row) => ({ row, edits: editsOf(id, row) }));
  const fixed = all.filter(({ edits }) => edits.length > 0);
  if (fixed.length === 0) continue;
  describe(`${id}, written in`, () => {
    for (const style of STYLES) {
      test(style.name, () => {
        for (const { row, edits } of fixed) {
          for (const one of edits) assertEdited(row.object, one, style);
        }
      });
    }
  });
  // Rows with the same edits differ in what the policy says, not in what becomes of the file.
  const different = new Map(
    fixed
      .filter(({ row: { request } }) => Object.keys(request).length === 0)
      .map(({ row, edits }) => [JSON.stringify(edits), row]),
  );
  describe(`${id} is fixed`, () => {
    for (const row of different.values()) test(row.name, () => assertFixed(row));
  });
}

/** The different edits that the policy states for a row. */
function editsOf(
  id: string,
  { object, inventory, profile, request }: Case,
): readonly (readonly Edit[])[] {
  const own = identityOf(reference(object));
  const others = inventory.filter((other) => identityOf(reference(other)) !== own);
  const { engine } = openSession(bulkhead, profile, [...others, object]);
  const { violations } = engine.evaluate(object, [id], request);
  const all = violations.map(({ fix: { edits } }) => edits).filter(({ length }) => length > 0);
  return [...new Map(all.map((edits) => [JSON.stringify(edits), edits])).values()];
}

/** The text has the edits and nothing else, to another reader of YAML; its other bytes are the same. */
function assertEdited(object: JsonObject, edits: readonly Edit[], style: Style): void {
  const text = style.write(object);
  const index = style.document ?? 0;
  const documents = readManifest('a.yaml', new TextEncoder().encode(text)).documents;
  const document = documents[index];
  assert.ok(document);
  const label = `${text}\n${edits.map(({ op, path }) => `${op} ${pathText(path)}`).join('\n')}`;
  const found = editDocument(document, style.path ?? [], edits);
  assert.ok(found, label);
  let result = document.chunk.text;
  for (const edit of found.texts) {
    const before = result;
    result = edited(result, edit);
    assert.ok(result.startsWith(before.slice(0, edit.start)));
    assert.ok(result.endsWith(before.slice(edit.end)));
    assert.ok(isShort(before, edit), `${label}\n${JSON.stringify(edit)}`);
  }
  const expected = appliedInText(object, edits);
  const read = parseAllDocuments(result, { uniqueKeys: true })[0]?.toJS();
  const own = style.path === undefined ? read : read.items[1];
  assert.deepEqual(own, expected, `${label}\n${result}`);
  if (style.path !== undefined)
    assert.deepEqual([read.items[0], read.items[2], read.items.length], [OTHER, OTHER, 3]);
  assertStyle(text, result, label);
}

/** What an edit removes is a value, an item or an entry with its lines: no more than a few lines. */
function isShort(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): boolean {
  return text.slice(start, end).split('\n').length <= 12;
}

function assertStyle(before: string, after: string, label: string): void {
  if (!before.includes('\n')) assert.ok(!after.includes('\n'), label);
  if (before.includes('\r')) assert.doesNotMatch(after, /(?<!\r)\n/, label);
  else assert.doesNotMatch(after, /\r/, label);
  // A comment goes only with its own line.
  const lost = (before.match(/# above \d+/g) ?? []).filter((one) => !after.includes(one));
  const gone = before.split('\n').length - after.split('\n').length;
  assert.ok(lost.length === 0 || lost.length <= gone, `${label}\n${after}`);
}

/** A row's fixes hold on its file, and are all that its file has. */
function assertFixed({ object, inventory, profile }: Case): void {
  const own = identityOf(reference(object));
  const others = inventory.filter((other) => identityOf(reference(other)) !== own);
  const bytes = (text: string) => new TextEncoder().encode(text);
  const filesWith = (text: string) => [
    { name: 'object.yaml', bytes: bytes(text) },
    ...others.map((other, index) => ({
      name: `other-${index}.json`,
      bytes: bytes(JSON.stringify(other)),
    })),
  ];
  const files = filesWith(block(object));
  const { before, safe, suggested } = fix(bulkhead, [{ profile, files }]);
  for (const [from, { report, fixes }] of [
    [before, safe],
    [safe.report, suggested],
  ] as const) {
    assertLess(from, report, fixes.length);
    for (const { findings } of fixes) assert.ok(findings.length > 0);
  }
  const after = files.map((file) => ({
    ...file,
    bytes: suggested.files.get(file.name) ?? file.bytes,
  }));
  assert.deepEqual(counts(check(bulkhead, profile, after)), counts(suggested.report));
  const again = fix(bulkhead, [{ profile, files: after }]);
  assert.deepEqual([again.safe.fixes, again.suggested.fixes], [[], []]);
  // A fix is withheld only where what it makes has as many findings, or others.
  if (safe.fixes.length + suggested.fixes.length > 0) return;
  for (const finding of before.findings.filter(({ file }) => file === 'object.yaml')) {
    if (finding.fix.edits.length === 0 || isShown(object)) continue;
    const made = check(
      bulkhead,
      profile,
      filesWith(block(appliedInText(object, finding.fix.edits))),
    );
    assert.ok(!isLess(before, made), `${finding.message}\n${finding.fix.title}`);
  }
}

function isShown(object: JsonObject): boolean {
  const { metadata } = object;
  return typeof metadata === 'object' && metadata !== null && 'uid' in metadata;
}

function assertLess(before: Report, after: Report, fixes: number): void {
  const [known, now] = [counts(before), counts(after)];
  for (const [fingerprint, count] of now) assert.ok(count <= (known.get(fingerprint) ?? 0));
  assert.ok(before.findings.length - after.findings.length >= fixes);
  assert.deepEqual(after.inputErrors.length, before.inputErrors.length);
  assert.equal(after.summary.checked, before.summary.checked);
}

function isLess(before: Report, after: Report): boolean {
  const [known, now] = [counts(before), counts(after)];
  const isNew = [...now].some(([fingerprint, count]) => count > (known.get(fingerprint) ?? 0));
  return (
    !isNew &&
    after.findings.length < before.findings.length &&
    after.inputErrors.length <= before.inputErrors.length
  );
}

function counts(report: Report): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { fingerprint } of report.findings)
    found.set(fingerprint, (found.get(fingerprint) ?? 0) + 1);
  return found;
}
