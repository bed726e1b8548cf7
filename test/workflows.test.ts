import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { load } from 'js-yaml';
import { textOf } from './support/bulkhead.ts';
import { ACTION, type Step, WORKFLOWS } from './support/workflows.ts';

// What holds for the workflows and the Action by their text. `make parity` runs actionlint and the steps.

const STEPS: ReadonlyMap<string, readonly Step[]> = new Map([
  ['action.yml', ACTION.runs.steps],
  ...[...WORKFLOWS].map(
    ([path, { jobs }]) => [path, Object.values(jobs).flatMap(({ steps }) => steps)] as const,
  ),
]);

/** The jobs that may more than read the repository. */
const WRITING: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'release.yml release': { contents: 'write' },
  'release.yml publish': { 'id-token': 'write' },
};

for (const [path, steps] of STEPS) {
  describe(path, () => {
    test('no script contains an expression: values come as variables', () => {
      for (const { run = '' } of steps) assert.doesNotMatch(run, /\$\{\{/);
    });

    test('every action is pinned by its commit, with its version beside it', () => {
      const used = steps.flatMap(({ uses }) => (uses === undefined || uses === './' ? [] : [uses]));
      for (const uses of used) {
        assert.match(uses, /^[\w-]+\/[\w-]+(?:\/[\w-]+)?@[0-9a-f]{40}$/);
        assert.match(textOf(path), new RegExp(`uses: ${uses} # v\\d+\\.\\d+\\.\\d+\\n`));
      }
    });

    test('a checkout leaves no token behind', () => {
      for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))) {
        assert.equal(step.with?.['persist-credentials'], false);
      }
    });
  });
}

test('an action has one version everywhere', () => {
  const used = [...STEPS.values()].flat().flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
  const names = used.map((uses) => uses.split('@')[0]);
  assert.equal(new Set(used).size, new Set(names).size);
});

for (const [path, workflow] of WORKFLOWS) {
  describe(path, () => {
    test('reads the repository, and nothing else, unless a job says so', () => {
      assert.deepEqual(workflow.permissions, { contents: 'read' });
      for (const [name, { permissions }] of Object.entries(workflow.jobs)) {
        assert.deepEqual(permissions, WRITING[`${path.split('/').at(-1)} ${name}`], name);
      }
    });

    test('does not run twice at a time, and every job ends', () => {
      assert.ok(workflow.concurrency !== undefined);
      for (const job of Object.values(workflow.jobs)) assert.ok((job['timeout-minutes'] ?? 0) > 0);
    });

    test('code of a pull request never runs with the rights of the repository', () => {
      assert.doesNotMatch(textOf(path), /pull_request_target|workflow_run|secrets\./);
    });
  });
}

test('nothing is published without the variable and the environment', () => {
  const publish = WORKFLOWS.get('.github/workflows/release.yml')?.jobs['publish'];
  assert.equal(publish?.if, "vars.PUBLISH_TO_NPM == 'true'");
  assert.equal(publish?.environment, 'npm');
});

test('CI runs what everyone runs', () => {
  const runs = WORKFLOWS.get('.github/workflows/ci.yml')?.jobs['ci']?.steps.map(({ run }) => run);
  assert.ok(runs?.includes('make ci'));
});

test('the Action passes every input on, and describes it', () => {
  const passed = ACTION.runs.steps
    .flatMap((step) => [
      ...Object.values(step.env ?? {}),
      ...Object.values(step.with ?? {}),
      step.if,
    ])
    .join('\n');
  for (const [name, { description }] of Object.entries(ACTION.inputs)) {
    assert.ok(passed.includes(`inputs.${name}`), name);
    assert.match(description, /\.$/, name);
  }
});

test('dependabot looks after the pins', () => {
  const { updates } = load(textOf('.github/dependabot.yml')) as {
    updates: readonly { 'package-ecosystem': string; directory: string }[];
  };
  assert.deepEqual(
    updates.map((update) => [update['package-ecosystem'], update.directory]),
    [['github-actions', '/']],
  );
});
