import type { JsonObject } from '../../src/kubernetes/json.ts';
import { reference } from '../../src/kubernetes/objects.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { pathText } from '../../src/report/paths.ts';
import { openSession } from '../../src/session.ts';
import {
  type AdmissionAnswer,
  type AdmissionDecision,
  type AdmissionRequest,
  askAdmission,
  type BoundPolicy,
} from '../support/admission-oracle.ts';
import { bulkhead, idOf, policiesOf } from './asking.ts';

// What CEL answers to a request, against what the rules say of the same object with an empty inventory.

/** Where the two differ, and why. Each must occur; any other difference fails. */
export const DECLARED = [
  'owner in words',
  'several terms',
  'passes for a component',
  'registering kubelet',
  'more than Nodes',
  'nothing changed',
  'made by a controller',
] as const;

export type Declared = (typeof DECLARED)[number];

/** How an answer of a policy compares. */
export interface Compared {
  readonly policy: string;
  readonly request: AdmissionRequest;
  readonly law: readonly string[];
  readonly cel: readonly string[];
  readonly declared: readonly Declared[];
  /** What is wrong; undefined if both say the same, but for what is declared. */
  readonly fault?: string;
  readonly decision: AdmissionDecision;
}

export interface Agreement {
  readonly compared: readonly Compared[];
  /** Requests that an API server refuses before it asks a policy. */
  readonly undecodable: number;
  readonly invalid: number;
}

/** Asks both about requests under one profile. */
export async function agreement(
  profile: Profile,
  requests: readonly AdmissionRequest[],
  policies: readonly BoundPolicy[] = policiesOf(profile),
): Promise<Agreement> {
  const { policies: loaded, answers } = await askAdmission(policies, requests);
  const broken = loaded.flatMap(({ name, invalid = [] }) =>
    invalid.map((one) => `${name}: ${one}`),
  );
  if (broken.length > 0) throw new Error(broken.join('\n'));
  const law = lawOf(profile);
  return {
    compared: requests.flatMap((request, index) => compare(request, answers[index], law)),
    undecodable: answers.filter(({ undecodable }) => undecodable !== undefined).length,
    invalid: answers.filter(({ invalid = [] }) => invalid.length > 0).length,
  };
}

/** What the rules say of an object, by policy. */
type Law = (object: JsonObject, request: JsonObject) => ReadonlyMap<string, readonly string[]>;

/** The rules, with an empty inventory. */
export function lawOf(profile: Profile): Law {
  const { engine, policiesFor } = openSession(bulkhead, profile, []);
  return (object, request) => {
    const ids = policiesFor(reference(object)).map(({ id }) => id);
    const found = new Map<string, string[]>(ids.map((id) => [id, []]));
    if (ids.length === 0) return found;
    for (const { policy, path, message } of engine.evaluate(object, ids, request).violations) {
      found.get(policy)?.push(`${pathText(path)}: ${message}`);
    }
    return found;
  };
}

function compare(
  request: AdmissionRequest,
  answer: AdmissionAnswer | undefined,
  law: Law,
): readonly Compared[] {
  if (answer?.object === undefined || answer.undecodable !== undefined) return [];
  if ((answer.invalid ?? []).length > 0) return [];
  const { object, oldObject } = answer;
  const { operation, userInfo } = request;
  const said = law(object, {
    operation,
    userInfo: { ...userInfo, groups: [...(userInfo.groups ?? [])] } as JsonObject,
    ...(operation === 'UPDATE' && oldObject !== undefined && { oldObject }),
  });
  return answer.decisions.map((decision) => {
    const policy = idOf(decision.policy);
    return compareOne({ request, object, policy, decision, law: said.get(policy) ?? [] });
  });
}

interface Asked {
  readonly request: AdmissionRequest;
  readonly object: JsonObject;
  readonly policy: string;
  readonly decision: AdmissionDecision;
  readonly law: readonly string[];
}

function compareOne({ request, object, policy, decision, law }: Asked): Compared {
  const cel =
    decision.action === 'deny'
      ? (decision.message ?? '').split(' | ').filter((one) => one !== '')
      : [];
  const declared = new Set<Declared>();
  const wanted = law.map((text) => {
    const plain = withoutOwner(text).replaceAll('\n', ' '); // a message has one line
    if (withoutOwner(text) !== text && cel.length > 0) declared.add('owner in words');
    return plain;
  });
  const expected = wanted.filter((text) => {
    if (!isRegistering(request) || !text.includes(' but not its label ')) return true;
    declared.add('registering kubelet');
    return false;
  });
  const given = cel.filter((text) => {
    if (!text.includes(' would pass for what a controller makes')) return true;
    declared.add('passes for a component');
    return false;
  });
  const missing = expected.filter((text) => !given.includes(text));
  const more = given.filter((text) => !wanted.includes(text));
  const whole = { policy, request, law: wanted, cel, decision };
  if (decision.errors.length > 0 || decision.action === 'error') {
    return { ...whole, declared: [], fault: `errors: ${decision.errors.join('; ')}` };
  }
  if (missing.length > 0 && decision.action !== 'deny') {
    const reason = notChecked(request, object, policy, decision);
    if (reason === undefined) return { ...whole, declared: [], fault: 'not refused' };
    return { ...whole, declared: [reason] };
  }
  if (more.length > 0 && missing.length === 0 && more.every(isAboutAll) && hasTerms(object)) {
    return { ...whole, declared: ['several terms'] };
  }
  if (missing.length + more.length > 0) return { ...whole, declared: [], fault: 'other words' };
  return { ...whole, declared: [...declared] };
}

/** Whether a kubelet registers a Node. */
function isRegistering({ operation, resource, userInfo }: AdmissionRequest): boolean {
  const isKubelet = (userInfo.groups ?? []).includes('system:nodes');
  return operation === 'CREATE' && resource.resource === 'nodes' && isKubelet;
}

/** What the rules say, without that the owner is not in the input. */
export function withoutOwner(text: string): string {
  return text.replace(/; its owner .* is not in the input$/, '');
}

/** Why a request is not checked, where the request says so. */
function notChecked(
  { operation, userInfo }: AdmissionRequest,
  object: JsonObject,
  policy: string,
  { action }: AdmissionDecision,
): Declared | undefined {
  if (policy === 'untainted-control-plane-node' && object['kind'] !== 'Node')
    return 'more than Nodes';
  if (action !== 'skip') return undefined;
  if (
    /^(?:system:kube-controller-manager|system:serviceaccount:kube-system:.*-controller|own-controller)$/.test(
      userInfo.username,
    )
  ) {
    return 'made by a controller';
  }
  return operation === 'UPDATE' && object !== undefined ? 'nothing changed' : undefined;
}

function isAboutAll(text: string): boolean {
  return text.includes(' does not match every ');
}

function hasTerms(object: JsonObject): boolean {
  return JSON.stringify(object).split('matchExpressions').length > 2;
}
