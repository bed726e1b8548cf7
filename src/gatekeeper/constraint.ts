import { ruleOf } from '../config/rules.ts';
import type { Waiver } from '../config/waiver.ts';
import type { JsonObject } from '../kubernetes/json.ts';
import { type Resource, SERVED, type ServedResource } from '../kubernetes/resources.ts';
import type { Parameters } from '../policy/parameters.ts';
import type { Policy } from '../policy/policy.ts';
import type { Profile } from '../profile/profile.ts';
import { enforcement, type Stage } from './enforcement.ts';
import { constraintKind, WAIVERS_ANNOTATION } from './names.ts';

/** The profile of a Constraint, and the stage of its rollout. */
export interface RollOut {
  readonly profile: Pick<Profile, 'name' | 'exemptNamespaces'>;
  readonly stage: Stage;
  /** None of them has expired; those of other policies do not count. */
  readonly waivers?: readonly Waiver[];
}

/** The Constraint that gives a policy the parameters of a profile. */
export function constraint(
  policy: Policy,
  parameters: Parameters,
  { profile, stage, waivers = [] }: RollOut,
): JsonObject {
  const own = waivers.filter(({ policies }) => policies.includes(policy.id));
  const exempt = policy.isExemptable ? profile.exemptNamespaces : [];
  return {
    apiVersion: 'constraints.gatekeeper.sh/v1beta1',
    kind: constraintKind(policy.id),
    metadata: {
      name: profile.name,
      ...(own.length > 0 && {
        annotations: { [WAIVERS_ANNOTATION]: JSON.stringify(own.map(grant)) },
      }),
    },
    spec: {
      ...enforcement(policy, stage),
      match: {
        kinds: policy.kinds.filter(canBeInCluster).map(match),
        ...(exempt.length > 0 && { excludedNamespaces: [...exempt] }),
      },
      parameters: json({
        ...parameters,
        ...(own.length > 0 && { waivers: own.map(ruleOf) }),
      }),
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

/** What the annotation says of each waiver, in the order of the parameters. */
export function grant({ owner, reason, expires, ticket }: Waiver): JsonObject {
  return { owner, reason, expires, ...(ticket !== undefined && { ticket }) };
}

function json(parameters: object): JsonObject {
  return JSON.parse(JSON.stringify(parameters));
}
