import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Config, Source } from '../config/config.ts';
import type { Arguments } from './args.ts';
import { namedClusters } from './clusters.ts';

const path = (name: string): Source => ({ kind: 'path', path: name });
const kustomize = (directory: string): Source => ({ kind: 'kustomize', directory });
const helm = (chart: string): Source => ({ kind: 'helm', chart, values: ['values.yaml'] });

const CONFIG: Config = {
  file: 'bulkhead.yaml',
  environments: [],
  exclude: [],
  severity: {},
  waivers: [],
  inlineWaivers: [],
};

function named(
  config: Config | undefined,
  given: readonly Source[] = [],
  { environments = [], cwd = '/repo' }: { environments?: readonly string[]; cwd?: string } = {},
) {
  const args: Arguments = {
    values: new Map(),
    lists: new Map(environments.length === 0 ? [] : [['environment', environments]]),
    positionals: [],
  };
  return namedClusters(args, given, { config, cwd });
}

const sourcesOf = (...args: Parameters<typeof named>) =>
  named(...args).clusters.flatMap(({ environment = '', sources }) =>
    sources.map((source) => [environment, source] as const),
  );

describe('without environments', () => {
  const inputs = [path('manifests'), kustomize('overlays/prod'), helm('charts/shop')];
  const config = { ...CONFIG, inputs };
  for (const { what, given, expect } of [
    { what: 'nothing given: the inputs', given: [], expect: inputs },
    { what: 'a file', given: [path('other/a.yaml')], expect: [path('other/a.yaml')] },
    {
      what: 'a file of an input',
      given: [path('manifests/a.yaml')],
      expect: [path('manifests/a.yaml')],
    },
    {
      what: 'a kustomization',
      given: [path('overlays/prod')],
      expect: [kustomize('overlays/prod')],
    },
    {
      what: 'a part of one',
      given: [path('overlays/prod/p.yaml')],
      expect: [kustomize('overlays/prod')],
    },
    {
      what: 'a template',
      given: [path('charts/shop/templates/a.yaml')],
      expect: [helm('charts/shop')],
    },
    {
      what: 'what only begins like one',
      given: [path('charts/shop-2')],
      expect: [path('charts/shop-2')],
    },
    {
      what: 'a directory with one in it',
      given: [path('overlays')],
      expect: [path('overlays'), kustomize('overlays/prod')],
    },
    {
      what: 'everything',
      given: [path('.')],
      expect: [path('.'), kustomize('overlays/prod'), helm('charts/shop')],
    },
    { what: 'another chart', given: [helm('charts/other')], expect: [helm('charts/other')] },
    { what: 'standard input', given: [path('-')], expect: [path('-')] },
  ]) {
    test(what, () => {
      assert.deepEqual(
        sourcesOf(config, given),
        expect.map((source) => ['', source]),
      );
    });
  }

  test('paths of the configuration are from its directory', () => {
    const below = { ...config, file: '../bulkhead.yaml' };
    assert.deepEqual(sourcesOf(below, [], { cwd: '/repo/manifests' }), [
      ['', path('.')],
      ['', kustomize('../overlays/prod')],
      ['', { kind: 'helm', chart: '../charts/shop', values: ['../values.yaml'] }],
    ]);
    assert.deepEqual(sourcesOf({ ...CONFIG, file: '../bulkhead.yaml' }, [], { cwd: '/repo/a' }), [
      ['', path('..')],
    ]);
  });

  test('only without arguments it is all that the configuration names', () => {
    assert.equal(named(config).isWhole, true);
    assert.equal(named(config, [path('manifests')]).isWhole, false);
  });
});

describe('with environments', () => {
  const config: Config = {
    ...CONFIG,
    environments: [
      { name: 'dev', inputs: [path('dev'), path('shared')] },
      { name: 'prod', inputs: [kustomize('prod/cluster'), path('shared')] },
    ],
  };
  for (const { what, given, expect } of [
    { what: 'a file of one', given: [path('dev/a.yaml')], expect: [['dev', path('dev/a.yaml')]] },
    {
      what: 'a file of both',
      given: [path('shared/a.yaml')],
      expect: [
        ['dev', path('shared/a.yaml')],
        ['prod', path('shared/a.yaml')],
      ],
    },
    {
      what: 'a part of a kustomization',
      given: [path('prod/cluster/a.yaml')],
      expect: [['prod', kustomize('prod/cluster')]],
    },
    {
      what: 'a directory around inputs',
      given: [path('prod')],
      expect: [['prod', kustomize('prod/cluster')]],
    },
  ] as const) {
    test(what, () => assert.deepEqual(sourcesOf(config, given), expect));
  }

  test('what belongs to none is an error, and so is standard input of several', () => {
    assert.throws(
      () => named(config, [path('other')]),
      /other is in no input of the environments dev and prod/,
    );
    assert.throws(
      () => named(config, [path('-')]),
      /standard input is of one cluster: add --environment dev or prod/,
    );
    assert.deepEqual(sourcesOf(config, [path('-')], { environments: ['dev'] }), [
      ['dev', path('-')],
    ]);
  });
});
