import { policy as intrusion } from '../../policies/control-plane-intrusion/policy.cel.ts';
import type { CelPolicy, Scene } from '../../policies/lib/admission/policy.ts';
import { policy as offRole } from '../../policies/off-role-placement/policy.cel.ts';
import { policy as bypass } from '../../policies/scheduler-bypass/policy.cel.ts';
import { policy as unreachable } from '../../policies/unreachable-node-role/policy.cel.ts';
import { policy as untainted } from '../../policies/untainted-control-plane-node/policy.cel.ts';
import { policy as replicas } from '../../policies/wrong-replica-count/policy.cel.ts';
import { policy as kind } from '../../policies/wrong-workload-kind/policy.cel.ts';

/** The policies that rest on one object, by id: undefined where the profile has nothing for one to check. */
export const CEL_POLICIES: Readonly<Record<string, (scene: Scene) => CelPolicy | undefined>> = {
  'control-plane-intrusion': intrusion,
  'off-role-placement': offRole,
  'scheduler-bypass': bypass,
  'unreachable-node-role': unreachable,
  'untainted-control-plane-node': untainted,
  'wrong-replica-count': replicas,
  'wrong-workload-kind': kind,
};
