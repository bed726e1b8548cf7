import * as exported from '@open-policy-agent/opa-wasm';

export type { LoadedPolicy } from '@open-policy-agent/opa-wasm';

/** Its types name every function as an export, its ES module (1.10.0) keeps most in the default one. */
const sdk = ('default' in exported ? exported.default : exported) as typeof exported;

/** Compiles and instantiates a policy module. */
export const { loadPolicySync } = sdk;
