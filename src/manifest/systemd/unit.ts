import { addPair, mapBuilder, mapNode } from '../../goyaml/map.ts';
import { listNode, type Node } from '../../goyaml/node.ts';
import type { Span } from '../../goyaml/token.ts';
import { isArguments } from './names.ts';
import { changesNodes, startsNode } from './node-commands.ts';
import { readArguments, readUnit, type Unit } from './unit-file.ts';
import { textsOf, type Word } from './unit-words.ts';

/**
 * Reads a systemd unit into an object that policies can check like any other: the command lines of
 * ExecStart=, with the variables of Environment= replaced. A unit that starts nothing by which nodes register,
 * and changes no taints or labels of nodes, becomes an empty mapping.
 *
 * @throws ReadingError for an unterminated quote.
 */
export function parseUnit(name: string, text: string): Node {
  const unit = isArguments(name) ? readArguments(text) : readUnit(text);
  const end = text.trimEnd().length;
  if (!isAboutNodes(unit)) return mapOf([], end);
  return unitNode(
    { kind: isArguments(name) ? 'KubeletArguments' : 'SystemdUnit', name },
    unit,
    end,
  );
}

function isAboutNodes({ commands }: Unit): boolean {
  return commands.map(textsOf).some((words) => startsNode(words) || changesNodes(words));
}

function unitNode(
  { kind, name }: { readonly kind: string; readonly name: string },
  { commands, variables, environmentFiles }: Unit,
  end: number,
): Node {
  const pairs: readonly (readonly [string, Node])[] = [
    ['apiVersion', scalar('bulkhead.dev/v1', NOWHERE)],
    ['kind', scalar(kind, NOWHERE)],
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
