import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { ROOT } from './tools.ts';

/** The committed file of the validator. */
export const VALIDATOR = join(ROOT, 'src', 'profile', 'validate.generated.js');

const COMMAND = 'npx tsx scripts/profile-validator.ts';
const MARK = `// GENERATED from profiles/profile.schema.json by \`${COMMAND}\`; do not edit.\n`;

/** The source of a validator of profiles, generated from their JSON Schema. It imports nothing. */
export async function profileValidator(): Promise<string> {
  const schema = JSON.parse(readFileSync(join(ROOT, 'profiles', 'profile.schema.json'), 'utf8'));
  const ajv = new Ajv({
    allErrors: true,
    allowUnionTypes: true,
    // Errors contain the part of the schema that was violated.
    verbose: true,
    schemas: [schema],
    code: { source: true, esm: true },
  });
  const code = standaloneCode.default(ajv, { validate: schema.$id });
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

if (process.argv[1] === import.meta.filename) writeFileSync(VALIDATOR, await profileValidator());
