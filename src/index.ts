// The public API (docs/library.md): what the command line itself uses, and every type that its signatures
// name.
export { createBulkhead } from './bulkhead.ts';
export { type Cluster, check, checkClusters } from './check.ts';
export type { Acceptance } from './config/acceptance.ts';
export type { Sentence } from './config/annotation.ts';
export type { Baseline } from './config/baseline.ts';
export type { BaselineSetting } from './config/config.ts';
export type { Day } from './config/days.ts';
export { leftOut, type WaiversOn } from './config/expiry.ts';
export type { Waiver, WaiverMatch } from './config/waiver.ts';
export {
  EngineError,
  type ErrorCode,
  type Path,
  type Place,
  type RenderedPlace,
  UserError,
} from './errors.ts';
export { type Explanation, explain, policyIndex } from './explain.ts';
export type { Context, Shown } from './formats/context.ts';
export { FORMATS } from './formats/index.ts';
export type { Stage } from './gatekeeper/enforcement.ts';
export { generateConftest, generateGatekeeper } from './generate.ts';
export type { InputFile, OnProgress } from './input.ts';
export type { JsonObject, JsonValue } from './kubernetes/json.ts';
export type { ObjectReference } from './kubernetes/objects.ts';
export type { Resource } from './kubernetes/resources.ts';
export { type Bulkhead, loadBulkhead } from './load.ts';
export type {
  Admission,
  Catalogue,
  CheckedColumn,
  Module,
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
export {
  type Bases,
  type ReadAddon,
  type ReadProfile,
  readAddon,
  readProfile,
} from './profile/read.ts';
export type { Layer } from './profile/written.ts';
export { type Recognition, recognise } from './recognition/recognise.ts';
export type {
  Rendered,
  RenderedChart,
  RenderedFrom,
  RenderedKustomization,
} from './rendered/rendered.ts';
export type { Cell, Column, Reason, Row, Table, TableReport } from './report/component-table.ts';
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
export type { SessionOptions, Settings } from './session.ts';
export { type SimulateOptions, simulate } from './simulate.ts';
export type { Drain } from './simulation/drain.ts';
export type { Simulation, WorkloadUpdate } from './simulation/simulation.ts';
export type { Apart, Outcome, Rule, Step, Update, Workload } from './simulation/world.ts';
export { table } from './table.ts';
