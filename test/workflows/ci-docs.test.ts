import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { tool } from '../../scripts/tools.ts';
import { ROOT } from '../support/bulkhead.ts';
import { type Example, examples } from '../support/ci-docs.ts';
import { OFFLINE, packageAt, tarballOf } from '../support/package.ts';
import { bash, type Printed } from '../support/workflows.ts';

// The examples of docs/ci.md, run: their scripts by bash, with a tarball in the place of the release; their
// hooks by pre-commit, where it is installed.

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-ci-')));
after(() => rmSync(scratch, { recursive: true }));
const tarball = tarballOf(packageAt(join(scratch, 'package')), scratch);

/** A merge, as CI checks it out: the first parent is what it is merged into. */
const repository = join(scratch, 'repository');
cpSync(join(ROOT, 'testdata', 'action'), repository, { recursive: true });
const git = (...argv: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...argv], {
    cwd: repository,
    encoding: 'utf8',
  }).trim();
rmSync(join(repository, 'findings'), { recursive: true });
rmSync(join(repository, 'unreadable'), { recursive: true });
git('init', '--quiet', '--initial-branch=main');
git('add', '--all');
git('commit', '--quiet', '--message=base');
const base = git('rev-parse', 'HEAD');
git('checkout', '--quiet', '-b', 'branch');
git('commit', '--quiet', '--allow-empty', '--message=change');
git('checkout', '--quiet', 'main');
git('merge', '--quiet', '--no-ff', '--message=merge', 'branch');

const surroundings = {
  PATH: process.env['PATH'] ?? '',
  HOME: scratch,
  npm_config_prefix: join(scratch, 'global'),
  npm_config_cache: join(scratch, 'cache'),
  ...OFFLINE,
};

describe('scripts', () => {
  for (const example of examples()) {
    const { file, line, scripts, files } = example;
    if (scripts.length === 0 || file === '.pre-commit-config.yaml') continue;
    test(`${file}, line ${line}`, () => {
      const cwd = join(scratch, `run ${line}`);
      cpSync(repository, cwd, { recursive: true });
      for (const script of scripts) {
        const { stdout, stderr, status } = run(script, example, cwd);
        assert.equal(status, 0, stdout + stderr);
      }
      for (const name of files) assert.ok(existsSync(join(cwd, name)), name);
    });
  }
});

function run(script: string, { variables }: Example, cwd: string): Printed {
  return bash(script, cwd, {
    ...surroundings,
    PATH: `${join(scratch, 'global', 'bin')}:${surroundings.PATH}`,
    CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
    ...variables,
    BULKHEAD: tarball,
  });
}

test('actionlint has no complaint about a workflow of the page', () => {
  for (const { file, text } of examples()) {
    if (!file.startsWith('.github/')) continue;
    const path = join(scratch, 'workflow.yml');
    writeFileSync(path, text);
    const argv = ['-no-color', '-shellcheck=', '-pyflakes=', path];
    const { stdout, stderr } = spawnSync(tool('actionlint'), argv, { encoding: 'utf8' });
    assert.equal(stdout + stderr, '');
  }
});

const hasPreCommit = spawnSync('pre-commit', ['--version']).status === 0;

describe('pre-commit', { skip: !hasPreCommit && 'pre-commit is not installed' }, () => {
  const clone = join(scratch, 'hooks');
  mkdirSync(clone);
  cpSync(join(ROOT, '.pre-commit-hooks.yaml'), join(clone, '.pre-commit-hooks.yaml'));
  const inClone = (...argv: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...argv], {
      cwd: clone,
      encoding: 'utf8',
    }).trim();
  inClone('init', '--quiet');
  inClone('add', '--all');
  inClone('commit', '--quiet', '--message=hooks');
  const rev = inClone('rev-parse', 'HEAD');
  const bin = join(scratch, 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'bulkhead'),
    `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'dist', 'cli.cjs')}" "$@"\n`,
    { mode: 0o755 },
  );

  for (const { file, line, text } of examples()) {
    if (file !== '.pre-commit-config.yaml') continue;
    test(`the example in line ${line} passes clean files, and stops a finding`, () => {
      const cwd = join(scratch, `hook ${line}`);
      cpSync(repository, cwd, { recursive: true });
      const url = /https:\/\/[^"\s]+/.exec(text)?.[0] ?? '';
      const target = url.endsWith('.tgz') ? tarball : clone;
      writeFileSync(join(cwd, file), text.replace(url, target).replace(/rev: .*/, `rev: ${rev}`));
      const manifest = join(cwd, 'manifests', 'shop.yaml');
      mkdirSync(dirname(manifest));
      cpSync(join(ROOT, 'testdata', 'action', 'clean', 'shop.yaml'), manifest);
      const first = hook(cwd);
      assert.equal(first.status, 0, first.stdout + first.stderr);
      assert.match(first.stdout, /Passed/);
      for (const place of ['clean', 'manifests']) {
        const intruder = join(ROOT, 'testdata', 'action', 'findings', 'agent.yaml');
        cpSync(intruder, join(cwd, place, 'agent.yaml'));
      }
      const second = hook(cwd);
      assert.equal(second.status, 1, second.stdout + second.stderr);
      assert.match(
        second.stdout,
        /DaemonSet logging\/agent can be scheduled onto control-plane nodes/,
      );
    });
  }

  /** Runs the hooks on everything in the index. */
  function hook(cwd: string): Printed {
    execFileSync('git', ['add', '--all'], { cwd });
    const { stdout, stderr, status } = spawnSync(
      'pre-commit',
      ['run', '--all-files', '--color=never'],
      {
        cwd,
        env: {
          ...surroundings,
          PATH: `${bin}:${surroundings.PATH}`,
          PRE_COMMIT_HOME: join(scratch, 'pre-commit'),
        },
        encoding: 'utf8',
      },
    );
    return { stdout, stderr, status };
  }
});
