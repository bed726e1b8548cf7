import {
  type Cursor,
  isBlankOrEnd,
  isBreak,
  isDocumentMarker,
  skipLine,
  takeBreak,
} from './cursor.ts';
import { ReadingError } from './reading-error.ts';
import { takeBlock, takePlain, takeQuoted } from './scalar-text.ts';
import { type KeyCandidate, TOKEN, type Token, type TokenType } from './token.ts';

const DASH = 0x2d;
const COLON = 0x3a;
const QUESTION_MARK = 0x3f;

/** The colon of a key must be within this many characters of its start. */
const KEY_LENGTH = 1024;

/**
 * Splits a document into tokens, by the rules of Kubernetes' YAML library (go.yaml.in/yaml/v2
 * scannerc.go). What a line means depends on the indentation of the lines around it, on the open
 * brackets, and on whether a key is allowed there.
 *
 * Only its colon shows that a scalar is a key. Tokens wait in a queue while the first may be a key.
 */
export class Scanner {
  readonly #cursor: Cursor;
  /** Whether there are characters of two UTF-16 units. goyaml counts characters. */
  readonly #isAstral: boolean;
  #queue: Token[] = [];
  #head = 0;
  /** How many tokens have left the queue. */
  #taken = 0;
  /** The indentation of the innermost block collection, -1 for none; `#indents` has the outer ones. */
  #indent = -1;
  readonly #indents: number[] = [];
  #isKeyAllowed = true;
  /** The key candidate of the block, and of each open flow collection. */
  readonly #candidates: (KeyCandidate | undefined)[] = [undefined];
  /** The next token, once it is known not to start a key. */
  #current: Token | undefined;

  constructor(text: string, isJson: boolean) {
    this.#cursor = { text, isJson, at: 0, lineStart: 0 };
    this.#isAstral = /[\ud800-\udbff]/.test(text);
  }

  /** The next token, without taking it. */
  peek(): Token {
    this.#current ??= this.#surest();
    return this.#current;
  }

