import type { JsonObject } from '../../src/kubernetes/json.ts';
import { compileModule, LIBRARY } from '../support/compile.ts';
import { oracleAnswers } from '../support/oracle.ts';

/** A pod, and the nodes that it is asked of. */
export interface Question {
  readonly pod: JsonObject;
  readonly nodes: readonly JsonObject[];
  readonly validate?: boolean;
}

/** By which ways Kubernetes lets a pod run on a node (tools/scheduler-oracle). */
export interface OracleVerdict {
  readonly scheduler: boolean;
  readonly refusedBy?: readonly string[];
  readonly kubelet: boolean;
  readonly static: boolean;
  readonly daemon: boolean;
}

/** What Kubernetes answers to a question. */
export interface OracleAnswer {
  readonly nodes: readonly OracleVerdict[];
  /** What API validation finds, if it was asked. */
  readonly invalid?: readonly string[];
}

/** Asks the code of Kubernetes itself. */
export function kubernetesAnswers(
  questions: readonly Question[],
  gates: readonly string[] = [],
): readonly OracleAnswer[] {
  return oracleAnswers('scheduler-oracle', questions, gates) as OracleAnswer[];
}

/** The vocabulary's own answers, by test/scheduler/scheduler.rego. */
export interface Vocabulary {
  readonly nodes: (question: Question) => readonly (readonly string[])[];
  readonly classes: (input: ClassQuestion) => readonly ClassVerdict[];
}

export interface ClassQuestion {
  readonly pod: JsonObject;
  readonly role: string;
  readonly parameters: JsonObject;
}

/** What is said of a class of nodes: which terms reach it, and whether every node of it fits. */
export interface ClassVerdict {
  readonly class: {
    readonly forced: Readonly<Record<string, string>>;
    readonly forbidden: readonly { readonly key: string; readonly value: string }[];
  };
  readonly covers: boolean;
  readonly terms: readonly (readonly (string | number)[])[];
}

/**
 * Compiles the vocabulary of a folder, `policies/lib` or a copy of it; the inventory is what else the
 * cluster has.
 */
export function compileVocabulary(library = LIBRARY, inventory: JsonObject = {}): Vocabulary {
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

/** The ways of an oracle's verdict in the vocabulary's words. */
export function waysOf({
  scheduler,
  daemon,
  kubelet,
  static: file,
}: OracleVerdict): readonly string[] {
  const ways = { daemon, file, node: kubelet, scheduler };
  return Object.entries(ways).flatMap(([way, open]) => (open ? [way] : []));
}
