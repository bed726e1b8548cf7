import { addPair, mapBuilder, mapNode } from '../../goyaml/map.ts';
import { listNode, type Node } from '../../goyaml/node.ts';
import { readUnit, type Unit } from './unit-file.ts';
import type { Word } from './unit-words.ts';

const UNIT_NAME = /(?:[^/]+\.service\.d\/)?[^/]+\.conf$|[^/]+\.service$/;

/** Whether a file is a systemd unit, or a drop-in of one, by its name. */
export function isUnit(file: string): boolean {
  return /\.service$|\.service\.d\/[^/]+\.conf$/.test(file);
}

/** Whether a file is the unit of a kubelet by its name, to be looked for in folders. */
export function isKubeletUnit(file: string): boolean {
  return isUnit(file) && /^kubelet[^/]*\.service/.test(unitName(file));
}

/** The name of a unit: that of its file, for a drop-in with the folder. */
export function unitName(file: string): string {
  return UNIT_NAME.exec(file)?.[0] ?? file;
}

/**
 * Reads a systemd unit into an object that policies judge as they do any other: the command lines of
 * ExecStart=, with the variables of Environment= put in. One that has no kubelet's is an empty map.
 *
 * @throws Refusal for quotes that are not closed.
 */
export function parseUnit(name: string, text: string): Node {
  const unit = readUnit(text);
  return startsKubelet(unit) ? unitNode(name, unit) : mapOf([]);
}

function startsKubelet({ commands }: Unit): boolean {
  return commands.some((command) =>
    command.some((word) => /kubelet|register[-_]with[-_]taints/.test(word.text)),
  );
}

function unitNode(name: string, { commands, variables, environmentFiles }: Unit): Node {
  return mapOf([
    ['apiVersion', scalar('bulkhead.dev/v1', 0)],
    ['kind', scalar('SystemdUnit', 0)],
    ['metadata', mapOf([['name', scalar(name, 0)]])],
    ['execStart', listNode(commands.map(wordList), commands[0]?.[0]?.start ?? 0)],
    ['variables', wordList(variables)],
    ['environmentFiles', wordList(environmentFiles)],
  ]);
}

function wordList(words: readonly Word[]): Node {
  const items = words.map(({ text, start }) => scalar(text, start));
  return listNode(items, words[0]?.start ?? 0);
}

function scalar(value: string, start: number): Node {
  return { value, start, size: 1, entries: undefined, items: undefined, token: undefined };
}

/** Keys that nobody wrote are where their values start. */
function mapOf(pairs: readonly (readonly [string, Node])[]): Node {
  const map = mapBuilder(pairs[0]?.[1].start ?? 0);
  for (const [text, node] of pairs) {
    addPair(map, { text, kind: 'a string', start: node.start }, node);
  }
  return mapNode(map);
}
