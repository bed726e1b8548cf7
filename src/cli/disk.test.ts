import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { writeBelow } from './disk.ts';

function folderFor(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-disk-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('generated files are written below a folder that is made for them', (context) => {
  const out = join(folderFor(context), 'a', 'b');
  writeBelow(out, new Map([['templates/x.yaml', 'x\n']]));
  assert.equal(readFileSync(join(out, 'templates/x.yaml'), 'utf8'), 'x\n');
});

test('a folder that cannot be made is told in words', (context) => {
  const out = join(folderFor(context), 'file');
  writeFileSync(out, '');
  assert.throws(() => writeBelow(out, new Map([['x.yaml', 'x']])), {
    code: 'USAGE',
    message: `cannot write ${join(out, 'x.yaml')}: there is a file where a folder is needed`,
  });
});

for (const name of ['../x', '/x', 'a/../../x']) {
  test(`a generated file never leaves its folder: ${name}`, (context) => {
    const out = folderFor(context);
    assert.throws(() => writeBelow(out, new Map([[name, 'x']])), {
      message: `a generated file would leave its folder: ${name}`,
    });
  });
}
