import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CEL_POLICIES } from '../../src/admission/policies.ts';
import { check } from '../../src/check.ts';
import type { Waiver } from '../../src/config/waiver.ts';
import { FIRST_STAGE, type Stage } from '../../src/gatekeeper/enforcement.ts';
import { generateAdmission } from '../../src/generate.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { pathText } from '../../src/report/paths.ts';
import { builtBulkhead, ROOT, shippedProfile } from '../support/bulkhead.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { pathOf, type Verb, warnings } from './requests.ts';

const bulkhead = builtBulkhead();
export const profile = shippedProfile('kubeadm');

/**
 * Writes the policies of a stage to a new directory, as a user does: by the command. Those of the first stage are
 * committed. @returns the directory, for `kubectl apply -k`.
 */
export function generated(directory: string, stage: Stage, name = profile.name): string {
  if (stage === FIRST_STAGE && name === profile.name) return join(ROOT, 'admission', name);
  const own = mkdtempSync(join(directory, `${name}-${stage}-`));
  const argv = ['generate', 'vap', '--profile', name, '--enforcement', stage, '--out', own];
  execFileSync(process.execPath, [join(ROOT, 'dist', 'cli.cjs'), ...argv], { stdio: 'pipe' });
  return own;
}

/** Writes the policies in which objects are waived. @returns the directory, as above. */
export function waiving(directory: string, waivers: readonly Waiver[]): string {
  const own = mkdtempSync(join(directory, 'waived-'));
  const files = generateAdmission(bulkhead, profile, 'deny', { waivers, today: '2027-01-01' });
  for (const [name, text] of files) writeFileSync(join(own, name), text);
  return own;
}

/**
 * Starts a control plane like that of kubeadm: controllers ask with service accounts of their own, and a kubelet may
 * change its own Node and pods alone. One plugin more adds tolerations to the pods of a namespace. Every request is in
 * the audit log, and the user has every right.
 */
export async function startLikeKubeadm(): Promise<Cluster> {
  const cluster = await startCluster({
    apiServer: { 'enable-admission-plugins': 'NodeRestriction,PodTolerationRestriction' },
    controllerManager: { 'use-service-account-credentials': 'true' },
    auditPolicy: {
      apiVersion: 'audit.k8s.io/v1',
      kind: 'Policy',
      omitStages: ['RequestReceived'],
      rules: [{ level: 'Metadata' }],
    },
  });
  const said = await cluster.create([RIGHTS]);
  if (said === '') return cluster;
  cluster.stop();
  throw new Error(said);
}

/** Who asks. The API server adds the group of all users. */
export interface User {
  readonly name: string;
  readonly group?: string;
}

/** A user who may do everything but what the policies refuse. */
export const JANE: User = { name: 'jane' };

const RIGHTS: JsonObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: JANE.name },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: JANE.name }],
};

export function kubelet(node: string): User {
  return { name: `system:node:${node}`, group: 'system:nodes' };
}

/** What a policy says, by its id: findings, sorted. */
export type Said = ReadonlyMap<string, readonly string[]>;

/** What the API server answered. */
export interface Verdict {
  readonly status: number;
  /** `admitted`, or the error of the API server. */
  readonly outcome: string;
  /** What the policy says that refused it. */
  readonly denied: Said;
  readonly warned: Said;
  /** The object as the API server admitted it. */
  readonly object: JsonObject;
  /** The entry of the audit log. */
  readonly id: string;
}

export interface Asking {
  readonly as?: User;
  readonly isDry?: boolean;
  /** Such as `status`, after the path of the object. */
  readonly subresource?: string;
  /** What is sent, if it is not the object: a patch. */
  readonly body?: JsonObject | readonly JsonObject[];
}

/** Sends an object or a patch of it as a user, by default without storing anything. */
export async function request(
  api: string,
  verb: Verb | 'PATCH',
  object: JsonObject,
  asking: Asking = {},
): Promise<Verdict> {
  const path = pathOf(verb, object) + (asking.subresource ? `/${asking.subresource}` : '');
  return post(api, verb, path, { body: object, ...asking });
}

