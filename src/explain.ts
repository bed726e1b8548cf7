import { policyIndex } from '../scripts/page.ts';
import { UserError } from './errors.ts';
import type { Bulkhead } from './load.ts';
import { nearest } from './words.ts';

/**
 * The page of a policy, or the list of all.
 *
 * @throws UserError POLICY_UNKNOWN
 */
export function explain(bulkhead: Bulkhead, id: string | undefined): string {
  const { policies } = bulkhead.catalogue;
  if (id === undefined) return policyIndex(policies);
  const page = policies.some((policy) => policy.id === id) ? bulkhead.pages()[id] : undefined;
  if (page !== undefined) return page;
  const guess = nearest(
    id,
    policies.map((policy) => policy.id),
  );
  const hint = guess === undefined ? 'bulkhead explain lists them' : `did you mean ${guess}?`;
  throw new UserError('POLICY_UNKNOWN', `there is no policy ${id}: ${hint}`);
}
