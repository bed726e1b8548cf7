import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Path } from '../errors.ts';
import { readManifest } from '../manifest/read.ts';
import { kustomizationSources } from './kustomization.ts';

const encoded = (text: string) => new TextEncoder().encode(text);
const LINK = 'config.kubernetes.io/origin';

interface Scene {
  readonly rendered: string;
  /** What the kustomization that asks for origins prints. */
  readonly annotated?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly path?: Path;
}

/** Where the source has a path of the only document: `file:line`, or nothing. */
function sourceOf({ rendered, annotated, files = {}, path = ['spec'] }: Scene): string | undefined {
  const find = kustomizationSources({
    tool: 'kustomize',
    root: 'prod/kustomization.yaml',
    others: Object.keys(files).filter((file) => file.startsWith('other/')),
    annotated: annotated === undefined ? undefined : encoded(annotated),
    nameOf: (origin) => (Object.hasOwn(files, origin) ? origin : undefined),
    read: (file) => {
      const found = files[file];
      return found === undefined ? undefined : encoded(found);
    },
  });
  const [document] = readManifest('kustomize prod', encoded(rendered)).documents;
  assert.ok(document);
  const found = find({ file: 'kustomize prod', line: 1, column: 1 }, { document, path });
  return found && `${found.file}:${found.line}`;
}

/** An object of kind A as JSON, which is YAML. */
function object(name: string, origin?: string, spec = 1, extra = {}): string {
  const annotations = origin === undefined ? {} : { annotations: { [LINK]: origin } };
  return JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'A', metadata: { name, ...annotations, ...extra }, spec },
  });
}

const SOURCE = 'apiVersion: v1\nkind: A\nmetadata:\n  name: web\nspec: 1\n';

describe('the source of a value', () => {
  for (const { name, scene, expected } of [
    {
      name: 'is in the file of the origin',
      scene: {
        rendered: object('web'),
        annotated: object('web', 'path: a.yaml\n'),
        files: { 'a.yaml': SOURCE },
      },
      expected: 'a.yaml:5',
    },
    {
      name: 'has a prefix and a suffix',
      scene: {
        rendered: object('prod-web-v2'),
        annotated: object('prod-web-v2', 'path: a.yaml\n'),
        files: { 'a.yaml': SOURCE },
      },
      expected: 'a.yaml:5',
    },
    {
      name: 'is the object with the longest name of those that fit',
      scene: {
        rendered: object('prod-web-api'),
        annotated: object('prod-web-api', 'path: a.yaml\n'),
        files: { 'a.yaml': `${SOURCE}---\n${SOURCE.replace('web', 'web-api')}` },
      },
      expected: 'a.yaml:11',
    },
    {
      name: 'is an item of a list',
      scene: {
        rendered: object('web'),
        annotated: object('web', 'path: a.yaml\n'),
        files: { 'a.yaml': `kind: List\napiVersion: v1\nitems:\n- kind: B\n- ${object('web')}\n` },
      },
      expected: 'a.yaml:5',
    },
  ] satisfies readonly { name: string; scene: Scene; expected: string }[]) {
    test(name, () => assert.equal(sourceOf(scene), expected));
  }
});

