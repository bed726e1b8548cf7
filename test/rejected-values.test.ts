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
