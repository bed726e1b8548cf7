import type { JsonObject } from '../kubernetes/json.ts';
import { type Resource, SERVED, type ServedResource } from '../kubernetes/resources.ts';
import type { Parameters } from '../policy/parameters.ts';
import type { Policy } from '../policy/policy.ts';
import type { Profile } from '../profile/profile.ts';
import { enforcement, type Stage } from './enforcement.ts';
import { constraintKind } from './names.ts';

/** The profile of a Constraint, and the stage of its rollout. */
export interface RollOut {
  readonly profile: Pick<Profile, 'name' | 'exemptNamespaces'>;
  readonly stage: Stage;
}

/** The Constraint that gives a policy the parameters of a profile. */
export function constraint(
  policy: Policy,
  parameters: Parameters,
  { profile, stage }: RollOut,
): JsonObject {
  const exempt = policy.isExemptable ? profile.exemptNamespaces : [];
  return {
    apiVersion: 'constraints.gatekeeper.sh/v1beta1',
    kind: constraintKind(policy.id),
    metadata: { name: profile.name },
    spec: {
      ...enforcement(policy, stage),
      match: {
        kinds: policy.kinds.filter(canBeInCluster).map(match),
        ...(exempt.length > 0 && { excludedNamespaces: [...exempt] }),
      },
      parameters: json(parameters),
    },
  };
}

/**
 * The SyncSet that fills data.inventory with exactly what the policies read of these kinds: by default those that
 * every cluster serves.
 */
export function syncSet(
  policies: readonly Policy[],
  name = 'bulkhead',
  served: readonly ServedResource[] = SERVED,
): JsonObject {
  const read = policies.flatMap(({ inventory }) => inventory);
  return {
    apiVersion: 'syncset.gatekeeper.sh/v1alpha1',
    kind: 'SyncSet',
    metadata: { name },
    spec: {
      gvks: served
        .filter(({ group, kind }) =>
          read.some((resource) => resource.kind === kind && resource.groups.includes(group)),
        )
        .map(({ group, version, kind }) => ({ group, version, kind })),
    },
  };
}

function canBeInCluster({ isOnlyRead }: Resource): boolean {
  return isOnlyRead !== true;
}

function match({ groups, kind }: Resource): JsonObject {
  return { apiGroups: [...groups], kinds: [kind] };
}

function json(parameters: Parameters): JsonObject {
  return JSON.parse(JSON.stringify(parameters));
}
