import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { textOf } from '../support/bulkhead.ts';
import { OFFLINE } from '../support/package.ts';
import { bash, type Printed, WORKFLOWS } from '../support/workflows.ts';

// The scripts of release.yml, run by bash on a small package. Nothing leaves the machine: `gh` is a stub,
// npm runs with --dry-run and offline.

const RELEASE = WORKFLOWS.get('.github/workflows/release.yml');
const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-release-'));
after(() => rmSync(scratch, { recursive: true }));

const CHANGELOG = '# Changelog\n\n## 1.2.3\n\n- One.\n- Two.\n\n## 1.2.2\n\n- Three.\n\n## 1.2.1\n';

/** The script of a job's step, by its name. */
function script(job: string, name: string): string {
  const step = RELEASE?.jobs[job]?.steps.find((one) => one.name === name);
  assert.ok(step?.run !== undefined, `${job}: ${name}`);
  return step.run;
}

/** A checkout with a version. */
function checkout(version: string): string {
  const directory = mkdtempSync(join(scratch, 'checkout-'));
  const { name, repository } = JSON.parse(textOf('package.json'));
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name, version, repository }));
  writeFileSync(join(directory, 'CHANGELOG.md'), CHANGELOG);
  return directory;
}

function run(text: string, cwd: string, tag: string): Printed {
  return bash(text, cwd, {
    PATH: `${stubs}:${process.env['PATH']}`,
    HOME: scratch,
    GITHUB_REF_NAME: tag,
    ...OFFLINE,
    npm_config_dry_run: 'true',
  });
}

const stubs = join(scratch, 'stubs');
mkdirSync(stubs);
writeFileSync(join(stubs, 'gh'), '#!/bin/sh\nprintf "%s\\n" gh "$@"\n', { mode: 0o755 });

describe('the tag', () => {
  const text = script(
    'package',
    'The tag is the version of package.json, and CHANGELOG.md has its section',
  );

  test('of the version: the notes are the section of the changelog', () => {
    const cwd = checkout('1.2.3');
    assert.deepEqual(run(text, cwd, 'v1.2.3'), { stdout: '', stderr: '', status: 0 });
    assert.equal(readFileSync(join(cwd, 'release', 'notes.md'), 'utf8').trim(), '- One.\n- Two.');
  });

  for (const tag of ['v1.2.4', '1.2.3', 'v1.2.3-rc.1', 'v1.2.30', 'v*', '$(touch x)']) {
    test(`${tag} is another one`, () => {
      const cwd = checkout('1.2.3');
      const { stdout, status } = run(text, cwd, tag);
      assert.equal(status, 1);
      assert.ok(stdout.includes('is not v1.2.3'), stdout);
      assert.equal(existsSync(join(cwd, 'x')), false);
    });
  }

  for (const version of ['1.2.4', '1.2.1', '1.2']) {
    test(`${version} has no section, or an empty one`, () => {
      const { stdout, status } = run(text, checkout(version), `v${version}`);
      assert.equal(status, 1);
      assert.ok(stdout.includes(`nothing under ## ${version}`), stdout);
    });
  }
});

describe('from the package to the registry', () => {
  const cwd = checkout('1.2.3');
  mkdirSync(join(cwd, 'release'));
  const env = { PATH: process.env['PATH'] ?? '', HOME: scratch, ...OFFLINE };
  const packed = bash(script('package', 'Pack'), cwd, env);
  const artifact = join(cwd, 'release');

  test('the tarball has its sum beside it', () => {
    assert.equal(packed.status, 0, packed.stderr);
    assert.deepEqual(readdirSync(artifact).sort(), ['SHA256SUMS', 'bulkhead-1.2.3.tgz']);
    assert.match(packed.stdout, /^[0-9a-f]{64} {2}bulkhead-1\.2\.3\.tgz$/m);
  });

  for (const [tag, kind] of [
    ['v1.2.3', '--latest'],
    ['v1.2.3-rc.1', '--prerelease'],
  ] as const) {
    test(`the release ${tag}`, () => {
      const { stdout, status } = run(script('release', 'Create the release'), artifact, tag);
      assert.equal(status, 0);
      assert.deepEqual(stdout.trim().split('\n').slice(1), [
        ...['gh', 'release', 'create', tag, '--verify-tag', kind, '--title', tag],
        ...['--notes-file', 'notes.md', 'bulkhead-1.2.3.tgz', 'SHA256SUMS'],
      ]);
    });
  }

  test('npm would publish the tarball, as it is', () => {
    const { stdout, stderr, status } = run(script('publish', 'Publish'), artifact, 'v1.2.3');
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^\+ bulkhead@1\.2\.3$/m);
    assert.match(stderr, /with tag latest and public access \(dry-run\)/);
    assert.match(
      run(script('publish', 'Publish'), artifact, 'v1.2.3-rc.1').stderr,
      /with tag next/,
    );
  });

  test('a tarball that was changed is refused', () => {
    const other = mkdtempSync(join(scratch, 'changed-'));
    execFileSync('cp', ['-r', `${artifact}/.`, other]);
    writeFileSync(join(other, 'bulkhead-1.2.3.tgz'), 'changed');
    for (const [job, name] of [
      ['release', 'Create the release'],
      ['publish', 'Publish'],
    ] as const) {
      const { stdout, status } = run(script(job, name), other, 'v1.2.3');
      assert.equal(status, 1);
      assert.doesNotMatch(stdout, /^gh$|^\+ /m);
    }
  });
});

describe('npm', () => {
  const text = script('publish', 'npm knows trusted publishing');
  for (const [version, expected] of [
    ['10.9.4', 1],
    ['11.5.0', 1],
    ['11.4.9', 1],
    ['11.5.1', 0],
    ['11.6.0', 0],
    ['12.0.0', 0],
  ] as const) {
    test(version, () => {
      const bin = mkdtempSync(join(scratch, 'npm-'));
      writeFileSync(join(bin, 'npm'), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
      const env = { PATH: `${bin}:${process.env['PATH']}` };
      assert.equal(bash(text, bin, env).status, expected);
    });
  }
});
