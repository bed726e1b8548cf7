import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtBulkhead, shippedProfile } from '../../test/support/bulkhead.ts';
import { generateGatekeeper } from '../generate.ts';
import { STAGES } from './enforcement.ts';
import { chartValues, webhookPatch } from './webhook.ts';

test('the settings that make Gatekeeper fail closed are written where Constraints deny', () => {
  for (const stage of STAGES) {
    const files = generateGatekeeper(builtBulkhead(), shippedProfile('kubeadm'), stage);
    const written = [...files.keys()].filter((path) => path.startsWith('webhook/'));
    const expected = stage === 'deny' ? ['webhook/patch.yaml', 'webhook/values.yaml'] : [];
    assert.deepEqual(written, expected, stage);
  }
});

test('the patch and the values of the chart say the same', () => {
  const [webhook] = webhookPatch()['webhooks'] as readonly object[];
  assert.deepEqual(Object.values(webhook ?? {}).slice(1), Object.values(chartValues()));
});
