import {
  COLLECTION_STYLE,
  EVENT_ID,
  type Event,
  type Events,
  type Fault,
  getScalarValue,
  isQuoted,
  SCALAR_STYLE,
} from './events.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { resolvePlain } from './scalars.ts';

/** A value with the place of everything in it. Offsets are in the text that was lexed. */
export interface Node {
  readonly value: JsonValue;
  readonly start: number;
  /** How many nodes it has, aliases expanded. */
  readonly size: number;
  readonly entries?: ReadonlyMap<string, Entry>;
  readonly items?: readonly Node[];
}

/** A value in a map, and where its key is written. */
export interface Entry {
  readonly keyStart: number;
  readonly node: Node;
}

/** A key that is written twice in one map; the later counts. */
export interface Duplicate {
  readonly key: string;
  readonly first: number;
  readonly last: number;
}

export interface Construction {
  /** Undefined for a document without content. */
  readonly root: Node | undefined;
  readonly duplicates: readonly Duplicate[];
}

/** Aliases may repeat this many nodes in one document; shared, they are small, written out, huge. */
const ALIAS_BUDGET = 100_000;

/** A document that cannot be read; `isTooLarge` if it is only too much of it. */
export interface ConstructionFault extends Fault {
  readonly isTooLarge?: boolean;
}

/** Builds the value of a document as Kubernetes' YAML library and its conversion to JSON do. */
export function construct(input: Events): Construction | ConstructionFault {
  const builder: Builder = {
    ...input,
    next: 0,
    anchors: new Map(),
    duplicates: [],
    expanded: 0,
  };
  try {
    return build(builder);
  } catch (fault) {
    if (fault instanceof Refusal) return fault.fault;
    throw fault;
  }
}

class Refusal extends Error {
  readonly fault: ConstructionFault;
  constructor(fault: ConstructionFault) {
    super(fault.reason);
    this.fault = fault;
  }
}

interface Builder extends Events {
  next: number;
  /** By name; undefined while the anchored node is not complete. */
  readonly anchors: Map<string, Node | undefined>;
  readonly duplicates: Duplicate[];
  expanded: number;
}

function build(builder: Builder): Construction {
  const [document] = builder.events;
  if (document === undefined) return { root: undefined, duplicates: [] };
  const documents = builder.events.filter(({ type }) => type === EVENT_ID.DOCUMENT);
  if (documents.length > 1) {
    throw refuse('there is content after the end of the document (...), which Kubernetes drops', 0);
  }
  if (document.type === EVENT_ID.DOCUMENT) {
    if (document.directives.length > 0) throw refuse('Kubernetes takes no % directive', 0);
    if (document.explicitStart) throw refuse('an indented --- is no separator to Kubernetes', 0);
  }
  builder.next = 1;
  const root = node(builder);
  return { root, duplicates: builder.duplicates };
}

function node(builder: Builder): Node {
  const event = take(builder);
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return anchored(builder, event, () => scalarNode(builder, event));
    case EVENT_ID.SEQUENCE:
      return anchored(builder, event, () => sequenceNode(builder, event));
    case EVENT_ID.MAPPING:
      return anchored(builder, event, () => mappingNode(builder, event));
    case EVENT_ID.ALIAS:
      return aliasNode(builder, event);
    default:
      throw refuse('this is no value', 0);
  }
}

type NodeEvent = Extract<Event, { readonly anchorStart: number; readonly tagStart: number }>;
type MappingEvent = Extract<Event, { readonly type: typeof EVENT_ID.MAPPING }>;
type SequenceEvent = Extract<Event, { readonly type: typeof EVENT_ID.SEQUENCE }>;
type ScalarEvent = Extract<Event, { readonly type: typeof EVENT_ID.SCALAR }>;
type AliasEvent = Extract<Event, { readonly type: typeof EVENT_ID.ALIAS }>;

function take(builder: Builder): Event {
  const event = builder.events[builder.next];
  builder.next += 1;
  if (event === undefined) throw refuse('the document ends in the middle', 0);
  return event;
}

function anchored(builder: Builder, event: NodeEvent, make: () => Node): Node {
  if (event.anchorStart < 0) return make();
  const name = builder.padded.text.slice(event.anchorStart, event.anchorEnd);
  if (builder.anchors.has(name)) {
    throw refuse(`the anchor &${name} is defined twice`, event.anchorStart);
  }
  builder.anchors.set(name, undefined);
  const made = make();
  builder.anchors.set(name, made);
  return made;
}

