import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/bulkhead.ts';
import { assertGolden } from '../support/golden.ts';
import { bulkhead, pathOf } from '../support/rendering.ts';

// What Helm and kustomize render, on pages: first the files as they are, then rendered.

const TOOLS = pathOf(['helm', 'kustomize']);
const KUBEADM = ['--profile', 'kubeadm'];

for (const { name, runs } of [
  {
    name: 'overlay',
    runs: [['.'], ['--kustomize', 'prod'], ['.', '--kustomize', 'prod', '--kustomize', 'dev']],
  },
  {
    name: 'fields',
    runs: [
      ['.'],
      ['--kustomize', 'cluster'],
      ['--kustomize', 'spread-cluster'],
      ['.', '--kustomize', 'tenant'],
    ],
  },
  {
    name: 'chart',
    runs: [
      ['.'],
      ['--helm', 'charts/shop'],
      ['.', '--helm', 'charts/shop', '--helm-values', 'prod.yaml', '--namespace', 'shop'],
    ],
  },
  {
    name: 'failing',
    runs: [
      ...['template', 'dependency', 'library', 'nothing', 'invalid', 'none'].map((chart) => [
        '--helm',
        chart,
      ]),
      ...['missing', 'patch', 'empty', 'without', 'none'].map((directory) => [
        '--kustomize',
        directory,
      ]),
    ],
  },
]) {
  test(name, async () => {
    const cwd = join(ROOT, 'testdata', 'rendering', name);
    const pages: string[] = [];
    for (const argv of runs) {
      const { stdout, stderr, status } = await bulkhead(['check', ...argv, ...KUBEADM], {
        cwd,
        path: TOOLS,
      });
      const errors = stderr === '' ? '' : `--- standard error\n${stderr}`;
      pages.push(
        `$ bulkhead check ${argv.join(' ')}\n${stdout}${errors}--- exit status ${status}\n`,
      );
    }
    assertGolden(`testdata/rendering/${name}.txt`, pages.join('\n'));
  });
}
