import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tool } from '../../scripts/tools.ts';
import { field, list } from '../../scripts/untyped.ts';

/** A part of a Rego file: an operator, a constant, a variable, a call, an expression, a rule. */
export interface RegoNode {
  readonly start: number;
  readonly end: number;
  /** Its source. */
  readonly text: string;
  /** `set`, `array`, `object` and so on; `pair` for an item of an object, `expression` for one of a body. */
  readonly type: string;
  readonly children: readonly RegoNode[];
}

/** The rules of a Rego file that have a name, in their order, as `opa parse` reads them. */
export function rulesNamed(path: string, name: string): readonly RegoNode[] {
  const file = files.get(path) ?? read(path);
  files.set(path, file);
  return file.rules
    .filter((rule) => field(field(rule, 'head'), 'name') === name)
    .flatMap((rule) => nodesIn(rule, file));
}

/** A part and all parts in it, each with the parts around it, the closest first. */
export function partsOf(
  node: RegoNode,
  within: readonly RegoNode[] = [],
): readonly (readonly [RegoNode, readonly RegoNode[]])[] {
  return [[node, within], ...node.children.flatMap((child) => partsOf(child, [node, ...within]))];
}

interface File {
  readonly rules: readonly unknown[];
  readonly source: string;
  /** The offset of each line. */
  readonly lines: readonly number[];
}

const files = new Map<string, File>();

function read(path: string): File {
  const argv = ['parse', '--format', 'json', '--json-include', 'locations', path];
  const printed = execFileSync(tool('opa'), argv, { encoding: 'utf8', maxBuffer: 1 << 26 });
  const source = readFileSync(path, 'utf8');
  const lines = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return { rules: list(field(JSON.parse(printed), 'rules')), source, lines };
}

function nodesIn(value: unknown, file: File): readonly RegoNode[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => nodesIn(item, file));
  const { location, annotations: _, ...parts } = Object.fromEntries(Object.entries(value));
  const children =
    parts['type'] === 'object'
      ? list(parts['value']).map((pair) => pairOf(nodesIn(pair, file), file))
      : Object.values(parts).flatMap((part) => nodesIn(part, file));
  const text = Buffer.from(String(field(location, 'text') ?? ''), 'base64').toString();
  if (text === '') return children;
  const start =
    (file.lines[Number(field(location, 'row')) - 1] ?? 0) + Number(field(location, 'col')) - 1;
  const end = start + text.length;
  // OPA gives a wrong place for text that begins with a parenthesis.
  if (file.source.slice(start, end) !== text) return children;
  const type = 'terms' in parts && 'index' in parts ? 'expression' : String(parts['type']);
  return [{ start, end, text, type, children }];
}

function pairOf(children: readonly RegoNode[], { source }: File): RegoNode {
  const start = Math.min(...children.map((child) => child.start));
  const end = Math.max(...children.map((child) => child.end));
  return { start, end, text: source.slice(start, end), type: 'pair', children };
}
