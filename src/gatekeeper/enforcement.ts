import type { JsonObject } from '../kubernetes/json.ts';
import type { Policy } from '../policy/policy.ts';

/** A stage of the rollout of a profile: what the Constraints do with a violation. */
export const STAGES = ['dryrun', 'warn', 'deny'] as const;

export type Stage = (typeof STAGES)[number];

/** The safe stage, as long as it is not known which requests would be denied. */
export const FIRST_STAGE: Stage = 'dryrun';

/**
 * The fields of a Constraint's spec that decide what admission does. Audit reports violations at every stage.
 *
 * A violation that another object can fix is never denied: which of the two is created first is not known.
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
