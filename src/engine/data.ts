import { EngineError } from '../errors.ts';
import type { JsonObject } from '../kubernetes/json.ts';
import { Records } from './records.ts';
import type { LoadedPolicy } from './sdk.ts';

/** Reserved for evaluations, and not resident: an instance that grows page by page gets slow. */
const SPARE = 1 << 24;

/** An instance with data. */
export interface Loaded {
  readonly policy: LoadedPolicy;
  /** Where the data is, and its bytes. */
  readonly start: number;
  readonly size: number;
}

/** Loads data into a fresh instance. */
export function load(policy: LoadedPolicy, data: JsonObject): Loaded {
  const start = allocated(policy, 0);
  const records = new Records(start);
  const root = records.add(data);
  return put(policy, { start, root, bytes: records.bytes });
}

/** Loads into a fresh instance what another one has, which evaluations have only read. */
export function loadAgain(policy: LoadedPolicy, { policy: old, start, size }: Loaded): Loaded {
  const bytes = new Uint8Array(old.mem.buffer, start, size);
  return put(policy, { start, root: old.dataAddr, bytes });
}

/** The address of the first bytes after those that every instance has. */
function allocated({ wasmInstance, baseHeapPtr }: LoadedPolicy, size: number): number {
  const { exports } = wasmInstance;
  exports.opa_heap_ptr_set(baseHeapPtr);
  return exports.opa_malloc(size);
}

function put(
  policy: LoadedPolicy,
  {
    start,
    root,
    bytes,
  }: { readonly start: number; readonly root: number; readonly bytes: Uint8Array },
): Loaded {
  if (allocated(policy, bytes.length + SPARE) !== start) {
    throw new EngineError('two instances of the policies are different');
  }
  new Uint8Array(policy.mem.buffer).set(bytes, start);
  policy.dataAddr = root;
  policy.dataHeapPtr = start + bytes.length;
  return { policy, start, size: bytes.length };
}
