import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { readYaml } from '../src/manifest/yaml.ts';
import { ROOT, textOf } from './support/bulkhead.ts';

// What docs/editor.md promises to editors.

const PAGE = textOf('docs/editor.md');
const CLI = join(ROOT, 'dist', 'cli.cjs');
const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-editor-'));
after(() => rmSync(scratch, { recursive: true }));

describe('the schemas that a language server reads', () => {
  const SCHEMAS = [
    'docs/config.schema.json',
    'docs/baseline.schema.json',
    'profiles/profile.schema.json',
    'profiles/addon.schema.json',
  ];
  for (const path of SCHEMAS) {
    test(path, () => {
      const text = textOf(path);
      const { $schema, $id } = JSON.parse(text);
      assert.equal($schema, 'http://json-schema.org/draft-07/schema#');
      assert.equal($id, `https://bulkhead.dev/${basename(path)}`);
      // A server finds it beside the file, whatever the id says.
      for (const [, file = ''] of text.matchAll(/"\$ref": "([^"#]+)#/g)) {
        assert.ok(existsSync(join(ROOT, dirname(path), file)), file);
      }
      assert.ok(PAGE.includes(`](${path.startsWith('docs/') ? basename(path) : `../${path}`})`));
    });
  }

  test('what the page names is in the package', () => {
    const { files } = JSON.parse(textOf('package.json'));
    const named = [...PAGE.matchAll(/node_modules\/bulkhead\/(\S+\.json)/g)].map(
      ([, path]) => path,
    );
    assert.deepEqual(named, ['docs/config.schema.json', 'docs/baseline.schema.json']);
    for (const pattern of ['docs/*.schema.json', 'profiles/*.schema.json']) {
      assert.ok(files.includes(pattern), pattern);
    }
  });

  const ajv = new Ajv({ allowUnionTypes: true });
  for (const path of SCHEMAS) ajv.addSchema(JSON.parse(textOf(path)));

  for (const name of readdirSync(join(ROOT, 'addons'))) {
    test(`addons/${name} follows its schema`, () => {
      const { value } = readYaml(name, textOf(`addons/${name}`), 'PROFILE_SYNTAX');
      const isValid = ajv.validate('https://bulkhead.dev/addon.schema.json', value);
      assert.ok(isValid, ajv.errorsText());
    });
  }
});

interface Matcher {
  readonly pattern: { readonly regexp: string } & Readonly<Record<string, number>>;
  readonly background: { readonly beginsPattern: string; readonly endsPattern: string };
}

/** The problem matcher of the page. */
function matcher(): Matcher {
  const tasks = [...PAGE.matchAll(/```json\n([\s\S]*?)```/g)]
    .map(([, text = '']) => JSON.parse(text))
    .find((json) => 'tasks' in json);
  return tasks.tasks[0].problemMatcher;
}

/** What VS Code takes from a line. */
function matched(line: string): Readonly<Record<string, string | undefined>> | undefined {
  const { regexp, ...groups } = matcher().pattern;
  const found = new RegExp(regexp).exec(line);
  if (found === null) return undefined;
  return Object.fromEntries(Object.entries(groups).map(([name, index]) => [name, found[index]]));
}

describe('the problem matcher', () => {
  for (const [line, expected] of [
    [
      'a/web.yaml:8:7: error: Pod shop/web runs on master nodes: it has [no] selector [control-plane-intrusion]',
      ['a/web.yaml', '8', '7', 'error', 'control-plane-intrusion'],
    ],
    [
      'C:\\a b.yaml:1:1: warning: it is stuck [stuck-rollout]',
      ['C:\\a b.yaml', '1', '1', 'warning', 'stuck-rollout'],
    ],
    [
      'a:2:3.yaml:1:1: note: x: 5:3: y [DUPLICATE_KEY]',
      ['a:2:3.yaml', '1', '1', 'note', 'DUPLICATE_KEY'],
    ],
  ] as const) {
    test(line, () => {
      const { file, line: at, column, severity, code } = matched(line) ?? {};
      assert.deepEqual([file, at, column, severity, code], expected);
    });
  }

  test('lines that are no findings', () => {
    for (const line of ['No problems.', '3 errors in 1 file.', 'Watching 3 files. Ctrl-C ends.']) {
      assert.equal(matched(line), undefined);
    }
  });

  test('every line of -o concise', () => {
    const argv = [
      CLI,
      'check',
      'testdata/clusters/drifted',
      '-p',
      'tectonic-1.6.4',
      '-o',
      'concise',
    ];
    const { stdout } = spawnSync(process.execPath, argv, { cwd: ROOT, encoding: 'utf8' });
    const lines = stdout.trimEnd().split('\n');
    assert.ok(lines.length > 5);
    for (const line of lines) {
      const { file = '', code = '' } = matched(line) ?? {};
      assert.ok(existsSync(join(ROOT, file)) && code !== '', line);
    }
  });

  test('the lines around a page of --watch', { timeout: 60_000 }, async () => {
    const { beginsPattern, endsPattern } = matcher().background;
    const file = join(scratch, 'a.yaml');
    writeFileSync(file, 'kind: Pod\n');
    const argv = [CLI, 'check', file, '-p', 'kubeadm', '--watch'];
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
    const said: string[] = [];
    for await (const chunk of child.stderr.setEncoding('utf8')) {
      said.push(...chunk.split('\n').filter((line: string) => line !== ''));
      const pages = said.filter((line) => new RegExp(endsPattern).test(line)).length;
      if (pages === 1 && said.length === 1) writeFileSync(file, 'kind: Pod\n# changed\n');
      if (pages === 2) child.kill('SIGINT');
    }
    assert.equal(said.length, 3);
    assert.match(said[1] ?? '', new RegExp(beginsPattern));
  });
});
