import type { MapBuilder } from './map.ts';
import { addPair, isMerge, keyOf, mapBuilder, mapNode, mergedSize, mergeInto } from './map.ts';
import { type Duplicate, listNode, type Node, nothingAt } from './node.ts';
import { ReadingError } from './reading-error.ts';
import { scalarValue, unfitTag } from './scalar-value.ts';
import { Scanner } from './scanner.ts';
import { type Span, TOKEN, type Token, type TokenType } from './token.ts';

/** The content of a document. */
export interface Parsed {
  /** Undefined for a document without content. */
  readonly root: Node | undefined;
  readonly duplicates: readonly Duplicate[];
}

/** The parser is recursive: the limit keeps it from running out of stack. No manifest comes near it. */
const MAX_DEPTH = 1000;
/** How many nodes aliases may repeat in a document: a small file could expand to a huge value. */
const ALIAS_BUDGET = 100_000;

/** Where a value is: in a flow collection, in a block, or after a key, where `-` needs no indentation. */
type Context = 'flow' | 'block' | 'value';

/** The value of an anchor: none while it is being read. */
interface Anchor {
  node?: Node;
}

/** The anchor and the tag before a value, and the start of the first. */
interface Properties {
  readonly start: number;
  readonly anchor: Anchor | undefined;
  readonly tag: Token | undefined;
}

/** A key, and where it is written: for an alias, not where its value is. */
interface WrittenKey extends Span {
  readonly node: Node;
  readonly isMerge: boolean;
}

/**
 * Parses a document as Kubernetes' YAML library does, with its conversion to JSON.
 *
 * @param text must end with a line break, except for JSON.
 *
 * @throws ReadingError
 */
export function parse(text: string, isJson: boolean): Parsed {
  return new Parser(text, isJson).document();
}

/** Builds values from tokens. The grammar is that of goyaml's parserc.go. */
class Parser {
  readonly #scanner: Scanner;
  readonly #isJson: boolean;
  readonly #duplicates: Duplicate[] = [];
  readonly #anchors = new Map<string, Anchor>();
  /** How many nodes aliases have repeated. */
  #repeated = 0;
  #depth = 0;
  /** Where the last token that was taken ends. */
  #end = 0;

  constructor(text: string, isJson: boolean) {
    this.#scanner = new Scanner(text, isJson);
    this.#isJson = isJson;
  }

  document(): Parsed {
    const isMarked = this.#takeIf(TOKEN.DOCUMENT_START);
    if (!isMarked && this.#next === TOKEN.DOCUMENT_END) {
      throw new ReadingError("'...' before the content: remove this line", this.#start);
    }
    const root = this.#next <= TOKEN.DOCUMENT_END ? undefined : this.#node('block');
    while (this.#takeIf(TOKEN.DOCUMENT_END));
    if (this.#next !== TOKEN.STREAM_END) {
      const reason =
        'content after the end of the document, which Kubernetes ignores: fix the line above';
      throw new ReadingError(reason, this.#start);
    }
    return { root, duplicates: this.#duplicates };
  }

  get #next(): TokenType {
    return this.#scanner.peek().type;
  }

  get #start(): number {
    return this.#scanner.peek().start;
  }

  #take(): Token {
    const token = this.#scanner.take();
    // A block end comes only with the next token, after blank lines and comments.
    if (token.type !== TOKEN.BLOCK_END) this.#end = token.end;
    return token;
  }

  #takeIf(type: TokenType): boolean {
    if (this.#next !== type) return false;
    this.#take();
    return true;
  }

  #node(context: Context): Node {
    switch (this.#next) {
      case TOKEN.PLAIN:
      case TOKEN.TEXT:
        return this.#scalar(this.#take());
      case TOKEN.ALIAS:
        return this.#aliased(this.#take());
      case TOKEN.ANCHOR:
      case TOKEN.TAG:
        return this.#withProperties(context);
      default:
        return this.#collection(context, undefined) ?? this.#failMissing();
    }
  }

  #withProperties(context: Context): Node {
    const { start, anchor, tag } = this.#properties();
    const isScalar = this.#next >= TOKEN.PLAIN;
    const node = isScalar
      ? this.#scalar(this.#take(), tag)
      : (this.#collection(context, tag) ?? this.#scalar(emptyAt({ start, end: this.#end }), tag));
    if (anchor !== undefined) anchor.node = node;
    return node;
  }

