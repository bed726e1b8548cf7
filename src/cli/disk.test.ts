import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { writeBelow } from './disk.ts';

function directoryFor(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-disk-'));
  context.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

test('generated files are written below a directory that is created for them', (context) => {
  const out = join(directoryFor(context), 'a', 'b');
  writeBelow(out, new Map([['templates/x.yaml', 'x\n']]));
  assert.equal(readFileSync(join(out, 'templates/x.yaml'), 'utf8'), 'x\n');
});

test('the error of a directory that cannot be created is in words', (context) => {
  const out = join(directoryFor(context), 'file');
  writeFileSync(out, '');
  assert.throws(() => writeBelow(out, new Map([['x.yaml', 'x']])), {
    code: 'OUTPUT_UNWRITABLE',
    message: `cannot write ${join(out, 'x.yaml')}: a file is where a directory is needed`,
  });
});

test('a directory that the file system never creates is an error at once', {
  skip: !existsSync('/proc/self'),
}, () => {
  assert.throws(() => writeBelow('/proc/x', new Map([['x.yaml', 'x']])), {
    code: 'OUTPUT_UNWRITABLE',
    message: 'cannot write /proc/x/x.yaml: no such file or directory',
  });
});

for (const name of ['../x', '/x', 'a/../../x']) {
  test(`a generated file never leaves its directory: ${name}`, (context) => {
    const out = directoryFor(context);
    assert.throws(() => writeBelow(out, new Map([[name, 'x']])), {
      message: `a generated file would leave its directory: ${name}`,
    });
  });
}
