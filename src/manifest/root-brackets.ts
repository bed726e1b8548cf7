/** Whether keys at the root of a flow collection are among those that are looked for. */
export type Verdict = 'some' | 'none' | 'unsure';

/** How to read brackets. */
export interface Reading {
  /** JSON, with comments: anything else makes the answer unsure. Otherwise only brackets and keys count. */
  readonly isJson: boolean;
  readonly isSought: (key: string) => boolean;
}

const TOKEN =
  /\s+|"(?:[^"\\\r\n]|\\.)*"|[{}[\],:]|-?\d[\w.+-]*|(?:true|false|null)\b|[^\s"{}[\],:]+/y;
const OF_JSON = /^(?:\s|["{}[\],:\d-]|true$|false$|null$)/;

/** Looks for keys at the root of a text in brackets. */
export function keysInBrackets(text: string, { isJson, isSought }: Reading): Verdict {
  const open: string[] = [];
  let key = '';
  let before = '{';
  let isEnded = false;
  for (const token of tokensOf(text, isJson)) {
    if (isEnded || (isJson && !OF_JSON.test(token))) return 'unsure';
    if (token === ':' && open.length === 1 && key !== '' && isSought(key)) return 'some';
    if (!follow(open, token)) return 'unsure';
    isEnded = open.length === 0;
    // In YAML, all words up to the colon are the key.
    key = isSign(token) || !(isJson || isSign(before)) ? '' : token;
    before = token;
  }
  return isEnded ? 'none' : 'unsure';
}

function isSign(token: string): boolean {
  return /^[{}[\],:]$/.test(token);
}

/** Opens or closes a bracket; false if the closing one does not match. */
function follow(open: string[], token: string): boolean {
  if (token === '{' || token === '[') open.push(token);
  if (token === '}') return open.pop() === '{';
  if (token === ']') return open.pop() === '[';
  return open.length > 0;
}

/** The words, strings and signs of a text, without white space and, in JSON, comments. A lost sign is a token. */
function* tokensOf(text: string, isJson: boolean): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const comment = isJson ? commentEnd(text, at) : at;
    if (comment > at) {
      at = comment;
      continue;
    }
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0] ?? text.charAt(at);
    at += token.length;
    if (token.trim() !== '') yield token;
  }
}

/** The end of a comment of JSON; the position if there is none. */
function commentEnd(text: string, at: number): number {
  if (text.startsWith('//', at)) {
    const end = /[^\r\n]*/y;
    end.lastIndex = at;
    end.test(text);
    return end.lastIndex;
  }
  return text.startsWith('/*', at) ? text.indexOf('*/', at + 2) + 2 : at;
}
