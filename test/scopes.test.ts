import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { tool } from '../scripts/tools.ts';
import { builtBulkhead, ROOT } from './support/bulkhead.ts';

// The policies and the reader must agree on which objects are in no namespace (lib.api.scopes, src/kubernetes/
// resources.ts).

const resources = builtBulkhead().catalogue.policies.flatMap(({ kinds }) => kinds);
const objects = resources.flatMap(({ groups, kind, isClusterScoped, isOnlyRead }) =>
  groups.map((group) => ({
    object: { apiVersion: group === '' ? 'v1' : `${group}/v1`, kind },
    isOutside: isClusterScoped === true || isOnlyRead === true,
  })),
);

/** Of the kinds whose pods are listed in Rego, the reader does not know the scope. */
const UNKNOWN_TO_THE_READER = 'ClusterWorkflowTemplate';

test('the policies know of each kind that they check whether it is in a namespace', () => {
  const query =
    '[outside | some one in input; outside := {true | data.lib.api.scopes.without_namespace(one.object)}]';
  const printed = execFileSync(
    tool('opa'),
    ['eval', '-d', 'policies/lib/api', '-I', '-f', 'raw', '--ignore', '*_test.rego', query],
    { cwd: ROOT, encoding: 'utf8', input: JSON.stringify(objects) },
  );
  const answers: readonly (readonly true[])[] = JSON.parse(printed);
  assert.equal(answers.length, objects.length);
  const different = objects.filter(
    ({ isOutside }, index) => (answers[index]?.length ?? 0) > 0 !== isOutside,
  );
  assert.deepEqual(
    [...new Set(different.map(({ object }) => object.kind))],
    [UNKNOWN_TO_THE_READER],
  );
});
