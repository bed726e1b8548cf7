import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The checkout. */
export const ROOT = join(import.meta.dirname, '..');

/** Built tools stay here, outside git. */
const TOOLS = join(ROOT, '.tools');

/** The oldest OPA that compiles the policies to the same module as the pinned one. */
const OLDEST_OPA = [1, 0] as const;

const SOURCES = {
  opa: 'github.com/open-policy-agent/opa',
  conftest: 'github.com/open-policy-agent/conftest',
  gator: 'github.com/open-policy-agent/gatekeeper/v3/cmd/gator',
  'kube-score': 'github.com/zegl/kube-score/cmd/kube-score',
  'manifest-oracle': '.',
} as const;

export type Tool = keyof typeof SOURCES;

/** The path of a Go-built tool, built once from its pinned module if it is not there yet. */
export function tool(name: Tool): string {
  if (name === 'opa') {
    const found = installedOpa();
    if (found !== undefined) return found;
  }
  return built(name);
}

function installedOpa(): string | undefined {
  const named = process.env['OPA'];
  if (named !== undefined && named !== '') return named;
  if (existsSync(join(TOOLS, 'opa'))) return undefined;
  const version = opaVersion();
  return version !== undefined && isNewEnough(version) ? 'opa' : undefined;
}

function opaVersion(): string | undefined {
  try {
    const printed = execFileSync('opa', ['version'], { encoding: 'utf8', stdio: 'pipe' });
    return /^Version: (\S+)/m.exec(printed)?.[1];
  } catch {
    return undefined; // no OPA on PATH: it is built instead
  }
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST_OPA[0] || (major === OLDEST_OPA[0] && minor >= OLDEST_OPA[1]);
}

function built(name: Tool): string {
  const binary = join(TOOLS, name);
  const stamp = `${binary}.sum`;
  const pinned = sourcesOf(name);
  if (existsSync(binary) && existsSync(stamp) && readFileSync(stamp, 'utf8') === pinned) {
    return binary;
  }
  process.stderr.write(`building ${name} from tools/${name} with Go, once (a minute or two)\n`);
  goBuild(name, binary);
  writeFileSync(stamp, pinned);
  return binary;
}

/** What a tool is built from: the sums of its modules, and its own code if it has any. */
function sourcesOf(name: Tool): string {
  const folder = join(ROOT, 'tools', name);
  return ['go.sum', 'main.go']
    .map((file) => join(folder, file))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('');
}

function goBuild(name: Tool, binary: string): void {
  try {
    execFileSync('go', ['build', '-trimpath', '-o', binary, SOURCES[name]], {
      cwd: join(ROOT, 'tools', name),
      env: { ...process.env, CGO_ENABLED: '0' },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  } catch (cause) {
    throw new Error(
      `${name} is needed and could not be built: install Go 1.26 or later${
        name === 'opa' ? ', or OPA 1.0 or later on PATH, or name one by OPA=/path/to/opa' : ''
      }, and run this again`,
      { cause },
    );
  }
}
