import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Looking } from './io.ts';

/** What no program renders: hidden names, dependencies, and what editors write beside a file. */
const IGNORED = /^[.#]|~$|^node_modules$/;

/** Looks at all that is in a directory that another program reads. */
export function lookBelow(path: string, looking: Looking | undefined): void {
  if (looking === undefined) return;
  looking.at(path);
  lookInto(path, looking);
}

function lookInto(directory: string, looking: Looking): void {
  looking.into(directory, isSeen);
  for (const entry of entriesOf(directory)) {
    if (!isSeen(entry.name)) continue;
    const path = join(directory, entry.name);
    if (entry.isDirectory()) lookInto(path, looking);
    else looking.at(path);
  }
}

function isSeen(name: string): boolean {
  return !IGNORED.test(name);
}

function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return []; // that it cannot be read is the error of its rendering
  }
}
