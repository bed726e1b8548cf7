import * as exported from '@open-policy-agent/opa-wasm';

import type { CompiledModule } from './module.ts';

/** A policy in the memory of its module, with what its types do not show. */
export interface LoadedPolicy extends Pick<exported.LoadedPolicy, 'evaluate' | 'setData'> {
  readonly mem: { readonly buffer: ArrayBuffer };
  readonly wasmInstance: {
    readonly exports: {
      readonly opa_malloc: (size: number) => number;
      readonly opa_heap_ptr_set: (address: number) => void;
    };
  };
  /** Where the heap starts, before any data. */
  readonly baseHeapPtr: number;
  /** The data, and where the heap starts after it. */
  dataAddr: number;
  dataHeapPtr: number;
}

/** Its types name every function as an export, its ES module (1.10.0) keeps most in the default one. */
const sdk = ('default' in exported ? exported.default : exported) as typeof exported;

/** Instantiates a policy module, which it compiles before unless that is done. */
export const loadPolicySync = sdk.loadPolicySync as unknown as (
  wasm: Uint8Array | CompiledModule,
  memory: { readonly initial: number },
) => LoadedPolicy;
