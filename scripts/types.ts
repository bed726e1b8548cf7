import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { ROOT } from './tools.ts';

// Writes the declarations of the library into dist/, for `import` (.d.ts) and for `require` (.d.cts).

const DIST = join(ROOT, 'dist');

/** What an import of the module is depends on the bundler: a URL, or a WebAssembly.Module. */
const WASM = 'declare const wasm: any;\nexport default wasm;\n';

/** The declarations of dist/index.* and dist/core.*, by the name of their file. */
export function declarations(): ReadonlyMap<string, string> {
  const directory = mkdtempSync(join(DIST, 'types-'));
  try {
    emit(directory);
    const core = rolledUp(join(directory, 'src'));
    const index = readFileSync(join(directory, 'src', 'index.d.ts'), 'utf8');
    return new Map([
      ['policy.wasm.d.ts', WASM],
      ['policy.wasm.d.cts', WASM],
      ['core.d.ts', core],
      ['core.d.cts', core],
      ['index.d.ts', index],
      ['index.d.cts', index.replaceAll("'./core.js'", "'./core.cjs'")],
    ]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/**
 * The declarations of every source file, fragments beside the policies included. The sources import .ts files;
 * declarations have .js files.
 */
function emit(directory: string): void {
  const options = {
    outDir: directory,
    rootDir: '.',
    module: 'nodenext',
    target: 'es2023',
    types: 'node',
  };
  const flags = [
    'ignoreConfig',
    'declaration',
    'emitDeclarationOnly',
    'strict',
    'skipLibCheck',
    'allowImportingTsExtensions',
    'resolveJsonModule',
  ];
  execFileSync(
    process.execPath,
    [
      join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'),
      ...flags.map((name) => `--${name}`),
      ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
      join('src', 'index.ts'),
    ],
    { cwd: ROOT, stdio: 'inherit' },
  );
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue;
    const file = join(directory, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"));
  }
}

/** The declarations of the core in one file: what is public, and what that names. */
function rolledUp(directory: string): string {
  const file = join(directory, 'rolled-up.d.ts');
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: ROOT,
      mainEntryPointFilePath: join(directory, 'core.d.ts'),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            module: 'nodenext',
            target: 'es2023',
            lib: ['es2023'],
            types: ['node'],
          },
          include: [directory],
        },
      },
      apiReport: { enabled: false },
      docModel: { enabled: false },
      tsdocMetadata: { enabled: false },
      dtsRollup: { enabled: true, untrimmedFilePath: file },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(ROOT, 'package.json'),
  });
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      const { messageId, text } = message;
      // A type that is not exported is an error; the lists of words that unions are made of are not.
      if (messageId === 'ae-forgotten-export' && !/"[A-Z_]+"/.test(text)) throw new Error(text);
      message.handled = message.category !== 'Compiler';
    },
  });
  if (!succeeded) throw new Error('the declarations could not be rolled up');
  return readFileSync(file, 'utf8');
}

if (process.argv[1] === import.meta.filename) {
  for (const [name, text] of declarations()) writeFileSync(join(DIST, name), text);
}
