import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { visible } from '../formats/text.ts';
import { type Location, NOWHERE } from '../report/report.ts';
import { type Arguments, splitChoice, usage } from './args.ts';
import { appendTo, identityOf, realPath, writeTo } from './disk.ts';
import type { Io } from './io.ts';
import type { ReadCluster } from './read-clusters.ts';
import type { Settings } from './settings.ts';

/** One `--output`: a format, and the file that it is written to; standard output without one. */
export interface Output {
  readonly format: string;
  readonly file: string | undefined;
}

/**
 * Returns the outputs of a command line: one for standard output at most, and each in a file of its own.
 *
 * @throws UserError USAGE
 */
export function outputsOf({ lists, values }: Arguments, cwd: string): readonly Output[] {
  const given = lists.get('output');
  if (given !== undefined && values.has('write-baseline')) {
    throw usage('--write-baseline writes no report: leave out --output');
  }
  const outputs = (given ?? ['human']).map((value): Output => {
    const [format, file] = splitChoice(value);
    return { format, file };
  });
  const [first, second] = outputs.filter(({ file }) => file === undefined);
  if (first !== undefined && second !== undefined) {
    throw usage(
      `--output ${first.format} and --output ${second.format} are both for standard output: give one a file, as in --output ${second.format}=FILE`,
    );
  }
  const taken = new Map<string, Output>();
  for (const output of outputs) {
    if (output.file === undefined) continue;
    const identity = identityOf(resolve(cwd, output.file));
    const other = taken.get(identity);
    if (other !== undefined) {
      throw usage(`${flag(other)} and ${flag(output)} are one file: give each its own`);
    }
    taken.set(identity, output);
  }
  return outputs;
}

/**
 * Requires that no output is a file that was read: it would be lost.
 *
 * @throws UserError USAGE
 */
export function refuseInputs(
  { outputs, clusters: named, texts }: Pick<Settings, 'outputs' | 'clusters' | 'texts'>,
  clusters: readonly Pick<ReadCluster, 'files' | 'isPart'>[],
  cwd: string,
): void {
  // What does not exist yet was not read.
  const existing = outputs.flatMap((output) => {
    const path = output.file === undefined ? undefined : realPath(resolve(cwd, output.file));
    return path === undefined ? [] : [{ output, path }];
  });
  if (existing.length === 0) return;
  const values = named.flatMap((cluster) =>
    cluster.sources.flatMap((source) => (source.kind === 'helm' ? source.values : [])),
  );
  const inputs = clusters.flatMap(({ files }) => files.map(({ name }) => name));
  const read = new Set(
    [...inputs, ...texts.files(), ...values].map((name) => identityOf(resolve(cwd, name))),
  );
  for (const { output, path } of existing) {
    if (read.has(identityOf(path)) || clusters.some(({ isPart }) => isPart(path))) {
      throw usage(
        `${flag(output)} would overwrite a file of the input: name another file, or leave it out with --exclude`,
      );
    }
  }
}

function flag({ format, file }: Output): string {
  return `--output ${format}=${file}`;
}

/** The bytes that GitHub takes of a job summary. */
const MOST_SUMMARY = 1024 * 1024;

/**
 * Writes each output that has a file, and with `github` the job summary where there is one. Returns a sentence for each
 * that could not be written.
 */
export function writeOutputs(
  outputs: readonly Output[],
  inFormat: (format: string) => string,
  { cwd, env }: Pick<Io, 'cwd' | 'env'>,
): readonly (Location & { readonly message: string })[] {
  const files = outputs.flatMap(({ format, file }) =>
    file === undefined ? [] : [() => writeTo(resolve(cwd, file), inFormat(format), visible(file))],
  );
  const summary = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (summary !== '' && outputs.some(({ format }) => format === 'github')) {
    const limit = { name: 'the job summary', most: MOST_SUMMARY };
    files.push(() => appendTo(resolve(cwd, summary), inFormat('markdown'), limit));
  }
  return files.flatMap((write) => {
    try {
      write();
      return [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return [{ message: error.message, ...NOWHERE }];
    }
  });
}