function aliasNode(builder: Builder, event: AliasEvent): Node {
  const name = builder.padded.text.slice(event.anchorStart, event.anchorEnd);
  const target = builder.anchors.get(name);
  if (target === undefined) {
    const reason = builder.anchors.has(name) ? 'contains itself' : 'is not defined before';
    throw refuse(`the anchor of *${name} ${reason}`, event.anchorStart);
  }
  spend(builder, target.size, event.anchorStart);
  return target;
}

function spend(builder: Builder, size: number, offset: number): void {
  builder.expanded += size;
  if (builder.expanded > ALIAS_BUDGET) {
    throw new Refusal({
      reason: `aliases repeat more than ${ALIAS_BUDGET} values: write the document out`,
      offset,
      isTooLarge: true,
    });
  }
}

function scalarNode(builder: Builder, event: ScalarEvent): Node {
  const { text } = builder.padded;
  const quoted = isQuoted(event) ? 1 : 0;
  const start = event.valueStart < 0 ? fallbackStart(event) : event.valueStart - quoted;
  return { value: scalarValue(text, event, start), start: blockStart(text, event, start), size: 1 };
}

// A block scalar begins at its indicator, which stands before its lines.
function blockStart(text: string, event: ScalarEvent, start: number): number {
  if (event.style !== SCALAR_STYLE.LITERAL_BLOCK && event.style !== SCALAR_STYLE.FOLDED_BLOCK) {
    return start;
  }
  const newline = text.lastIndexOf('\n', start - 1);
  const header = /[|>][^|>]*$/.exec(text.slice(text.lastIndexOf('\n', newline - 1) + 1, newline));
  return header === null ? start : newline - header[0].length;
}

function fallbackStart(event: ScalarEvent): number {
  return event.tagStart >= 0 ? event.tagStart : event.anchorStart >= 0 ? event.anchorStart - 1 : -1;
}

function scalarValue(text: string, event: ScalarEvent, start: number): JsonValue {
  const source = event.valueStart < 0 ? '' : getScalarValue(text, event);
  const tag = event.tagStart < 0 ? '' : text.slice(event.tagStart, event.tagEnd);
  if (tag === '!!str') return source;
  const value = tag === '' && event.style !== SCALAR_STYLE.PLAIN ? source : resolvePlain(source);
  if (tag !== '' && !isTagged(tag, value)) throw refuse(`the tag ${tag} is not read here`, start);
  if (value === undefined) throw refuse(`JSON has no number like ${source}`, start);
  return value;
}

function isTagged(tag: string, value: unknown): boolean {
  if (tag === '!!null') return value === null;
  if (tag === '!!bool') return typeof value === 'boolean';
  if (tag === '!!int') return typeof value === 'number' && Number.isInteger(value);
  return tag === '!!float' && typeof value === 'number';
}

function sequenceNode(builder: Builder, event: SequenceEvent): Node {
  checkTag(builder, event, '!!seq');
  const items: Node[] = [];
  let size = 1;
  while (!atEnd(builder)) {
    const item = node(builder);
    items.push(item);
    size += item.size;
  }
  return { value: items.map(({ value }) => value), start: event.start, size, items };
}

function mappingNode(builder: Builder, event: MappingEvent): Node {
  checkTag(builder, event, '!!map');
  const map: MapBuilder = { entries: new Map(), kinds: new Map(), size: 1 };
  while (!atEnd(builder)) {
    const key = take(builder);
    if (isMerge(builder, key)) mergeInto(builder, map, node(builder));
    else
      addPair(builder, map, {
        ...keyOf(builder, key),
        isFlow: event.style === COLLECTION_STYLE.FLOW,
      });
  }
  return { value: record(map.entries), start: event.start, size: map.size, entries: map.entries };
}

function checkTag(builder: Builder, event: NodeEvent, expected: string): void {
  const tag = builder.padded.text.slice(event.tagStart, event.tagEnd);
  if (event.tagStart >= 0 && tag !== expected) {
    throw refuse(`the tag ${tag} is not read here`, event.tagStart);
  }
}

