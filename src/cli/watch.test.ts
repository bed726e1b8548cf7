import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UserError } from '../errors.ts';
import type { Arguments } from './args.ts';
import type { Deps } from './deps.ts';
import type { Io } from './io.ts';
import type { Outcome } from './outcome.ts';
import { watchable } from './watch.ts';

// The loop, with a disk and a clock of its own. test/watch.test.ts has the real ones.

interface Scene {
  /** What each run ends with, in turn; the last one also ends the process. */
  readonly runs: readonly (Outcome | Error)[];
  /** What changes after each page, or while it is made: names of files. */
  readonly changes?: readonly (readonly string[])[];
  readonly during?: readonly (readonly string[])[];
  /** What changes in each of the waits. */
  readonly waits?: readonly (readonly string[])[];
  readonly args?: Partial<Arguments>;
  readonly isTTY?: boolean;
  readonly signal?: string;
  readonly failures?: string;
}

interface Watched {
  readonly said: string;
  readonly status: number;
  readonly waits: number;
  readonly open: number;
  /** Whether the signal is taken. */
  readonly isTaken: boolean | undefined;
}

const CLEAN: Outcome = { stdout: 'clean\n', stderr: '', status: 0 };
const WRONG: Outcome = { stdout: 'wrong\n', stderr: 'unread\n', status: 2 };

async function watched(scene: Scene): Promise<Watched> {
  const { runs, changes = [], during = [], waits = [], isTTY = false, signal = 'SIGINT' } = scene;
  const seen = { said: '', open: 0, waits: 0, runs: 0, isTaken: undefined as boolean | undefined };
  let stop: (signal: string) => boolean = () => false;
  let note: (path: string) => void = () => {};
  const say = (text: string) => {
    seen.said += text;
    if (!text.endsWith('Ctrl-C ends.\n')) return;
    const page = seen.runs - 1;
    // A change comes once the run waits for it.
    setImmediate(() => {
      for (const name of changes[page] ?? []) note(`/work/${name}`);
      if (seen.runs === runs.length) seen.isTaken = stop(signal);
    });
  };
  const io: Io = {
    stdout: say,
    stderr: say,
    readStdin: async () => new Uint8Array(),
    cwd: '/work',
    env: {},
    isTTY,
    columns: undefined,
    isErrorTTY: false,
    now: () => 0,
    onEnd: (given) => {
      stop = given;
      return () => {};
    },
    watching: {
      open: (_cwd, onChange) => {
        note = onChange;
        seen.open += 1;
        return {
          at: () => {},
          into: () => {},
          fileCount: () => 1234,
          failures: () => scene.failures,
          close: () => {
            seen.open -= 1;
          },
        };
      },
      wait: async (time) => {
        assert.equal(time, 100);
        for (const name of waits[seen.waits] ?? []) note(`/work/${name}`);
        seen.waits += 1;
      },
    },
  };
  const args: Arguments = {
    values: new Map([['watch', '']]),
    lists: new Map(),
    positionals: [],
    ...scene.args,
  };
  const run = watchable(async (_args, { readStdin }) => {
    const outcome = runs[seen.runs];
    seen.runs += 1;
    for (const name of during[seen.runs - 1] ?? []) note(`/work/${name}`);
    if (outcome instanceof Error && outcome.message === 'stdin') await readStdin();
    if (outcome instanceof Error) throw outcome;
    assert.ok(outcome);
    return outcome;
  });
  try {
    const { status } = await run(args, io, {} as Deps);
    return { ...seen, status };
  } finally {
    assert.equal(seen.open, 0, 'every watcher was closed');
  }
}

const LAST = 'Watching 1,234 files. Ctrl-C ends.\n';

