import type { Drain } from '../../simulation/drain.ts';
import type { Simulation } from '../../simulation/simulation.ts';
import type { Workload } from '../../simulation/world.ts';
import type { Column } from './columns.ts';

/** What the drain of a node leaves. */
export interface Fall {
  readonly node: string;
  readonly drain: Drain;
  /** The workloads of components of which no pod runs at some time. */
  readonly fallen: readonly Workload[];
}

/** Returns what each drain leaves. */
export function fallsOf({ drains, workloads }: Simulation): readonly Fall[] {
  return drains.map((drain) => ({
    node: drain.node,
    drain,
    fallen: workloads.filter(({ id }) => Object.hasOwn(drain.least, id) && drain.least[id] === 0),
  }));
}

/** What drains say below a column: the worst of its nodes. */
export type Below =
  | { readonly kind: 'never'; readonly fall: Fall }
  | { readonly kind: 'falls'; readonly fall: Fall }
  | { readonly kind: 'keeps' | 'unreached' | 'unused' };

/** Returns the worst that drains of the nodes of a column do. */
export function belowOf(
  { nodes }: Pick<Column, 'nodes'>,
  simulation: Pick<Simulation, 'nodes'>,
  falls: readonly Fall[],
): Below {
  const own = falls.filter(({ node }) => nodes.includes(node));
  const never = own.find(({ drain }) => drain.stop !== undefined);
  if (never !== undefined) return { kind: 'never', fall: never };
  const [worst] = own.toSorted((a, b) => b.fallen.length - a.fallen.length);
  if (worst !== undefined && worst.fallen.length > 0) return { kind: 'falls', fall: worst };
  const drained = new Set(own.map(({ node }) => node));
  const isLeft = nodes.some((node) => simulation.nodes.includes(node) && !drained.has(node));
  if (isLeft) return { kind: 'unreached' };
  return { kind: own.length > 0 ? 'keeps' : 'unused' };
}