  #properties(): Properties {
    const start = this.#start;
    let anchor: Anchor | undefined;
    let tag: Token | undefined;
    for (;;) {
      if (this.#next === TOKEN.ANCHOR && anchor === undefined) {
        anchor = {};
        // An anchor can be defined again. An alias refers to the last one before it.
        this.#anchors.set(this.#take().text, anchor);
      } else if (this.#next === TOKEN.TAG && tag === undefined) {
        tag = this.#take();
      } else {
        return { start, anchor, tag };
      }
    }
  }

  /** The mapping or sequence that starts here; undefined if there is none. */
  #collection(context: Context, tag: Token | undefined): Node | undefined {
    const type = this.#next;
    if (type === TOKEN.FLOW_LIST) return this.#nested(tag, '!!seq', () => this.#flowList());
    if (type === TOKEN.FLOW_MAP) return this.#nested(tag, '!!map', () => this.#flowMap());
    if (context === 'flow') return undefined;
    if (type === TOKEN.BLOCK_MAP) return this.#nested(tag, '!!map', () => this.#blockMap());
    if (type === TOKEN.BLOCK_LIST) return this.#nested(tag, '!!seq', () => this.#blockList());
    const isLoose = type === TOKEN.BLOCK_ENTRY && context === 'value';
    return isLoose ? this.#nested(tag, '!!seq', () => this.#looseList()) : undefined;
  }

  #nested(tag: Token | undefined, expected: string, read: () => Node): Node {
    if (tag !== undefined && tag.text !== expected) throw unfitTag(tag);
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) {
      const reason = `nested deeper than ${MAX_DEPTH} levels: use a flatter structure`;
      throw new ReadingError(reason, this.#start, 'MANIFEST_TOO_LARGE');
    }
    const node = read();
    this.#depth -= 1;
    return node;
  }

  #failMissing(): never {
    throw new ReadingError('expected a value: add one, or quote this text', this.#start);
  }

  #scalar(token: Token, tag?: Token): Node {
    return {
      value: scalarValue(token, tag, this.#isJson),
      start: token.start,
      end: token.end,
      size: 1,
      entries: undefined,
      items: undefined,
      token: tag === undefined ? token : undefined,
    };
  }

  #aliased({ text, start }: Token): Node {
    const anchor = this.#anchors.get(text);
    if (anchor === undefined) {
      const reason = `no anchor &${text} before the alias *${text}: define it, or write the value out`;
      throw new ReadingError(reason, start);
    }
    if (anchor.node === undefined) {
      throw new ReadingError(`anchor &${text} contains itself: write the value out`, start);
    }
    this.#repeat(anchor.node.size, start);
    return anchor.node;
  }

  #repeat(nodes: number, offset: number): void {
    this.#repeated += nodes;
    if (this.#repeated <= ALIAS_BUDGET) return;
    const reason = `aliases expand to more than ${ALIAS_BUDGET} values: write the values out`;
    throw new ReadingError(reason, offset, 'MANIFEST_TOO_LARGE');
  }

  #blockList(): Node {
    const { start } = this.#take();
    const items: Node[] = [];
    while (this.#next === TOKEN.BLOCK_ENTRY) {
      const dash = this.#take();
      const isEmpty = this.#next === TOKEN.BLOCK_ENTRY || this.#next === TOKEN.BLOCK_END;
      items.push(isEmpty ? nothingAt(dash) : this.#node('block'));
    }
    this.#takeEnd("expected '- ' at the same indentation as the first item of this sequence");
    return listNode(items, { start, end: this.#end });
  }

  /** A sequence whose dashes have the indentation of their key. */
  #looseList(): Node {
    const start = this.#start;
    const items: Node[] = [];
    while (this.#next === TOKEN.BLOCK_ENTRY) {
      const dash = this.#take();
      const isEmpty = this.#next === TOKEN.BLOCK_ENTRY || this.#endsPair();
      items.push(isEmpty ? nothingAt(dash) : this.#node('block'));
    }
    return listNode(items, { start, end: this.#end });
  }

  #blockMap(): Node {
    const map = mapBuilder(this.#take().start);
    while (this.#next === TOKEN.KEY) {
      const mark = this.#take();
      const key = this.#endsPair() ? noKey(mark) : this.#key('value');
      this.#pair(map, key, 'value');
    }
    this.#takeEnd("expected 'key:' at the same indentation as the first key of this mapping");
    return mapNode(map, this.#end);
  }

  /** Whether the key or the value of a pair of a block mapping is left out. */
  #endsPair(): boolean {
    const type = this.#next;
    return type === TOKEN.KEY || type === TOKEN.VALUE || type === TOKEN.BLOCK_END;
  }

  #takeEnd(reason: string): void {
    if (!this.#takeIf(TOKEN.BLOCK_END)) throw new ReadingError(reason, this.#start);
  }

  #key(context: Context): WrittenKey {
    const start = this.#start;
    const isAlias = this.#next === TOKEN.ALIAS;
    const node = this.#node(context);
    return {
      node,
      start: isAlias ? start : node.start,
      end: this.#end,
      isMerge: !isAlias && isMerge(node),
    };
  }

  /** Reads the value of a key, if it has one, and adds both to the mapping. */
  #pair(map: MapBuilder, key: WrittenKey, context: Context | 'none'): void {
    const hasValue = context !== 'none' && this.#takeIf(TOKEN.VALUE);
    const at = this.#start;
    const isAlias = this.#next === TOKEN.ALIAS;
    const isEmpty = !hasValue || (context === 'flow' ? this.#endsEntry() : this.#endsPair());
    const value = isEmpty ? nothingAt(key) : this.#node(context);
    if (!key.isMerge) {
      const duplicate = addPair(map, keyOf(key.node, key), value);
      if (duplicate !== undefined) this.#duplicates.push(duplicate);
    } else if (isAlias && value.items !== undefined) {
      throw new ReadingError(
        'a merge key (<<) cannot merge an alias of a sequence: write the sequence out',
        at,
      );
    } else {
      this.#repeat(mergedSize(value), value.start);
      mergeInto(map, value, value.start);
    }
  }

  #flowMap(): Node {
    const bracket = this.#take();
    const map = mapBuilder(bracket.start);
    while (!this.#takeIf(TOKEN.FLOW_MAP_END)) {
      const isMarked = this.#takeIf(TOKEN.KEY);
      if (this.#next === TOKEN.STREAM_END) this.#failUnclosed(bracket);
      // Without a colon, it is a key without a value.
      this.#pair(map, this.#key('flow'), isMarked ? 'flow' : 'none');
      if (this.#next !== TOKEN.FLOW_MAP_END) this.#takeComma(bracket);
    }
    return mapNode(map, this.#end);
  }

  #flowList(): Node {
    const bracket = this.#take();
    const items: Node[] = [];
    while (!this.#takeIf(TOKEN.FLOW_LIST_END)) {
      if (this.#next === TOKEN.STREAM_END) this.#failUnclosed(bracket);
      items.push(this.#next === TOKEN.KEY ? this.#flowPair() : this.#node('flow'));
      if (this.#next !== TOKEN.FLOW_LIST_END) this.#takeComma(bracket);
    }
    return listNode(items, { start: bracket.start, end: this.#end });
  }

  /** A pair in a sequence, `[a: b]`: a mapping with one key. */
  #flowPair(): Node {
    this.#take();
    const map = mapBuilder(this.#start);
    this.#pair(map, this.#key('flow'), 'flow');
    return mapNode(map, this.#end);
  }

  /** Whether an entry of a flow collection ends here. */
  #endsEntry(): boolean {
    const type = this.#next;
    return type === TOKEN.FLOW_ENTRY || type === TOKEN.FLOW_MAP_END || type === TOKEN.FLOW_LIST_END;
  }

  #takeComma(bracket: Token): void {
    if (this.#takeIf(TOKEN.FLOW_ENTRY)) return;
    if (this.#next === TOKEN.STREAM_END) this.#failUnclosed(bracket);
    const reason = `expected ',' or '${closing(bracket)}' before this: add it`;
    throw new ReadingError(reason, this.#start);
  }

  #failUnclosed(bracket: Token): never {
    const name = bracket.type === TOKEN.FLOW_MAP ? 'mapping' : 'sequence';
    throw new ReadingError(`unclosed flow ${name}: add '${closing(bracket)}'`, bracket.start);
  }
}

/** What closes a flow collection. */
function closing({ type }: Token): string {
  return type === TOKEN.FLOW_MAP ? '}' : ']';
}

/** The key of a question mark without one. */
function noKey({ start, end }: Span): WrittenKey {
  return { node: nothingAt({ start, end }), start, end, isMerge: false };
}

/** The empty scalar after an anchor or a tag. */
function emptyAt({ start, end }: Span): Token {
  return { type: TOKEN.PLAIN, start, end, text: '', candidate: undefined };
}
