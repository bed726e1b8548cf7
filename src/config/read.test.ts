import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { builtBulkhead, ROOT, textOf } from '../../test/support/bulkhead.ts';
import { assertGolden } from '../../test/support/golden.ts';
import { isInlineWaivable, isNamespaced } from '../policy/policy.ts';
import type { Config } from './config.ts';
import { readConfig } from './read.ts';

const BROKEN = 'testdata/config';
const EXPECTATIONS = /^(?:# expect .*\n)*/;
const { policies } = builtBulkhead().catalogue;
const KNOWN = {
  ids: policies.map(({ id }) => id),
  inlineWaivable: policies.filter(isInlineWaivable).map(({ id }) => id),
  isNamespaced: (kind: string) => isNamespaced({ policies }, kind),
};

function mistakesOf(file: string, text: string): readonly string[] {
  const read = readConfig(file, text, KNOWN);
  if (read.kind === 'config') return [];
  return read.errors.map(({ code, message, place }) => {
    assert.equal(place?.file, file);
    return `${place?.line}:${place?.column} ${code} ${message}\n`;
  });
}

function expectations(lines: string): string {
  return lines.replaceAll(/^/gm, '# expect ').replace(/# expect $/, '');
}

// The first lines of a broken configuration say what is wrong with it: `# expect 4:3 CONFIG_INVALID …`.
// UPDATE_GOLDEN=1 rewrites them.
describe('a broken configuration', () => {
  for (const name of readdirSync(join(ROOT, BROKEN)).sort()) {
    const file = `${BROKEN}/${name}`;
    test(`${name}: every mistake is reported with its place and what was expected`, () => {
      const body = textOf(file).replace(EXPECTATIONS, '');
      const unknown = expectations('?\n'.repeat(mistakesOf(file, body).length));
      const mistakes = mistakesOf(file, unknown + body);
      assert.ok(mistakes.length > 0);
      assertGolden(file, expectations(mistakes.join('')) + body);
    });
  }

  test('an empty file lacks everything', () => {
    assert.deepEqual(mistakesOf('empty.yaml', ''), [
      '1:1 CONFIG_INVALID the configuration is empty: apiVersion and kind are required\n',
    ]);
  });
});

describe('a configuration', () => {
  const read = (text: string): Config => {
    const found = readConfig(
      'bulkhead.yaml',
      `apiVersion: bulkhead.dev/v1\nkind: Config\n${text}`,
      KNOWN,
    );
    assert.ok(found.kind === 'config', JSON.stringify(found));
    return found.config;
  };

  test('may say nothing', () => {
    assert.deepEqual(read(''), {
      file: 'bulkhead.yaml',
      environments: [],
      exclude: [],
      severity: {},
      waivers: [],
      inlineWaivers: [],
    });
  });

  test('names inputs of three kinds', () => {
    const { inputs } = read(`inputs:
  - path: manifests
  - kustomize: clusters/prod
  - {helm: charts/shop, values: [values/prod.yaml], release: shop, namespace: web}
`);
    assert.deepEqual(inputs, [
      { kind: 'path', path: 'manifests' },
      { kind: 'kustomize', directory: 'clusters/prod' },
      {
        kind: 'helm',
        chart: 'charts/shop',
        values: ['values/prod.yaml'],
        release: 'shop',
        namespace: 'web',
      },
    ]);
  });

  test('has environments with a profile of their own or of all', () => {
    const { environments, profile } = read(`profile: kubeadm
environments:
  dev: {inputs: [{path: dev}], profile: k3s, namespace: shop}
  prod: {inputs: [{path: prod}]}
`);
    assert.equal(profile?.name, 'kubeadm');
    assert.deepEqual(
      environments.map(({ name, profile: own, namespace }) => [name, own?.name, namespace]),
      [
        ['dev', 'k3s', 'shop'],
        ['prod', undefined, undefined],
      ],
    );
    assert.deepEqual(environments[0]?.profile?.place, {
      file: 'bulkhead.yaml',
      line: 5,
      column: 41,
    });
  });

  test('has waivers with their places, and the path of a field as steps', () => {
    const [waiver] = read(`waivers:
  - policy: [unspread-replicas, stuck-rollout]
    match: {kind: Deployment, namespace: shop, name: "web-*"}
    path: spec.template.spec.tolerations[*]
    reason: One replica for each zone.
    owner: team-shop
    expires: never
    ticket: SHOP-1
`).waivers;
    assert.deepEqual(waiver, {
      policies: ['unspread-replicas', 'stuck-rollout'],
      match: { kind: 'Deployment', namespace: 'shop', name: 'web-*' },
      path: ['spec', 'template', 'spec', 'tolerations', '*'],
      reason: 'One replica for each zone.',
      owner: 'team-shop',
      expires: 'never',
      ticket: 'SHOP-1',
      place: { file: 'bulkhead.yaml', line: 4, column: 5 },
    });
  });

  test('names a baseline by its path, or with its last day', () => {
    assert.equal(read('baseline: b.json\n').baseline?.file, 'b.json');
    assert.equal(
      read('baseline: {file: b.json, until: 2027-06-30}\n').baseline?.until,
      '2027-06-30',
    );
  });

  test('that docs/configuration.md shows can be read', () => {
    const page = readFileSync(join(ROOT, 'docs', 'configuration.md'), 'utf8');
    const examples = [...page.matchAll(/```yaml\n(apiVersion: bulkhead[\s\S]*?)```/g)];
    assert.ok(examples.length > 0);
    for (const [, text = ''] of examples) assert.deepEqual(mistakesOf('docs.yaml', text), []);
  });
});
