import { addPair, mapBuilder, mapNode } from '../../goyaml/map.ts';
import { listNode, type Node } from '../../goyaml/node.ts';
import type { Span } from '../../goyaml/token.ts';
import { readUnit, type Unit } from './unit-file.ts';
import type { Word } from './unit-words.ts';

const UNIT_NAME = /(?:[^/]+\.service\.d\/)?[^/]+\.conf$|[^/]+\.service$/;

/** Whether a file is a systemd unit or drop-in, by its name. */
export function isUnit(file: string): boolean {
  return /\.service$|\.service\.d\/[^/]+\.conf$/.test(file);
}

/** Whether a file is the unit of a kubelet, by its name. In directories, only these are read. */
export function isKubeletUnit(file: string): boolean {
  return isUnit(file) && /^kubelet[^/]*\.service/.test(unitName(file));
}

/** The name of a unit: that of its file, for a drop-in with its directory. */
export function unitName(file: string): string {
  return UNIT_NAME.exec(file)?.[0] ?? file;
}

/**
 * Reads a systemd unit into an object that policies can check like any other: the command lines of
 * ExecStart=, with the variables of Environment= replaced. A unit that does not start a kubelet becomes
 * an empty mapping.
 *
 * @throws ReadingError for an unterminated quote.
 */
export function parseUnit(name: string, text: string): Node {
  const unit = readUnit(text);
  const end = text.trimEnd().length;
  return startsKubelet(unit) ? unitNode(name, unit, end) : mapOf([], end);
}

function startsKubelet({ commands }: Unit): boolean {
  return commands.some((command) =>
    command.some((word) => /kubelet|register[-_]with[-_]taints/.test(word.text)),
  );
}

function unitNode(
  name: string,
  { commands, variables, environmentFiles }: Unit,
  end: number,
): Node {
  const pairs: readonly (readonly [string, Node])[] = [
    ['apiVersion', scalar('bulkhead.dev/v1', NOWHERE)],
    ['kind', scalar('SystemdUnit', NOWHERE)],
    ['metadata', mapOf([['name', scalar(name, NOWHERE)]], 0)],
    ['execStart', list(commands.map(wordList))],
    ['variables', wordList(variables)],
    ['environmentFiles', wordList(environmentFiles)],
  ];
  return mapOf(pairs, end);
}

/** The span of what is not written in the unit. */
const NOWHERE: Span = { start: 0, end: 0 };

function wordList(words: readonly Word[]): Node {
  return list(words.map((word) => scalar(word.text, word)));
}

/** A sequence from its first word on. Variables in it can be set before and after. */
function list(items: readonly Node[]): Node {
  const [{ start } = NOWHERE] = items;
  return listNode(items, { start, end: Math.max(start, ...items.map(({ end }) => end)) });
}

function scalar(value: string, { start, end }: Span): Node {
  return { value, start, end, size: 1, entries: undefined, items: undefined, token: undefined };
}

/** A key that is not written is where its value is. */
function mapOf(pairs: readonly (readonly [string, Node])[], end: number): Node {
  const map = mapBuilder(pairs[0]?.[1].start ?? 0);
  for (const [text, node] of pairs) {
    addPair(map, { text, kind: 'a string', start: node.start, end: node.end }, node);
  }
  return mapNode(map, end);
}
