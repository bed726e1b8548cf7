import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { type Tool, tool } from '../../scripts/tools.ts';
import { main } from '../../src/cli/main.ts';
import { wire } from '../../src/cli/wire.ts';
import { ROOT } from './bulkhead.ts';

const HOME = mkdtempSync(join(tmpdir(), 'bulkhead-home-'));
after(() => rmSync(HOME, { recursive: true }));

/** What a run of the command printed, and how it ended. */
export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** Runs the command in a directory, with a PATH of its own. */
export async function bulkhead(
  argv: readonly string[],
  { cwd, path }: { readonly cwd: string; readonly path: string },
): Promise<Run> {
  const printed = { stdout: '', stderr: '' };
  const status = await main(
    argv,
    {
      stdout: (text) => {
        printed.stdout += text;
      },
      stderr: (text) => {
        printed.stderr += text;
      },
      readStdin: async () => new Uint8Array(),
      cwd,
      // Nothing of the machine: neither its kubeconfig nor its configuration of git.
      env: { PATH: path, HOME, GIT_CONFIG_NOSYSTEM: '1' },
      isTTY: false,
      columns: undefined,
      isErrorTTY: false,
      now: () => 0,
    },
    wire(join(ROOT, 'src', 'cli')),
  );
  return { ...printed, status };
}

/** A PATH with the given tools, and the programs of the system that they need. */
export function pathOf(names: readonly Tool[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-path-'));
  after(() => rmSync(directory, { recursive: true }));
  for (const name of names) symlinkSync(tool(name), join(directory, name));
  return directory;
}
