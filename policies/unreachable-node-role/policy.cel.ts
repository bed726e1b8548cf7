import { joined, text } from '../lib/admission/cel.ts';
import { placementPolicy } from '../lib/admission/components.ts';
import type { CelPolicy, Scene } from '../lib/admission/policy.ts';
import { gaps, obstacles } from '../lib/findings/placement.cel.ts';
import { violations } from '../lib/findings/unchecked.cel.ts';
import { rescheduledNode } from '../lib/scheduling/pods.cel.ts';

/** Undefined where no row has a node role. */
export function policy(scene: Scene): CelPolicy | undefined {
  return placementPolicy(scene, {
    roles: ({ demanded }) => demanded,
    classes: ({ classes }) => classes,
    found: ({ nodeRole, demanded }, refuses) =>
      joined(
        demanded.map((role) =>
          nodeRole === 'all' ? gaps(role, refuses) : obstacles(role, refuses),
        ),
      ),
    node: rescheduledNode,
    tooMuch: ({ name }) => violations(text(` may be unable to run on ${name} nodes`)),
  });
}
