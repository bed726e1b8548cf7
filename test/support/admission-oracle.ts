import type { JsonObject } from '../../src/kubernetes/json.ts';
import { answersOf } from './oracle.ts';

/** A ValidatingAdmissionPolicy, with the ValidatingAdmissionPolicyBinding that puts it to use. */
export interface BoundPolicy {
  readonly policy: JsonObject;
  readonly binding: JsonObject;
}

/** A request to the API server. */
export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  /** One of core (pods, bindings, nodes, replicationcontrollers), apps and batch, in version v1. */
  readonly resource: {
    readonly group: string;
    readonly version: string;
    readonly resource: string;
  };
  readonly subresource?: string;
  /** Of the URL; by default those of the object, and the namespace `default`, as kubectl has it. */
  readonly namespace?: string;
  readonly name?: string;
  readonly userInfo: {
    readonly username: string;
    readonly groups?: readonly string[];
    readonly uid?: string;
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
  /** What the user sends. */
  readonly object?: JsonObject;
  /** What the API server has stored; API validation does not read it. */
  readonly oldObject?: JsonObject;
  /** The names of the policies to ask, by default all. */
  readonly policies?: readonly string[];
}

/** What a policy says of a request (tools/admission-oracle). */
export interface AdmissionDecision {
  readonly policy: string;
  /** The request is among those that the policy and its binding are for. */
  readonly matches: boolean;
  /** The matchConditions hold; absent if the request does not match, or if they cannot be evaluated. */
  readonly conditions?: boolean;
  /** Every error of an expression, also where the API server's answer is the same without it. */
  readonly errors: readonly string[];
  /**
   * `skip` if the validations are not evaluated; `error` if the policy is invalid, or a match condition, validation
   * or audit annotation cannot be evaluated, whatever `failurePolicy` makes of that; else `deny` or `admit`.
   */
  readonly action: 'admit' | 'deny' | 'error' | 'skip';
  /** Of the first validation that does not admit. */
  readonly message?: string;
  readonly reason?: string;
  /** The API server's answer under this policy alone; absent if it lets the request pass. */
  readonly refusal?: { readonly code: number; readonly reason: string; readonly message: string };
  readonly auditAnnotations: Readonly<Record<string, string>>;
  /** In the units of the API server's budgets. */
  readonly cost: {
    /** Of matchConditions; the budget is 2,500,000. */
    readonly conditions: number;
    /** Of validations and messageExpressions with their variables; the budget is 10,000,000. */
    readonly total: number;
    /** Of auditAnnotations with their variables; the budget is another 10,000,000. */
    readonly annotations: number;
    /** Of the most expensive expression, a variable being one; the limit is 1,000,000. */
    readonly largest: number;
  };
  /** The time that the policy takes, the median of all repetitions. */
  readonly nanoseconds: number;
}

/** What the API server makes of a request. It has no decisions if no policy is asked. */
export interface AdmissionAnswer {
  /** Why the API server cannot read the object. */
  readonly undecodable?: string;
  /** The errors of API validation. */
  readonly invalid?: readonly string[];
  /** The objects as the policies see them, but for `managedFields`. */
  readonly object?: JsonObject;
  readonly oldObject?: JsonObject;
  readonly decisions: readonly AdmissionDecision[];
}

/** The API server's answers to policies and requests. */
export interface AdmissionAnswers {
  /** What API validation and compilation find wrong with each policy and its binding. */
  readonly policies: readonly { readonly name: string; readonly invalid?: readonly string[] }[];
  readonly answers: readonly AdmissionAnswer[];
}

/**
 * Asks the code of a kube-apiserver what it decides under policies. One process answers all requests; none sees
 * what another one stores.
 *
 * `compatibility` is the minor version, such as `1.29`, in whose CEL environment the policies must compile and are
 * evaluated; by default, it is the API server's own. `repeat` is how often each policy is evaluated, for its time.
 */
export async function askAdmission(
  policies: readonly BoundPolicy[],
  requests: readonly AdmissionRequest[],
  options: {
    readonly compatibility?: string | undefined;
    readonly repeat?: number | undefined;
  } = {},
): Promise<AdmissionAnswers> {
  const argv = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `-${name}=${value}`);
  const [first, ...answers] = await answersOf(
    'admission-oracle',
    [{ policies }, ...requests],
    argv,
  );
  const { policies: loaded } = first as Pick<AdmissionAnswers, 'policies'>;
  return { policies: loaded, answers: answers as AdmissionAnswer[] };
}
