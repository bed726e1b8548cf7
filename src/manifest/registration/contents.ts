import { Inflate } from 'pako';

/** The text of a file that is written in another one, or why it cannot be read. */
export type Content =
  | { readonly text: string; readonly isAsWritten: boolean }
  | { readonly unreadable: string };

/** More than any file of a machine's configuration has; a few bytes can expand to as many as one likes. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Returns a text that is written with an encoding of cloud-init or Cluster API. */
export function decoded(written: string, encoding: string): Content {
  const parts = new Set(encoding.toLowerCase().split('+'));
  const isBase64 = parts.delete('base64') || parts.delete('b64');
  const isCompressed = parts.delete('gzip') || parts.delete('gz');
  parts.delete('text/plain');
  parts.delete('');
  if (parts.size > 0) return { unreadable: `its encoding ${encoding} is not known` };
  if (!isBase64 && !isCompressed) return { text: written, isAsWritten: true };
  return isBase64
    ? textOf(fromBase64(written), isCompressed)
    : { unreadable: 'it is compressed, and not base64' };
}

/** Returns the text of a URL, if it has it in itself (RFC 2397). */
export function fromUrl(url: string, compression: string): Content {
  const found = /^data:([^,]*?)(;base64)?,([\s\S]*)$/i.exec(url);
  if (found === null) return { unreadable: `it is at ${url}` };
  const [, , base64, data = ''] = found;
  const bytes = base64 === undefined ? fromPercent(data) : fromBase64(fromPercentText(data));
  return textOf(bytes, /^gz(?:ip)?$/.test(compression));
}

function textOf(bytes: Uint8Array | undefined, isCompressed: boolean): Content {
  if (bytes === undefined) return { unreadable: 'it is not base64' };
  try {
    const plain = isCompressed ? gunzipped(bytes) : bytes;
    const text = new TextDecoder('utf-8', { fatal: true }).decode(plain);
    return { text, isAsWritten: false };
  } catch {
    return { unreadable: isCompressed ? 'it cannot be decompressed' : 'it is not text' };
  }
}

/** @throws Error if it is no gzip, is broken, or expands to more than any file has. */
function gunzipped(bytes: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const inflate = new Inflate({ windowBits: GZIP_ONLY });
  inflate.onData = (chunk) => {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error('it expands to too much');
    chunks.push(chunk);
  };
  inflate.push(bytes, true);
  if (inflate.err !== 0 || !inflate.ended) throw new Error(inflate.msg);
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** zlib's window of 15 bits, and 16 for a gzip header and checksum. */
const GZIP_ONLY = 31;

function fromBase64(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(/\s/g, '').replaceAll('-', '+').replaceAll('_', '/');
  try {
    return Uint8Array.from(atob(digits), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** The bytes of a text in which `%41` stands for one. */
function fromPercent(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (!text.includes('%')) return bytes;
  const plain: number[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const digits = String.fromCharCode(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0);
    if (bytes[at] === PERCENT && /^[0-9a-f]{2}$/i.test(digits)) {
      plain.push(Number.parseInt(digits, 16));
      at += 2;
    } else plain.push(bytes[at] ?? 0);
  }
  return Uint8Array.from(plain);
}

const PERCENT = 0x25;

function fromPercentText(text: string): string {
  return text.includes('%') ? new TextDecoder().decode(fromPercent(text)) : text;
}