  /** Takes the next token. */
  take(): Token {
    const token = this.peek();
    this.#current = undefined;
    this.#head += 1;
    this.#taken += 1;
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
    }
    return token;
  }

  /** The first token. Reads on as long as it may be a key. */
  #surest(): Token {
    for (;;) {
      const token = this.#queue[this.#head];
      if (token !== undefined && !this.#mayBeKey(token)) return token;
      this.#fetch();
    }
  }

  #mayBeKey({ candidate }: Token): boolean {
    return candidate !== undefined && this.#isValid(candidate);
  }

  #fetch(): void {
    const cursor = this.#cursor;
    this.#skipToToken();
    this.#unroll(this.#flowDepth === 0 ? this.#column(cursor.at) : -1);
    const code = cursor.text.charCodeAt(cursor.at);
    if (Number.isNaN(code)) this.#fetchEnd();
    else if (code === 0x25 && cursor.at === cursor.lineStart) {
      throw new ReadingError(
        "a line cannot start with '%', a directive: quote the value, or remove the line",
        cursor.at,
      );
    } else if (isDocumentMarker(cursor)) this.#fetchDocumentMarker();
    else this.#fetchContent(code);
  }

  #fetchContent(code: number): void {
    const { text, at } = this.#cursor;
    const isLoose = this.#flowDepth > 0 || isBlankOrEnd(this.#cursor, text.charCodeAt(at + 1));
    if (code === COLON && isLoose) this.#fetchValue();
    else if (code === QUESTION_MARK && isLoose) this.#fetchKey();
    else if (code === DASH && isBlankOrEnd(this.#cursor, text.charCodeAt(at + 1))) {
      this.#fetchBlockEntry();
    } else if (!this.#fetchIndicated(text.charAt(at))) this.#fetchPlain();
  }

  /** Fetches a token by its indicator; false if a plain scalar starts here. */
  #fetchIndicated(sign: string): boolean {
    if (sign === '"' || sign === "'") this.#fetchQuoted();
    else if (sign === '[') this.#open(TOKEN.FLOW_LIST);
    else if (sign === '{') this.#open(TOKEN.FLOW_MAP);
    else if (sign === ']') this.#close(TOKEN.FLOW_LIST_END);
    else if (sign === '}') this.#close(TOKEN.FLOW_MAP_END);
    else if (sign === ',') this.#fetchFlowEntry();
    else if (sign === '&') this.#fetchName(TOKEN.ANCHOR);
    else if (sign === '*') this.#fetchName(TOKEN.ALIAS);
    else if (sign === '!') this.#fetchTag();
    else if ((sign === '|' || sign === '>') && this.#flowDepth === 0) this.#fetchBlock();
    else if ('|>%@`\t'.includes(sign)) this.#rejectStart(sign);
    else return false;
    return true;
  }

  #rejectStart(sign: string): never {
    const reason =
      sign === '\t'
        ? 'tabs cannot be used for indentation: use spaces'
        : `a value cannot start with '${sign}' here: quote it`;
    throw new ReadingError(reason, this.#cursor.at);
  }

  #skipToToken(): void {
    const cursor = this.#cursor;
    const { text } = cursor;
    for (;;) {
      const code = text.charCodeAt(cursor.at);
      const isIgnoredTab = code === 0x09 && (this.#flowDepth > 0 || !this.#isKeyAllowed);
      if (code === 0x20 || isIgnoredTab) {
        cursor.at += 1;
      } else if (code === 0x23) {
        skipLine(cursor);
      } else if (isBreak(cursor, code)) {
        takeBreak(cursor);
        if (this.#flowDepth === 0) this.#isKeyAllowed = true;
      } else {
        return;
      }
    }
  }

  get #flowDepth(): number {
    return this.#candidates.length - 1;
  }

  /** The column of a position in the line, in characters, 0-based. */
  #column(position: number, lineStart = this.#cursor.lineStart): number {
    const { text } = this.#cursor;
    if (!this.#isAstral) return position - lineStart;
    return [...text.slice(lineStart, position)].length;
  }

  /** Adds a token of some length, and moves past it. */
  #add(type: TokenType, length: number, candidate?: KeyCandidate): void {
    const start = this.#cursor.at;
    this.#cursor.at += length;
    this.#queue.push({ type, start, end: start + length, text: '', candidate });
  }

  #fetchEnd(): void {
    this.#endContent();
    this.#add(TOKEN.STREAM_END, 0);
  }

  #fetchDocumentMarker(): void {
    this.#endContent();
    const isStart = this.#cursor.text[this.#cursor.at] === '-';
    this.#add(isStart ? TOKEN.DOCUMENT_START : TOKEN.DOCUMENT_END, 3);
  }

  #endContent(): void {
    this.#unroll(-1);
    this.#dropCandidate();
    this.#isKeyAllowed = false;
  }

  #open(type: TokenType): void {
    // A JSON key is never a collection: do not read a whole one to look for a colon after it.
    const candidate = this.#cursor.isJson ? undefined : this.#saveCandidate();
    this.#candidates.push(undefined);
    this.#isKeyAllowed = true;
    this.#add(type, 1, candidate);
  }

  #close(type: TokenType): void {
    this.#dropCandidate();
    if (this.#flowDepth > 0) this.#candidates.pop();
    this.#isKeyAllowed = false;
    this.#add(type, 1);
  }

  #fetchFlowEntry(): void {
    this.#dropCandidate();
    this.#isKeyAllowed = true;
    this.#add(TOKEN.FLOW_ENTRY, 1);
  }

  #fetchBlockEntry(): void {
    if (this.#flowDepth === 0) {
      this.#requireKeyAllowed("unexpected '-': start the item on its own line");
      this.#roll(this.#cursor.at, TOKEN.BLOCK_LIST);
    }
    this.#dropCandidate();
    this.#isKeyAllowed = true;
    this.#add(TOKEN.BLOCK_ENTRY, 1);
  }

  #fetchKey(): void {
    if (this.#flowDepth === 0) {
      this.#requireKeyAllowed("unexpected '?': start the key on its own line");
      this.#roll(this.#cursor.at, TOKEN.BLOCK_MAP);
    }
    this.#dropCandidate();
    this.#isKeyAllowed = this.#flowDepth === 0;
    this.#add(TOKEN.KEY, 1);
  }

  #fetchValue(): void {
    const candidate = this.#candidates[this.#flowDepth];
    if (candidate !== undefined && this.#isValid(candidate)) {
      this.#insertKey(candidate);
      this.#isKeyAllowed = false;
    } else {
      if (this.#flowDepth === 0) {
        this.#requireKeyAllowed("unexpected ':': fix the indentation, or quote the value");
        this.#roll(this.#cursor.at, TOKEN.BLOCK_MAP);
      }
      this.#isKeyAllowed = this.#flowDepth === 0;
    }
    this.#add(TOKEN.VALUE, 1);
  }

  #insertKey(candidate: KeyCandidate): void {
    const { number, start } = candidate;
    const index = this.#head + number - this.#taken;
    this.#insert(TOKEN.KEY, start, index);
    this.#roll(start, TOKEN.BLOCK_MAP, index);
    candidate.isPossible = false;
  }

  #fetchName(type: TokenType): void {
    const candidate = this.#saveCandidate();
    this.#isKeyAllowed = false;
    const { text, at } = this.#cursor;
    const name = /[-\w]+/y;
    name.lastIndex = at + 1;
    const end = name.test(text) ? name.lastIndex : at + 1;
    const isEnded =
      isBlankOrEnd(this.#cursor, text.charCodeAt(end)) || /[?:,\]}%@`]/.test(text.charAt(end));
    if (end === at + 1 || !isEnded) {
      const sign = type === TOKEN.ALIAS ? 'an alias (*)' : 'an anchor (&)';
      const reason = `${sign} needs a name of letters, digits, '-' and '_': quote a string`;
      throw new ReadingError(reason, at);
    }
    this.#cursor.at = end;
    this.#queue.push({ type, start: at, end, text: text.slice(at + 1, end), candidate });
  }

  #fetchTag(): void {
    const candidate = this.#saveCandidate();
    this.#isKeyAllowed = false;
    const { text, at } = this.#cursor;
    let end = at;
    while (!isBlankOrEnd(this.#cursor, text.charCodeAt(end))) end += 1;
    this.#cursor.at = end;
    this.#queue.push({ type: TOKEN.TAG, start: at, end, text: text.slice(at, end), candidate });
  }

  #fetchQuoted(): void {
    const candidate = this.#saveCandidate();
    this.#isKeyAllowed = false;
    const start = this.#cursor.at;
    const text = takeQuoted(this.#cursor);
    this.#queue.push({ type: TOKEN.TEXT, start, end: this.#cursor.at, text, candidate });
  }

  #fetchBlock(): void {
    this.#dropCandidate();
    this.#isKeyAllowed = true;
    const start = this.#cursor.at;
    const { text, end } = takeBlock(this.#cursor, this.#indent);
    this.#queue.push({ type: TOKEN.TEXT, start, end, text, candidate: undefined });
  }

  #fetchPlain(): void {
    const { at: start, lineStart } = this.#cursor;
    const { text, end, endsLine } = takePlain(this.#cursor, {
      indent: this.#indent + 1,
      inFlow: this.#flowDepth > 0,
    });
    const isWithinLine = this.#cursor.lineStart === lineStart;
    if (isWithinLine && this.#isKeyAllowed && this.#endsKey(start)) {
      this.#fetchPair(start, end, text);
      return;
    }
    const candidate = this.#saveCandidate(start, lineStart);
    this.#isKeyAllowed = endsLine;
    this.#queue.push({ type: TOKEN.PLAIN, start, end, text, candidate });
  }

  /** Whether the cursor is at the colon of a key that starts at a position. */
  #endsKey(start: number): boolean {
    const { text, at } = this.#cursor;
    const isColon = text.charCodeAt(at) === COLON && at - start < KEY_LENGTH;
    return isColon && isBlankOrEnd(this.#cursor, text.charCodeAt(at + 1));
  }

  /** A key with its colon. Most keys are read here, and nothing has to wait in the queue. */
  #fetchPair(start: number, end: number, text: string): void {
    this.#dropCandidate();
    this.#roll(start, TOKEN.BLOCK_MAP);
    this.#insert(TOKEN.KEY, start, this.#queue.length);
    this.#queue.push({ type: TOKEN.PLAIN, start, end, text, candidate: undefined });
    this.#isKeyAllowed = false;
    this.#add(TOKEN.VALUE, 1);
  }

  #requireKeyAllowed(reason: string): void {
    if (!this.#isKeyAllowed) throw new ReadingError(reason, this.#cursor.at);
  }

  /** Opens a block collection at a position, if it is indented deeper than the current one. */
  #roll(position: number, type: TokenType, index = this.#queue.length): void {
    const column = this.#flowDepth > 0 ? -1 : this.#column(position);
    if (this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    this.#insert(type, position, index);
  }

  #insert(type: TokenType, start: number, index: number): void {
    const token: Token = { type, start, end: start, text: '', candidate: undefined };
    if (index === this.#queue.length) this.#queue.push(token);
    else this.#queue.splice(index, 0, token);
  }

  /** Closes the block collections that are indented deeper than a column. */
  #unroll(column: number): void {
    if (this.#flowDepth > 0) return;
    while (this.#indent > column) {
      this.#add(TOKEN.BLOCK_END, 0);
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  #saveCandidate(
    start = this.#cursor.at,
    lineStart = this.#cursor.lineStart,
  ): KeyCandidate | undefined {
    if (!this.#isKeyAllowed) return undefined;
    this.#dropCandidate();
    const candidate: KeyCandidate = {
      isPossible: true,
      isRequired: this.#flowDepth === 0 && this.#indent === this.#column(start, lineStart),
      number: this.#taken + this.#queue.length - this.#head,
      start,
      lineStart,
    };
    this.#candidates[this.#flowDepth] = candidate;
    return candidate;
  }

  #dropCandidate(): void {
    const candidate = this.#candidates[this.#flowDepth];
    if (candidate === undefined || !candidate.isPossible) return;
    this.#requireOptional(candidate);
    candidate.isPossible = false;
  }

  /** Whether a candidate can still be a key: its colon must be on its line, within 1024 characters. */
  #isValid(candidate: KeyCandidate): boolean {
    if (!candidate.isPossible) return false;
    const { isJson, at, lineStart } = this.#cursor;
    const { start } = candidate;
    if (isJson) return true;
    if (candidate.lineStart === lineStart && this.#isWithin(start, at)) return true;
    this.#requireOptional(candidate);
    candidate.isPossible = false;
    return false;
  }

  #isWithin(start: number, end: number): boolean {
    const length = end - start;
    if (length <= KEY_LENGTH) return true;
    // Some characters are two UTF-16 units.
    if (!this.#isAstral || length > 2 * KEY_LENGTH) return false;
    return [...this.#cursor.text.slice(start, end)].length <= KEY_LENGTH;
  }

  #requireOptional({ isRequired, start }: KeyCandidate): void {
    if (isRequired) throw new ReadingError("expected ':' after this key: add it", start);
  }
}
