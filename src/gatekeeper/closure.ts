import type { Module } from '../policy/policy.ts';

/**
 * The libraries that a module imports, directly and indirectly, in the order of their paths.
 *
 * @throws Error if an imported library is missing.
 */
export function libraries(entry: Module, modules: readonly Module[]): readonly Module[] {
  const byPackage = new Map(modules.map((module) => [packageOf(module), module]));
  const found = new Map<string, Module>();
  const queue = imports(entry);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    const module = byPackage.get(name);
    if (module === undefined)
      throw new Error(`${entry.path} imports ${name}, which does not exist`);
    found.set(name, module);
    queue.push(...imports(module));
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function packageOf({ source }: Module): string {
  return /^package (\S+)$/m.exec(source)?.[1] ?? '';
}

function imports({ source }: Module): string[] {
  return [...source.matchAll(/^import data\.(lib(?:\.\w+)+)$/gm)].map(([, name = '']) => name);
}
