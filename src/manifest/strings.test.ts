import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { builtBulkhead, shippedProfile } from '../../test/support/bulkhead.ts';
import { check } from '../check.ts';

// Names, labels and annotations that are not strings are rejected where kubectl or the API server rejects them. The
// answers are those of Kubernetes 1.37: `kubectl apply --dry-run=server`.

function errorsIn(text: string): readonly string[] {
  const files = [{ name: 'a.yaml', bytes: new TextEncoder().encode(text) }];
  const { inputErrors } = check(builtBulkhead(), shippedProfile('kubeadm'), files);
  return inputErrors.map(
    ({ code, line, column, message }) => `${code} ${line}:${column} ${message}`,
  );
}

const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: ';
const CUSTOM = 'apiVersion: e.example/v1\nkind: Foo\nmetadata: ';

describe('metadata of any kind', () => {
  for (const [metadata, says] of [
    ['{name: a, labels: {x: "1"}}', undefined],
    ['{name: a, labels: {x: null, y: ~}}', undefined],
    ['{name: a, labels: null, annotations: null}', undefined],
    ['{name: a, labels: {x: 2001-01-01, y: 1.2.3, z: 0x}}', undefined],
    ['null', undefined],
    [
      '{name: a, labels: {x: 1}}',
      '3:33 the label x must be a string, not the number 1: put it in quotes',
    ],
    [
      '{name: a, labels: {x: 1.5}}',
      '3:33 the label x must be a string, not the number 1.5: put it in quotes',
    ],
    [
      '{name: a, labels: {x: yes}}',
      '3:33 the label x must be a string, not the boolean true: put it in quotes',
    ],
    [
      '{name: a, labels: {x: {}}}',
      '3:30 the label x must be a string, not a mapping: write a string',
    ],
    [
      '{name: a, labels: {x: [a]}}',
      '3:30 the label x must be a string, not a sequence: write a string',
    ],
    [
      '{name: a, annotations: {x: 1}}',
      '3:38 the annotation x must be a string, not the number 1: put it in quotes',
    ],
    [
      '{name: a, annotations: {y: b, x: true}}',
      '3:44 the annotation x must be a string, not the boolean true: put it in quotes',
    ],
    [
      '{name: a, labels: x}',
      "3:29 metadata.labels must be a mapping, not a string: write 'key: value'",
    ],
    [
      '{name: a, labels: []}',
      "3:21 metadata.labels must be a mapping, not a sequence: write 'key: value'",
    ],
    ['x', "3:11 metadata must be a mapping, not a string: write 'key: value'"],
    ['{name: 1}', '3:18 metadata.name must be a string, not the number 1: put it in quotes'],
    [
      '{name: a, namespace: true}',
      '3:32 metadata.namespace must be a string, not the boolean true: put it in quotes',
    ],
  ] as const) {
    const expected = says === undefined ? [] : [`MANIFEST_OBJECT ${says}`];
    test(`of Kubernetes: ${metadata}`, () =>
      assert.deepEqual(errorsIn(CONFIG + metadata), expected));
    test(`of a custom resource: ${metadata}`, () =>
      assert.deepEqual(errorsIn(CUSTOM + metadata), expected));
  }

  test('in a list, and of the list', () => {
    const text = `apiVersion: v1
kind: List
metadata: {labels: {a: 1}}
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: b, labels: {c: 2}}}
`;
    assert.deepEqual(
      errorsIn(text).map((error) => error.split(' ')[1]),
      ['3:24', '6:71'],
    );
  });

  test('but not of what no API server gets', () => {
    const text =
      'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmetadata: {name: 1}\n';
    assert.deepEqual(errorsIn(text), []);
  });
});

describe('templates and selectors of kinds of Kubernetes', () => {
  const deployment = (selector: string, labels: string, annotations = '{}') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: d, namespace: ns}
spec:
  selector: {matchLabels: {a: ${selector}}}
  template:
    metadata: {labels: {a: ${labels}}, annotations: ${annotations}}
    spec: {nodeSelector: {a: b}}
`;
  for (const [what, text, places] of [
    ['strings', deployment('"1"', '"1"'), []],
    ['a label of the selector', deployment('1', '"1"'), ['5:31']],
    ['a label of the template', deployment('"1"', 'true'), ['7:28']],
    ['an annotation of the template', deployment('"1"', '"1"', '{b: 1}'), ['7:51']],
    ['a null in the template', deployment('"1"', '"1"', '{b: null}'), []],
    [
      'the template of a template',
      'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a, namespace: b}\nspec: {jobTemplate: {metadata: {labels: {a: 1}}}}\n',
      ['4:45'],
    ],
    [
      'the template of pods in it',
      'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a, namespace: b}\nspec: {jobTemplate: {spec: {template: {metadata: {labels: {a: 1}}}}}}\n',
      ['4:63'],
    ],
    [
      'the selector of a Service',
      'apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: b}\nspec: {selector: {a: 1}}\n',
      ['4:22'],
    ],
    [
      'the selector of a budget',
      'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a, namespace: b}\nspec: {selector: {matchLabels: {a: 1}}}\n',
      ['4:36'],
    ],
    [
      'the template of a custom resource, which its API server does not know',
      'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: a, namespace: b}\nspec: {selector: {matchLabels: {a: 1}}, template: {metadata: {labels: {a: 1}}}}\n',
      [],
    ],
  ] as const) {
    test(what, () => {
      assert.deepEqual(
        errorsIn(text).map((error) => error.split(' ')[1]),
        places,
      );
    });
  }
});
