import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Source } from '../config/config.ts';
import { refuseInputs } from './outputs.ts';
import type { Settings } from './settings.ts';

const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-outputs-')));
after(() => rmSync(cwd, { recursive: true }));
mkdirSync(join(cwd, 'chart/templates'), { recursive: true });
for (const name of ['web.yaml', 'values.yaml', 'base.yaml', 'chart/templates/a.yaml', 'old.json']) {
  writeFileSync(join(cwd, name), '');
}
symlinkSync('chart', join(cwd, 'linked'));

const CHART: Source = { kind: 'helm', chart: 'chart', values: ['values.yaml'] };

/** Refuses what a run read: a file, a base of its profile, and a chart with its values. */
function refuse(file: string | undefined): void {
  const settings: Pick<Settings, 'outputs' | 'clusters' | 'texts'> = {
    outputs: [{ format: 'json', file }],
    clusters: [{ sources: [CHART] }],
    texts: {
      read: () => '',
      has: () => true,
      files: () => ['base.yaml'],
      isRoot: () => true,
      settled: async (use) => use(),
    },
  };
  const isPart = (path: string) => path.startsWith(join(cwd, 'chart/templates/'));
  const files = [
    { name: '-', bytes: new Uint8Array() },
    { name: 'web.yaml', bytes: new Uint8Array() },
  ];
  refuseInputs(settings, [{ files, isPart }], cwd);
}

describe('an output that was read is refused', () => {
  for (const file of [
    'web.yaml',
    'values.yaml',
    'base.yaml',
    'chart/templates/a.yaml',
    'linked/templates/a.yaml',
    join(cwd, 'chart/../web.yaml'),
  ]) {
    test(file.replace(cwd, 'DIR'), () => {
      assert.throws(() => refuse(file), /^UserError: --output json=.* would overwrite a file/);
    });
  }
});

describe('any other is not', () => {
  for (const file of [
    undefined,
    'old.json',
    'new.json',
    'chart/templates/new.json',
    'none/web.yaml',
  ]) {
    test(String(file), () => refuse(file));
  }
});
