import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './tools.ts';

// Runs tests in one process: thirty processes would take ten seconds to start. Arguments select the files
// whose path contains one of them. Without arguments, the tests in the directories of `test/` are left out:
// they need programs that are built with Go.

const words = process.argv.slice(2);
const files = ['src', 'scripts', 'test']
  .flatMap((directory) =>
    readdirSync(join(ROOT, directory), { recursive: true, encoding: 'utf8' }).map(
      (name) => `${directory}/${name.replaceAll('\\', '/')}`,
    ),
  )
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => (words.length === 0 ? !/^test\/.+\//.test(file) : isChosen(file)))
  .sort();
if (files.length === 0) throw new Error(`no test file has ${words.join(' or ')} in its path`);
for (const file of files) await import(pathToFileURL(join(ROOT, file)).href);

function isChosen(file: string): boolean {
  return words.some((word) => file.includes(word));
}
