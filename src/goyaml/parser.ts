import type { MapBuilder } from './map.ts';
import { addPair, isMerge, keyOf, mapBuilder, mapNode, mergedSize, mergeInto } from './map.ts';
import { type Duplicate, listNode, type Node, nothingAt } from './node.ts';
import { Refusal } from './refusal.ts';
import { scalarValue, unfitTag } from './scalar-value.ts';
import { Scanner } from './scanner.ts';
import { type Span, TOKEN, type Token, type TokenType } from './token.ts';

/** What a document says. */
export interface Parsed {
  /** Undefined for a document without content. */
  readonly root: Node | undefined;
  readonly duplicates: readonly Duplicate[];
}

/** Nesting beyond what any manifest has; the parser recurses, and must not run out of stack. */
const MAX_DEPTH = 1000;
/** Aliases may repeat this many nodes in one document; shared, they are small, written out, huge. */
const ALIAS_BUDGET = 100_000;

/** Where a value stands: in brackets, in a block, or after a key, where dashes need no indentation. */
type Context = 'flow' | 'block' | 'value';

/** What an anchor stands for: nothing yet, while its value is being read. */
interface Anchor {
  node?: Node;
}

/** The anchor and the tag before a value, and where the first of them starts. */
interface Properties {
  readonly start: number;
  readonly anchor: Anchor | undefined;
  readonly tag: Token | undefined;
}

/** A key, and where it is written, which for an alias is not where its value is. */
interface WrittenKey extends Span {
  readonly node: Node;
  readonly isMerge: boolean;
}

/**
 * Parses a document as Kubernetes' YAML library and its conversion to JSON do.
 *
 * @throws Refusal
 */
export function parse(text: string, isJson: boolean): Parsed {
  return new Parser(text, isJson).document();
}

/** Builds values from tokens; its rules of what may follow what are those of goyaml's parserc.go. */
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
      const reason = 'Kubernetes takes no ... before the content: remove that line';
      throw new Refusal(reason, this.#start);
    }
    const root = this.#next <= TOKEN.DOCUMENT_END ? undefined : this.#node('block');
    while (this.#takeIf(TOKEN.DOCUMENT_END));
    if (this.#next !== TOKEN.STREAM_END) {
      const reason =
        'the document has ended before this, which Kubernetes drops: mend what is above';
      throw new Refusal(reason, this.#start);
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
    // The end of a block is noticed at the next token only, after blank lines and comments.
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
        return this.#collection(context, undefined) ?? this.#refuseMissing();
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
        // An anchor may be defined again: an alias means the last one before it.
        this.#anchors.set(this.#take().text, anchor);
      } else if (this.#next === TOKEN.TAG && tag === undefined) {
        tag = this.#take();
      } else {
        return { start, anchor, tag };
      }
    }
  }

  /** The map or list that starts here; undefined if none does. */
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
      const reason = `it nests deeper than ${MAX_DEPTH} levels: split it into flatter objects`;
      throw new Refusal(reason, this.#start, 'MANIFEST_TOO_LARGE');
    }
    const node = read();
    this.#depth -= 1;
    return node;
  }

  #refuseMissing(): never {
    throw new Refusal('a value must stand here: write it, or quote what stands here', this.#start);
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
      const reason = `there is no anchor &${text} before this alias: define it, or write the value out`;
      throw new Refusal(reason, start);
    }
    if (anchor.node === undefined) {
      throw new Refusal(`the anchor &${text} contains itself: write its value out`, start);
    }
    this.#repeat(anchor.node.size, start);
    return anchor.node;
  }

  #repeat(nodes: number, offset: number): void {
    this.#repeated += nodes;
    if (this.#repeated <= ALIAS_BUDGET) return;
    const reason = `its aliases repeat more than ${ALIAS_BUDGET} values: write the document out`;
    throw new Refusal(reason, offset, 'MANIFEST_TOO_LARGE');
  }

  #blockList(): Node {
    const { start } = this.#take();
    const items: Node[] = [];
    while (this.#next === TOKEN.BLOCK_ENTRY) {
      const dash = this.#take();
      const isEmpty = this.#next === TOKEN.BLOCK_ENTRY || this.#next === TOKEN.BLOCK_END;
      items.push(isEmpty ? nothingAt(dash) : this.#node('block'));
    }
    this.#takeEnd('every item of this list needs a dash, at the indentation of the first');
    return listNode(items, { start, end: this.#end });
  }

  /** A list whose dashes stand at the indentation of the key that it belongs to. */
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
    this.#takeEnd('every key of this map needs a colon, and the indentation of the first');
    return mapNode(map, this.#end);
  }

  /** Whether a pair of a block map ends before its key or its value. */
  #endsPair(): boolean {
    const type = this.#next;
    return type === TOKEN.KEY || type === TOKEN.VALUE || type === TOKEN.BLOCK_END;
  }

  #takeEnd(reason: string): void {
    if (!this.#takeIf(TOKEN.BLOCK_END)) throw new Refusal(reason, this.#start);
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

  /** Reads the value of a key, if it has one, and puts both into the map. */
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
      throw new Refusal('a merge (<<) takes no alias of a list: write the list out', at);
    } else {
      this.#repeat(mergedSize(value), value.start);
      mergeInto(map, value, value.start);
    }
  }

  #flowMap(): Node {
    const bracket = this.#take().start;
    const map = mapBuilder(bracket);
    while (!this.#takeIf(TOKEN.FLOW_MAP_END)) {
      const isMarked = this.#takeIf(TOKEN.KEY);
      if (this.#next === TOKEN.STREAM_END) this.#refuseOpen(bracket);
      // What is not marked as a key has no colon: it is one without a value.
      this.#pair(map, this.#key('flow'), isMarked ? 'flow' : 'none');
      if (this.#next !== TOKEN.FLOW_MAP_END) this.#takeComma(bracket);
    }
    return mapNode(map, this.#end);
  }

  #flowList(): Node {
    const bracket = this.#take().start;
    const items: Node[] = [];
    while (!this.#takeIf(TOKEN.FLOW_LIST_END)) {
      if (this.#next === TOKEN.STREAM_END) this.#refuseOpen(bracket);
      items.push(this.#next === TOKEN.KEY ? this.#flowPair() : this.#node('flow'));
      if (this.#next !== TOKEN.FLOW_LIST_END) this.#takeComma(bracket);
    }
    return listNode(items, { start: bracket, end: this.#end });
  }

  /** A pair in a list, [a: b], which is a map of one. */
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

  #takeComma(bracket: number): void {
    if (this.#takeIf(TOKEN.FLOW_ENTRY)) return;
    if (this.#next === TOKEN.STREAM_END) this.#refuseOpen(bracket);
    throw new Refusal('in brackets, a comma must stand between values: write one', this.#start);
  }

  #refuseOpen(bracket: number): never {
    throw new Refusal('this bracket has no end: close it', bracket);
  }
}

/** The key that a question mark without one has. */
function noKey({ start, end }: Span): WrittenKey {
  return { node: nothingAt({ start, end }), start, end, isMerge: false };
}

/** A scalar of nothing, which an anchor or a tag stands for. */
function emptyAt({ start, end }: Span): Token {
  return { type: TOKEN.PLAIN, start, end, text: '', candidate: undefined };
}
