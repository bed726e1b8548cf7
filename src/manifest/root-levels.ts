/** What is below a line is text, the inside of brackets, or keys and items; or nothing can be there. */
type Opening = 'text' | 'flow' | 'block' | 'nothing';

/** A line that others can be below of, by their indentation. */
interface Level {
  readonly column: number;
  readonly opening: Opening;
  /** The column of the lines right below it, once there is one. */
  inner?: number;
  /** How many brackets are open. */
  brackets: number;
}

/** The lines that the next line can be below of, the outermost first. */
export class Levels {
  readonly #lines: Level[] = [];

  /** Starts again, at the root. */
  clear(): void {
    this.#lines.length = 0;
  }

  /** Adds a line. Returns whether it is certain to be deeper than the root, even if another line is wrong. */
  add(column: number, content: string): boolean {
    while ((this.#lines.at(-1)?.column ?? -1) >= column) this.#lines.pop();
    const parent = this.#lines.at(-1);
    if (parent?.opening === 'text') return true;
    if (parent?.opening === 'flow') return isInBrackets(parent, content);
    const [dash] = /^(?:-\s+)+|^-$/.exec(content) ?? [];
    if (dash !== undefined) {
      this.#addItem(column, dash, content.slice(dash.length));
      // What is in an item is deeper than the root, wherever the item is.
      return true;
    }
    const isDeeper = parent?.opening === 'block' && isAligned(parent, column);
    const value = valueIn(content) ?? (isDeeper ? content : undefined);
    // Without a key, a quote or a bracket at the root may be the end of something.
    this.#push(column, value === undefined ? 'nothing' : openingOf(value), content);
    return isDeeper;
  }

  #addItem(column: number, dash: string, item: string): void {
    const value = valueIn(item);
    const opening = openingOf(item);
    const isScalar = value === undefined && opening !== 'nothing';
    this.#push(column, isScalar ? opening : 'block', item);
    if (value !== undefined) this.#push(column + dash.length, openingOf(value), value);
  }

  #push(column: number, opening: Opening, content: string): void {
    this.#lines.push({ column, opening, brackets: bracketsIn(content) });
  }
}

/** Whether a line has the indentation of the first line right below the same one. */
function isAligned(parent: Level, column: number): boolean {
  parent.inner ??= column;
  return parent.inner === column;
}

function isInBrackets(parent: Level, content: string): boolean {
  const isOpen = parent.brackets > 0;
  parent.brackets += bracketsIn(content);
  return isOpen;
}

function bracketsIn(text: string): number {
  let open = 0;
  for (const bracket of text.match(/[{}[\]]/g) ?? []) open += '{['.includes(bracket) ? 1 : -1;
  return open;
}

/** The value on the line of a key; undefined if the line has no key. */
function valueIn(content: string): string | undefined {
  const quoted = /^(?:[&!][^\s{}[\]"']*\s+)*(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*:(?=\s|$)/.exec(
    content,
  );
  if (quoted !== null) return content.slice(quoted[0].length);
  if (/^(?:[&!][^\s{}[\]"']*\s+)*["'|>{[]/.test(content)) return undefined;
  const colon = content.search(/:(?:\s|$)/);
  return colon < 0 ? undefined : content.slice(colon + 1);
}

function openingOf(value: string): Opening {
  const written = value.replace(/^(?:\s+|[&!][^\s{}[\]"']*(?=\s|$))+/, '');
  if (written === '' || written.startsWith('#')) return 'block';
  if (/^[|>]/.test(written)) return 'text';
  if (/^[{[]/.test(written)) return bracketsIn(written) > 0 ? 'flow' : 'nothing';
  const isOpen = /^(?:"(?:[^"\\]|\\.)*\\?|'(?:[^']|'')*)$/.test(written);
  return isOpen ? 'text' : 'nothing';
}
