import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { filesThatBegin, writeBelow } from './disk.ts';

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

test('files are told by how they begin: no directory, and none of one', (context) => {
  const at = directoryFor(context);
  for (const name of ['b.yaml', 'a.yaml']) writeFileSync(join(at, name), '# OURS\nb: c\n');
  writeFileSync(join(at, 'c.yaml'), 'b: # OURS\n');
  mkdirSync(join(at, 'd'));
  writeFileSync(join(at, 'd/e.yaml'), '# OURS\n');
  symlinkSync('nowhere', join(at, 'f.yaml'));
  assert.deepEqual(filesThatBegin(at, '# OURS\n'), ['a.yaml', 'b.yaml']);
  assert.deepEqual(filesThatBegin(join(at, 'none'), '# OURS\n'), []);
  assert.deepEqual(filesThatBegin(join(at, 'a.yaml'), '# OURS\n'), []);
});

describe('a place that cannot be written is an error at once, in words', () => {
  for (const { what, make, out, says, skip } of [
    {
      what: 'a file where the directory should be',
      make: (at: string) => writeFileSync(join(at, 'file'), ''),
      out: 'file',
      says: 'a file is where a directory is needed',
    },
    {
      what: 'a file above it',
      make: (at: string) => writeFileSync(join(at, 'file'), ''),
      out: 'file/a/b',
      says: 'a part of the path is not a directory',
    },
    {
      what: 'a symbolic link to nothing',
      make: (at: string) => symlinkSync('nowhere/x', join(at, 'link')),
      out: 'link/a',
      says: 'a file is where a directory is needed',
    },
    {
      what: 'symbolic links that lead to each other',
      make: (at: string) => {
        symlinkSync('one', join(at, 'other'));
        symlinkSync('other', join(at, 'one'));
      },
      out: 'one/a',
      says: 'symbolic link loop',
    },
    { what: 'a name that is too long', out: 'a'.repeat(300), says: 'path too long' },
    { what: 'a path that is too long', out: 'a/'.repeat(3000), says: 'path too long' },
    { what: 'a null character', out: 'a\0b', says: 'the path contains a null character' },
    {
      what: 'a directory in place of a file',
      make: (at: string) => mkdirSync(join(at, 'd', 'x.yaml'), { recursive: true }),
      out: 'd',
      says: 'it is a directory, not a file',
    },
    {
      what: 'a pipe without a reader in place of a file',
      make: (at: string) => spawnSync('mkfifo', [join(at, 'x.yaml')]),
      out: '.',
      says: 'not a regular file',
    },
    {
      what: 'a link to a device in place of a file',
      make: (at: string) => symlinkSync('/dev/null', join(at, 'x.yaml')),
      out: '.',
      says: 'not a regular file',
    },
    {
      what: 'a device above it',
      out: '/dev/null/a',
      says: 'a part of the path is not a directory',
    },
    {
      what: 'a file system that never creates a directory',
      skip: !existsSync('/proc/self'),
      out: '/proc/x/y/z',
      says: 'no such file or directory',
    },
  ]) {
    test(what, { skip }, (context) => {
      const at = directoryFor(context);
      make?.(at);
      const directory = resolve(at, out);
      assert.throws(() => writeBelow(directory, new Map([['x.yaml', 'x']])), {
        code: 'OUTPUT_UNWRITABLE',
        message: `cannot write ${join(directory, 'x.yaml')}: ${says}`,
      });
    });
  }
});

for (const name of ['../x', '/x', 'a/../../x']) {
  test(`a generated file never leaves its directory: ${name}`, (context) => {
    const out = directoryFor(context);
    assert.throws(() => writeBelow(out, new Map([[name, 'x']])), {
      message: `a generated file would leave its directory: ${name}`,
    });
  });
}

test('nothing of a longer file is left behind a shorter one', (context) => {
  const out = directoryFor(context);
  for (const text of ['a long text', 'short']) writeBelow(out, new Map([['x.json', text]]));
  assert.equal(readFileSync(join(out, 'x.json'), 'utf8'), 'short');
});
