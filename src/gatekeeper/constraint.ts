import type { Policy } from '../catalogue/catalogue.ts';
import type { JsonObject } from '../goyaml/json.ts';
import { type Resource, SERVED } from '../kubernetes/resources.ts';
import type { Parameters } from '../parameters/bind.ts';
import { constraintKind } from './names.ts';

/**
 * The Constraint that gives a policy the parameters of a profile.
 *
 * It only records (`dryrun`): a policy denies when whoever runs the cluster says so.
 */
export function constraint(policy: Policy, profile: string, parameters: Parameters): JsonObject {
  return {
    apiVersion: 'constraints.gatekeeper.sh/v1beta1',
    kind: constraintKind(policy.id),
    metadata: { name: profile },
    spec: {
      enforcementAction: 'dryrun',
      match: { kinds: policy.kinds.filter(canBeInCluster).map(match) },
      parameters: json(parameters),
    },
  };
}

/** The SyncSet that fills data.inventory with what the policies read, and nothing else. */
export function syncSet(policies: readonly Policy[]): JsonObject {
  const read = policies.flatMap(({ inventory }) => inventory);
  return {
    apiVersion: 'syncset.gatekeeper.sh/v1alpha1',
    kind: 'SyncSet',
    metadata: { name: 'bulkhead' },
    spec: {
      gvks: SERVED.filter(({ group, kind }) =>
        read.some((resource) => resource.kind === kind && resource.groups.includes(group)),
      ).map(({ group, version, kind }) => ({ group, version, kind })),
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
