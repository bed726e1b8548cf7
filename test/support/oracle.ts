import { spawn, spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { type Tool, tool } from '../../scripts/tools.ts';
import type { KubernetesReading } from './reading.ts';

/** Gets from tools/manifest-oracle what Kubernetes reads in each file. */
export async function kubernetesReads(
  files: readonly Uint8Array[],
): Promise<readonly KubernetesReading[]> {
  const child = spawn(tool('manifest-oracle'), { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  for (const file of files) {
    child.stdin.write(`${JSON.stringify({ bytes: Buffer.from(file).toString('base64') })}\n`);
  }
  child.stdin.end();
  const printed = await text(child.stdout);
  const status = await ended;
  if (status !== 0) throw new Error(`the oracle ended with exit status ${status}`);
  const answers = printed.trimEnd().split('\n');
  if (answers.length !== files.length) {
    throw new Error(`the oracle gave ${answers.length} answers to ${files.length} files`);
  }
  return answers.map((line) => JSON.parse(line) as KubernetesReading);
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
  const answers = asked.stdout.split('\n').filter((line) => line !== '');
  if (answers.length !== questions.length) {
    throw new Error(`${name} gave ${answers.length} answers to ${questions.length} questions`);
  }
  return answers.map((line) => JSON.parse(line));
}
