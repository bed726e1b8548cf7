import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { ADDON_NAMES } from '../scripts/profiles.ts';
import type { Report } from '../src/report/report.ts';
import { bulkhead } from './support/main.ts';

// What the users of real repositories have to write before a check of them is green, for the right reasons.
// BULKHEAD_CORPUS names the directory.

const corpus = process.env['BULKHEAD_CORPUS'];
const skip = corpus === undefined ? 'BULKHEAD_CORPUS names no directory of real manifests' : false;
const modern = resolve(corpus ?? '.', 'modern');
const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-'));
after(() => rmSync(scratch, { recursive: true }));
const TODAY = '2026-11-20';

function written(name: string, files: Readonly<Record<string, string>>): string {
  const root = join(scratch, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

async function reportOf(root: string): Promise<Report> {
  const { stdout } = await bulkhead(['check', '-o', 'json'], { root, today: TODAY });
  return JSON.parse(stdout);
}

function counts({ findings }: Report): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const { status } of findings) found[status] = (found[status] ?? 0) + 1;
  return found;
}

function intrusions({ findings }: Report): number {
  return findings.filter(
    ({ policy, status }) => policy === 'control-plane-intrusion' && status === 'open',
  ).length;
}

const INTRUDER = `apiVersion: v1
kind: Pod
metadata: {name: intruder, namespace: shop}
spec:
  tolerations: [{operator: Exists}]
  containers: [{name: main, image: registry.example/main}]
`;

describe('manifests of many projects', { skip }, () => {
  const config = `apiVersion: bulkhead.dev/v1
kind: Config
profile: ./profile.yaml
inputs: [{path: manifests}, {path: own}]
baseline: baseline.json
waivers:
  - {policy: control-plane-intrusion, match: {kind: DaemonSet, namespace: kube-system, name: barbican-kms}, reason: It keeps keys on the nodes., owner: security, expires: 2027-03-31}
`;
  const profile = (extended: readonly string[]) => `apiVersion: bulkhead.dev/v1
kind: Profile
metadata: {name: mine}
extends: [${extended.join(', ')}]
`;

  test('are green by rows, a waiver and a baseline, and a new intruder is one finding', async () => {
    const rows = profile(['kubeadm', ...ADDON_NAMES.filter((name) => name !== 'addons/canal')]);
    const root = written('modern', {
      'bulkhead.yaml': config,
      'profile.yaml': profile(['kubeadm']),
      'own/a.yaml': '',
    });
    cpSync(modern, join(root, 'manifests'), { recursive: true });
    const bare = await bulkhead(['check', '--no-baseline', '-o', 'json'], { root, today: TODAY });
    writeFileSync(join(root, 'profile.yaml'), rows);
    const extended = await bulkhead(['check', '--no-baseline', '-o', 'json'], {
      root,
      today: TODAY,
    });
    const [before, rowed] = [bare, extended].map(({ stdout }): Report => JSON.parse(stdout));
    assert.ok(before !== undefined && rowed !== undefined);
    assert.ok(
      intrusions(rowed) * 2 < intrusions(before),
      `${intrusions(before)} to ${intrusions(rowed)}`,
    );
    const { open, waived } = rowed.summary;
    assert.equal(waived, 1);
    assert.equal((await bulkhead(['check', '--write-baseline'], { root, today: TODAY })).status, 0);
    const green = await reportOf(root);
    assert.deepEqual(counts(green), { waived: 1, baseline: open });
    assert.equal((await bulkhead(['check'], { root, today: TODAY })).status, 0);
    writeFileSync(join(root, 'own/a.yaml'), INTRUDER);
    const red = await reportOf(root);
    assert.deepEqual(
      red.findings.flatMap(({ status, file, policy }) =>
        status === 'open' ? [`${file} ${policy}`] : [],
      ),
      ['own/a.yaml control-plane-intrusion'],
    );
    assert.equal((await bulkhead(['check'], { root, today: TODAY })).status, 1);
  });

  test('of kOps need at most 16 lines', async () => {
    const root = join(scratch, 'kops');
    cpSync(join(modern, 'kops'), root, { recursive: true });
    const git = (...argv: string[]) =>
      execFileSync(
        'git',
        ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...argv],
        { encoding: 'utf8' },
      );
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    written('kops', {
      'bulkhead.yaml':
        'apiVersion: bulkhead.dev/v1\nkind: Config\nprofile: kops\nbaseline: bulkhead.baseline.json\n',
    });
    assert.equal((await bulkhead(['check', '--write-baseline'], { root, today: TODAY })).status, 0);
    assert.equal((await bulkhead(['check'], { root, today: TODAY })).status, 0);
    git('add', '.');
    const changed = git('diff', '--cached', '--numstat').trim().split('\n');
    const lines = changed
      .filter((line) => !line.endsWith('baseline.json'))
      .map((line) => Number(line.split('\t')[0]));
    assert.deepEqual(
      changed.map((line) => line.split('\t')[2]),
      ['bulkhead.baseline.json', 'bulkhead.yaml'],
    );
    assert.ok((lines[0] ?? 99) <= 16, changed.join('\n'));
    assert.ok(readFileSync(join(root, 'bulkhead.baseline.json'), 'utf8').includes('"version": 1'));
  });
});
