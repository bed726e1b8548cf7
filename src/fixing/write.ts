import type { Path } from '../errors.ts';
import type { Node } from '../goyaml/node.ts';
import { TOKEN } from '../goyaml/token.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import type { Edit } from '../report/report.ts';
import { addItem, addPair, emptyMap, fillItem, fillPair, removeItem, removePair } from './block.ts';
import { addMember, flowValue, removeMember } from './flow.ts';
import {
  child,
  flowStyleOf,
  type Holder,
  holdersOf,
  isCollection,
  isEmpty,
  isFlow,
  type Written,
} from './place.ts';
import type { TextEdit } from './text-edit.ts';
import { flowText, isFlat, stringLike } from './written.ts';

/** An edit of a text, and what it does to the value: of a list that would be empty, its key goes as well. */
export interface WrittenEdit {
  readonly text: TextEdit;
  readonly edit: Edit;
}

/** The collection that an edit changes, the step in it, and what is around it. */
interface At {
  readonly written: Written;
  readonly path: Path;
  readonly holder: Node;
  readonly step: string | number;
  /** From the inside out, the holder first. */
  readonly holders: readonly Holder[];
}

/**
 * Returns one contiguous edit of a text for an edit of its value; undefined if there is none that leaves the rest as it
 * is. What is returned may still be wrong for a text that is written in an unusual way: read it again and compare.
 */
export function writtenEdit(written: Written, edit: Edit): WrittenEdit | undefined {
  const at = placeOf(written, edit.path);
  if (at === undefined) return undefined;
  if (edit.op === 'remove') return removal(at);
  const text = edit.op === 'set' ? replacement(at, edit.value) : addition(at, edit.value);
  return text && { text, edit };
}

function placeOf(written: Written, path: Path): At | undefined {
  const holders = holdersOf(written.root, path);
  const holder = holders?.[0];
  return holders && holder && { written, path, holder: holder.node, step: holder.step, holders };
}

function removal(at: At): WrittenEdit | undefined {
  const { written, holder, path } = at;
  if (holder.items?.length === 1) {
    const list = placeOf(written, path.slice(0, -1));
    return typeof list?.step === 'string' ? removal(list) : undefined;
  }
  if (holder.entries?.size === 1) return emptied(at);
  const text = isFlow(written, holder) ? removedMember(at) : removedLines(at);
  return text && { text, edit: { op: 'remove', path } };
}

/** The last entry of a mapping leaves `{}`: without the mapping, a default could take its place. */
function emptied({ written, holder, holders, path }: At): WrittenEdit | undefined {
  const [, around] = holders;
  if (around === undefined) return undefined;
  const { node, step } = around;
  const entry = typeof step === 'string' ? node.entries?.get(step) : undefined;
  const isWhole = isFlow(written, holder) || entry === undefined;
  const text = emptyMap(written, holder, isWhole ? undefined : entry);
  return text && { text, edit: { op: 'set', path: path.slice(0, -1), value: {} } };
}

function removedMember({ written, holder, step }: At): TextEdit | undefined {
  const start =
    typeof step === 'number' ? holder.items?.[step]?.start : holder.entries?.get(step)?.key.start;
  return start === undefined ? undefined : removeMember(written, holder, start);
}

function removedLines({ written, holder, step }: At): TextEdit | undefined {
  if (typeof step === 'number') return removeItem(written, holder, step);
  const entry = holder.entries?.get(step);
  return entry && removePair(written, holder, entry);
}

function replacement(at: At, value: JsonValue): TextEdit | undefined {
  const { written, holder, step } = at;
  const node = child(holder, step);
  if (node === undefined) return undefined;
  if (!isEmpty(node)) return isFlat(value) ? replacedScalar(at, node, value) : undefined;
  if (isFlow(written, holder)) return replacedInFlow(at, node, value);
  if (typeof step === 'number') return fillItem(written, holder, node, value);
  const entry = holder.entries?.get(step);
  return entry && fillPair(written, entry, value);
}

function replacedScalar(
  { written, holder, holders }: At,
  node: Node,
  value: JsonValue,
): TextEdit | undefined {
  const { start, end, token } = node;
  const old = written.text.slice(start, end);
  // What a tag is about is not one token, and a text in a block has lines of its own.
  const isBlock = token?.type === TOKEN.TEXT && /^[|>]/.test(old);
  if (isCollection(node) || token === undefined || isBlock) return undefined;
  const style = flowStyleOf(written, holders);
  const isQuoted = style.isQuoted && isFlow(written, holder);
  const text =
    typeof value === 'string' && !isQuoted ? stringLike(value, old) : flowText(value, style);
  return { start, end, text };
}

function replacedInFlow(
  { written, holder, holders }: At,
  node: Node,
  value: JsonValue,
): TextEdit | undefined {
  // A key without a value has no place for one.
  const isNothing =
    holder.entries !== undefined && !/^(?:null|~|\{|\[)/i.test(written.text.slice(node.start));
  if (isNothing) return undefined;
  const style = flowStyleOf(written, holders);
  return {
    start: node.start,
    end: node.end,
    text: flowValue(written, { offset: node.start, value, style }),
  };
}

function addition(at: At, value: JsonValue): TextEdit | undefined {
  const { written, path, holder, step, holders } = at;
  if (isEmpty(holder)) {
    const around = placeOf(written, path.slice(0, -1));
    const whole = typeof step === 'number' ? [value] : { [step]: value };
    return around && replacement(around, whole);
  }
  if (isFlow(written, holder)) {
    const style = flowStyleOf(written, holders);
    const named = typeof step === 'string' ? { key: step, value, style } : { value, style };
    return addMember(written, holder, named);
  }
  return typeof step === 'number'
    ? addItem(written, holder, value)
    : addPair(written, holder, [step, value]);
}
