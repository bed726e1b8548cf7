import type { JsonObject } from '../../src/kubernetes/json.ts';
import { compileModule, LIBRARY } from '../support/compile.ts';
import { oracleAnswers } from '../support/oracle.ts';

/** A pod, and the nodes to evaluate it on. */
export interface Question {
  readonly pod: JsonObject;
  readonly nodes: readonly JsonObject[];
  readonly validate?: boolean;
}

/** The ways in which Kubernetes lets a pod get to a node and run there (tools/scheduler-oracle). */
export interface OracleVerdict {
  readonly scheduler: boolean;
  readonly refusedBy?: readonly string[];
  readonly kubelet: boolean;
  readonly static: boolean;
  readonly daemon: boolean;
}

/** The answer of Kubernetes to a question. */
export interface OracleAnswer {
  readonly nodes: readonly OracleVerdict[];
  /** The errors of API validation, if `validate` is set. */
  readonly invalid?: readonly string[];
}

/** Gets answers from the code of Kubernetes itself. */
export function kubernetesAnswers(
  questions: readonly Question[],
  gates: readonly string[] = [],
): readonly OracleAnswer[] {
  return oracleAnswers('scheduler-oracle', questions, gates) as OracleAnswer[];
}

/** The answers of the libraries, through test/scheduler/scheduler.rego. */
export interface Scheduling {
  readonly nodes: (question: Question) => readonly (readonly string[])[];
  readonly classes: (input: ClassQuestion) => readonly ClassVerdict[];
}

export interface ClassQuestion {
  readonly pod: JsonObject;
  readonly role: string;
  readonly parameters: JsonObject;
}

/** The verdict on a class of nodes: which terms reach it, and whether every node of it fits. */
export interface ClassVerdict {
  readonly class: {
    readonly forced: Readonly<Record<string, string>>;
    readonly forbidden: readonly { readonly key: string; readonly value: string }[];
  };
  readonly covers: boolean;
  readonly terms: readonly (readonly (string | number)[])[];
}

/**
 * Compiles the libraries of a directory, `policies/lib` or a copy of it. The inventory has the other
 * objects of the cluster.
 */
export function compileScheduling(library = LIBRARY, inventory: JsonObject = {}): Scheduling {
  const evaluate = compileModule(
    'scheduler/scheduler',
    ['on_nodes', 'on_classes'],
    library,
    inventory,
  );
  return {
    nodes: (question) => evaluate('on_nodes', question) as string[][],
    classes: (input) => evaluate('on_classes', input) as ClassVerdict[],
  };
}

/** The ways of an oracle's verdict, by the names that the libraries use. */
export function waysOf({
  scheduler,
  daemon,
  kubelet,
  static: file,
}: OracleVerdict): readonly string[] {
  const ways = { daemon, file, node: kubelet, scheduler };
  return Object.entries(ways).flatMap(([way, open]) => (open ? [way] : []));
}
