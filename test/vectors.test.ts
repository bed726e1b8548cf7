import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileScheduling } from './scheduler/scheduler.ts';
import { readVectors } from './support/vectors.ts';

// How Kubernetes decides, row by row. test/scheduler/scheduler.test.ts compares the same rows with Kubernetes.

const libraries = compileScheduling();
const { nodes, pairs, classes } = readVectors();
const LABEL = 'node-role.kubernetes.io/control-plane';
const ROLE = { name: 'control-plane', labels: [{ key: LABEL, value: '' }], taints: [] };

describe('a pod and a node', () => {
  // The libraries know Kubernetes with its default feature gates only.
  for (const { id, pod, node, runs } of pairs.filter(({ gate }) => gate === undefined)) {
    test(id, () => {
      const [ways = []] = libraries.nodes({ pod, nodes: [nodes[node] ?? {}] });
      const found = typeof runs === 'boolean' ? ways.includes('scheduler') : [...ways].sort();
      assert.deepEqual(found, runs);
    });
  }

  test('an operator behind a gate that is off tolerates nothing', () => {
    for (const { pod, node } of pairs.filter(({ gate }) => gate !== undefined)) {
      const [ways = []] = libraries.nodes({ pod, nodes: [nodes[node] ?? {}] });
      assert.ok(!ways.includes('scheduler'));
    }
  });
});

describe('a pod and a class of nodes', () => {
  for (const { id, pod, reaches, covers } of classes) {
    test(id, () => {
      const question = { pod, role: ROLE.name, parameters: { nodeRoles: [ROLE] } };
      const verdicts = libraries.classes(question);
      assert.deepEqual(
        [verdicts.map(({ terms }) => terms.length > 0), verdicts.map((verdict) => verdict.covers)],
        [reaches, covers],
      );
    });
  }
});
