import type { Place } from '../errors.ts';
import { type Scope, SEVERITIES, type Severity } from '../report/report.ts';
import type { Waiver } from './waiver.ts';

/** What bulkhead.yaml says. Its paths are as written: relative to its directory. */
export interface Config {
  readonly file: string;
  readonly profile?: Named;
  /** What is checked; absent if it is not said. */
  readonly inputs?: readonly Source[];
  /** The clusters that are checked by themselves; none if there is just one. */
  readonly environments: readonly Environment[];
  /** Patterns as in .gitignore. */
  readonly exclude: readonly string[];
  readonly namespace?: string;
  readonly scope?: Scope;
  readonly requireComponents?: boolean;
  readonly failOn?: FailOn;
  /** By the id of the policy. */
  readonly severity: Readonly<Record<string, SeverityOrOff>>;
  readonly waivers: readonly Waiver[];
  /** The policies whose findings an annotation may waive. */
  readonly inlineWaivers: readonly string[];
  readonly baseline?: BaselineSetting;
}

/** A name or path, and where it is written. */
export interface Named {
  readonly name: string;
  readonly place: Place;
}

/** One cluster of several, and what is different for it. */
export interface Environment {
  readonly name: string;
  readonly profile?: Named;
  readonly inputs: readonly Source[];
  readonly namespace?: string;
}

/** Something to check. */
export type Source =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'kustomize'; readonly directory: string }
  | {
      readonly kind: 'helm';
      readonly chart: string;
      /** Files of values. */
      readonly values: readonly string[];
      readonly release?: string;
      readonly namespace?: string;
    };

/** The file of the baseline, and the last day on which it counts, in UTC. */
export interface BaselineSetting {
  readonly file: string;
  readonly until?: string;
  readonly place: Place;
}

export type SeverityOrOff = Severity | 'off';

/** What makes a run fail, the most serious first; each includes those before it, apart from `never`. */
export const FAIL_ON = [...SEVERITIES, 'note', 'never'] as const;
export type FailOn = (typeof FAIL_ON)[number];