function atEnd(builder: Builder): boolean {
  if (builder.events[builder.next]?.type !== EVENT_ID.POP) return false;
  builder.next += 1;
  return true;
}

interface MapBuilder {
  readonly entries: Map<string, Entry>;
  /** The type that each key was written with: `1` and "1" are one key of JSON, but two of YAML. */
  readonly kinds: Map<string, string>;
  size: number;
}

interface Key {
  readonly text: string;
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

function addPair(builder: Builder, map: MapBuilder, key: Key & { readonly isFlow: boolean }): void {
  const next = builder.events[builder.next];
  const isEmpty = next?.type === EVENT_ID.SCALAR && next.valueStart < 0;
  if (key.isFlow && isEmpty && /^:[,\]}]/.test(builder.padded.text.slice(key.end, key.end + 2))) {
    throw refuse(
      `to Kubernetes the colon is a part of "${key.text}:": put a blank after it`,
      key.start,
    );
  }
  const made = node(builder);
  // An empty value stands nowhere: its key does for it.
  const value = made.start < 0 ? { ...made, start: key.start } : made;
  const before = map.entries.get(key.text);
  const kind = map.kinds.get(key.text);
  if (kind !== undefined && kind !== key.kind) {
    throw refuse(`the key ${key.text} is there as ${kind} and as ${key.kind}`, key.start);
  }
  if (before !== undefined && kind !== undefined) {
    builder.duplicates.push({ key: key.text, first: before.keyStart, last: key.start });
  }
  map.kinds.set(key.text, key.kind);
  map.entries.set(key.text, { keyStart: key.start, node: value });
  map.size += value.size;
}

function keyOf(builder: Builder, event: Event): Key {
  if (event.type !== EVENT_ID.SCALAR) {
    if (event.type === EVENT_ID.ALIAS) return aliasKey(builder, event);
    throw refuse('a key must be a word, not a map or a list', 'start' in event ? event.start : 0);
  }
  const made = anchored(builder, event, () => scalarNode(builder, event));
  const { text, kind } = keyText(made);
  const quote = isQuoted(event) ? 1 : 0;
  return { text, kind, start: made.start, end: event.valueEnd + quote };
}

function aliasKey(builder: Builder, event: AliasEvent): Key {
  const { text, kind } = keyText(aliasNode(builder, event));
  return { text, kind, start: event.anchorStart - 1, end: event.anchorEnd };
}

function keyText({ value, start }: Node): { text: string; kind: string } {
  if (typeof value === 'string') return { text: value, kind: 'a string' };
  if (typeof value === 'boolean') return { text: String(value), kind: 'a boolean' };
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    return { text: String(value), kind: 'a number' };
  }
  throw refuse('a key must be a string, a boolean or a whole number', start);
}

function isMerge(builder: Builder, event: Event): boolean {
  return (
    event.type === EVENT_ID.SCALAR &&
    event.style === SCALAR_STYLE.PLAIN &&
    event.tagStart < 0 &&
    event.valueEnd - event.valueStart === 2 &&
    builder.padded.text.startsWith('<<', event.valueStart)
  );
}

// A merge overrides what stands before it, as goyaml has it and no YAML specification.
function mergeInto(builder: Builder, map: MapBuilder, merged: Node): void {
  // The first map of a list counts most, so that it is merged last.
  const sources = merged.items === undefined ? [merged] : [...merged.items].reverse();
  for (const source of sources) {
    if (source.entries === undefined) throw refuse('a merge (<<) takes maps only', merged.start);
    spend(builder, source.entries.size, merged.start);
    for (const [key, entry] of source.entries) {
      map.entries.set(key, entry);
      map.size += entry.node.size;
    }
  }
}

function record(entries: ReadonlyMap<string, Entry>): JsonObject {
  const value: Record<string, JsonValue> = {};
  for (const [
    key,
    {
      node: { value: item },
    },
  ] of entries) {
    if (key === '__proto__') define(value, key, item);
    else value[key] = item;
  }
  return value;
}

// Assigned, it would be the prototype and vanish from the map.
function define(value: Record<string, JsonValue>, key: string, item: JsonValue): void {
  Object.defineProperty(value, key, {
    value: item,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function refuse(reason: string, offset: number): Refusal {
  return new Refusal({ reason, offset });
}
