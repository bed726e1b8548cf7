import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tool } from '../../scripts/tools.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';

const run = promisify(execFile);

/** A real control plane: etcd, API server, scheduler and controllers. Only the kubelets are simulated (kwok). */
export interface Cluster {
  /** Creates objects, and returns the errors of those that the API server rejects. */
  readonly create: (objects: readonly JsonObject[]) => Promise<string>;
  /** Runs kubectl, and returns its error, or the empty string. */
  readonly kubectl: (argv: readonly string[], input?: Uint8Array) => Promise<string>;
  /** Returns the output of kubectl. @throws if it fails. */
  readonly print: (argv: readonly string[]) => Promise<string>;
  /** Returns the objects of a resource, of every namespace. */
  readonly list: (resource: string) => Promise<readonly JsonObject[]>;
  /** Serves the API over plain HTTP until the cluster stops, and returns the address. */
  readonly serve: () => Promise<string>;
  /** Its files: the kubeconfig, the directory `pki` with the certificates of the API server, and its audit log. */
  readonly files: { readonly config: string; readonly pki: string; readonly auditLog: string };
  /** Ends a process together with the cluster. */
  readonly adopt: (child: ChildProcess) => void;
  readonly stop: () => void;
}

/** More flags of a component, without the dashes. */
type Flags = Readonly<Record<string, string>>;

interface ClusterOptions {
  readonly apiServer?: Flags;
  readonly controllerManager?: Flags;
  /** The audit policy of the API server, which then writes `files.auditLog`. */
  readonly auditPolicy?: JsonObject;
}

/** There is one controller manager. On a busy machine it would lose its lease, and exit. */
const ALONE: Flags = { 'leader-elect': 'false' };

/** Starts a cluster, isolated from all others on the machine. */
export async function startCluster({
  apiServer = {},
  controllerManager = {},
  auditPolicy,
}: ClusterOptions = {}): Promise<Cluster> {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-e2e-'));
  const env = {
    ...process.env,
    KWOK_WORKDIR: directory,
    HOME: directory,
    KUBECONFIG: join(directory, 'config'),
  };
  const name = `bulkhead-${process.pid}`;
  const options = { env, maxBuffer: 1 << 28 };
  const children: ChildProcess[] = [];
  const stop = () => {
    for (const child of children) child.kill('SIGKILL');
    process.removeListener('SIGTERM', interrupted);
    process.removeListener('SIGINT', interrupted);
    execFileSync(tool('kwokctl'), ['delete', 'cluster', '--name', name], { env, stdio: 'ignore' });
    rmSync(directory, { recursive: true, force: true });
  };
  // The cluster consists of separate processes, which would keep running.
  const interrupted = () => {
    stop();
    process.exit(1);
  };
  process.once('SIGTERM', interrupted).once('SIGINT', interrupted);
  const components = {
    apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
    kind: 'KwokctlConfiguration',
    componentsPatches: [
      patchOf('kube-apiserver', apiServer),
      patchOf('kube-controller-manager', { ...ALONE, ...controllerManager }),
    ],
  };
  writeFileSync(join(directory, 'kwokctl.yaml'), JSON.stringify(components));
  writeFileSync(join(directory, 'audit.yaml'), JSON.stringify(auditPolicy ?? {}));
  const binaries = ['kube-apiserver', 'kube-controller-manager', 'etcd'] as const;
  try {
    await run(
      tool('kwokctl'),
      [
        ...['create', 'cluster', '--name', name, '--runtime', 'binary', '--wait', '120s'],
        ...['--disable', 'kube-scheduler', '--config', join(directory, 'kwokctl.yaml')],
        ...binaries.flatMap((binary) => [`--${binary}-binary`, tool(binary)]),
        ...['--kwok-controller-binary', tool('kwok')],
        ...(auditPolicy === undefined
          ? []
          : ['--kube-audit-policy', join(directory, 'audit.yaml')]),
      ],
      options,
    );
    const { stdout } = await run(tool('kwokctl'), ['get', 'kubeconfig', '--name', name], options);
    writeFileSync(env.KUBECONFIG, stdout);
    children.push(startScheduler(directory, stdout));
  } catch (error) {
    stop();
    throw error;
  }
  const kubectl = async (argv: readonly string[], input: Uint8Array = new Uint8Array()) => {
    try {
      const running = run(tool('kubectl'), [...argv], options);
      running.child.stdin?.end(input);
      await running;
      return '';
    } catch (error) {
      return error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    }
  };
  const print = async (argv: readonly string[]) =>
    (await run(tool('kubectl'), [...argv], options)).stdout;
  return {
    create: (objects) => {
      const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
      const argv = ['create', '--validate=false', '-f', '-'];
      return kubectl(argv, new TextEncoder().encode(list));
    },
    kubectl,
    print,
    list: async (resource) => JSON.parse(await print(['get', resource, '-A', '-o', 'json'])).items,
    files: {
      config: env.KUBECONFIG,
      pki: join(directory, 'clusters', name, 'pki'),
      auditLog: join(directory, 'clusters', name, 'logs', 'audit.log'),
    },
    serve: () => {
      const proxy = spawn(tool('kubectl'), ['proxy', '--port=0'], { env });
      children.push(proxy);
      return addressOf(proxy);
    },
    adopt: (child) => {
      children.push(child);
    },
    stop,
  };
}

function patchOf(name: string, flags: Flags): JsonObject {
  return { name, extraArgs: Object.entries(flags).map(([key, value]) => ({ key, value })) };
}

/** The scheduler, as the user that it is in a cluster: a policy reports pods that another user binds. */
function startScheduler(directory: string, config: string): ChildProcess {
  const file = join(directory, 'scheduler');
  writeFileSync(file, config.replaceAll(/^( *)user:\n/gm, '$&$1  as: system:kube-scheduler\n'));
  const argv = [`--kubeconfig=${file}`, '--leader-elect=false', '--secure-port=0'];
  return spawn(tool('kube-scheduler'), argv, { stdio: 'ignore' });
}

/** Returns the address that `kubectl proxy` prints. */
function addressOf(proxy: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    proxy.once('exit', () => reject(new Error('kubectl proxy ended')));
    proxy.stdout?.on('data', (words) => {
      const address = /serve on (\S+)/.exec(String(words))?.[1];
      if (address !== undefined) resolve(`http://${address}`);
    });
  });
}

/** Retries until there is an answer. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const patience = Date.now() + 180_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > patience) throw new Error(`waited three minutes for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
