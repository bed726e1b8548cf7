import { isEqual } from '../rendered/counterpart.ts';
import type { FoundFix, Hunk } from '../report/fixes.ts';
import type { Candidate } from './candidates.ts';
import { grouped } from './grouped.ts';
import { hunkOf } from './hunk.ts';
import { type SourceFile, sourceFile, withText } from './source-file.ts';
import { edited, type TextEdit } from './text-edit.ts';
import { withEdits } from './values.ts';

/** Files with the edits that were made of them so far. */
export interface Changes {
  /** The file as it is now; undefined if it cannot be edited. */
  readonly fileOf: (name: string) => SourceFile | undefined;
  /** The bytes of the files that differ from what they were, by name. */
  readonly changed: () => ReadonlyMap<string, Uint8Array>;
  /**
   * The files with the edits of candidates, of which no two are for one object; undefined if more of a file's values would
   * change than the edits say.
   */
  readonly with: (
    candidates: readonly Candidate[],
  ) => { readonly changes: Changes; readonly fixes: readonly FoundFix[] } | undefined;
}

/** A file, and which line of the original each of its lines is. */
interface Tracked {
  readonly file: SourceFile;
  readonly lines: readonly number[];
}

/** Starts with files as they are. */
export function sourcesOf(files: ReadonlyMap<string, Uint8Array>): Changes {
  const read = new Map<string, SourceFile | undefined>();
  const original = (name: string): SourceFile | undefined => {
    const bytes = files.get(name);
    if (!read.has(name)) read.set(name, bytes && sourceFile(name, bytes));
    return read.get(name);
  };
  return changesOf(original, new Map());
}

function changesOf(
  original: (name: string) => SourceFile | undefined,
  changed: ReadonlyMap<string, Tracked>,
): Changes {
  const trackedOf = (file: SourceFile): Tracked =>
    changed.get(file.name) ?? { file, lines: file.text.split('\n').map((_, index) => index + 1) };
  return {
    fileOf: (name) => changed.get(name)?.file ?? original(name),
    changed: () => new Map([...changed].map(([name, { file }]) => [name, file.bytes])),
    with: (candidates) => {
      const next = new Map(changed);
      const fixes: FoundFix[] = [];
      for (const [file, own] of grouped(candidates, (candidate) => candidate.file)) {
        const made = applied(trackedOf(file), own);
        if (made === undefined) return undefined;
        next.set(file.name, made.tracked);
        fixes.push(...made.fixes);
      }
      return { changes: changesOf(original, next), fixes };
    },
  };
}

interface Applied {
  readonly tracked: Tracked;
  readonly fixes: readonly FoundFix[];
}

/** Applies the candidates of a file from the last to the first, so that the places of the others stay. */
function applied(
  { file, lines: before }: Tracked,
  candidates: readonly Candidate[],
): Applied | undefined {
  const lines = [...before];
  const fixes: FoundFix[] = [];
  let { text } = file;
  for (const candidate of candidates.toSorted((a, b) => startOf(b) - startOf(a))) {
    const hunks: Hunk[] = [];
    for (const edit of candidate.texts) {
      const moved = inFile(edit, candidate);
      hunks.push(tracked(hunkOf(text, moved), lines));
      text = edited(text, moved);
    }
    hunks.sort((a, b) => a.line - b.line);
    fixes.push({ file: file.name, hunks, findings: candidate.findings });
  }
  const made = withText(file, text);
  const isSound = made !== undefined && hasOnly(candidates, file, made);
  return isSound ? { tracked: { file: made, lines }, fixes } : undefined;
}

function startOf(candidate: Candidate): number {
  const [first] = candidate.texts;
  return first === undefined ? 0 : inFile(first, candidate).start;
}

/** An edit of a document, as one of its file. */
function inFile({ start, end, text }: TextEdit, { document: { chunk } }: Candidate): TextEdit {
  return { start: start + chunk.start, end: end + chunk.start, text };
}

/** A hunk with the lines of the original, and the lines that it makes. */
function tracked({ line, removed, added }: Hunk, lines: number[]): Hunk {
  const original = lines[line - 1] ?? (lines.at(-1) ?? 0) + 1;
  lines.splice(line - 1, removed.length, ...added.map(() => original));
  return { line: original, removed, added };
}

/** Whether a file has the values of another one with the edits of candidates, and no others. */
function hasOnly(candidates: readonly Candidate[], before: SourceFile, after: SourceFile): boolean {
  const own = grouped(candidates, ({ document }) => document.index);
  return (
    after.unread === before.unread &&
    after.documents.length === before.documents.length &&
    before.documents.every(({ index, value }, at) => {
      const edits = (own.get(index) ?? []).flatMap((candidate) => candidate.edits);
      const expected = edits.length === 0 ? value : withEdits(value, edits);
      return expected !== undefined && isEqual(after.documents[at]?.value, expected);
    })
  );
}
