import {
  COLLECTION_STYLE,
  EVENT_ID,
  type Event,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
} from 'js-yaml';
import { type Padded, padContinuations, unpad } from './pad.ts';

/** What a chunk of YAML consists of: events over a text, and the way back to the text as given. */
export interface Events {
  readonly events: readonly Event[];
  readonly padded: Padded;
}

/** Why a chunk cannot be read, and where in it. */
export interface Fault {
  readonly reason: string;
  /** In the chunk as given, in UTF-16 units. */
  readonly offset: number;
}

export { COLLECTION_STYLE, EVENT_ID, type Event, getScalarValue, SCALAR_STYLE };

/** Nesting beyond what any manifest has; the reader recurses, and must not run out of stack. */
const MAX_DEPTH = 1000;
const DEFICIENT = 'deficient indentation';

/** Lexes a chunk; what continues at a low indentation is read as Kubernetes reads it. */
export function lex(text: string): Events | Fault {
  const plain = tryLex({ text, pads: [] });
  if (!('reason' in plain) || plain.reason !== DEFICIENT) return plain;
  const padded = tryLex(padContinuations(text));
  if ('reason' in padded) return padded;
  const stray = strayPad(padded);
  return stray === undefined ? padded : plain;
}

function tryLex(padded: Padded): Events | Fault {
  try {
    return { events: parseEvents(padded.text, { maxDepth: MAX_DEPTH }), padded };
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause;
    return { reason: cause.reason, offset: unpad(padded, cause.mark?.position ?? 0) };
  }
}

/**
 * The first padded line that lies in no quoted scalar and no flow collection, where the blanks would
 * have changed the meaning. Up to the first such line the texts mean the same, so that what is found
 * around a line is what Kubernetes finds there.
 */
function strayPad({ events, padded }: Events): number | undefined {
  const spans = [...flowSpans(events, padded.text)].sort((a, b) => a[0] - b[0]);
  let next = 0;
  let covered = -1;
  return padded.pads.find(({ at }) => {
    for (let span = spans[next]; span !== undefined && span[0] < at; span = spans[++next]) {
      covered = Math.max(covered, span[1]);
    }
    return at >= covered;
  })?.at;
}

type Span = readonly [start: number, end: number];

/** The start and end of each quoted scalar and of each flow collection. */
function* flowSpans(events: readonly Event[], text: string): Generator<Span> {
  const open: { start: number; isFlow: boolean }[] = [];
  let last = 0;
  for (const event of events) {
    if (event.type !== EVENT_ID.POP) {
      last = Math.max(last, extent(event));
      if (event.type === EVENT_ID.SCALAR && isQuoted(event)) {
        yield [event.valueStart - 1, event.valueEnd];
      } else if ('start' in event) {
        open.push({ start: event.start, isFlow: event.style === COLLECTION_STYLE.FLOW });
      } else if (event.type === EVENT_ID.DOCUMENT) {
        open.push({ start: 0, isFlow: false });
      }
      continue;
    }
    const closed = open.pop();
    if (closed?.isFlow !== true) continue;
    // A collection has no end of its own among the events: it ends at its bracket.
    last = closingBracket(text, last);
    yield [closed.start, last];
  }
}

/** How far into the text an event reaches. */
function extent(event: Event): number {
  if (event.type === EVENT_ID.SCALAR) return event.valueEnd;
  if (event.type === EVENT_ID.ALIAS) return event.anchorEnd;
  return 'start' in event ? event.start : 0;
}

/** Whether the scalar stands in quotes, which its start and end leave out. */
export function isQuoted({ style }: { readonly style: number }): boolean {
  return style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
}

function closingBracket(text: string, from: number): number {
  // Only blanks, commas, comments and the quote of the last scalar can stand before it.
  const pattern = /["']?(?:[\s,:?]|#[^\n]*)*[\]}]/y;
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}
