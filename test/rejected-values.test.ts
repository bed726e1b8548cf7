import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { check } from '../src/check.ts';
import type { JsonObject } from '../src/kubernetes/json.ts';
import { builtBulkhead, shippedProfile } from './support/bulkhead.ts';
import { readVectors } from './support/vectors.ts';

// What no API server accepts is a note. test/scheduler/scheduler.test.ts compares which of these pods are
// valid with the API server's own validation.

const bulkhead = builtBulkhead();
const profile = shippedProfile('kubeadm');

/** The codes of the notes on a pod. */
function notesOn(spec: JsonObject): readonly string[] {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' }, spec };
  const bytes = new TextEncoder().encode(JSON.stringify(pod));
  return check(bulkhead, profile, [{ name: 'a.json', bytes }]).notes.map(({ code }) => code);
}

describe('a pod is noted if and only if the API server rejects it', () => {
  for (const { id, pod, valid } of readVectors().pairs.filter(({ gate }) => gate === undefined)) {
    test(id, () => {
      const codes = notesOn(pod);
      // Operators behind a gate that is off have a note of their own.
      const isNoted = ['VALUE_REJECTED', 'TOLERATION_OPERATOR_GATED'].some((code) =>
        codes.includes(code),
      );
      assert.equal(isNoted, !valid, codes.join());
    });
  }
});

describe('a value that the controller of a custom resource fills in is another note', () => {
  for (const { spec, codes } of [
    {
      spec: { nodeSelector: { a: '{{b}}', c: '{{d}}' } },
      codes: ['VALUE_PARAMETER'],
    },
    { spec: { nodeSelector: { '$(a)': 'b' } }, codes: ['VALUE_PARAMETER'] },
    { spec: { tolerations: [{ key: '{{a}}' }] }, codes: ['VALUE_PARAMETER'] },
    {
      spec: { tolerations: [{ key: 'a', effect: 'NoExecute', tolerationSeconds: '$(a)' }] },
      codes: ['VALUE_PARAMETER'],
    },
    { spec: { nodeName: '{{a}}' }, codes: ['VALUE_PARAMETER'] },
    {
      spec: { nodeSelector: { a: '{{b}}' }, tolerations: [{ key: 'a b' }] },
      codes: ['VALUE_PARAMETER', 'VALUE_REJECTED'],
    },
    { spec: { nodeSelector: { a: '{b}' } }, codes: ['VALUE_REJECTED'] },
    { spec: { nodeSelector: { a: 'b' }, args: '{{c}}' }, codes: [] },
  ]) {
    test(JSON.stringify(spec), () => {
      const workflow = {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Workflow',
        metadata: { name: 'a', namespace: 'shop' },
        spec,
      };
      const bytes = new TextEncoder().encode(JSON.stringify(workflow));
      const { notes } = check(bulkhead, profile, [{ name: 'a.json', bytes }]);
      const values = notes.map(({ code }) => code).filter((code) => code.startsWith('VALUE_'));
      assert.deepEqual(values.sort(), codes);
    });
  }
});
