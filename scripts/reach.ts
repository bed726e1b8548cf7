import { PARAMETERS, type ParameterName } from '../src/policy/policy.ts';
import type { Calls } from './modules.ts';
import { field, list } from './untyped.ts';

/** What a policy reads besides the object under review, in its rules and in those that they call. */
export interface Reach {
  /** The packages whose rules read other objects, with the kinds that they name. */
  readonly readers: ReadonlyMap<string, ReadonlySet<string>>;
  readonly parameters: readonly ParameterName[];
}

/**
 * Returns what each policy reads, by its id, from the plan that `opa build -t plan` makes of the policies:
 * in a plan, every call names its rule.
 */
export function readReach(plan: unknown): ReadonlyMap<string, Reach> {
  const rules = readRules(plan);
  const ofPolicies = [...rules.values()].filter(({ path: [group] }) => group === 'policies');
  const ids = new Set(ofPolicies.map(({ path: [, id = ''] }) => id));
  return new Map(
    [...ids].map((id) => [
      id,
      reachOf(
        ofPolicies.filter(({ path }) => path[1] === id),
        rules,
      ),
    ]),
  );
}

/** Returns what each rule calls: names of rules with their packages, such as lib.api.fields.of. */
export function readCalls(plan: unknown): Calls {
  const rules = readRules(plan);
  const found = new Map<string, Set<string>>();
  // A rule has several functions if something calls it under a `with`.
  for (const { path, calls } of rules.values()) {
    const name = path.join('.');
    const called = calls.flatMap(({ rule }) => rules.get(rule)?.path.join('.') ?? []);
    found.set(name, new Set([...(found.get(name) ?? []), ...called]));
  }
  return found;
}

/** A rule of the plan: the steps of its name, and what it reads and calls. */
interface Rule {
  readonly path: readonly string[];
  readonly calls: readonly Call[];
  /** The keys that it reads from objects. */
  readonly keys: readonly string[];
}

interface Call {
  readonly rule: string;
  /** Those of its arguments that are string literals. */
  readonly texts: readonly string[];
}

type Rules = ReadonlyMap<string, Rule>;

/** The only package that reads data.inventory (scripts/check-rego.ts). */
const INVENTORY = 'lib.api.inventory';

function reachOf(own: readonly Rule[], rules: Rules): Reach {
  const reached = new Set(own);
  // The loop over a set also visits items that are added during the loop.
  for (const { calls } of reached) {
    for (const { rule } of calls) {
      const called = rules.get(rule);
      if (called !== undefined) reached.add(called);
    }
  }
  const readers = new Map<string, Set<string>>();
  for (const { path, calls } of reached) {
    const name = path.slice(0, -1).join('.');
    if (name === INVENTORY) continue; // what it looks up is said by its callers
    for (const call of calls.filter(({ rule }) => readsInventory(rules.get(rule)))) {
      readers.set(name, new Set([...(readers.get(name) ?? []), ...call.texts.filter(isKind)]));
    }
  }
  const keys = new Set([...reached].flatMap((rule) => rule.keys));
  return { readers, parameters: PARAMETERS.filter((name) => keys.has(name)) };
}

// Kinds start with a capital letter, namespaces and names do not.
function isKind(word: string): boolean {
  return /^[A-Z]/.test(word);
}

// Beside the objects, by namespace and of the cluster, there is an index, which shows none.
function readsInventory(rule: Rule | undefined): boolean {
  return (
    rule?.path.slice(0, -1).join('.') === INVENTORY &&
    rule.keys.includes('inventory') &&
    ['namespace', 'cluster'].some((key) => rule.keys.includes(key))
  );
}

function readRules(plan: unknown): Rules {
  const strings = list(field(field(plan, 'static'), 'strings')).map((item) =>
    String(field(item, 'value')),
  );
  return new Map(
    list(field(field(plan, 'funcs'), 'funcs')).map((func) => {
      const statements = statementsOf(field(func, 'blocks'));
      const calls = statements
        .filter((statement) => field(statement, 'type') === 'CallStmt')
        .map((statement) => field(statement, 'stmt'))
        .map((call) => ({
          rule: String(field(call, 'func')),
          texts: list(field(call, 'args')).flatMap((operand) => textOf(operand, strings)),
        }));
      const dots = statements
        .filter((statement) => field(statement, 'type') === 'DotStmt')
        .flatMap((statement) => textOf(field(field(statement, 'stmt'), 'key'), strings));
      const gets = calls.filter(({ rule }) => rule === 'object.get').flatMap(({ texts }) => texts);
      // The first step identifies the `with` under which the rule was planned.
      const path = list(field(func, 'path')).slice(1).map(String);
      return [String(field(func, 'name')), { path, calls, keys: [...dots, ...gets] }] as const;
    }),
  );
}

/** The statements of a rule, including nested ones. */
function statementsOf(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(statementsOf);
  return 'stmt' in value ? [value, ...inside] : inside;
}

function textOf(operand: unknown, strings: readonly string[]): readonly string[] {
  if (field(operand, 'type') !== 'string_index') return [];
  const text = strings[Number(field(operand, 'value'))];
  return text === undefined ? [] : [text];
}
