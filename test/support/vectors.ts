import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { ROOT } from './bulkhead.ts';

/** One pod and one node: whether the pod is valid, and in which ways it can get to the node. */
export interface PairVector {
  readonly id: string;
  readonly node: string;
  readonly pod: JsonObject;
  readonly valid: boolean;
  /** Whether the scheduler lets it run there, or all the ways that are open. */
  readonly runs: boolean | readonly string[];
  /** The feature gate that must be on. The libraries know Kubernetes with its default gates only. */
  readonly gate?: string;
}

/** One pod, and the classes of control plane nodes and of all other nodes. */
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

/** The rows of the vectors of an area. */
export function readRows(area: string): unknown {
  return load(readFileSync(join(ROOT, 'testdata', area, 'vectors.yaml'), 'utf8'));
}
