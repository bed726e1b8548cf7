import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';

/** Takes the text of a list as it arrives. */
export interface ItemReader {
  readonly add: (chunk: Uint8Array) => void;
  /** What is wrong with the whole; undefined if it was a list, to its end. */
  readonly end: () => string | undefined;
}

/** Items are two levels below the text: in a sequence, in the object around it. */
const ITEM_DEPTH = 2;

/**
 * Makes a reader that parses the items of a list one by one, so that no more than one of them is in memory.
 *
 * @param take gets each item.
 */
export function itemReader(take: (item: JsonObject) => void): ItemReader {
  const decoder = new TextDecoder();
  const levels = scanner();
  // What is left of the list without its items, each of which a 0 stands for.
  let frame = '';
  let item = '';
  let isMalformed = false;
  const close = () => {
    const value = parsed(item);
    if (isMap(value)) take(value);
    else isMalformed = true;
    frame += '0';
    item = '';
  };
  return {
    add: (chunk) => {
      let from = 0;
      for (let at = 0; at < chunk.length; at += 1) {
        const edge = levels.next(chunk[at] ?? 0);
        if (edge === 'none') continue;
        const to = edge === 'start' ? at : at + 1;
        const text = decoder.decode(chunk.subarray(from, to), { stream: true });
        from = to;
        if (edge === 'start') frame += text;
        else {
          item += text;
          close();
        }
      }
      const rest = decoder.decode(chunk.subarray(from), { stream: true });
      if (levels.isInItem()) item += rest;
      else frame += rest;
    },
    end: () => (isMalformed ? NOT_OBJECTS : wrongWith(parsed(frame))),
  };
}

/** Whether a byte starts or ends an item. */
type Edge = 'none' | 'start' | 'end';

const CODES = { quote: 0x22, backslash: 0x5c, list: 0x5b, endList: 0x5d, map: 0x7b, endMap: 0x7d };

function scanner(): {
  readonly next: (byte: number) => Edge;
  readonly isInItem: () => boolean;
} {
  let depth = 0;
  let isText = false;
  let isEscaped = false;
  // Whether what is open one level below the root is a sequence.
  let isListed = false;
  const open = (byte: number): Edge => {
    depth += 1;
    if (depth === ITEM_DEPTH) isListed = byte === CODES.list;
    return isListed && depth === ITEM_DEPTH + 1 ? 'start' : 'none';
  };
  const close = (): Edge => {
    depth -= 1;
    return isListed && depth === ITEM_DEPTH ? 'end' : 'none';
  };
  const inText = (byte: number): Edge => {
    if (isEscaped) isEscaped = false;
    else if (byte === CODES.backslash) isEscaped = true;
    else if (byte === CODES.quote) isText = false;
    return 'none';
  };
  const outside = (byte: number): Edge => {
    if (byte === CODES.quote) isText = true;
    if (byte === CODES.map || byte === CODES.list) return open(byte);
    return byte === CODES.endMap || byte === CODES.endList ? close() : 'none';
  };
  return {
    next: (byte) => (isText ? inText(byte) : outside(byte)),
    isInItem: () => isListed && depth > ITEM_DEPTH,
  };
}

const NOT_OBJECTS = 'kubectl printed a list with something in it that is not an object';

function wrongWith(frame: JsonValue | undefined): string | undefined {
  if (frame === undefined) return 'what kubectl printed is not JSON, or was cut short';
  if (!isMap(frame) || !Array.isArray(frame['items'])) return 'kubectl printed no list';
  const { items, ...others } = frame;
  if (isPage(others['metadata'])) return 'kubectl printed one page of a list, and not the rest';
  if (Object.values(others).some(Array.isArray)) return 'kubectl printed no list';
  return items.every((item: JsonValue) => item === 0) ? undefined : NOT_OBJECTS;
}

/** Whether the API server has more: kubectl asks for it by itself, and leaves no token. */
function isPage(metadata: JsonValue | undefined): boolean {
  const { continue: token = '', remainingItemCount: rest = 0 } = isMap(metadata) ? metadata : {};
  return token !== '' || rest !== 0;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
