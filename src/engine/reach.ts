import { EngineError } from '../errors.ts';
import { type ObjectReference, reference } from '../kubernetes/objects.ts';
import { EXPECTATIONS, type NodeReach, type RoleReach, SHARES } from '../report/reach.ts';
import { field, list, oneOf } from './answer.ts';

/** What an object is checked as. */
export interface Subject {
  /** The name of a component; null for another workload. */
  readonly component: string | null;
  /** Where the profile wants it; null if it does not say. */
  readonly nodeRole: string | readonly string[] | null;
  /** Whether a kubelet reads it from a file. */
  readonly isStatic: boolean;
}

/** A subject, and all on which its reach depends (lib.findings.reach). */
export interface Question {
  readonly subject: Subject;
  /** The same text for all objects that reach the same nodes. */
  readonly key: string;
  /** The labels of nodes that are asked, with the values that they are compared with; null for a number. */
  readonly labels: ReadonlyMap<string, readonly string[] | null>;
  /** The names of nodes that are asked. */
  readonly names: ReadonlySet<string>;
}

/** What an object is checked as. */
export interface Placement {
  /** Usually one; none if the object is checked elsewhere, or makes no pods. */
  readonly questions: readonly Question[];
  /** The controllers in the inventory at which it is checked. */
  readonly owners: readonly ObjectReference[];
  /** The node on which it runs; empty if it is no pod that does. */
  readonly node: string;
}

/** Where the pods of an object can run. */
export interface SubjectReach {
  readonly roles: readonly RoleReach[];
  readonly nodes: ReadonlyMap<string, NodeReach>;
}

export function readPlacement(result: unknown): Placement {
  return {
    questions: list(field(result, 'subjects')).map(readQuestion),
    owners: list(field(result, 'owners')).map(readOwner),
    node: String(field(result, 'node')),
  };
}

function readQuestion(question: unknown): Question {
  const labels = Object.entries(Object(field(question, 'labels')));
  return {
    subject: readSubject(field(question, 'subject')),
    key: JSON.stringify(question),
    labels: new Map(
      labels.map(([key, values]) => [key, values === null ? null : list(values).map(String)]),
    ),
    names: new Set(list(field(question, 'names')).map(String)),
  };
}

function readSubject(subject: unknown): Subject {
  const component = field(subject, 'component');
  const nodeRole = field(subject, 'nodeRole');
  return {
    component: typeof component === 'string' ? component : null,
    nodeRole: Array.isArray(nodeRole)
      ? nodeRole.map(String)
      : typeof nodeRole === 'string'
        ? nodeRole
        : null,
    isStatic: field(subject, 'static') === true,
  };
}

function readOwner(owner: unknown): ObjectReference {
  const metadata = field(owner, 'metadata');
  return reference({
    apiVersion: String(field(owner, 'apiVersion')),
    kind: String(field(owner, 'kind')),
    metadata: {
      namespace: String(field(metadata, 'namespace')),
      name: String(field(metadata, 'name')),
    },
  });
}

/** @throws EngineError if a node is not in the answer: it would be taken for one that nobody reaches. */
export function readReach(result: unknown, asked: readonly string[]): SubjectReach {
  const nodes = new Map(
    list(field(result, 'nodes')).map((node) => [
      String(field(node, 'name')),
      {
        runs: field(node, 'runs') === true,
        expected: oneOf(field(node, 'expected'), EXPECTATIONS),
        reason: String(field(node, 'reason')),
      },
    ]),
  );
  const lost = asked.find((name) => !nodes.has(name));
  if (lost !== undefined) throw new EngineError(`the policies did not answer for Node ${lost}`);
  return {
    roles: list(field(result, 'roles')).map((role) => ({
      share: oneOf(field(role, 'share'), SHARES),
      expected: oneOf(field(role, 'expected'), EXPECTATIONS),
    })),
    nodes,
  };
}

export function readRolesByNode(result: unknown): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(Object(result)).map(([name, roles]) => [name, list(roles).map(String)]),
  );
}
