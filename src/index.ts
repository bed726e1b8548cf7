// The public API: what the command line itself uses.
export { check } from './check.ts';
export { EngineError, type ErrorCode, type Place, UserError } from './errors.ts';
export { generateConftest, generateGatekeeper } from './generate.ts';
export type { InputFile } from './input.ts';
export type { ObjectReference } from './kubernetes/objects.ts';
export { type Bulkhead, loadBulkhead } from './load.ts';
export type { Component, NodeRole, Profile } from './profile/profile.ts';
export { readProfile } from './profile/read.ts';
export type { Cell, Row, Table } from './report/component-table.ts';
export type { Finding, Problem, Report, Severity } from './report/report.ts';
export { table } from './table.ts';
