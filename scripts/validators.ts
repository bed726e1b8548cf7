import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { ROOT } from './tools.ts';

/** The committed file of the validators. */
export const VALIDATORS = join(ROOT, 'src', 'schema', 'validate.generated.js');

/** The schemas of the files that people write for Bulkhead, by the name of their validator. */
const SCHEMAS = {
  validateProfile: 'profiles/profile.schema.json',
  validateConfig: 'docs/config.schema.json',
  validateBaseline: 'docs/baseline.schema.json',
};

const COMMAND = 'npx tsx scripts/validators.ts';
const MARK = `// GENERATED from ${Object.values(SCHEMAS).join(', ')} by \`${COMMAND}\`; do not edit.\n`;

/** The source of the validators, generated from their JSON Schemas. It imports nothing. */
export async function validators(): Promise<string> {
  const schemas = Object.entries(SCHEMAS).map(([name, path]) => ({
    name,
    schema: JSON.parse(readFileSync(join(ROOT, path), 'utf8')),
  }));
  const ajv = new Ajv({
    allErrors: true,
    allowUnionTypes: true,
    // Errors contain the part of the schema that was violated.
    verbose: true,
    schemas: schemas.map(({ schema }) => schema),
    code: { source: true, esm: true },
  });
  const ids = Object.fromEntries(schemas.map(({ name, schema }) => [name, schema.$id]));
  const code = standaloneCode.default(ajv, ids);
  // ajv requires its own helpers: they are bundled.
  const bundled = await build({
    stdin: { contents: code, resolveDir: ROOT },
    bundle: true,
    format: 'esm',
    minify: true,
    write: false,
  });
  return MARK + (bundled.outputFiles[0]?.text ?? '');
}

if (process.argv[1] === import.meta.filename) writeFileSync(VALIDATORS, await validators());
