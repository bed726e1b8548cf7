import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomFrom } from '../test/support/mutate.ts';

/** The number of manifests in a file, and of files in a directory. */
const PER_FILE = 4;
const PER_DIRECTORY = 500;

type Random = (limit: number) => number;

/**
 * Writes generated manifests, the same for the same count. Nearly half are users' workloads, the rest are
 * Services, ConfigMaps and disruption budgets, in many namespaces; about 1.2 KB each. One workload in fifty
 * tolerates every taint: a finding.
 */
export function writeManifests(directory: string, count: number): void {
  const random = randomFrom(count);
  for (let file = 0; file * PER_FILE < count; file += 1) {
    const namespace = `team-${random(Math.ceil(count / 50))}`;
    const documents = Array.from(
      { length: Math.min(PER_FILE, count - file * PER_FILE) },
      (_, index) => manifest(`app-${file}-${index}`, namespace, { index, random }),
    );
    const path = join(directory, `${Math.floor(file / PER_DIRECTORY)}`, `${file}.yaml`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, documents.join('---\n'));
  }
}

function manifest(
  name: string,
  namespace: string,
  { index, random }: { readonly index: number; readonly random: Random },
): string {
  const metadata = `metadata:\n  name: ${name}\n  namespace: ${namespace}\n`;
  if (index === 0 || (index === 3 && random(5) > 0)) return workload(name, metadata, random);
  if (index === 1) return `apiVersion: v1\nkind: Service\n${metadata}${service(name)}`;
  if (index === 2) return `apiVersion: v1\nkind: ConfigMap\n${metadata}${settings(name)}`;
  return `apiVersion: policy/v1\nkind: PodDisruptionBudget\n${metadata}${budget(name)}`;
}

const KINDS = ['Deployment', 'Deployment', 'Deployment', 'StatefulSet', 'DaemonSet'] as const;

function workload(name: string, metadata: string, random: Random): string {
  const kind = KINDS[random(KINDS.length)] ?? 'Deployment';
  const tolerations =
    random(50) === 0
      ? '      tolerations:\n        - operator: Exists\n'
      : '      tolerations:\n        - {key: dedicated, value: batch, effect: NoSchedule}\n';
  return `apiVersion: apps/v1
kind: ${kind}
${metadata}  labels: &labels
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/part-of: suite # of the team
spec:
${kind === 'DaemonSet' ? '' : `  replicas: ${1 + random(5)}\n`}  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels: *labels
      annotations:
        checksum/config: "0123456789abcdef0123456789abcdef"
    spec:
      serviceAccountName: app
      nodeSelector:
        kubernetes.io/os: linux
${tolerations}      containers:
        - name: main
          image: registry.example/team/${name}:1.2.3
          args: ["--listen=:8080", '--log-level=info', "--name=$(POD_NAME)"]
          env:
            - name: POD_NAME
              valueFrom:
                fieldRef:
                  fieldPath: metadata.name
            - name: MODE
              value: "production"
          ports:
            - containerPort: 8080
              name: http
          resources:
            requests: {cpu: 100m, memory: 128Mi}
            limits:
              memory: 256Mi
          livenessProbe:
            httpGet:
              path: /healthz
              port: http
            initialDelaySeconds: 10
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            runAsNonRoot: true
          volumeMounts:
            - mountPath: /etc/config
              name: config
      volumes:
        - name: config
          configMap:
            name: ${name}
`;
}

function service(name: string): string {
  return `spec:
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - name: http
      port: 80
      targetPort: http
    - {name: metrics, port: 9090, targetPort: 9090}
`;
}

function settings(name: string): string {
  const lines = Array.from({ length: 45 }, (_, i) => `    key-${i} = the value number ${i}\n`);
  return `data:\n  owner: ${name}\n  app.ini: |\n${lines.join('')}`;
}

function budget(name: string): string {
  return `spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
`;
}
