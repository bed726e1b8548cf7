import type { Rule, Update, Workload, World } from '../simulation/world.ts';
import { field, list, oneOf } from './answer.ts';

const APARTS = ['no', 'revision', 'always'] as const;
const MEANS = ['exclusive', 'spread'] as const;
const UPDATES = ['rolling', 'daemon', 'ordered', 'recreate', 'none'] as const;

/** What a simulation must know about an object. */
export interface Simulated extends Pick<World, 'workloads' | 'budgets'> {
  /** Why the object cannot be simulated, though it should. */
  readonly unknown: readonly string[];
}

/** Reads what a simulation must know about an object. */
export function readSimulated(result: unknown): Simulated {
  const workloads = list(field(result, 'workloads')).map((found) => ({
    id: String(field(found, 'id')),
    component: String(field(found, 'component')),
    kind: String(field(found, 'kind')),
    nodes: list(field(found, 'nodes')).map(String),
    replicas: Number(field(found, 'replicas')),
    closed: list(field(found, 'closed')).map(String),
    apart: oneOf(field(found, 'apart'), APARTS),
    rules: list(field(found, 'rules')).map(readRule),
    update: readUpdate(field(found, 'update')),
    isRecreated: field(found, 'isRecreated') === true,
    isStatic: field(found, 'isStatic') === true,
    ...readPeak(field(found, 'peak')),
  }));
  const budgets = list(field(result, 'budgets')).map((found) => {
    const refuses = String(field(found, 'refuses'));
    return {
      name: String(field(found, 'name')),
      workloads: list(field(found, 'workloads')).map(String),
      desiredHealthy: Number(field(found, 'desiredHealthy')),
      ...(refuses !== '' && { refuses }),
    };
  });
  return { workloads, budgets, unknown: list(field(result, 'unknown')).map(String) };
}

function readRule(found: unknown): Rule {
  return {
    means: oneOf(field(found, 'means'), MEANS),
    across: field(found, 'across') === true,
    domains: new Map(Object.entries(Object(field(found, 'domains')))),
    maxSkew: Number(field(found, 'maxSkew')),
    minDomains: Number(field(found, 'minDomains')),
    honorsTaints: field(found, 'honorsTaints') === true,
    isShared: field(found, 'isShared') === true,
  };
}

function readPeak(found: unknown): Pick<Workload, 'peak'> {
  if (found === null) return {};
  const replicas = Number(field(found, 'replicas'));
  return { peak: { replicas, update: readUpdate(field(found, 'update')) } };
}

function readUpdate(found: unknown): Update {
  const type = oneOf(field(found, 'type'), UPDATES);
  if (type === 'recreate' || type === 'none') return { type };
  const number = (name: string) => Number(field(found, name));
  if (type === 'ordered') return { type, from: number('from'), unavailable: number('unavailable') };
  return { type, surge: number('surge'), unavailable: number('unavailable') };
}
