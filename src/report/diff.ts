import type { ObjectReference } from '../kubernetes/objects.ts';
import type { Finding, Header, Note, Report, WaiverState } from './report.ts';

/** What became of an object between two inputs. */
export const CHANGES = ['added', 'removed', 'changed'] as const;
export type Change = (typeof CHANGES)[number];

/** Another object that changed, and so made a finding. */
export interface Cause extends ObjectReference {
  readonly change: Change;
  /** The file that has it, or had it. */
  readonly file: string;
}

/** An open finding that was not there before. */
export interface NewFinding extends Finding {
  /** Whether its own object is the same as before. */
  readonly isUntouched: boolean;
  /** The other objects without whose change it would not be there, as far as that could be found out. */
  readonly why: readonly Cause[];
}

/** A workload that can run where the profile wants none of its kind, and could not before. */
export interface Crossing {
  readonly environment: string | null;
  readonly object: ObjectReference;
  /** The component that it is; null for other workloads. */
  readonly component: string | null;
  /** The node roles that it can run on now, in the order of the profile. */
  readonly roles: readonly string[];
  /** The Nodes of the input that it can run on now. */
  readonly nodes: readonly string[];
}

/** A component that was in the old input, and is not in the new one. */
export interface GoneComponent {
  readonly name: string;
  readonly environment: string | null;
}

/** One of the two inputs. */
export interface DiffSide {
  /** How a user knows it: a path or a revision. */
  readonly name: string;
  /** The commit, if it is a revision, and how many commits the current one has that it has not; null if that is not known. */
  readonly revision: { readonly commit: string; readonly ahead: number | null } | null;
  /** What was found in it. Its input errors are what could not be read of this side. */
  readonly report: Report;
}

/** What is different between two inputs. The header is that of the new one. */
export interface Diff extends Header {
  readonly old: DiffSide;
  readonly now: DiffSide;
  /** How many files of the inputs are different. */
  readonly changedFiles: number;
  /** Open findings that were not there, or were accepted, before. */
  readonly added: readonly NewFinding[];
  /** Open findings of the old input that the new one has no longer. */
  readonly fixed: readonly Finding[];
  /** Findings that a waiver or the baseline accepts, and did not before. */
  readonly accepted: readonly Finding[];
  /** How many open findings are in both. */
  readonly unchanged: number;
  readonly crossing: readonly Crossing[];
  /** Waivers that were not there before, or say something else now. */
  readonly waivers: readonly WaiverState[];
  readonly gone: readonly GoneComponent[];
  /** Notes that were not there before. */
  readonly notes: readonly Note[];
}
