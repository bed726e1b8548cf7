import * as exported from '@open-policy-agent/opa-wasm';

import type { CompiledModule } from './module.ts';

export type LoadedPolicy = exported.LoadedPolicy;

/** Its types name every function as an export, its ES module (1.10.0) keeps most in the default one. */
const sdk = ('default' in exported ? exported.default : exported) as typeof exported;

/** Instantiates a policy module, which it compiles before unless that is done. */
export const loadPolicySync: (
  wasm: Uint8Array | CompiledModule,
  memory: { readonly initial: number },
) => LoadedPolicy = sdk.loadPolicySync;
