import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { parseAllDocuments } from 'yaml';
import { readManifest } from '../src/manifest/read.ts';

// A process of bench/reader.ts: one reader reads every file of a directory once.

const READERS: Readonly<Record<string, (bytes: Uint8Array) => number>> = {
  bulkhead: (bytes) => {
    const { documents, errors: unread, others } = readManifest('f.yaml', bytes);
    const errors = [...unread, ...others.map(({ error }) => error)];
    return documents.length + errors.length;
  },
  yaml: (bytes) => {
    const documents = parseAllDocuments(new TextDecoder().decode(bytes));
    return documents.map((document) => document.toJS()).length;
  },
  'js-yaml': (bytes) => loadAll(new TextDecoder().decode(bytes)).length,
};

const [, , name = '', directory = ''] = process.argv;
const read = READERS[name];
if (read === undefined) throw new Error(`unknown reader ${name}`);
const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => readFileSync(join(directory, file)));
const start = performance.now();
let documents = 0;
for (const file of files) documents += read(file);
const ms = performance.now() - start;
const bytes = files.reduce((sum, file) => sum + file.length, 0);
process.stdout.write(JSON.stringify({ ms, documents, bytes }));
