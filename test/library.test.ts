import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ROOT, textOf } from './support/bulkhead.ts';
import { faultsOf } from './support/schemas.ts';

// The built library, and its page docs/library.md.

const MODULE = pathToFileURL(join(ROOT, 'dist', 'index.js')).href;
const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-'));
after(() => rmSync(scratch, { recursive: true }));

test('the example of the page prints what the page says', () => {
  const page = textOf('docs/library.md');
  const [, example = ''] = /```js\n(.*?)```/s.exec(page) ?? [];
  const [, output] = /```text\n(.*?)```/s.exec(page) ?? [];
  const file = join(scratch, 'example.mjs');
  writeFileSync(file, example.replace("from 'bulkhead'", `from '${MODULE}'`));
  assert.equal(execFileSync(process.execPath, [file], { encoding: 'utf8' }), output);
});

test('the built library finds its own files, and its JSON follows the schema', async () => {
  const library: typeof import('../src/index.ts') = await import(MODULE);
  const bulkhead = await library.createBulkhead();
  const profile = bulkhead.profiles()['tectonic-1.6.4'];
  assert.ok(profile);
  const bytes = new TextEncoder().encode('apiVersion: v1\nkind: Pod\n');
  const report = library.check(bulkhead, profile, [{ name: 'a.yaml', bytes }]);
  assert.deepEqual([report.summary.checked, report.inputErrors], [1, []]);
  assert.deepEqual(faultsOf('report', library.FORMATS.report.json(report)), []);
});

describe('every type that a public declaration names is public', () => {
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/types.ts'], { cwd: ROOT });
  const declared = declarations(join(ROOT, 'dist', 'types'));
  const index = textOf('dist/types/index.d.ts');
  const exported = [...index.matchAll(/\{([^}]*)\}/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.replace('type ', '').trim()),
  );
  for (const name of exported.filter((one) => one !== '')) {
    test(name, () => {
      const text = declared.get(name);
      assert.ok(text !== undefined, `${name} is declared`);
      const named = [...text.replaceAll(/'[^']*'/g, '').matchAll(/\b[A-Z]\w+/g)].map(
        ([word]) => word,
      );
      const types = named.filter(
        (word) => declared.get(word)?.startsWith('export declare const') === false,
      );
      assert.deepEqual(
        types.filter((word) => !exported.includes(word)),
        [],
      );
    });
  }
});

/** The text of each exported declaration, by its name, without comments. */
function declarations(directory: string): ReadonlyMap<string, string> {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return new Map(
    files
      .filter((file) => file.endsWith('.d.ts') && file !== 'index.d.ts')
      .map((file) => readFileSync(join(directory, file), 'utf8'))
      .flatMap((text) => text.replaceAll(/\/\*[\s\S]*?\*\//g, '').split(/^(?=\w)/m))
      .flatMap((text) => {
        const [, name] =
          /^export (?:declare )?(?:function|interface|type|class|const) (\w+)/.exec(text) ?? [];
        return name === undefined ? [] : [[name, text] as const];
      }),
  );
}