test('a page for each change, and the exit status of the last one', async () => {
  const { said, status, isTaken } = await watched({
    runs: [CLEAN, WRONG, CLEAN, WRONG],
    changes: [['a.yaml'], ['b.yaml', 'a.yaml', 'b.yaml'], ['c\x1b.yaml']],
  });
  assert.equal(
    said,
    `clean
${LAST}Checking again: a.yaml changed.
unread
wrong
${LAST}Checking again: a.yaml and 1 more changed.
clean
${LAST}Checking again: c\\x1b.yaml changed.
unread
wrong
${LAST}`,
  );
  assert.equal(status, 2);
  assert.equal(isTaken, true);
});

test('a terminal is cleared before each page but the first', async () => {
  const { said } = await watched({ runs: [CLEAN, CLEAN], changes: [['a']], isTTY: true });
  assert.equal(said, `clean\n${LAST}Checking again: a changed.\n\x1b[2J\x1b[Hclean\n${LAST}`);
});

describe('what changes together is one page', () => {
  for (const { name, scene, waits, said } of [
    {
      name: 'a change is waited for to be the last one',
      scene: { changes: [['a']], waits: [['b'], ['c'], []] },
      waits: 3,
      said: 'a and 2 more',
    },
    {
      name: 'without end, it is waited for a second',
      scene: { changes: [['a']], waits: Array.from({ length: 50 }, () => ['a']) },
      waits: 10,
      said: 'a',
    },
    {
      name: 'a change while a page is made asks for another',
      scene: { during: [['a']] },
      waits: 1,
      said: 'a',
    },
  ]) {
    test(name, async () => {
      const found = await watched({ runs: [CLEAN, CLEAN], ...scene });
      assert.equal(found.said, `clean\n${LAST}Checking again: ${said} changed.\nclean\n${LAST}`);
      // The signal comes while no change is waited for.
      assert.equal(found.waits, waits);
    });
  }
});

test('errors are printed, and the watch goes on', async () => {
  const unread = new UserError('FILE_UNREADABLE', 'cannot read it');
  const usage = new UserError('USAGE', 'unknown policy');
  const { said, status } = await watched({
    runs: [unread, usage, new Error('stdin'), CLEAN],
    changes: [['a'], ['a'], ['a']],
  });
  assert.match(said, /^bulkhead: cannot read it\nWatching/);
  assert.match(said, /changed\.\nbulkhead: unknown policy\nWatching/);
  assert.match(said, /changed\.\nbulkhead: --watch cannot read standard input: name files/);
  assert.equal(status, 0);
});

test('an error in the program is one of the page', async () => {
  const { said } = await watched({ runs: [new Error('a bug'), CLEAN], changes: [['a']] });
  assert.match(said, /^bulkhead: internal error; [^\n]+\nError: a bug\n/);
});

describe('a command line that is wrong ends', () => {
  for (const { name, args, runs = [] } of [
    { name: 'standard input', args: { positionals: ['a', '-'] } },
    { name: 'standard input of a configuration', args: {}, runs: [new Error('stdin')] },
    {
      name: '--write-baseline',
      args: { values: new Map(['watch', 'write-baseline'].map((flag) => [flag, ''])) },
    },
    { name: 'what the first run finds', args: {}, runs: [new UserError('USAGE', 'no path')] },
  ]) {
    test(name, () => assert.rejects(watched({ args, runs }), { code: 'USAGE' }));
  }
});

test('what the run writes itself is no change', async () => {
  const { said } = await watched({
    runs: [CLEAN, CLEAN],
    changes: [['out.json', 'dir/out.xml', 'a']],
    args: { lists: new Map([['output', ['json=out.json', 'human', 'junit=dir/out.xml']]]) },
  });
  assert.match(said, /Checking again: a changed\./);
});

test('what cannot be watched is said on every page', async () => {
  const { said } = await watched({ runs: [CLEAN], failures: 'cannot watch a: no more' });
  assert.equal(said, `clean\nbulkhead: cannot watch a: no more\n${LAST}`);
});

test('a closed pipe ends it like Ctrl-C', async () => {
  assert.equal((await watched({ runs: [CLEAN], signal: 'SIGPIPE' })).isTaken, true);
});
