// The library without files and without Node.js: for browsers and workers (docs/library.md).
import { builtOf, JSON_FILES, type JsonFile } from './built.ts';
import { type CompiledModule, compile, isCompiled } from './engine/module.ts';
import { checkOptions, isArrayBuffer, isBytes, OBJECT, wrong } from './library/arguments.ts';
import type { Bulkhead } from './library/bulkhead.ts';
import { bulkheadOf } from './library/create.ts';

export type {
  BaselineSetting,
  Config,
  Environment,
  FailOn,
  Named,
  SeverityOrOff,
  Source,
} from './config/config.ts';
export type { Waiver, WaiverMatch } from './config/waiver.ts';
export {
  EngineError,
  type ErrorCode,
  type Path,
  type Place,
  type RenderedPlace,
  UserError,
} from './errors.ts';
export type { Shown } from './formats/context.ts';
export type { ReportFormat, SimulationFormat, TableFormat } from './formats/index.ts';
export type { Stage } from './gatekeeper/enforcement.ts';
export type { OnProgress } from './input.ts';
export type { JsonObject, JsonValue } from './kubernetes/json.ts';
export type { ObjectReference } from './kubernetes/objects.ts';
export type { Resource } from './kubernetes/resources.ts';
export type { Files } from './library/arguments.ts';
export type {
  Bulkhead,
  ClusterFiles,
  GenerateTarget,
} from './library/bulkhead.ts';
export type * from './library/options.ts';
export type * from './names.generated.ts';
export type {
  Admission,
  CheckedColumn,
  Operation,
  ParameterName,
  Policy,
} from './policy/policy.ts';
export type {
  Addon,
  Component,
  CustomWorkload,
  Match,
  NodeRole,
  OtherWorkloads,
  Profile,
  RoleLabel,
  Taint,
  TaintEffect,
  Toleration,
  WorkloadKind,
} from './profile/profile.ts';
export type { Recognition } from './recognition/recognise.ts';
export type { Cell, Column, Reason, Row, Table, TableReport } from './report/component-table.ts';
export type {
  Expectation,
  NodeReach,
  Reach,
  ReachedNode,
  RoleReach,
  Share,
  WorkloadReach,
} from './report/reach.ts';
export type {
  AppliedWaiver,
  BaselineState,
  CheckedObject,
  ComponentState,
  Edit,
  EnvironmentProfile,
  Excluded,
  Finding,
  Fix,
  Header,
  InputError,
  Location,
  Note,
  NoteCode,
  OtherDocument,
  PolicySettings,
  Problem,
  ReadFile,
  Related,
  RelatedObject,
  Report,
  Scope,
  Severity,
  Status,
  Summary,
  WaiverState,
} from './report/report.ts';
export type { Drain } from './simulation/drain.ts';
export type { Simulation, WorkloadUpdate } from './simulation/simulation.ts';
export type { Apart, Outcome, Rule, Step, Update, Workload } from './simulation/world.ts';

/** The files of the package, `bulkhead/policy.wasm` and the JSON files by their names. */
export interface BuiltFiles {
  /** The bytes of `policy.wasm`, or the `WebAssembly.Module` that they were compiled to. */
  readonly wasm: Uint8Array | ArrayBuffer | object;
  /** The value of `catalogue.json`. */
  readonly catalogue: object;
  /** The value of `profiles.json`. */
  readonly profiles: object;
  /** The value of `addons.json`. */
  readonly addons: object;
  /** The value of `pages.json`, for `explain` and the format `sarif`. */
  readonly pages?: object;
  /** The value of `sources.json`, for `generate`. */
  readonly sources?: object;
}

/**
 * Loads the policies and profiles of a release from what is given.
 *
 * @throws TypeError if something is missing or is something else.
 */
export async function createBulkhead(files: BuiltFiles): Promise<Bulkhead> {
  const json = Object.fromEntries(JSON_FILES.map((name) => [name, OBJECT]));
  checkOptions(files, { wasm: WASM, ...json }, 'files');
  const { wasm } = files;
  const read = (name: JsonFile): object => {
    const value = files[name];
    if (value === undefined) throw wrong(`files.${name}`, `the value of ${name}.json`, value);
    return value;
  };
  if (!WASM.is(wasm)) throw wrong('files.wasm', WASM.expected, wasm);
  const { policies } = read('catalogue') as { readonly policies?: unknown };
  if (!Array.isArray(policies) || policies.length === 0) {
    throw wrong('files.catalogue', 'the value of catalogue.json', files.catalogue);
  }
  return bulkheadOf(builtOf(await compiled(wasm), read));
}

async function compiled(wasm: BuiltFiles['wasm']): Promise<CompiledModule> {
  const bytes = isArrayBuffer(wasm) ? new Uint8Array(wasm) : wasm;
  if (!isBytes(bytes)) return bytes;
  try {
    return await compile(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`files.wasm must be the bytes of policy.wasm: ${reason}`, { cause });
  }
}

const WASM = {
  expected: 'a Uint8Array, an ArrayBuffer or a WebAssembly.Module',
  is: (value: unknown) => isBytes(value) || isArrayBuffer(value) || isCompiled(value),
};
