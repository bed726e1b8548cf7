import { spawn, spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { type Tool, tool } from '../../scripts/tools.ts';
import type { KubernetesReading } from './reading.ts';

/** Gets from tools/manifest-oracle what Kubernetes reads in each file. */
export async function kubernetesReads(
  files: readonly Uint8Array[],
): Promise<readonly KubernetesReading[]> {
  const questions = files.map((file) => ({ bytes: Buffer.from(file).toString('base64') }));
  return (await answersOf('manifest-oracle', questions)) as KubernetesReading[];
}

/** Asks an oracle that answers each line of JSON with a line of JSON, without waiting for its end. */
export async function answersOf(
  name: Tool,
  questions: readonly object[],
  argv: readonly string[] = [],
): Promise<readonly unknown[]> {
  const child = spawn(tool(name), argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  // An oracle that ends early is reported by its exit status.
  child.stdin.on('error', () => {});
  for (const question of questions) child.stdin.write(`${JSON.stringify(question)}\n`);
  child.stdin.end();
  const printed = await text(child.stdout);
  const status = await ended;
  if (status !== 0) throw new Error(`${name} ended with exit status ${status}`);
  return parsed(name, printed, questions.length);
}

/** Asks an oracle that answers each line of JSON with a line of JSON. */
export function oracleAnswers(
  name: Tool,
  questions: readonly object[],
  argv: readonly string[] = [],
): readonly unknown[] {
  const asked = spawnSync(tool(name), argv, {
    input: questions.map((question) => `${JSON.stringify(question)}\n`).join(''),
    maxBuffer: 1 << 30,
    encoding: 'utf8',
  });
  if (asked.status !== 0) throw new Error(`${name} failed: ${asked.stderr}`);
  return parsed(name, asked.stdout, questions.length);
}

function parsed(name: Tool, printed: string, questions: number): readonly unknown[] {
  const answers = printed.split('\n').filter((line) => line !== '');
  if (answers.length !== questions) {
    throw new Error(`${name} gave ${answers.length} answers to ${questions} questions`);
  }
  return answers.map((line) => JSON.parse(line));
}