describe('the source is not known', () => {
  for (const { name, scene } of [
    { name: 'without origins', scene: { rendered: object('web'), files: { 'a.yaml': SOURCE } } },
    {
      name: 'of another object',
      scene: {
        rendered: object('web'),
        annotated: object('api', 'path: a.yaml\n'),
        files: { 'a.yaml': SOURCE },
      },
    },
    {
      name: 'if two objects have one identity',
      scene: {
        rendered: object('web'),
        annotated: `${object('web', 'path: a.yaml\n')}\n---\n${object('web', 'path: b.yaml\n')}`,
        files: { 'a.yaml': SOURCE, 'b.yaml': SOURCE },
      },
    },
    {
      name: 'if its author wrote the origin, which is in the object without asking for it',
      scene: {
        rendered: object('web', 'path: a.yaml\n'),
        annotated: object('web', 'path: a.yaml\n'),
        files: { 'a.yaml': SOURCE },
      },
    },
    {
      name: 'if the origin is not a file of the kustomization',
      scene: {
        rendered: object('web'),
        annotated: object('web', 'path: ../../etc/passwd\n'),
        files: { 'a.yaml': SOURCE },
      },
    },
    {
      name: 'if it is in a repository',
      scene: {
        rendered: object('web'),
        annotated: object('web', 'path: a.yaml\nrepo: https://example.com/shop\nref: v1\n'),
        files: { 'a.yaml': SOURCE },
      },
    },
    {
      name: 'if a generator made it',
      scene: {
        rendered: object('web'),
        annotated: object('web', 'configuredIn: a.yaml\n'),
        files: { 'a.yaml': SOURCE },
      },
    },
    {
      name: 'if the origin cannot be read',
      scene: {
        rendered: object('web'),
        annotated: object('web', 'path: [\n'),
        files: { 'a.yaml': SOURCE },
      },
    },
    {
      name: 'if the value was changed',
      scene: {
        rendered: object('web', undefined, 2),
        annotated: object('web', 'path: a.yaml\n'),
        files: { 'a.yaml': SOURCE },
      },
    },
    {
      name: 'if the file has no such object',
      scene: {
        rendered: object('api'),
        annotated: object('api', 'path: a.yaml\n'),
        files: { 'a.yaml': SOURCE },
      },
    },
    {
      name: 'if the file has two objects that fit',
      scene: {
        rendered: object('web', undefined, 1, { namespace: 'c' }),
        annotated: object('web', 'path: a.yaml\n', 1, { namespace: 'c' }),
        files: { 'a.yaml': `${SOURCE}---\n${SOURCE}` },
      },
    },
  ] satisfies readonly { name: string; scene: Scene }[]) {
    test(name, () => assert.equal(sourceOf(scene), undefined));
  }
});

describe('the patch that set a value', () => {
  const rendered = object('prod-web', undefined, 2);
  const lists = JSON.stringify({ ...JSON.parse(rendered), spec: { a: [{ b: 1 }, { b: 2 }] } });
  for (const { name, scene, expected } of [
    {
      name: 'is in a file',
      scene: { rendered, files: { 'other/a.yaml': `\n${object('web', undefined, 2)}\n` } },
      expected: 'other/a.yaml:2',
    },
    {
      name: 'is in a kustomization',
      scene: {
        rendered,
        files: {
          'other/a.yaml':
            'patches:\n- patch: |\n    kind: A\n    apiVersion: v1\n    metadata: {name: web}\n    spec: 2\n',
        },
      },
      expected: 'other/a.yaml:6',
    },
    {
      name: 'is an operation',
      scene: {
        rendered,
        files: {
          'other/a.yaml': '- {op: remove, path: /spec}\n- op: add\n  path: /spec\n  value: 2\n',
        },
      },
      expected: 'other/a.yaml:4',
    },
    {
      name: 'is an operation on an item, or one that appends one',
      scene: {
        rendered: lists,
        path: ['spec', 'a', 1, 'b'],
        files: {
          'other/a.json': '[\n{"op": "replace", "path": "/spec/a/-", "value": {"b": 2}}]\n',
        },
      },
      expected: 'other/a.json:2',
    },
    {
      name: 'sets the replicas',
      scene: {
        rendered: JSON.stringify({ ...JSON.parse(rendered), spec: { replicas: 3 } }),
        path: ['spec', 'replicas'],
        files: { 'other/a.yaml': 'replicas:\n- name: web\n  count: 3\n' },
      },
      expected: 'other/a.yaml:3',
    },
    {
      name: 'is not known if two have the value',
      scene: {
        rendered,
        files: {
          'other/a.yaml': object('web', undefined, 2),
          'other/b.yaml': object('web', undefined, 2),
        },
      },
      expected: undefined,
    },
    {
      name: 'is not known if it has another value, or is for another object',
      scene: {
        rendered,
        files: {
          'other/a.yaml': object('web', undefined, 3),
          'other/b.yaml': object('api', undefined, 2),
          'other/c.yaml':
            '- {op: add, path: /spec/x, value: 2}\n- {op: test, path: /spec, value: 2}\n',
        },
      },
      expected: undefined,
    },
    {
      name: 'is not known of what is missing',
      scene: { rendered, path: ['status'], files: { 'other/a.yaml': object('web', undefined, 2) } },
      expected: undefined,
    },
  ] satisfies readonly { name: string; scene: Scene; expected: string | undefined }[]) {
    test(name, () => assert.equal(sourceOf(scene), expected));
  }
});
