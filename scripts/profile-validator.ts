import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { ROOT } from './tools.ts';

/** The committed file of the validator. */
export const VALIDATOR = join(ROOT, 'src', 'profile', 'validate.generated.js');

const COMMAND = 'npx tsx scripts/profile-validator.ts';
const MARK = `// GENERATED from profiles/*.schema.json by \`${COMMAND}\`; do not edit.\n`;

/** The source of validators of profiles and add-ons, generated from their JSON Schemas. It imports nothing. */
export async function profileValidator(): Promise<string> {
  const [profile, addon] = ['profile', 'addon'].map((name) =>
    JSON.parse(readFileSync(join(ROOT, 'profiles', `${name}.schema.json`), 'utf8')),
  );
  const ajv = new Ajv({
    allErrors: true,
    allowUnionTypes: true,
    // Errors contain the part of the schema that was violated.
    verbose: true,
    schemas: [profile, addon],
    code: { source: true, esm: true },
  });
  const code = standaloneCode.default(ajv, {
    validateProfile: profile.$id,
    validateAddon: addon.$id,
  });
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
