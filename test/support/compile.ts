import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { tool } from '../../scripts/tools.ts';
import { load } from '../../src/engine/data.ts';
import { loadPolicySync } from '../../src/engine/sdk.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { ROOT } from './bulkhead.ts';

/** Evaluates an entrypoint of a module with an input. */
export type Evaluate = (entrypoint: string, input: object) => unknown;

/** The directory of the Rego libraries. */
export const LIBRARY = join(ROOT, 'policies', 'lib');

/** Compiles `test/<path>.rego`, which answers questions with the libraries of a directory. */
export function compileModule(
  path: string,
  entrypoints: readonly string[],
  library: string,
  inventory: JsonObject = {},
): Evaluate {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-'));
  try {
    const archive = join(directory, 'bundle.tar.gz');
    const argv = [
      ...['build', '-t', 'wasm', '-o', archive, '--ignore', '*_test.rego', '--ignore', '*.md'],
      ...entrypoints.flatMap((entrypoint) => ['-e', `test/${basename(path)}/${entrypoint}`]),
      ...[library, join(ROOT, 'test', `${path}.rego`)],
    ];
    execFileSync(tool('opa'), argv, { stdio: 'pipe' });
    execFileSync('tar', ['-xzf', archive, '-C', directory, '/policy.wasm'], { stdio: 'pipe' });
    const policy = loadPolicySync(readFileSync(join(directory, 'policy.wasm')), { initial: 64 });
    load(policy, { inventory });
    return (entrypoint, input) => {
      const answers = policy.evaluate(input, `test/${basename(path)}/${entrypoint}`);
      const [first] = answers as { result: unknown }[];
      if (first === undefined) throw new Error(`no answer to ${JSON.stringify(input)}`);
      return first.result;
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
