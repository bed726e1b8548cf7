import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { ROOT } from './bulkhead.ts';

/** One pod and one node: whether it may exist, and by which ways it can run there. */
export interface PairVector {
  readonly id: string;
  readonly node: string;
  readonly pod: JsonObject;
  readonly valid: boolean;
  /** Whether the scheduler lets it run there, or each way that is open. */
  readonly runs: boolean | readonly string[];
  /** The feature gate that has to be on; the vocabulary speaks of Kubernetes with all gates as they come. */
  readonly gate?: string;
}

/** One pod and the class of control plane nodes, and of all others. */
export interface ClassVector {
  readonly id: string;
  readonly pod: JsonObject;
  readonly reaches: readonly [boolean, boolean];
  readonly covers: readonly [boolean, boolean];
}

export interface Vectors {
  readonly nodes: Readonly<Record<string, JsonObject>>;
  readonly pairs: readonly PairVector[];
  readonly classes: readonly ClassVector[];
}

/** The rows of testdata/scheduling/vectors.yaml. */
export function readVectors(): Vectors {
  return readRows('scheduling') as Vectors;
}

/** The rows of the vectors of an area, as they are written. */
export function readRows(area: string): unknown {
  return load(readFileSync(join(ROOT, 'testdata', area, 'vectors.yaml'), 'utf8'));
}
