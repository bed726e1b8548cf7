import type { Module } from './policy.ts';

/**
 * The rules that these rules call, directly and indirectly, and they themselves: the files that have them, each without
 * its other rules, and without the imports that only those need.
 *
 * @param roots names of rules with their packages, such as `lib.api.fields.of`.
 * @throws Error if there is no such rule.
 */
export function reached(roots: readonly string[], modules: readonly Module[]): readonly Module[] {
  const byPackage = new Map(modules.map((module) => [module.package, module]));
  const found = new Set(roots);
  // The loop over a set also visits items that are added during the loop.
  for (const rule of found) {
    const { of, name } = split(rule);
    const calls = byPackage.get(of)?.calls[name];
    if (calls === undefined) throw new Error(`there is no rule ${rule}`);
    for (const call of calls) found.add(call);
  }
  return modules.map((module) => restricted(module, found)).filter(({ rules }) => rules.length > 0);
}

function restricted(module: Module, found: ReadonlySet<string>): Module {
  const rules = module.rules.filter(({ name }) => found.has(`${module.package}.${name}`));
  const called = new Set(
    rules.flatMap(({ name }) => module.calls[name] ?? []).map((call) => split(call).of),
  );
  return { ...module, rules, imports: module.imports.filter((one) => called.has(one.package)) };
}

function split(rule: string): { readonly of: string; readonly name: string } {
  const dot = rule.lastIndexOf('.');
  return { of: rule.slice(0, dot), name: rule.slice(dot + 1) };
}
