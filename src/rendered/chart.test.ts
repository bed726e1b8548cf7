import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chartSources } from './chart.ts';

const FILES: Readonly<Record<string, string>> = {
  'charts/shop/Chart.yaml': 'name: x\ndependencies:\n  - name: cache\n    alias: sessions\n',
  'charts/shop/templates/web.yaml':
    'first: {{ .Values.a }}\n\n    once: 1\n  twice: 1\n  twice: 1\n',
  'charts/shop/charts/cache/templates/pod.yaml': 'kind: Pod\n',
  'charts/shop/crds/a.yaml': 'kind: A\n---\n# Source: x/templates/web.yaml\nfirst: 1\n',
  '/etc/passwd': 'root\n',
};
const encoded = (text: string) => new TextEncoder().encode(text);

/** Where each line of a rendered text is from, in the order of the lines: `file:line:column`, or nothing. */
function sourcesOf(text: string): readonly string[] {
  const sourceOf = chartSources(
    {
      tool: 'helm',
      root: 'charts/shop/Chart.yaml',
      directory: 'charts/shop',
      read: (file) => {
        const found = FILES[file];
        return found === undefined ? undefined : encoded(found);
      },
    },
    encoded(text),
  );
  return text.split('\n').map((line, index) => {
    const column = line.length - line.trimStart().length + 1;
    const found = sourceOf({ file: 'helm charts/shop', line: index + 1, column });
    return found === undefined ? '' : `${found.file}:${found.line}:${found.column}`;
  });
}

describe('the line of a template', () => {
  for (const { name, text, expected } of [
    {
      name: 'is the one with the same text, whatever its indentation',
      text: '---\n# Source: x/templates/web.yaml\nonce: 1',
      expected: ['', '', 'charts/shop/templates/web.yaml:3:5'],
    },
    {
      name: 'is the first one if there are several, or none',
      text: '---\n# Source: x/templates/web.yaml\ntwice: 1\nfirst: 7\n',
      expected: ['', '', ...Array(3).fill('charts/shop/templates/web.yaml:1:1')],
    },
    {
      name: 'is that of a subchart, by its name or its alias',
      text: '---\n# Source: x/charts/sessions/templates/pod.yaml\nkind: Pod\n---\n# Source: x/charts/cache/templates/pod.yaml\nkind: Pod',
      expected: [
        ...['', '', 'charts/shop/charts/cache/templates/pod.yaml:1:1'],
        ...['', '', 'charts/shop/charts/cache/templates/pod.yaml:1:1'],
      ],
    },
    {
      name: 'is not known for a file that is not there',
      text: '---\n# Source: x/templates/other.yaml\nonce: 1',
      expected: ['', '', ''],
    },
    {
      name: 'is not known after a separator without a comment',
      text: '---\n# Source: x/templates/web.yaml\nonce: 1\n---\nonce: 1',
      expected: ['', '', 'charts/shop/templates/web.yaml:3:5', '', ''],
    },
  ]) {
    test(name, () => assert.deepEqual(sourcesOf(text), expected));
  }
});

describe('what an author writes is no source', () => {
  for (const { name, text } of [
    { name: 'outside of the chart', text: '---\n# Source: x/../../../etc/passwd\nroot' },
    { name: 'at the root', text: '---\n# Source: x//etc/passwd\nroot' },
    { name: 'without a chart', text: '---\n# Source: x\nroot' },
    { name: 'in a text', text: 'a: |\n  ---\n  # Source: x/templates/web.yaml\n  once: 1' },
  ]) {
    test(name, () =>
      assert.deepEqual(
        sourcesOf(text).filter((place) => place !== ''),
        [],
      ),
    );
  }

  test('in a comment below that of Helm', () => {
    const text =
      '---\n# Source: x/charts/cache/templates/pod.yaml\n# Source: x/templates/web.yaml\nkind: Pod';
    const places = sourcesOf(text).filter((place) => place !== '');
    assert.deepEqual([...new Set(places)], ['charts/shop/charts/cache/templates/pod.yaml:1:1']);
  });

  test('in a file of crds/, which Helm prints as it is', () => {
    const text = `---\n# Source: x/crds/a.yaml\n${FILES['charts/shop/crds/a.yaml']}\n---\n# Source: x/templates/web.yaml\nonce: 1`;
    assert.deepEqual(sourcesOf(text), [
      ...['', ''],
      ...[1, 2, 3, 4, 5].map((line) => `charts/shop/crds/a.yaml:${line}:1`),
      ...['', '', 'charts/shop/templates/web.yaml:3:5'],
    ]);
  });
});
