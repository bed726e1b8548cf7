import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { ROOT } from './support/bulkhead.ts';
import { assertGolden } from './support/golden.ts';

// Repositories of all sorts, as a user runs the bundle in them: the whole page, its number of lines and the exit
// status. A name of a fixture that starts with `_` has the rest of it as its name, so that no tool takes it for its
// own: `_.git`, `_node_modules`.

const TREES = join(ROOT, 'testdata/trees');
const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-trees-'));
after(() => rmSync(scratch, { recursive: true }));
cpSync(TREES, scratch, { recursive: true });
for (const path of readdirSync(scratch, { recursive: true, encoding: 'utf8' }).sort().reverse()) {
  if (!basename(path).startsWith('_')) continue;
  renameSync(join(scratch, path), join(scratch, dirname(path), basename(path).slice(1)));
}

function page(directory: string, argv: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(ROOT, 'dist/cli.cjs'), ...argv],
    { cwd: join(scratch, directory), env: { ...process.env, NO_COLOR: '1' }, encoding: 'utf8' },
  );
  assert.equal(stderr, '');
  const lines = stdout.split('\n').length - 1;
  return `$ bulkhead ${argv.join(' ')}\n${stdout}--- ${lines} lines, exit status ${status}\n`;
}

const CHECK = ['check', '.', '--profile', 'kubeadm'];
const shapes = readdirSync(TREES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe('a tree of this shape', () => {
  for (const shape of shapes) {
    test(shape, () => assertGolden(`testdata/trees/${shape}.txt`, page(shape, CHECK)));
  }

  test('all of them, with what is not an object', () => {
    assertGolden('testdata/trees/all.txt', page('.', [...CHECK, '--verbose']));
  });

  test('the table of one', () => {
    const argv = ['table', '.', '--profile', 'kubeadm', '--verbose'];
    assertGolden('testdata/trees/mkdocs-table.txt', page('mkdocs', argv));
  });

  test('what is left out, if it is named', () => {
    const argv = ['check', 'node_modules', '.cache/agent.yaml', '--profile', 'kubeadm'];
    assertGolden('testdata/trees/dependencies-named.txt', page('dependencies', argv));
  });
});

test('only what may be a manifest makes the exit status 2', () => {
  const found = shapes.map((shape) => {
    const { status } = spawnSync(process.execPath, [join(ROOT, 'dist/cli.cjs'), ...CHECK], {
      cwd: join(scratch, shape),
    });
    return `${shape} ${status}`;
  });
  assert.deepEqual(found, [
    'ansible 2', // a template of a Deployment
    'broken 2',
    'clusters 1',
    'compose 0',
    'crds 0',
    'dashboards 0',
    'dependencies 0',
    'front-matter 0',
    'helm 2', // one error: a chart that is not an input
    'json 0',
    'kustomize 2', // one error for each overlay
    'mkdocs 0',
    'nothing 2', // nothing to check
    'rendered 1',
    'workflows 0',
  ]);
});
