import { EVENT_ID, type Event, type Events, type Fault } from './events.ts';
import type { Duplicate, Node } from './node.ts';
import { unpad } from './pad.ts';

/** The events of a chunk, read from first to last, and what was found on the way. */
export interface Builder extends Events {
  /** The chunk as given. */
  readonly source: string;
  readonly isJson: boolean;
  readonly hasStrangeLineEnds: boolean;
  next: number;
  /** How many flow collections are open. */
  flowDepth: number;
  /** By name; undefined while the anchored node is not complete. */
  readonly anchors: Map<string, Node | undefined>;
  readonly duplicates: Duplicate[];
  /** How many nodes aliases have repeated. */
  repeated: number;
  /** Set by what is thrown. */
  fault?: Fault;
}

export type ScalarEvent = Extract<Event, { readonly chomping: unknown }>;
export type CollectionEvent = Extract<Event, { readonly start: number }>;
export type AliasEvent = Extract<Event, { readonly type: typeof EVENT_ID.ALIAS }>;

/** The next event, which is then behind. */
export function take(builder: Builder): Event {
  const event = builder.events[builder.next];
  builder.next += 1;
  if (event === undefined) throw new Error('the lexer left a collection open');
  return event;
}

/** Whether the open collection ends here; its end is then behind. */
export function takeEnd(builder: Builder): boolean {
  if (builder.events[builder.next]?.type !== EVENT_ID.POP) return false;
  builder.next += 1;
  return true;
}

/** The part of the chunk as given that a range of events covers. */
export function sourceOf(builder: Builder, start: number, end: number): string {
  return builder.source.slice(unpad(builder.padded, start), unpad(builder.padded, end));
}

/** What to throw for a chunk that cannot be read, or not surely enough. */
export function refuse(builder: Builder, reason: string, offset: number): Error {
  return fail(builder, { code: 'MANIFEST_SYNTAX', reason, offset });
}

/** Aliases may repeat this many nodes in one document; shared, they are small, written out, huge. */
const ALIAS_BUDGET = 100_000;

/** Counts nodes that are repeated. */
export function repeat(builder: Builder, nodes: number, offset: number): void {
  builder.repeated += nodes;
  if (builder.repeated <= ALIAS_BUDGET) return;
  const reason = `its aliases repeat more than ${ALIAS_BUDGET} values: write the document out`;
  throw fail(builder, { code: 'MANIFEST_TOO_LARGE', reason, offset });
}

function fail(builder: Builder, fault: Fault): Error {
  builder.fault = { ...fault, offset: unpad(builder.padded, Math.max(0, fault.offset)) };
  return new Error(fault.reason);
}
