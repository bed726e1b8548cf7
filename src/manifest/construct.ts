import {
  type AliasEvent,
  type Builder,
  type CollectionEvent,
  refuse,
  repeat,
  type ScalarEvent,
  take,
  takeEnd,
} from './builder.ts';
import { EVENT_ID, type Event, type Events, eventEnd, type Fault } from './events.ts';
import { type Duplicate, type Entry, type Key, type Node, objectOf } from './node.ts';
import { isQuoted, keyOf, STRANGE_LINE_END, scalarNode, textOf } from './scalar-node.ts';
import { skip } from './scan.ts';

/** What a document says. */
export interface Construction {
  /** Undefined for a document without content. */
  readonly root: Node | undefined;
  readonly duplicates: readonly Duplicate[];
}

/** Builds the value of a document as Kubernetes' YAML library and its conversion to JSON do. */
export function construct(
  input: Events,
  chunk: { readonly text: string; readonly isJson: boolean },
): Construction | Fault {
  const builder: Builder = {
    ...input,
    source: chunk.text,
    isJson: chunk.isJson,
    hasStrangeLineEnds: !chunk.isJson && STRANGE_LINE_END.test(chunk.text),
    next: 0,
    flowDepth: 0,
    anchors: new Map(),
    duplicates: [],
    repeated: 0,
  };
  try {
    return { root: documentNode(builder), duplicates: builder.duplicates };
  } catch (error) {
    if (builder.fault !== undefined) return builder.fault;
    throw error;
  }
}

function documentNode(builder: Builder): Node | undefined {
  const [document, root] = builder.events;
  if (document === undefined) return undefined;
  const [, second] = builder.events.filter(({ type }) => type === EVENT_ID.DOCUMENT);
  if (second !== undefined) {
    const reason = 'more follows the end of the document (...), which Kubernetes drops: use ---';
    throw refuse(builder, reason, startOf(builder.events[builder.events.indexOf(second) + 1]));
  }
  if (document.type !== EVENT_ID.DOCUMENT || root === undefined) {
    throw new Error('the lexer gave no document where one must be');
  }
  if (document.explicitStart) {
    throw refuse(builder, 'an indented --- is no separator to Kubernetes: move it to the left', 0);
  }
  if (root.type === EVENT_ID.SCALAR && root.style > 3) {
    throw refuse(builder, 'a document may not be a block of text: make it a map', 0);
  }
  builder.next = 1;
  return node(builder);
}

function startOf(event: Event | undefined): number {
  if (event === undefined || event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP)
    return 0;
  if (event.type === EVENT_ID.SCALAR) return event.valueStart;
  return event.type === EVENT_ID.ALIAS ? event.anchorStart : event.start;
}

function node(builder: Builder): Node {
  const event = take(builder);
  switch (event.type) {
    case EVENT_ID.ALIAS:
      return aliased(builder, event);
    case EVENT_ID.SCALAR:
      return event.anchorStart < 0
        ? scalarNode(builder, event)
        : anchored(builder, event, () => scalarNode(builder, event));
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return event.anchorStart < 0
        ? collection(builder, event)
        : anchored(builder, event, () => collection(builder, event));
    default:
      throw new Error('the lexer gave no node where one must be');
  }
}

function anchored(builder: Builder, event: ScalarEvent | CollectionEvent, make: () => Node): Node {
  const name = builder.padded.text.slice(event.anchorStart, event.anchorEnd);
  if (!/^[-\w]+$/.test(name)) {
    const reason = `the anchor &${name} is no name to Kubernetes: use letters, digits, - and _`;
    throw refuse(builder, reason, event.anchorStart);
  }
  if (builder.anchors.has(name)) {
    const reason = `the anchor &${name} is defined twice: give each its own name`;
    throw refuse(builder, reason, event.anchorStart);
  }
  builder.anchors.set(name, undefined);
  const made = make();
  builder.anchors.set(name, made);
  return made;
}

function aliased(builder: Builder, event: AliasEvent): Node {
  const name = builder.padded.text.slice(event.anchorStart, event.anchorEnd);
  const target = builder.anchors.get(name);
  if (target === undefined) {
    const reason = builder.anchors.has(name)
      ? `the anchor &${name} contains itself: write its value out`
      : `there is no anchor &${name} before this alias: define it, or write the value out`;
    throw refuse(builder, reason, event.anchorStart);
  }
  repeat(builder, target.size, event.anchorStart);
  return target;
}

function collection(builder: Builder, event: CollectionEvent): Node {
  const expected = event.type === EVENT_ID.MAPPING ? '!!map' : '!!seq';
  const tag = builder.padded.text.slice(event.tagStart, event.tagEnd);
  if (event.tagStart >= 0 && tag !== expected) {
    throw refuse(builder, `the tag ${tag} is not read here: remove it`, event.tagStart);
  }
  const flow = event.style === 2 ? 1 : 0;
  builder.flowDepth += flow;
  const made = event.type === EVENT_ID.MAPPING ? mapping(builder, event) : sequence(builder, event);
  builder.flowDepth -= flow;
  return made;
}

