import {
  type Cursor,
  isBlankOrEnd,
  isBreak,
  isDocumentMark,
  skipLine,
  takeBreak,
} from './cursor.ts';
import { Refusal } from './refusal.ts';
import { takeBlock, takePlain, takeQuoted } from './scalar-text.ts';
import { type KeyCandidate, TOKEN, type Token, type TokenType } from './token.ts';

const DASH = 0x2d;
const COLON = 0x3a;
const QUESTION_MARK = 0x3f;

/** A key has its colon within this many characters of its start. */
const KEY_LENGTH = 1024;

/**
 * Cuts a document into tokens, by the rules of Kubernetes' YAML library (go.yaml.in/yaml/v2
 * scannerc.go): what a line means depends on the indentation of those around it, on the brackets that
 * are open, and on whether a key may stand where it is.
 *
 * A KEY comes to light only at its colon, so that tokens wait in a queue while the first of them may
 * be a key.
 */
export class Scanner {
  readonly #cursor: Cursor;
  /** Whether an astral character makes columns differ from UTF-16 units. */
  readonly #isAstral: boolean;
  #queue: Token[] = [];
  #head = 0;
  /** How many tokens were taken from the queue. */
  #taken = 0;
  /** The indentation of the innermost block collection, -1 outside of all, and those around it. */
  #indent = -1;
  readonly #indents: number[] = [];
  #isKeyAllowed = true;
  /** The candidate of each open flow collection, after that of the block around them. */
  readonly #candidates: (KeyCandidate | undefined)[] = [undefined];
  /** The next token, once it is sure that it is no key. */
  #current: Token | undefined;

  constructor(text: string, isJson: boolean) {
    this.#cursor = { text, isJson, at: 0, lineStart: 0 };
    this.#isAstral = /[\ud800-\udbff]/.test(text);
  }

  /** The next token, which stays. */
  peek(): Token {
    this.#current ??= this.#surest();
    return this.#current;
  }

  /** The next token, which is then behind. */
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

  /** The first token, read on as long as it may turn out to be a key. */
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
      throw new Refusal('Kubernetes takes no % at the start of a line: quote it', cursor.at);
    } else if (isDocumentMark(cursor)) this.#fetchDocumentMark();
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

  /** Fetches what starts with a sign that no plain scalar starts with; false if none stands here. */
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
    else if ('|>%@`\t'.includes(sign)) this.#refuseStart(sign);
    else return false;
    return true;
  }

  #refuseStart(sign: string): never {
    const reason =
      sign === '\t'
        ? 'a tab may not indent: write blanks'
        : `no value may start with ${sign} here: quote it`;
    throw new Refusal(reason, this.#cursor.at);
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

  /** Adds a sign of some length and moves behind it. */
  #add(type: TokenType, length: number, candidate?: KeyCandidate): void {
    const start = this.#cursor.at;
    this.#cursor.at += length;
    this.#queue.push({ type, start, end: start + length, text: '', candidate });
  }

  #fetchEnd(): void {
    this.#endContent();
    this.#add(TOKEN.STREAM_END, 0);
  }

  #fetchDocumentMark(): void {
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
    // No key of JSON is a collection; to wait for a colon after one would be to read it all first.
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
      this.#demandKeyAllowed('no item of a list may start here: put the dash on a line of its own');
      this.#roll(this.#cursor.at, TOKEN.BLOCK_LIST);
    }
    this.#dropCandidate();
    this.#isKeyAllowed = true;
    this.#add(TOKEN.BLOCK_ENTRY, 1);
  }

  #fetchKey(): void {
    if (this.#flowDepth === 0) {
      this.#demandKeyAllowed('no key may start here: put it on a line of its own');
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
        this.#demandKeyAllowed('no colon may stand here: mend the indentation, or quote the value');
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
      throw new Refusal(`${sign} has a name of letters, digits, - and _: quote the value`, at);
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

  /** Whether the colon of a key that starts at a position stands here. */
  #endsKey(start: number): boolean {
    const { text, at } = this.#cursor;
    const isColon = text.charCodeAt(at) === COLON && at - start < KEY_LENGTH;
    return isColon && isBlankOrEnd(this.#cursor, text.charCodeAt(at + 1));
  }

  /** A key with its colon: by far most keys, for which nothing has to wait in the queue. */
  #fetchPair(start: number, end: number, text: string): void {
    this.#dropCandidate();
    this.#roll(start, TOKEN.BLOCK_MAP);
    this.#insert(TOKEN.KEY, start, this.#queue.length);
    this.#queue.push({ type: TOKEN.PLAIN, start, end, text, candidate: undefined });
    this.#isKeyAllowed = false;
    this.#add(TOKEN.VALUE, 1);
  }

  #demandKeyAllowed(reason: string): void {
    if (!this.#isKeyAllowed) throw new Refusal(reason, this.#cursor.at);
  }

  /** Opens a block collection at a position, if that is deeper than the one it would be in. */
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

  /** Closes the block collections that are deeper than a column. */
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
    this.#demandOptional(candidate);
    candidate.isPossible = false;
  }

  /** Whether a candidate can still be a key: it can't once the line or 1024 characters are behind. */
  #isValid(candidate: KeyCandidate): boolean {
    if (!candidate.isPossible) return false;
    const { isJson, at, lineStart } = this.#cursor;
    const { start } = candidate;
    if (isJson) return true;
    if (candidate.lineStart === lineStart && this.#isWithin(start, at)) return true;
    this.#demandOptional(candidate);
    candidate.isPossible = false;
    return false;
  }

  #isWithin(start: number, end: number): boolean {
    const length = end - start;
    if (length <= KEY_LENGTH) return true;
    // An astral character is two UTF-16 units.
    if (!this.#isAstral || length > 2 * KEY_LENGTH) return false;
    return [...this.#cursor.text.slice(start, end)].length <= KEY_LENGTH;
  }

  #demandOptional({ isRequired, start }: KeyCandidate): void {
    if (isRequired) throw new Refusal('this key has no colon: write one after it', start);
  }
}
