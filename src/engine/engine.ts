import type { PolicyWaiverRule } from '../config/rules.ts';
import { EngineError, type Path } from '../errors.ts';
import type { JsonObject } from '../kubernetes/json.ts';
import type { Parameters, WholeTable } from '../policy/parameters.ts';
import { type Fix, NOTE_CODES, type NoteCode, type RelatedObject } from '../report/report.ts';
import { type AdmissionFacts, readAdmission } from './admission.ts';
import { field, has, list } from './answer.ts';
import { encoded, type Loaded, load, loadAgain } from './data.ts';
import { readFix, readPath, readRelated } from './details.ts';
import type { CompiledModule } from './module.ts';
import {
  type Placement,
  readPlacement,
  readReach,
  readRolesByNode,
  type Subject,
  type SubjectReach,
} from './reach.ts';
import { type LoadedPolicy, loadPolicySync } from './sdk.ts';
import { readSimulated, type Simulated } from './simulation.ts';

/** What the policies read beside the object under review: the document `data` of Rego. */
export interface EngineData {
  readonly bulkhead: {
    /** By policy id. Only these policies are evaluated. */
    readonly parameters: Readonly<Record<string, Parameters>>;
    /**
     * Whether all parameters are those of the table. The policies are then asked together, which is faster.
     */
    readonly together?: boolean;
    /** The whole component table: for its cells, and for the namespaces that it exempts. */
    readonly table: WholeTable;
    /** The ids of the policies that leave these namespaces out. */
    readonly exemptable: readonly string[];
    /** The findings name by their index those that apply to them. Absent if there are none. */
    readonly waivers?: readonly PolicyWaiverRule[];
  };
  /** The other objects, as Gatekeeper's data.inventory. */
  readonly inventory: JsonObject;
  /** Whether the inventory has so many objects that its size counts. */
  readonly isLarge?: boolean;
}

/** A violation as a policy states it. */
export interface Violation {
  readonly policy: string;
  readonly message: string;
  readonly path: Path;
  readonly component: string | null;
  /** Null where the policy gives none. */
  readonly fix: Fix;
  readonly related: readonly RelatedObject[];
  /** The indexes of the waivers that apply to it, sorted. */
  readonly waivers: readonly number[];
}

/** Something that the findings do not cover. */
export interface PolicyNote {
  readonly code: NoteCode;
  readonly message: string;
  readonly path: Path;
  /** Of a note that a report has once: which object or node it is about. */
  readonly about?: string;
}

/** The values of the table's columns for an object, for one component that matches it. */
export interface Cells {
  readonly component: string;
  readonly type: string;
  readonly replicas: string;
  readonly nodeRole: string;
  readonly antiAffinity: string;
  readonly disruptionControl: string;
}

/** The answer to one object. */
export interface Verdict {
  /** Whether some policies left it out, since it is in a namespace that the profile exempts. */
  readonly isExempt: boolean;
  readonly violations: readonly Violation[];
  readonly notes: readonly PolicyNote[];
  /** The components that the object is, unless it is checked at its owner. */
  readonly components: readonly string[];
}

/** The policies, loaded with their data. */
export interface Engine {
  /** The ids of the policies that it can evaluate. */
  readonly policies: readonly string[];
  /**
   * Evaluates policies for an object.
   *
   * @param ids the policies to evaluate; all of the engine by default.
   * @param request the parts of an admission request other than the object; empty for a file.
   * @throws EngineError if the policies did not answer; the next call starts from a fresh instance.
   */
  readonly evaluate: (object: JsonObject, ids?: readonly string[], request?: JsonObject) => Verdict;
  /** The same for an object that is written as JSON. */
  readonly evaluateJson: (object: string, ids: readonly string[]) => Verdict;
  /** @throws EngineError as `evaluate` does. */
  readonly cells: (object: JsonObject) => readonly Cells[];
  /**
   * Returns what a simulation must know about an object.
   *
   * @throws EngineError as `evaluate` does.
   */
  readonly simulation: (object: JsonObject) => Simulated;
  /**
   * Returns what an object is checked as, and all on which its reach depends.
   *
   * @throws EngineError as `evaluate` does.
   */
  readonly placement: (object: JsonObject) => Placement;
  /**
   * Returns where the pods of an object can run: on each role of the profile, in its order, and on the Nodes of the
   * inventory with these names, each by its name.
   *
   * @throws EngineError as `evaluate` does.
   */
  readonly reach: (object: JsonObject, subject: Subject, nodes: readonly string[]) => SubjectReach;
  /**
   * Returns the names of the roles of each Node of the inventory, by its name.
   *
   * @throws EngineError as `evaluate` does.
   */
  readonly rolesByNode: () => ReadonlyMap<string, readonly string[]>;
  /**
   * Returns the names of the roles that are reserved, given the Nodes of the inventory.
   *
   * @throws EngineError as `evaluate` does.
   */
  readonly reserved: () => readonly string[];
  /**
   * Returns what the index has of the Nodes of the inventory.
   *
   * @throws EngineError as `evaluate` does.
   */
  readonly nodeFacts: () => JsonObject;
  /**
   * Returns what the policies say of the profile before any object is known.
   *
   * @throws EngineError as `evaluate` does.
   */
  readonly admission: () => AdmissionFacts;
}

/** Reserved, not resident: an instance grown page by page gets slow. */
const SPARE_PAGES = 256;