function sequence(builder: Builder, event: CollectionEvent): Node {
  const items: Node[] = [];
  let size = 1;
  let dash = event.start; // of the last item without content, or the first item
  while (!takeEnd(builder)) {
    const item = node(builder);
    // An item without content stands nowhere: its dash does for it.
    if (item.start < 0 && items.length > 0) dash = dashAfter(builder, dash + 1);
    items.push(item.start < 0 ? { ...item, start: dash } : item);
    size += item.size;
  }
  return { value: items.map(({ value }) => value), start: event.start, size, items };
}

/** The dash of the item without content that was read last, which stands after a position. */
function dashAfter(builder: Builder, position: number): number {
  const { text } = builder.padded;
  let before = builder.next - 2;
  while (builder.events[before]?.type === EVENT_ID.POP) before -= 1;
  const event = builder.events[before];
  const from = Math.max(position, event === undefined ? 0 : eventEnd(event));
  const dash = skip(text, from, /[\]}\s]*(?:#.*\s*)*/y);
  return text[dash] === '-' ? dash : position - 1;
}

function mapping(builder: Builder, event: CollectionEvent): Node {
  const map: MapBuilder = { entries: new Map(), written: new Map(), size: 1 };
  while (!takeEnd(builder)) {
    const key = take(builder);
    if (isMerge(builder, key)) {
      merge(builder, map, node(builder));
    } else if (key.type === EVENT_ID.SCALAR || key.type === EVENT_ID.ALIAS) {
      pair(builder, map, key);
    } else {
      const reason = 'a key must be a word, not a map or a list: quote it';
      throw refuse(builder, reason, startOf(key));
    }
  }
  return { value: objectOf(map.entries), start: event.start, size: map.size, entries: map.entries };
}

interface MapBuilder {
  readonly entries: Map<string, Entry>;
  /** The places of the keys that are written in the map itself, not merged into it. */
  readonly written: Map<string, number>;
  size: number;
}

function pair(builder: Builder, map: MapBuilder, event: ScalarEvent | AliasEvent): void {
  const made = event.type === EVENT_ID.ALIAS ? aliased(builder, event) : keyNode(builder, event);
  const key = keyOf(builder, event, made);
  refuseGluedColon(builder, event, key);
  const value = node(builder);
  const first = map.written.get(key.text);
  if (first !== undefined) builder.duplicates.push({ key: key.text, first, last: key.start });
  map.written.set(key.text, key.start);
  // An empty value stands nowhere: its key does for it.
  put(builder, map, { key, node: value.start < 0 ? { ...value, start: key.start } : value });
}

function keyNode(builder: Builder, event: ScalarEvent): Node {
  return event.anchorStart < 0
    ? scalarNode(builder, event)
    : anchored(builder, event, () => scalarNode(builder, event));
}

/** {a:} is the key "a:" to Kubernetes, and "a" to the lexer. */
function refuseGluedColon(builder: Builder, event: ScalarEvent | AliasEvent, key: Key): void {
  const value = builder.events[builder.next];
  if (builder.flowDepth === 0 || value?.type !== EVENT_ID.SCALAR || value.valueStart >= 0) return;
  const end = event.type === EVENT_ID.ALIAS ? event.anchorEnd : event.valueEnd;
  const after = end + (isQuoted(event) ? 1 : 0);
  if (skip(builder.padded.text, after, /(?:\s|#.*)*:[,\]}]/y) > after) {
    const reason = `to Kubernetes the colon is a part of the key "${key.text}:": put a blank after it`;
    throw refuse(builder, reason, key.start);
  }
}

function put(builder: Builder, map: MapBuilder, entry: Entry): void {
  const { text, kind, start } = entry.key;
  const before = map.entries.get(text);
  if (before !== undefined && before.key.kind !== kind) {
    const reason = `the key ${text} is there as ${before.key.kind} and as ${kind}: remove one`;
    throw refuse(builder, reason, start);
  }
  map.entries.set(text, entry);
  map.size += entry.node.size;
}

function isMerge(builder: Builder, event: Event): boolean {
  return (
    event.type === EVENT_ID.SCALAR &&
    event.style === 1 &&
    event.tagStart < 0 &&
    textOf(builder, event) === '<<'
  );
}

// A merge overrides what stands before it, as goyaml has it and no YAML specification.
function merge(builder: Builder, map: MapBuilder, merged: Node): void {
  // The first map of a list counts most, so that it is merged last.
  const sources = merged.items === undefined ? [merged] : [...merged.items].reverse();
  for (const { entries } of sources) {
    if (entries === undefined) {
      const reason = 'a merge (<<) takes maps only: give it one, or quote it';
      throw refuse(builder, reason, merged.start);
    }
    repeat(builder, entries.size, merged.start);
    for (const entry of entries.values()) put(builder, map, entry);
  }
}
