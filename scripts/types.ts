import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './tools.ts';

// Writes dist/types: the declarations of the library, for the package.

const OUT = join(ROOT, 'dist', 'types');

execFileSync(
  process.execPath,
  [
    join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'),
    ...[
      '--ignoreConfig',
      '--declaration',
      '--emitDeclarationOnly',
      '--outDir',
      OUT,
      '--rootDir',
      'src',
    ],
    ...[
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--types',
      'node',
      '--strict',
      '--skipLibCheck',
    ],
    ...['--allowImportingTsExtensions', join('src', 'index.ts')],
  ],
  { cwd: ROOT, stdio: 'inherit' },
);
for (const name of readdirSync(OUT, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.d.ts')) continue;
  const file = join(OUT, name);
  // The sources import .ts files; the package has .js files.
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"));
}
