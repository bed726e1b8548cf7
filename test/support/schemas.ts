import { Ajv2020 } from 'ajv/dist/2020.js';
import { textOf } from './bulkhead.ts';

// The published schemas of what the commands print.

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
for (const name of ['report', 'table', 'simulation', 'diff']) {
  ajv.addSchema(JSON.parse(textOf(`docs/${name}.schema.json`)));
}

/** Returns what a text of JSON has that `docs/<name>.schema.json` does not allow. */
export function faultsOf(name: string, json: string): readonly string[] {
  ajv.validate(`https://bulkhead.dev/${name}.schema.json`, JSON.parse(json));
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
