/** What this project uses of WebAssembly: neither Node's types nor those of the language have it. */
declare const WebAssembly: {
  readonly Module: new () => CompiledModule;
  readonly compile: (bytes: Uint8Array) => Promise<CompiledModule>;
};

/** A `WebAssembly.Module`. */
export type CompiledModule = object;

/** Compiles the bytes of a module beside the thread that asks. */
export function compile(bytes: Uint8Array): Promise<CompiledModule> {
  return WebAssembly.compile(bytes);
}

/** Whether a value is a compiled module. */
export function isCompiled(value: unknown): value is CompiledModule {
  return value instanceof WebAssembly.Module;
}
