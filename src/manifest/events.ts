import { EVENT_ID, type Event, getScalarValue, parseEvents, YAMLException } from 'js-yaml';
import { type Padded, padContinuations, unpad } from './pad.ts';
import { lineAfter } from './scan.ts';

/** What a chunk of YAML consists of: events over a text, and the way back to the text as given. */
export interface Events {
  readonly events: readonly Event[];
  readonly padded: Padded;
}

/** Why a chunk cannot be read, and where in it. */
export interface Fault {
  readonly code: 'MANIFEST_SYNTAX' | 'MANIFEST_TOO_LARGE';
  readonly reason: string;
  /** In the chunk as given, in UTF-16 units. */
  readonly offset: number;
}

export { EVENT_ID, type Event, getScalarValue };

/** Nesting beyond what any manifest has; the reader recurses, and must not run out of stack. */
const MAX_DEPTH = 1000;
const DEFICIENT = 'deficient indentation';

/** Lexes a chunk; what continues at a low indentation is read as Kubernetes reads it. */
export function lex(text: string): Events | Fault {
  const plain = tryLex({ text, pads: [] });
  if (!('reason' in plain) || !plain.reason.includes(DEFICIENT)) return plain;
  const padded = tryLex(padContinuations(text));
  return 'reason' in padded || areHarmless(padded) ? padded : plain;
}

function tryLex(padded: Padded): Events | Fault {
  try {
    return { events: parseEvents(padded.text, { maxDepth: MAX_DEPTH }), padded };
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause;
    const offset = unpad(padded, cause.mark?.position ?? 0);
    if (cause.reason.startsWith('nesting exceeded')) {
      const reason = `it nests deeper than ${MAX_DEPTH} levels: split it into flatter objects`;
      return { code: 'MANIFEST_TOO_LARGE', reason, offset };
    }
    const reason = isAtEnd(padded.text, cause)
      ? 'a bracket or a quote has no end: close it'
      : `it is no valid YAML (${cause.reason}): correct it here`;
    return { code: 'MANIFEST_SYNTAX', reason, offset };
  }
}

// To the lexer an open bracket or quote lacks indentation at the end of the text, if the text ends in
// a line.
function isAtEnd(text: string, { reason, mark }: YAMLException): boolean {
  const isUnclosed = reason.startsWith('unexpected end of the stream') || reason === DEFICIENT;
  return isUnclosed && (mark?.position ?? 0) >= text.trimEnd().length;
}

/**
 * Whether every padded line lies in a quoted scalar or a flow collection, where the blanks change no
 * meaning. Up to the first line that does not, the texts mean the same, so that what is found around a
 * line is what Kubernetes finds there.
 */
function areHarmless({ events, padded }: Events): boolean {
  const spans = flowSpans(events, padded.text).sort((a, b) => a.start - b.start);
  let next = 0;
  let covered = -1;
  return padded.pads.every(({ at }) => {
    for (let span = spans[next]; span !== undefined && span.start < at; span = spans[next]) {
      covered = Math.max(covered, span.end);
      next += 1;
    }
    return at < covered;
  });
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where quoted scalars and flow collections stand. */
function flowSpans(events: readonly Event[], text: string): Span[] {
  const spans: Span[] = [];
  const open: (number | undefined)[] = []; // the starts of flow collections, undefined for others
  let last = 0;
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      const start = open.pop();
      if (start === undefined) continue;
      // A collection has no end of its own among the events: it ends at its bracket.
      last = bracketAfter(text, last);
      spans.push({ start, end: last });
    } else {
      if (event.type !== EVENT_ID.SCALAR && event.type !== EVENT_ID.ALIAS) {
        open.push(bracketOf(event, text));
      }
      if (isQuoted(event)) spans.push({ start: event.valueStart - 1, end: event.valueEnd });
      last = Math.max(last, eventEnd(event));
    }
  }
  return spans;
}

type Scalar = Extract<Event, { readonly chomping: unknown }>;

function isQuoted(event: Event): event is Scalar {
  return event.type === EVENT_ID.SCALAR && (event.style === 2 || event.style === 3);
}

/** The start of a flow collection; the map of one pair in a flow sequence, [a: b], has no bracket. */
function bracketOf(event: Event, text: string): number | undefined {
  if (event.type !== EVENT_ID.MAPPING && event.type !== EVENT_ID.SEQUENCE) return undefined;
  const bracket = event.type === EVENT_ID.MAPPING ? '{' : '[';
  return event.style === 2 && text[event.start] === bracket ? event.start : undefined;
}

/** Up to where an event has been read, closing quote included. */
export function eventEnd(event: Event): number {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return Math.max(event.valueEnd + (isQuoted(event) ? 1 : 0), event.anchorEnd, event.tagEnd);
    case EVENT_ID.ALIAS:
      return event.anchorEnd;
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return event.start + 1;
    default:
      return 0;
  }
}

/** The end of the bracket that only blanks, commas and comments can stand before. */
function bracketAfter(text: string, from: number): number {
  for (let at = from; at < text.length; ) {
    const character = text[at] ?? '';
    if (/[\]}]/.test(character)) return at + 1;
    if (!/[\s,:?#]/.test(character)) return from;
    at = character === '#' ? lineAfter(text, at) : at + 1;
  }
  return from;
}
