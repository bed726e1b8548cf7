import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalogue } from '../src/policy/policy.ts';
import { readCases } from './cases.ts';
import { policyPage } from './page.ts';
import { profileFile } from './profiles.ts';
import { ROOT } from './tools.ts';

/** The profile of every row of a `cases.yaml`, unless the row replaces parts of it. */
export const BASE_PROFILE = profileFile('tectonic-1.6.4');

/** The page of each policy, by id. */
export function policyPages(catalogue: Catalogue): Readonly<Record<string, string>> {
  const base = readFileSync(join(ROOT, BASE_PROFILE), 'utf8');
  return Object.fromEntries(
    catalogue.policies.map((policy) => {
      const file = `policies/${policy.id}/cases.yaml`;
      const cases = readCases(file, readFileSync(join(ROOT, file), 'utf8'), base);
      return [policy.id, policyPage(policy, cases)];
    }),
  );
}
