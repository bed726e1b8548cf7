import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { moduleDirectory, tool } from '../../scripts/tools.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { type Cluster, until } from './cluster.ts';

/** Gatekeeper itself, outside of the cluster. */
export interface Gatekeeper {
  /** Kills it like a crash, without cleanup. */
  readonly kill: () => Promise<void>;
  /** Starts it again, and waits until it responds. */
  readonly start: () => Promise<void>;
  /** Its log since the last start. */
  readonly log: () => string;
}

/** Seconds between two audits. */
const AUDIT_INTERVAL = 5;

/** The operations of Gatekeeper that one process can run together. */
const PARTS = [
  'webhook',
  'audit',
  'status',
  'mutation-webhook',
  'mutation-status',
  'mutation-controller',
  'generate',
];

/** The pod that it runs as, and that owns its status objects. */
const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'gatekeeper', namespace: 'gatekeeper-system' },
  spec: {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'gatekeeper',
        image: 'registry.example/gatekeeper:3',
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
  },
};

/** Settings of a webhook: what happens to a request that Gatekeeper does not answer, and when. */
interface Settings {
  readonly failurePolicy?: 'Fail' | 'Ignore';
  readonly timeoutSeconds?: number;
}

/** A request without an answer fails, so that a crash does not look like "allowed", and a slow machine has time. */
const PATIENT: Settings = { failurePolicy: 'Fail', timeoutSeconds: 30 };

/** A file of Gatekeeper's release. */
export function released(path: string): string {
  return join(moduleDirectory('gatekeeper'), path);
}

/**
 * Installs Gatekeeper with its own manifest, runs it outside of the cluster, and configures the API server
 * to call it for every creation, update and deletion.
 *
 * @param settings replace those of the manifest.
 */
export async function startGatekeeper(
  cluster: Cluster,
  settings: Settings = PATIENT,
): Promise<Gatekeeper> {
  const manifest = released('deploy/gatekeeper.yaml');
  await succeed(cluster, ['apply', '--server-side', '-f', manifest]);
  await succeed(cluster, ['delete', 'deployments', '--all', '-n', 'gatekeeper-system']);
  await until('a service account for Gatekeeper', async () => {
    return (await cluster.create([POD])) === '' || undefined;
  });
  const ports = await freePorts(3);
  const certificates = join(dirname(cluster.files.config), 'certificates');
  mkdirSync(certificates);
  mkdirSync(auditDirectory(cluster));
  // The certificate of the API server is valid for 127.0.0.1 too.
  for (const [from, to] of [
    ['ca.crt', 'ca.crt'],
    ['admin.crt', 'tls.crt'],
    ['admin.key', 'tls.key'],
  ] as const) {
    copyFileSync(join(cluster.files.pki, from), join(certificates, to));
  }
  let process: ChildProcess | undefined;
  const log = join(dirname(cluster.files.config), 'gatekeeper.log');
  const gatekeeper: Gatekeeper = {
    kill: () => ended(process),
    start: async () => {
      process = spawnGatekeeper(cluster, { ports, certificates, log });
      cluster.adopt(process);
      await until('Gatekeeper to serve', async () =>
        (await isReady(ports[1])) ? true : undefined,
      );
    },
    log: () => readFileSync(log, 'utf8'),
  };
  await gatekeeper.start();
  const authority = readFileSync(join(certificates, 'ca.crt')).toString('base64');
  await ask(cluster, { address: `https://127.0.0.1:${ports[0]}`, caBundle: authority, settings });
  return gatekeeper;
}

function spawnGatekeeper(
  cluster: Cluster,
  where: { readonly ports: readonly number[]; readonly certificates: string; readonly log: string },
): ChildProcess {
  const [port, health, metrics] = where.ports;
  const output = openSync(where.log, 'w');
  return spawn(
    tool('gatekeeper'),
    [
      ...[`-kubeconfig=${cluster.files.config}`, '-logtostderr'],
      ...['-disable-cert-rotation', `-cert-dir=${where.certificates}`, '-host=127.0.0.1'],
      ...[`-port=${port}`, `-health-addr=127.0.0.1:${health}`, `-prometheus-port=${metrics}`],
      ...[
        `-api-cache-dir=${auditDirectory(cluster)}`,
        `-audit-interval=${AUDIT_INTERVAL}`,
        '-constraint-violations-limit=500',
      ],
      ...PARTS.map((part) => `-operation=${part}`),
    ],
    {
      env: {
        ...globalThis.process.env,
        POD_NAMESPACE: POD.metadata.namespace,
        POD_NAME: POD.metadata.name,
        NAMESPACE: POD.metadata.namespace,
      },
      stdio: ['ignore', output, output],
    },
  );
}

/** The directory in which an audit stores listed objects. */
function auditDirectory({ files }: Cluster): string {
  return join(dirname(files.config), 'audit');
}

function ended(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

async function isReady(port: number | undefined): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  } catch {
    return false; // it does not listen yet
  }
}

interface Asking {
  readonly address: string;
  readonly caBundle: string;
  readonly settings: Settings;
}

/** Makes the API server call a URL instead of a Service of the cluster. */
async function ask(cluster: Cluster, { address, caBundle, settings }: Asking): Promise<void> {
  for (const kind of ['mutating', 'validating']) {
    const resource = `${kind}webhookconfiguration`;
    const name = `gatekeeper-${kind}-webhook-configuration`;
    const found: Configuration = JSON.parse(
      await cluster.print(['get', resource, name, '-o', 'json']),
    );
    const webhooks = found.webhooks.map(({ clientConfig, rules, ...rest }) => ({
      ...rest,
      ...settings,
      clientConfig: { url: `${address}${clientConfig.service?.path}`, caBundle },
      rules: rules.map((rule) => ({ ...rule, operations: withDelete(kind, rule.operations) })),
    }));
    const text = JSON.stringify({ ...found, webhooks });
    await succeed(cluster, ['replace', '-f', '-'], new TextEncoder().encode(text));
  }
}

function withDelete(kind: string, operations: readonly string[]): readonly string[] {
  return kind === 'validating' ? [...new Set([...operations, 'DELETE'])] : operations;
}

interface Configuration extends JsonObject {
  readonly webhooks: readonly {
    readonly clientConfig: { readonly service?: { readonly path: string } };
    readonly rules: readonly { readonly operations: readonly string[] }[];
  }[];
}

/** Runs kubectl. @throws its error if it fails. */
export async function succeed(
  cluster: Cluster,
  argv: readonly string[],
  input?: Uint8Array,
): Promise<void> {
  const said = await cluster.kubectl(argv, input);
  if (said !== '') throw new Error(`kubectl ${argv.join(' ')}: ${said}`);
}

/** Free ports. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      if (address === null || typeof address === 'string') throw new Error('no port is free');
      return address.port;
    }),
  );
}
