import type { Path } from '../errors.ts';
import type { Entry, Node } from '../goyaml/node.ts';
import type { BlockStyle, FlowStyle } from './written.ts';

/** A collection on the way to a value, and the step that leads on. */
export interface Holder {
  readonly node: Node;
  readonly step: string | number;
}

/** A document as it is written. */
export interface Written {
  readonly text: string;
  readonly root: Node;
  readonly isJson: boolean;
  readonly lineBreak: string;
}

/**
 * Returns the collections that lead to the last step of a path, the innermost first; undefined if one of them, or the
 * value, is not written where it counts: an alias and a merge key repeat what is elsewhere.
 */
export function holdersOf(root: Node, path: Path): readonly Holder[] | undefined {
  const holders: Holder[] = [];
  let node: Node | undefined = root;
  for (const step of path) {
    if (node === undefined || !isCollection(node)) return undefined;
    holders.unshift({ node, step });
    if (child(node, step) === undefined) node = undefined;
    else if (!isWritten(node, step)) return undefined;
    else node = child(node, step);
  }
  return holders;
}

/** The value of a collection at a step. */
export function child({ entries, items }: Node, step: string | number): Node | undefined {
  return typeof step === 'number' ? items?.[step] : entries?.get(step)?.node;
}

function isWritten(holder: Node, step: string | number): boolean {
  if (typeof step === 'string') {
    const entry = holder.entries?.get(step);
    return entry !== undefined && isOwn(entry) && entry.node.start >= entry.key.start;
  }
  const [item, before] = [holder.items?.[step], holder.items?.[step - 1]];
  return item !== undefined && item.start >= (before?.end ?? holder.start);
}

/** Whether an entry is one of the mapping itself. A merge adds others, or gives them another value. */
function isOwn({ key, written }: Entry): boolean {
  return key.start === written;
}

/** The entries of a mapping itself, in the order in which they are written. */
export function ownEntries({ entries }: Node): readonly Entry[] {
  return [...(entries?.values() ?? [])].filter(isOwn).sort((a, b) => a.written - b.written);
}

export function isCollection({ entries, items }: Node): boolean {
  return entries !== undefined || items !== undefined;
}

/** Whether a collection is written between brackets. */
export function isFlow({ text }: Written, { start }: Node): boolean {
  return text[start] === '{' || text[start] === '[';
}

/** Whether a value has nothing in it: `{}`, `[]`, null, or no text at all. */
export function isEmpty({ value }: Node): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** The column of a character, from 0 on. */
export function columnOf(text: string, offset: number): number {
  return offset - (offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1);
}

/** How a document indents its collections, by the first that it has. */
export function blockStyleOf(written: Written): BlockStyle {
  const found: { step?: number; isLoose?: boolean } = {};
  lookAt(written, written.root, found);
  return { step: found.step ?? 2, isLoose: found.isLoose ?? false };
}

function lookAt(written: Written, node: Node, found: { step?: number; isLoose?: boolean }): void {
  for (const { key, node: value } of ownEntries(node)) {
    if (found.step !== undefined && found.isLoose !== undefined) return;
    if (!isCollection(value) || value.start < key.start || isFlow(written, value)) continue;
    const { text } = written;
    const indent = columnOf(text, value.start) - columnOf(text, key.start);
    if (value.items !== undefined) found.isLoose ??= indent <= 0;
    else if (indent > 0) found.step ??= indent;
    lookAt(written, value, found);
  }
  for (const item of node.items ?? []) {
    if (item.start >= node.start) lookAt(written, item, found);
  }
}

/** How a document writes what is between brackets, by the keys of a collection, or of what is around it. */
export function flowStyleOf(
  { text, root, isJson }: Written,
  holders: readonly Holder[],
): FlowStyle {
  const keys = [...holders.map(({ node }) => node), root].flatMap((node) =>
    ownEntries(node)
      .slice(0, 1)
      .map(({ key }) => key),
  );
  const [key] = keys;
  const isCompact = /^\{\s*"(?:[^"\\]|\\.)*":\S/.test(text.slice(root.start, root.start + 1000));
  return {
    isQuoted: isJson || (key !== undefined && text[key.start] === '"'),
    isCompact: isCompact && isJson,
  };
}
