import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Module } from '../src/policy/policy.ts';
import { field, list } from './untyped.ts';

const run = promisify(execFile);

/** What each rule calls, by its package and name, such as lib.api.fields.of. */
export type Calls = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Reads the Rego files of a directory, apart from tests, in the order of their paths. OPA's parser says where a rule
 * ends.
 *
 * @param opa the command.
 * @param calls what their rules call (reach.ts).
 */
export async function readModules(
  opa: string,
  directory: string,
  calls: Calls,
): Promise<readonly Module[]> {
  const waiting = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.rego') && !path.endsWith('_test.rego'));
  const modules: Module[] = [];
  const worker = async () => {
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const file = join(directory, path);
      const argv = ['parse', '--format', 'json', '--json-include', 'locations,-comments', file];
      const { stdout } = await run(opa, argv, { maxBuffer: 1 << 26 });
      modules.push(moduleOf(path, readFileSync(file, 'utf8'), JSON.parse(stdout), calls));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return modules.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A file in pieces: each begins after the one before it, so that comments go with what they are about. */
function moduleOf(path: string, source: string, parsed: unknown, calls: Calls): Module {
  const lines = source.split(/(?<=\n)/);
  let last = 0;
  const upTo = (row: number) => {
    const text = lines.slice(last, row).join('');
    last = row;
    return text;
  };
  const name = pathOf(field(field(parsed, 'package'), 'path'));
  const head = upTo(placeOf(field(parsed, 'package')).row);
  const imports = list(field(parsed, 'imports')).map((one) => ({
    package: pathOf(field(field(one, 'path'), 'value')),
    text: upTo(placeOf(one).row),
  }));
  const rules = list(field(parsed, 'rules')).map((rule, index, { length }) => {
    const { row, height } = placeOf(rule);
    const isLast = index === length - 1;
    return {
      name: String(field(field(rule, 'head'), 'name')),
      text: upTo(isLast ? lines.length : row + height - 1),
    };
  });
  const called = [...new Set(rules.map((rule) => rule.name))].map(
    (rule) => [rule, [...(calls.get(`${name}.${rule}`) ?? [])].sort()] as const,
  );
  return { path, package: name, head, imports, rules, calls: Object.fromEntries(called) };
}

/** The steps of a reference after `data`. */
function pathOf(reference: unknown): string {
  return list(reference)
    .slice(1)
    .map((term) => field(term, 'value'))
    .join('.');
}

/** The line on which something begins, from 1, and how many it takes. */
function placeOf(node: unknown): { readonly row: number; readonly height: number } {
  const location = field(node, 'location');
  const text = Buffer.from(String(field(location, 'text')), 'base64').toString();
  return { row: Number(field(location, 'row')), height: text.split('\n').length };
}
