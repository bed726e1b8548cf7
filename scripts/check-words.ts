import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './tools.ts';

// Rejects the words of docs/style-guide.md's list in every file of the project.

const GUIDE = 'docs/style-guide.md';
/** Files with words of others, or that quote the words on purpose. */
const NOT_OURS = [GUIDE, 'LICENSE', 'package-lock.json', 'go.sum', 'go.mod', 'cases.json'];

const words = forbidden();
if (words.length === 0) throw new Error(`${GUIDE} lists no words`);
const pattern = new RegExp(`\\b(?:${words.join('|')})\\b`, 'gi');
const problems = files().flatMap(problemsOf);
process.stdout.write(problems.map((line) => `${line}\n`).join(''));
if (problems.length > 0) process.exitCode = 1;

/** The words of the left column of the last table of the guide. */
function forbidden(): readonly string[] {
  const [, table = ''] = readFileSync(join(ROOT, GUIDE), 'utf8').split('\n## Words\n');
  return [...table.matchAll(/^\| ([^|]+) \| [^|]+ \|$/gm)]
    .flatMap(([, cell = '']) => cell.split(', '))
    .filter((word) => word !== 'do not write');
}

function files(): readonly string[] {
  return execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' })
    .trim()
    .split('\n')
    .filter((file) => !NOT_OURS.some((name) => file === name || file.endsWith(`/${name}`)));
}

function problemsOf(file: string): readonly string[] {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  return lines.flatMap((line, index) =>
    [...line.matchAll(pattern)].map(
      ({ 0: word, index: column }) =>
        `${file}:${index + 1}:${column + 1}: "${word}" is not a word of ${GUIDE}`,
    ),
  );
}
