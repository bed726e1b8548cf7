import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinned, ROOT, tool } from './tools.ts';

// Checks the style of the Rego: format, strict mode, the capabilities of OPA in every Gatekeeper with Rego v1,
// the length of lines, METADATA, and imports.

const OPA = tool('opa');
const DIRECTORIES = ['policies', 'conftest/policy'];
const [MAJOR, MINOR] = pinned('gator', 'github.com/open-policy-agent/gatekeeper/v3').split('.');
/**
 * The capabilities of OPA in each minor version of Gatekeeper, since the first one with Rego v1.
 *
 * 3.20.1 has OPA 1.7.1. OPA has no capabilities file for that patch release: they are those of 1.7.0.
 */
const CAPABILITIES = {
  '3.19': ['v1.3.0', 'v1.5.1'],
  '3.20': ['v1.5.1', 'v1.7.0'],
  '3.21': ['v1.10.0'],
  '3.22': ['v1.13.2'],
  [`${MAJOR}.${MINOR}`]: [`v${pinned('gator', 'github.com/open-policy-agent/opa')}`],
} as const satisfies Record<string, readonly string[]>;
const MAX_LINE = 112;
/** The directories of policies/lib. Each imports only from itself and from those before it. */
const DIRECTORY_ORDER = [
  'api',
  'workloads',
  'nodes',
  'scheduling',
  'table',
  'disruption',
  'findings',
];

const isWriting = process.argv.includes('--write');
run('fmt', isWriting ? '--write' : '--fail', ...(isWriting ? [] : ['--list']), ...DIRECTORIES);
for (const capabilities of new Set(Object.values(CAPABILITIES).flat())) {
  run('check', '--strict', '--capabilities', capabilities, '--ignore', '*.yaml', ...DIRECTORIES);
}

const problems = DIRECTORIES.flatMap((directory) =>
  readdirSync(join(ROOT, directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.rego'))
    .flatMap((name) => problemsOf(`${directory}/${name}`)),
).concat(forbiddenImports());
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exitCode = 1;
} else {
  const versions = Object.keys(CAPABILITIES).join(', ');
  process.stdout.write(
    `Rego: formatted, strict, and within the capabilities of Gatekeeper ${versions}\n`,
  );
}

function problemsOf(path: string): readonly string[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const isTest = path.endsWith('_test.rego');
  const lines = text.split('\n').flatMap((line, index) => {
    const place = `${path}:${index + 1}`;
    return [
      ...(!isTest && line.length > MAX_LINE ? [`${place}: line is longer than ${MAX_LINE}`] : []),
      ...(/\bsprintf\(|\bprint\(|\btrace\(/.test(line)
        ? [`${place}: built-in that needs the host`]
        : []),
      ...(/^import (?:rego\.v1|data\.policies)/.test(line) ? [`${place}: forbidden import`] : []),
      ...(!isTest && readsInventory(path, line)
        ? [`${place}: only lib.api.inventory may read data.inventory`]
        : []),
    ];
  });
  return [...lines, ...(isTest ? [] : undocumented(path, text))];
}

function readsInventory(path: string, line: string): boolean {
  const isHome = path === 'policies/lib/api/inventory.rego' || path.startsWith('conftest/');
  return !isHome && /^[^#]*data\.inventory/.test(line);
}

/** Public rules of the libraries have METADATA; those with `_` need none. */
function undocumented(path: string, text: string): readonly string[] {
  if (!path.startsWith('policies/lib/')) return [];
  const documented = new Set(
    [...text.matchAll(/^# METADATA\n(?:#.*\n)+([a-z]\w*)/gm)].map(([, name]) => name),
  );
  const names = new Set(
    [...text.matchAll(/^([a-z]\w*)(?:\(.*\))? (?::=|if|contains)/gm)].map(([, n]) => n),
  );
  return [...names]
    .filter((name) => !documented.has(name))
    .map((name) => `${path}: ${name} has no METADATA`);
}

function run(...argv: string[]): void {
  execFileSync(OPA, argv, { cwd: ROOT, stdio: 'inherit' });
}

/** Imports of a library from a directory that comes after its own in DIRECTORY_ORDER. */
function forbiddenImports(): readonly string[] {
  return readdirSync(join(ROOT, 'policies', 'lib'), { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /(?<!_test)\.rego$/.test(name))
    .flatMap((name) => {
      const directory = name.split('/')[0] ?? '';
      const allowed = DIRECTORY_ORDER.slice(0, DIRECTORY_ORDER.indexOf(directory) + 1);
      const text = readFileSync(join(ROOT, 'policies', 'lib', name), 'utf8');
      return [...text.matchAll(/^import data\.lib\.(\w+)\.\w+$/gm)]
        .map(([, imported = '']) => imported)
        .filter((imported) => !allowed.includes(imported))
        .map((imported) => `policies/lib/${name}: ${directory} must not import from ${imported}`);
    });
}
