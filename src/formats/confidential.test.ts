import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { shownLine } from './confidential.ts';

/** All lines of a text as they may be shown. */
function shown(text: string): string {
  const lines = text.split('\n');
  return lines.map((_, index) => shownLine(lines, index + 1).text).join('\n');
}

describe('values of env, data, stringData and binaryData are hidden', () => {
  for (const { name, text, expect } of [
    {
      name: 'a list below its key',
      text: 'spec:\n  env:\n    - name: A\n      value: secret\n  image: b',
      expect: 'spec:\n  env:\n    - name: …\n      value: …\n  image: b',
    },
    {
      name: 'a list as far left as its key',
      text: '- name: c\n  env:\n  - name: A\n    value: secret\n  - name: B\n  image: b',
      expect: '- name: c\n  env:\n  - name: …\n    value: …\n  - name: …\n  image: b',
    },
    {
      name: 'the first key of an item',
      text: 'containers:\n- env:\n  - name: A\n    value: secret\n  image: b\n- image: c',
      expect: 'containers:\n- env:\n  - name: …\n    value: …\n  image: b\n- image: c',
    },
    {
      name: 'a map, and text of several lines',
      text: 'data:\n  a: secret\n  b: |\n    secret text\n\n    key: secret\n  "c d": x\nkind: ConfigMap',
      expect: 'data:\n  a: …\n  b: …\n    …\n\n    key: …\n  "c d": …\nkind: ConfigMap',
    },
    {
      name: 'a value on the line of its field',
      text: 'metadata: {name: a}\nstringData: {password: secret}\nspec: {env: [{name: A}], image: b}',
      expect: 'metadata: {name: a}\nstringData: …\nspec: {env: …',
    },
    {
      name: 'formatted JSON',
      text: '{\n  "data": {\n    "a": "secret"\n  },\n  "kind": "Secret"\n}',
      expect: '{\n  "data": …\n    "a": …\n  },\n  "kind": "Secret"\n}',
    },
    {
      name: 'JSON on one line',
      text: '{"kind": "Secret", "data": {"a": "c2VjcmV0"}, "type": "Opaque"}',
      expect: '{"kind": "Secret", "data": …',
    },
    {
      name: 'a next document',
      text: 'data:\n  a: secret\n---\nkind: Pod',
      expect: 'data:\n  a: …\n---\nkind: Pod',
    },
    {
      name: 'a text that is continued',
      text: 'data:\n  a: "secret\n    continued"\n  b: x',
      expect: 'data:\n  a: …\n    …\n  b: …',
    },
    {
      name: 'other names with these words',
      text: 'metadata: {name: a}\nenvFrom: [{}]\nmy-env: x\ndatabase: y\nenv-name: z\nenv:',
      expect: 'metadata: {name: a}\nenvFrom: [{}]\nmy-env: x\ndatabase: y\nenv-name: z\nenv:',
    },
  ]) {
    test(name, () => assert.equal(shown(text), expect));
  }
});

describe('the part that a finding is about is shown, and nothing around it', () => {
  for (const { name, text, part, expect } of [
    {
      name: 'below a field',
      text: 'env:\n- {name: A, value: x, b: c}',
      part: 'value: x',
      expect: '- …value: x…',
    },
    {
      name: 'behind a field',
      text: '\n{"env": [1], "tolerations": [2], "b": 3}',
      part: '[2]',
      expect: '{"env": …[2]…',
    },
    {
      name: 'before a field',
      text: '\n{"tolerations": [2], "env": [1]}',
      part: '[2]',
      expect: '{"tolerations": [2], "env": …',
    },
    {
      name: 'with a field',
      text: '\nspec: {image: a, env: [1]}',
      part: '{image: a, env: [1]}',
      expect: 'spec: {image: a, env:…',
    },
    { name: 'without one', text: '\nspec: {image: a}', part: 'image', expect: 'spec: {image: a}' },
  ]) {
    test(name, () => {
      const lines = text.split('\n');
      const from = lines[1]?.indexOf(part) ?? -1;
      const found = shownLine(lines, 2, { from, to: from + part.length });
      assert.equal(found.text, expect);
      assert.ok(found.text.slice(found.from).startsWith(part.slice(0, 3)));
    });
  }
});

test('no secret of a container is shown, however it is written', () => {
  const secret = 's3cr3t-value';
  const value = fc.record({
    apiVersion: fc.constant('v1'),
    kind: fc.constant('Pod'),
    spec: fc.record({
      tolerations: fc.constant([{ operator: 'Exists' }]),
      containers: fc.array(
        fc.record(
          {
            name: fc.constant('main'),
            env: fc.array(fc.constant({ name: 'A', value: secret }), {
              minLength: 1,
              maxLength: 3,
            }),
            image: fc.constant('b'),
          },
          { requiredKeys: ['name', 'env'] },
        ),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  });
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 1, 2, '\t'), (object, indent) => {
      assert.ok(!shown(JSON.stringify(object, null, indent)).includes(secret));
    }),
  );
});
