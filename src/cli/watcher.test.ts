import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Watcher } from './io.ts';
import { watcherOnDisk } from './watcher.ts';

// What is watched, with events that are made up; test/watch.test.ts has those of the system.

const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-watcher-')));
after(() => rmSync(cwd, { recursive: true }));
mkdirSync(join(cwd, 'm', 'deep'), { recursive: true });
mkdirSync(join(cwd, 'real'));
writeFileSync(join(cwd, 'm', 'a.yaml'), '');
writeFileSync(join(cwd, 'real', 'b.yaml'), '');
symlinkSync('../real/b.yaml', join(cwd, 'm', 'b.yaml'));

interface Opened extends Watcher {
  /** Makes an event of a directory, and returns what changes by it. */
  readonly event: (directory: string, name: string | null, type?: string) => readonly string[];
  readonly fails: (directory: string) => void;
}

function opened(codes: Readonly<Record<string, string>> = {}): Opened {
  const changes: string[] = [];
  const heard = new Map<string, (type: string, name: string | null) => void>();
  const errors = new Map<string, () => void>();
  const watcher = watcherOnDisk(
    cwd,
    (path) => changes.push(path),
    (path, listener) => {
      const code = codes[path];
      if (code !== undefined) throw Object.assign(new Error(code), { code });
      heard.set(path, listener);
      return {
        on: (_event, listen) => errors.set(path, listen),
        close: () => heard.delete(path),
      };
    },
  );
  return {
    ...watcher,
    event: (directory, name, type = 'change') => {
      heard.get(join(cwd, directory))?.(type, name);
      return changes.splice(0).map((path) => path.slice(cwd.length + 1));
    },
    fails: (directory) => errors.get(join(cwd, directory))?.(),
    close: () => {
      watcher.close();
      assert.equal(heard.size, 0, 'every directory was let go');
    },
  };
}

function during(looks: (watcher: Watcher) => void, check: (watcher: Opened) => void) {
  const watcher = opened();
  looks(watcher);
  check(watcher);
  watcher.close();
}

test('a file is watched by its directory, and by those above it', () => {
  during(
    ({ at }) => at(join(cwd, 'm/deep/x.yaml')),
    ({ event, fileCount }) => {
      assert.deepEqual(event('m/deep', 'x.yaml'), ['m/deep/x.yaml']);
      assert.deepEqual(event('m/deep', 'y.yaml'), []);
      assert.deepEqual(event('m', 'deep', 'rename'), ['m/deep']);
      assert.deepEqual(event('', 'm', 'rename'), ['m']);
      assert.deepEqual(event('', 'other'), []);
      assert.equal(fileCount(), 0);
    },
  );
});

test('a link is watched where it is, and where it leads', () => {
  during(
    ({ at }) => {
      at(join(cwd, 'm/b.yaml'));
      at(join(cwd, 'real/b.yaml'));
    },
    ({ event, fileCount }) => {
      assert.deepEqual(event('m', 'b.yaml'), ['m/b.yaml']);
      assert.deepEqual(event('real', 'b.yaml'), ['real/b.yaml']);
      assert.equal(fileCount(), 1);
    },
  );
});

test('of a directory, what is wanted', () => {
  during(
    ({ into }) => into(join(cwd, 'm'), (name) => name.endsWith('.yaml')),
    ({ event }) => {
      assert.deepEqual(event('m', 'new.yaml', 'rename'), ['m/new.yaml']);
      assert.deepEqual(event('m', 'new.txt', 'rename'), []);
      // It has itself vanished or moved.
      assert.deepEqual(event('m', 'm', 'rename'), ['m']);
      assert.deepEqual(event('m', 'm'), []);
      // Some systems do not say what has changed.
      assert.deepEqual(event('m', null), ['m']);
    },
  );
});

test('an error of the system is a change', () => {
  during(
    ({ into }) => into(join(cwd, 'm'), () => false),
    ({ fails, event }) => {
      fails('m');
      assert.deepEqual(event('real', 'x'), ['m']);
    },
  );
});

describe('what cannot be watched', () => {
  for (const { name, codes, says } of [
    {
      name: 'the limits of the system',
      codes: { m: 'ENOSPC', real: 'ENOSPC' },
      says: 'cannot watch m and 1 more: the system allows no more (on Linux: fs.inotify.max_user_watches)',
    },
    { name: 'rights', codes: { real: 'EACCES' }, says: 'cannot watch real: permission denied' },
    { name: 'another error', codes: { m: 'EOTHER' }, says: 'cannot watch m: EOTHER' },
    { name: 'what is not there', codes: { m: 'ENOENT' }, says: undefined },
    { name: 'what is above', codes: { '..': 'EACCES' }, says: undefined },
  ]) {
    test(name, () => {
      const watcher = opened(
        Object.fromEntries(Object.entries(codes).map(([path, code]) => [join(cwd, path), code])),
      );
      watcher.at(cwd);
      watcher.into(join(cwd, 'm'), () => true);
      watcher.at(join(cwd, 'real', 'b.yaml'));
      assert.equal(watcher.failures(), says);
      watcher.close();
    });
  }
});