/** Sends a text to a path. */
export async function post(
  api: string,
  verb: Verb | 'PATCH',
  path: string,
  { as = JANE, isDry = true, body = {} }: Asking,
): Promise<Verdict> {
  const patch = Array.isArray(body) ? 'json-patch+json' : 'merge-patch+json';
  const response = await fetch(`${api}${path}${isDry ? '?dryRun=All' : ''}`, {
    method: verb,
    headers: {
      'content-type': `application/${verb === 'PATCH' ? patch : 'json'}`,
      'impersonate-user': as.name,
      ...(as.group !== undefined && { 'impersonate-group': as.group }),
    },
    ...(verb !== 'DELETE' && { body: JSON.stringify(body) }),
  });
  const object: JsonObject = JSON.parse(await response.text());
  const words = response.ok ? '' : String(object['message']);
  // Any other status is an error of an expression, or of the object.
  const denied = said(response.status === 403 ? [words] : [], DENIAL);
  return {
    status: response.status,
    outcome: response.ok ? 'admitted' : `${response.status} ${words.slice(0, 300)}`,
    denied,
    warned: said(warnings(response.headers.get('warning') ?? ''), WARNING),
    object,
    id: response.headers.get('audit-id') ?? '',
  };
}

const DENIAL =
  /ValidatingAdmissionPolicy '([-a-z]+)\.bulkhead\.dev' with binding '[^']+' denied request: (.*)$/s;
const WARNING =
  /^Validation failed for ValidatingAdmissionPolicy '([-a-z]+)\.bulkhead\.dev' with binding '[^']+': (.*)$/s;

function said(texts: readonly string[], form: RegExp): Said {
  return new Map(
    texts.flatMap((text) => {
      const [, policy, message] = form.exec(text) ?? [];
      return policy === undefined || message === undefined ? [] : [[policy, findingsIn(message)]];
    }),
  );
}

function findingsIn(message: string): readonly string[] {
  return message.split(' | ').sort();
}

/** What a check of a file with the object says, by the policies that an API server can enforce. */
export function checked(object: JsonObject): Said {
  const bytes = new TextEncoder().encode(JSON.stringify(object));
  const { findings } = check(bulkhead, profile, [{ name: 'object.json', bytes }]);
  return new Map(
    Object.keys(CEL_POLICIES)
      .map((id): [string, readonly string[]] => [
        id,
        findings
          .filter(({ policy }) => policy === id)
          .map(({ path, message }) => `${pathText(path)}: ${message}`)
          .sort(),
      ])
      .filter(([, own]) => own.length > 0),
  );
}

/** A request as the API server logged it. */
export interface Logged {
  readonly auditID: string;
  readonly requestURI: string;
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly impersonatedUser?: { readonly username: string };
  readonly objectRef?: {
    readonly resource: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly subresource?: string;
  };
  readonly responseStatus?: { readonly code: number; readonly message?: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The requests that policies refused. */
export function refusals(file: string): readonly Logged[] {
  return logged(file).filter(({ responseStatus }) =>
    responseStatus?.message?.includes('ValidatingAdmissionPolicy'),
  );
}

/** The audit log of the API server. */
export function logged(file: string): readonly Logged[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => (line.endsWith('}') ? [JSON.parse(line)] : []));
}

/** What policies wrote to the audit log about a request. */
export function annotated({ annotations = {} }: Logged): Said {
  const text = annotations['validation.policy.admission.k8s.io/validation_failure'] ?? '[]';
  const failures: readonly { policy: string; message: string }[] = JSON.parse(text);
  return new Map(
    failures.map(({ policy, message }) => [
      policy.replace('.bulkhead.dev', ''),
      findingsIn(message),
    ]),
  );
}

/** How often a policy said something, by what came of it: its id, `audit`, `warn` or `deny`, and the seconds in all. */
interface Counted {
  readonly policy: string;
  readonly action: string;
  readonly count: number;
  readonly seconds: number;
}

/** The metrics of policies in what the API server prints at `/metrics`. */
export function counted(metrics: string): readonly Counted[] {
  const form =
    /^apiserver_validating_admission_policy_check_duration_seconds_(sum|count){(.*)} (.*)$/gm;
  const found = new Map<string, Record<string, string>>();
  for (const [, name = '', labels = '', value = ''] of metrics.matchAll(form)) {
    found.set(labels, { ...found.get(labels), [name]: value });
  }
  return [...found].map(([labels, { sum = '', count = '' }]) => ({
    policy: /policy="([-a-z]+)\.bulkhead\.dev"/.exec(labels)?.[1] ?? '',
    action: /enforcement_action="([a-z]+)"/.exec(labels)?.[1] ?? '',
    count: Number(count),
    seconds: Number(sum),
  }));
}