/**
 * Loads the policies.
 *
 * The SDK reports many failures as "no violations": input that is not a plain object, an undefined result,
 * exhausted memory. Here each of these is an EngineError. An instance that threw is not used again: a throw
 * does not unwind its stack.
 */
export function createEngine(wasm: Uint8Array | CompiledModule, data: EngineData): Engine {
  const all = Object.keys(data.bulkhead.parameters).sort();
  if (all.length === 0) throw new EngineError('no policy has anything to check');
  // Not kept once it is in the memory of an instance: of many objects it is large.
  let source: EngineData | Loaded = data;
  let instance: LoadedPolicy | undefined;

  const ask = (input: JsonObject | ArrayBuffer, entrypoint: string): unknown => {
    try {
      if (instance === undefined) {
        source = instantiate(wasm, source);
        instance = source.policy;
      }
      return instance.evaluate(input, entrypoint);
    } catch (cause) {
      instance = undefined;
      throw new EngineError(`the policies failed: ${reason(cause)}`, { cause });
    }
  };
  const ends = new Map<string, string>();
  return {
    policies: all,
    evaluateJson: (object, ids) => {
      const key = ids.join();
      const end = ends.get(key) ?? `},"policies":${JSON.stringify(ids)},"keepsRules":true}`;
      ends.set(key, end);
      const input = encoded(`{"review":{"object":${object}${end}`);
      return readVerdict(onlyResult(ask(input, 'entry/verdict')), ids);
    },
    evaluate: (object, ids = all, request = {}) =>
      readVerdict(
        onlyResult(
          ask({ review: { ...request, object }, policies: ids, keepsRules: true }, 'entry/verdict'),
        ),
        ids,
      ),
    simulation: (object) =>
      readSimulated(onlyResult(ask({ review: { object } }, 'entry/simulation'))),
    reserved: () => list(onlyResult(ask({}, 'entry/reserved'))).map(String),
    admission: () => readAdmission(onlyResult(ask({}, 'entry/admission'))),
    nodeFacts: () => onlyResult(ask({}, 'entry/node_facts')) as JsonObject,
    placement: (object) =>
      readPlacement(onlyResult(ask({ review: { object } }, 'entry/placement'))),
    reach: (object, { component, nodeRole, isStatic }, nodes) => {
      const subject = { component, nodeRole, static: isStatic };
      const input = { review: { object }, subject, nodes };
      return readReach(onlyResult(ask(input, 'entry/reach')), nodes);
    },
    rolesByNode: () => readRolesByNode(onlyResult(ask({}, 'entry/roles_by_node'))),
    cells: (object) => readCells(onlyResult(ask({ review: { object } }, 'entry/cells'))),
  };
}

function instantiate(wasm: Uint8Array | CompiledModule, source: EngineData | Loaded): Loaded {
  const policy = loadPolicySync(wasm, { initial: SPARE_PAGES });
  if ('policy' in source) return loadAgain(policy, source);
  const { isLarge, ...data } = source;
  return load(policy, data as unknown as JsonObject, isLarge);
}

function reason(cause: unknown): string {
  if (cause instanceof Error) return cause.message;
  return typeof cause === 'string' ? cause : JSON.stringify(cause);
}

function onlyResult(results: unknown): unknown {
  const [first, ...others] = Array.isArray(results) ? results : [];
  if (first === undefined || others.length > 0) {
    throw new EngineError('the policies gave no answer: their entry rule is undefined');
  }
  return field(first, 'result');
}

function readVerdict(result: unknown, ids: readonly string[]): Verdict {
  const asked = list(field(result, 'policies')).map(String).sort();
  if (asked.join() !== [...ids].sort().join()) {
    throw new EngineError(`asked ${ids.join()}, but ${asked.join() || 'no policy'} answered`);
  }
  return {
    isExempt: field(result, 'exempt') === true,
    violations: list(field(result, 'findings')).map(readViolation),
    notes: list(field(result, 'notes')).map(readNote),
    components: list(field(result, 'components')).map(String).sort(),
  };
}

function readViolation(finding: unknown): Violation {
  const details = field(finding, 'details');
  const component = field(details, 'component');
  return {
    policy: String(field(finding, 'policy')),
    message: String(field(finding, 'msg')),
    path: readPath(field(details, 'path')),
    component: typeof component === 'string' ? component : null,
    fix: readFix(details),
    related: readRelated(details),
    waivers: list(field(finding, 'waivers')).map(readIndex),
  };
}

function readIndex(index: unknown): number {
  if (typeof index === 'number' && Number.isInteger(index) && index >= 0) return index;
  throw new EngineError(`no waiver has the index ${String(index)}`);
}

function readNote(note: unknown): PolicyNote {
  const given = field(note, 'code');
  const code = NOTE_CODES.find((known) => known === given);
  if (code === undefined) throw new EngineError(`no note has the code ${given}`);
  const read = {
    code,
    message: String(field(note, 'message')),
    path: readPath(field(note, 'path')),
  };
  return has(note, 'about') ? { ...read, about: String(field(note, 'about')) } : read;
}

function readCells(result: unknown): readonly Cells[] {
  return list(result).map((row) => ({
    component: String(field(row, 'component')),
    type: String(field(row, 'type')),
    replicas: String(field(row, 'replicas')),
    nodeRole: String(field(row, 'nodeRole')),
    antiAffinity: String(field(row, 'antiAffinity')),
    disruptionControl: String(field(row, 'disruptionControl')),
  }));
}
