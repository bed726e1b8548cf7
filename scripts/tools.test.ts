import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pinned } from './tools.ts';

const GATEKEEPER = 'github.com/open-policy-agent/gatekeeper/v3';

test('a version is what its go.mod says', () => {
  assert.match(pinned('.', 'k8s.io/kubernetes'), /^1\.\d+\.\d+$/);
  assert.throws(() => pinned('opa', 'example.com/none'), /tools\/opa\/go.mod does not require/);
});

test('what is built apart from each other has one version', () => {
  const release = pinned('.', 'k8s.io/kubernetes').replace(/^1\./, '0.');
  for (const [directory, module] of [
    ['.', 'k8s.io/api'],
    ['manifest-oracle', 'k8s.io/apimachinery'],
  ] as const) {
    assert.equal(pinned(directory, module), release, module);
  }
  assert.equal(pinned('gator', GATEKEEPER), pinned('gatekeeper', GATEKEEPER));
});
