import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from '../src/gatekeeper/suite.ts';
import { writeYaml } from '../src/manifest/yaml.ts';
import { builtBulkhead } from '../test/support/bulkhead.ts';
import { readCases } from './cases.ts';
import { ROOT } from './tools.ts';

// Writes a suite for `gator verify` for each policy, made of its cases, below a folder.

const { catalogue, modules } = builtBulkhead();
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('name the folder to write to: make suites OUT=DIR');
const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');
for (const policy of catalogue.policies) {
  const file = `policies/${policy.id}/cases.yaml`;
  const cases = readCases(file, textOf(file), textOf('profiles/tectonic-1.6.4/profile.yaml'));
  for (const [path, value] of suite(policy, modules(), cases)) {
    const target = join(folder, policy.id, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, writeYaml(value));
  }
}
process.stdout.write(`${catalogue.policies.length} suites written: gator verify ${folder}/...\n`);
