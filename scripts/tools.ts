import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** The checkout. */
export const ROOT = join(import.meta.dirname, '..');

/** The directory of built tools, which git ignores. */
const TOOLS = join(ROOT, '.tools');

/** The oldest OPA that compiles the policies. */
const OLDEST_OPA = [1, 0] as const;

/** The packages to build, with the directory of `tools/` that pins their module. */
const SOURCES = {
  opa: { module: 'opa', source: 'github.com/open-policy-agent/opa' },
  conftest: { module: 'conftest', source: 'github.com/open-policy-agent/conftest' },
  gator: { module: 'gator', source: 'github.com/open-policy-agent/gatekeeper/v3/cmd/gator' },
  gatekeeper: { module: 'gatekeeper', source: 'github.com/open-policy-agent/gatekeeper/v3' },
  'gator-oldest': {
    module: 'gator-oldest',
    source: 'github.com/open-policy-agent/gatekeeper/v3/cmd/gator',
  },
  helm: { module: 'helm', source: 'helm.sh/helm/v3/cmd/helm' },
  kustomize: { module: 'kustomize', source: 'sigs.k8s.io/kustomize/kustomize/v5' },
  'kube-score': { module: 'kube-score', source: 'github.com/zegl/kube-score/cmd/kube-score' },
  actionlint: { module: 'actionlint', source: 'github.com/rhysd/actionlint/cmd/actionlint' },
  'manifest-oracle': { module: 'manifest-oracle', source: '.' },
  'scheduler-oracle': { module: '.', source: './scheduler-oracle' },
  'disruption-oracle': { module: '.', source: './disruption-oracle' },
  'admission-oracle': { module: '.', source: './admission-oracle' },
  'kube-apiserver': { module: '.', source: 'k8s.io/kubernetes/cmd/kube-apiserver' },
  'kube-scheduler': { module: '.', source: 'k8s.io/kubernetes/cmd/kube-scheduler' },
  'kube-controller-manager': {
    module: '.',
    source: 'k8s.io/kubernetes/cmd/kube-controller-manager',
  },
  kubectl: { module: '.', source: 'k8s.io/kubernetes/cmd/kubectl' },
  etcd: { module: 'etcd', source: 'go.etcd.io/etcd/server/v3' },
  kwok: { module: 'kwok', source: 'sigs.k8s.io/kwok/cmd/kwok' },
  kwokctl: { module: 'kwok', source: 'sigs.k8s.io/kwok/cmd/kwokctl' },
} as const satisfies Record<string, { readonly module: string; readonly source: string }>;

export type Tool = keyof typeof SOURCES;

/**
 * Returns the version of a Go module that the go.mod in a directory of `tools/` pins, without its v.
 *
 * No other file says which version of a tool is built.
 */
export function pinned(directory: string, module: string): string {
  const path = join('tools', directory, 'go.mod');
  const lines = readFileSync(join(ROOT, path), 'utf8').split('\n');
  const words = lines.map((line) =>
    line
      .trim()
      .replace(/^require /, '')
      .split(' '),
  );
  const version = words.find(([name]) => name === module)?.[1];
  if (version === undefined) throw new Error(`${path} does not require ${module}`);
  return version.replace(/^v/, '');
}

/** Returns the path of a tool. It is built with Go from its pinned module, unless it is up to date. */
export function tool(name: Tool): string {
  if (name === 'opa') {
    const found = installedOpa();
    if (found !== undefined) return found;
  }
  return built(name);
}

/** Returns the directory of a tool's module in the module cache of Go, with files beside the code. */
export function moduleDirectory(name: Tool): string {
  const { module, source } = SOURCES[name];
  tool(name);
  const argv = ['list', '-m', '-f', '{{.Dir}}', source];
  return execFileSync('go', argv, { cwd: join(ROOT, 'tools', module), encoding: 'utf8' }).trim();
}

/**
 * Returns the path of Microsoft's validator of SARIF. npm installs it by its pinned version and checksum, unless it is
 * up to date: 100 MB, which only one test needs.
 */
export function sarifMultitool(): string {
  const directory = join(TOOLS, 'sarif-multitool');
  const binary = join(directory, 'node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool');
  const source = join(ROOT, 'tools', 'sarif-multitool');
  const stamp = `${directory}.sum`;
  const lock = readFileSync(join(source, 'package-lock.json'), 'utf8');
  if (existsSync(binary) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) {
    return binary;
  }
  process.stderr.write('installing sarif-multitool with npm, once (100 MB)\n');
  mkdirSync(directory, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) {
    copyFileSync(join(source, name), join(directory, name));
  }
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit'], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  chmodSync(binary, 0o755);
  writeFileSync(stamp, lock);
  return binary;
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
    return undefined; // no OPA on PATH: build it
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
  process.stderr.write(`building ${name} with Go, once (takes minutes)\n`);
  goBuild(name, binary);
  writeFileSync(stamp, pinned);
  return binary;
}

/** The sources of a tool: the sums of its modules, and its code if it is in this repository. */
function sourcesOf(name: Tool): string {
  const { module, source } = SOURCES[name];
  const directory = join(ROOT, 'tools', module);
  return [join(directory, 'go.sum'), ...ownCode(join(directory, source))]
    .map((file) => readFileSync(file, 'utf8'))
    .join('');
}

function ownCode(directory: string): readonly string[] {
  if (!existsSync(join(directory, 'main.go'))) return [];
  const files = readdirSync(directory).filter((name) => name.endsWith('.go'));
  return files.sort().map((name) => join(directory, name));
}

// Clients cannot parse the version of a Kubernetes that is built without one.
const LINKED = `-X k8s.io/component-base/version.gitVersion=v${pinned('.', 'k8s.io/kubernetes')}`;

function goBuild(name: Tool, binary: string): void {
  const { module, source } = SOURCES[name];
  try {
    execFileSync('go', ['build', '-trimpath', '-ldflags', LINKED, '-o', binary, source], {
      cwd: join(ROOT, 'tools', module),
      env: { ...process.env, CGO_ENABLED: '0' },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  } catch (cause) {
    throw new Error(
      `cannot build ${name}: install Go 1.26 or later${
        name === 'opa' ? ', or put OPA 1.0 or later on PATH, or set OPA=/path/to/opa' : ''
      }, then run this again`,
      { cause },
    );
  }
}
