import { EngineError } from '../errors.ts';
import { has } from './answer.ts';

// What the policies say of a profile before any object is known (lib.findings.admission).

/** A taint; its value is null where any value counts, and then a toleration of any value may be one of it. */
export interface Taint {
  readonly key: string;
  readonly value?: string | null;
  readonly effect: string;
  readonly lenient?: boolean;
}

/** A toleration, with the fields that it has. */
export interface Toleration {
  readonly key: string;
  readonly operator: string;
  readonly effect: string;
}

/** The state of a label on a node: absent, or its value. */
export interface LabelState {
  readonly value?: string;
}

/** What is known of the nodes of a class (lib.nodes.roles). Every other label is free. */
export interface NodeClass {
  readonly forced: Readonly<Record<string, string>>;
  readonly states: Readonly<Record<string, readonly LabelState[]>>;
  readonly present: readonly string[];
  readonly absent: readonly string[];
  readonly forbidden: readonly { readonly key: string; readonly value: string }[];
  readonly known: readonly string[];
  /** By key, value and name. */
  readonly taints_by_label: Readonly<
    Record<string, Readonly<Record<string, Readonly<Record<string, Taint>>>>>
  >;
  /** By key and name: those of roles that the label marks with any value. */
  readonly taints_by_key: Readonly<Record<string, Readonly<Record<string, Taint>>>>;
  /** The taints of the role itself; absent outside of a role. */
  readonly guards?: readonly Taint[];
}

/** A role, as where pods run is checked by it. */
export interface PlacedRole {
  readonly name: string;
  /** Its labels in words. */
  readonly marks: string;
  readonly classes: readonly NodeClass[];
  /** The classes, for each combination of taints that the roles may have. */
  readonly worlds: readonly (readonly NodeClass[])[];
  /** The classes of nodes that do not have the role. */
  readonly outside: readonly NodeClass[];
  /** All taints that keep pods off its nodes. */
  readonly taints: readonly Taint[];
}

/** What a node role of a row demands. */
export interface Demand {
  readonly nodeRole: string | readonly string[];
  readonly demanded: readonly PlacedRole[];
  /** Each with the reserved roles that are kept apart from it. */
  readonly confining: readonly (PlacedRole & { readonly apart: readonly PlacedRole[] })[];
}

/** A role, as Nodes are checked by it. */
export interface NodeRoleFacts {
  readonly name: string;
  readonly marks: string;
  readonly pairs: readonly { readonly key: string; readonly value: string }[];
  /** The labels that mark its nodes with any value. */
  readonly marking: readonly string[];
  readonly lacked: readonly string[];
  readonly sets: readonly (readonly Taint[])[];
  readonly taints: readonly Taint[];
  readonly optionalTaints: boolean;
}

export interface AdmissionFacts {
  /** The largest numbers that are checked, by name, and the words for what each counts. */
  readonly limits: Readonly<Record<string, number>>;
  readonly things: Readonly<Record<string, string>>;
  /** What the DaemonSet controller adds to each pod, and to one with the network of its host. */
  readonly daemonTolerations: readonly Toleration[];
  readonly hostNetworkTolerations: readonly Toleration[];
  readonly nodeRoles: readonly NodeRoleFacts[];
  /** The roles that other workloads are kept off, with the classes that taints guard. */
  readonly reserved: readonly PlacedRole[];
  readonly demands: readonly Demand[];
}

const PARTS = ['limits', 'things', 'nodeRoles', 'reserved', 'demands'] as const;

/** @throws EngineError if a part is missing. Its form is that of lib.findings.admission, which tests hold. */
export function readAdmission(result: unknown): AdmissionFacts {
  for (const part of PARTS) {
    if (!has(result, part)) throw new EngineError(`the policies' answer lacks ${part}`);
  }
  dropPrototypes(result);
  return result as AdmissionFacts;
}

// Keys of the maps are labels of a profile: `constructor` is one that a plain object seems to have.
function dropPrototypes(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) Object.setPrototypeOf(value, null);
  for (const one of Object.values(value)) dropPrototypes(one);
}
