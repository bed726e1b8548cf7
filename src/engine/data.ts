import { EngineError } from '../errors.ts';
import type { JsonObject } from '../kubernetes/json.ts';
import { Records } from './records.ts';
import type { LoadedPolicy } from './sdk.ts';

/** Reserved for evaluations, and not resident: an instance that grows page by page gets slow. */
const SPARE = 1 << 24;
/** What OPA makes of a byte of JSON, at most, in bytes. */
const GROWTH = 12.5;

/** An instance with data. */
export interface Loaded {
  readonly policy: LoadedPolicy;
  /** Where the data is, and its bytes. */
  readonly start: number;
  readonly size: number;
}

/**
 * Loads data into a fresh instance.
 *
 * @param isLarge whether it is worth more time to take a tenth of the memory.
 */
export function load(policy: LoadedPolicy, data: JsonObject, isLarge = false): Loaded {
  return isLarge ? written(policy, data) : parsed(policy, encoded(JSON.stringify(data)));
}

function parsed(policy: LoadedPolicy, json: ArrayBuffer): Loaded {
  reserve(policy, GROWTH * json.byteLength + SPARE);
  policy.setData(json);
  const start = policy.baseHeapPtr;
  return { policy, start, size: policy.dataHeapPtr - start };
}

function written(policy: LoadedPolicy, data: JsonObject): Loaded {
  const start = startIn(policy);
  const records = new Records({
    start,
    grown: (size) => {
      reserve(policy, size);
      return policy.mem.buffer;
    },
  });
  const root = records.add(data);
  return finished(policy, { start, size: records.size, root });
}

/** Loads into a fresh instance what another one has, which evaluations have only read. */
export function loadAgain(policy: LoadedPolicy, { policy: old, start, size }: Loaded): Loaded {
  if (policy.baseHeapPtr !== old.baseHeapPtr) {
    throw new EngineError('two instances of the policies differ');
  }
  reserve(policy, size);
  const bytes = new Uint8Array(old.mem.buffer, start, size);
  new Uint8Array(policy.mem.buffer).set(bytes, start);
  return finished(policy, { start, size, root: old.dataAddr });
}

/** Returns JSON as the SDK takes it: as the whole of a buffer. */
export function encoded(json: string): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = new TextEncoder().encode(json);
  return byteLength === buffer.byteLength
    ? buffer
    : buffer.slice(byteOffset, byteOffset + byteLength);
}

/** What OPA writes before each allocation, and more than there can be up to a multiple of eight. */
const MARGIN = 12 + 8;

/** The first address of a word in what a fresh instance allocates. */
function startIn({ baseHeapPtr }: LoadedPolicy): number {
  return Math.floor((baseHeapPtr + MARGIN) / 8) * 8;
}

/** Allocates what a fresh instance needs for data: all of it each time, since nothing else is in its heap. */
function reserve({ wasmInstance: { exports }, baseHeapPtr }: LoadedPolicy, size: number): void {
  exports.opa_heap_ptr_set(baseHeapPtr);
  exports.opa_malloc(size + MARGIN);
}

function finished(
  policy: LoadedPolicy,
  { start, size, root }: { readonly start: number; readonly size: number; readonly root: number },
): Loaded {
  reserve(policy, size + SPARE);
  policy.dataAddr = root;
  policy.dataHeapPtr = start + size;
  return { policy, start, size };
}
