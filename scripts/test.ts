import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './tools.ts';

// Every test in one process: thirty of them would take ten seconds to start. Words on the command
// line pick the files whose path contains one of them.
const words = process.argv.slice(2);
const apart = ['parity', 'e2e'].find((folder) => words.some((word) => word.startsWith(folder)));
const folders = apart === undefined ? ['src', 'test', 'scripts'] : [apart];
const files = folders
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(ROOT, folder, name),
    ),
  )
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
if (files.length === 0) throw new Error(`no test file has ${words.join(' or ')} in its path`);
for (const file of files) await import(pathToFileURL(file).href);
