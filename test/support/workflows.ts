import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { ROOT, textOf } from './bulkhead.ts';

/** A step of a workflow or of a composite action. */
export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** The Action of this repository. */
export const ACTION = load(textOf('action.yml')) as Action;

/** The workflows of this repository, by their path. */
export const WORKFLOWS: ReadonlyMap<string, Workflow> = new Map(
  readdirSync(join(ROOT, '.github', 'workflows'))
    .sort()
    .map((name) => `.github/workflows/${name}`)
    .map((path) => [path, load(textOf(path)) as Workflow]),
);

/** What a script printed, and its exit status. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/** Runs the text of a step as a runner does. */
export function bash(script: string, cwd: string, env: Readonly<Record<string, string>>): Printed {
  const { stdout, stderr, status } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script],
    { cwd, env, encoding: 'utf8', input: '' },
  );
  return { stdout, stderr, status };
}
