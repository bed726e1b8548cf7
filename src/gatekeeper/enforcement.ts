import type { JsonObject } from '../kubernetes/json.ts';
import type { Policy } from '../policy/policy.ts';

/** How far the roll-out of a profile has come: what the Constraints do where they find a fault. */
export const STAGES = ['dryrun', 'warn', 'deny'] as const;

export type Stage = (typeof STAGES)[number];

/** What is safe for a cluster of which nobody knows yet what would be refused. */
export const FIRST_STAGE: Stage = 'dryrun';

/**
 * The fields of a Constraint's spec that say what is done at admission. Audit counts at every stage.
 *
 * A fault that another object can mend is never refused: which of the two comes first is not known.
 */
export function enforcement({ admission }: Policy, stage: Stage): JsonObject {
  if (stage !== 'deny' || admission === 'deny') return { enforcementAction: stage };
  return {
    enforcementAction: 'scoped',
    scopedEnforcementActions: [
      { action: 'warn', enforcementPoints: [{ name: 'validation.gatekeeper.sh' }] },
      {
        action: 'deny',
        enforcementPoints: [{ name: 'audit.gatekeeper.sh' }, { name: 'gator.gatekeeper.sh' }],
      },
    ],
  };
}
