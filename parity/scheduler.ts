import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tool } from '../scripts/tools.ts';
import { loadPolicySync } from '../src/engine/sdk.ts';
import type { JsonObject } from '../src/goyaml/json.ts';
import { ROOT } from '../src/testing/bulkhead.ts';

/** A pod, and the nodes that it is asked of. */
export interface Question {
  readonly pod: JsonObject;
  readonly nodes: readonly JsonObject[];
  readonly validate?: boolean;
}

/** By which ways Kubernetes lets a pod run on a node (tools/scheduler-oracle). */
export interface OracleVerdict {
  readonly scheduler: boolean;
  readonly refusedBy?: readonly string[];
  readonly kubelet: boolean;
  readonly static: boolean;
  readonly daemon: boolean;
}

/** What Kubernetes answers to a question. */
export interface OracleAnswer {
  readonly nodes: readonly OracleVerdict[];
  /** What API validation finds, if it was asked. */
  readonly invalid?: readonly string[];
}

/** Asks the code of Kubernetes itself. */
export function kubernetesAnswers(
  questions: readonly Question[],
  gates: readonly string[] = [],
): readonly OracleAnswer[] {
  const asked = spawnSync(tool('scheduler-oracle'), gates, {
    input: questions.map((question) => `${JSON.stringify(question)}\n`).join(''),
    maxBuffer: 1 << 30,
    encoding: 'utf8',
  });
  if (asked.status !== 0) throw new Error(`the oracle failed: ${asked.stderr}`);
  const answers = asked.stdout.trimEnd().split('\n');
  if (answers.length !== questions.length) {
    throw new Error(`the oracle gave ${answers.length} answers to ${questions.length} questions`);
  }
  return answers.map((line) => JSON.parse(line));
}

/** The vocabulary's own answers, by parity/scheduler.rego. */
export interface Vocabulary {
  readonly nodes: (question: Question) => readonly (readonly string[])[];
  readonly classes: (input: ClassQuestion) => readonly ClassVerdict[];
}

export interface ClassQuestion {
  readonly pod: JsonObject;
  readonly role: string;
  readonly parameters: JsonObject;
}

/** What is said of a class of nodes: which terms reach it, and whether every node of it fits. */
export interface ClassVerdict {
  readonly class: {
    readonly forced: Readonly<Record<string, string>>;
    readonly forbidden: readonly { readonly key: string; readonly value: string }[];
  };
  readonly covers: boolean;
  readonly terms: readonly (readonly (string | number)[])[];
}

/**
 * Compiles the vocabulary of a folder, `policies/lib` or a copy of it; the inventory is what else the
 * cluster has.
 */
export function compileVocabulary(
  library = join(ROOT, 'policies', 'lib'),
  inventory: JsonObject = {},
): Vocabulary {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-'));
  try {
    const archive = join(folder, 'bundle.tar.gz');
    const argv = [
      'build',
      '-t',
      'wasm',
      '-e',
      'parity/scheduler/nodes',
      '-e',
      'parity/scheduler/classes',
    ];
    const ignored = ['--ignore', '*_test.rego', '--ignore', '*.md'];
    const sources = [library, join(ROOT, 'parity', 'scheduler.rego')];
    execFileSync(tool('opa'), [...argv, ...ignored, '-o', archive, ...sources], { stdio: 'pipe' });
    execFileSync('tar', ['-xzf', archive, '-C', folder, '/policy.wasm'], { stdio: 'pipe' });
    const policy = loadPolicySync(readFileSync(join(folder, 'policy.wasm')), { initial: 64 });
    policy.setData({ inventory });
    const evaluate = (input: object, entrypoint: string) => {
      const [first] = policy.evaluate(input, `parity/scheduler/${entrypoint}`) as {
        result: unknown;
      }[];
      if (first === undefined) throw new Error(`no answer to ${JSON.stringify(input)}`);
      return first.result;
    };
    return {
      nodes: (question) => evaluate(question, 'nodes') as string[][],
      classes: (input) => evaluate(input, 'classes') as ClassVerdict[],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The ways of an oracle's verdict in the vocabulary's words. */
export function waysOf({
  scheduler,
  daemon,
  kubelet,
  static: file,
}: OracleVerdict): readonly string[] {
  const ways = { daemon, file, node: kubelet, scheduler };
  return Object.entries(ways).flatMap(([way, open]) => (open ? [way] : []));
}
