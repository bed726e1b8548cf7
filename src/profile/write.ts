import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { writeYaml } from '../manifest/yaml.ts';
import type { Component, NodeRole, Profile, RoleLabel, Taint } from './profile.ts';

/** The text of a profile that says by itself all that the profile says. */
export function profileText(profile: Profile): string {
  return writeYaml(written(profile));
}

function written(profile: Profile): JsonObject {
  const { name, title, experimental, kubernetes, otherWorkloads } = profile;
  const lists = {
    schedulers: profile.schedulers,
    schedulerUsers: profile.schedulerUsers,
    controllerUsers: profile.controllerUsers,
    exemptNamespaces: profile.exemptNamespaces,
    customWorkloads: profile.customWorkloads.map(({ group, kind, pods }) => ({
      group,
      kind,
      pods: pods.map((path) => path.join('.')),
    })),
  };
  return json({
    apiVersion: 'bulkhead.dev/v1',
    kind: 'Profile',
    metadata: { name, title, ...(experimental && { experimental }) },
    ...(kubernetes !== undefined && { kubernetes }),
    nodeRoles: Object.fromEntries(profile.nodeRoles.map((role) => [role.name, writtenRole(role)])),
    ...(profile.nodeLabels.length > 0 && { nodeLabels: labelsOf(profile.nodeLabels) }),
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
    components: profile.components.map(rowOf),
    ...(otherWorkloads && { otherWorkloads }),
  });
}

/** A role in the form that a profile has it. */
export function writtenRole({
  name: _,
  labels,
  taints,
  alternativeTaints,
  ...flags
}: NodeRole): JsonObject {
  return json({
    labels: labelsOf(labels),
    ...(taints.length > 0 && { taints: taints.map(taintOf) }),
    ...(alternativeTaints && {
      alternativeTaints: alternativeTaints.map((set) => set.map(taintOf)),
    }),
    ...flags,
  });
}

function labelsOf(labels: readonly RoleLabel[]): unknown {
  const keys = [...new Set(labels.map(({ key }) => key))];
  return Object.fromEntries(
    keys.map((key) => {
      const same = labels.filter((label) => label.key === key);
      const [{ exists } = {}] = same;
      if (exists !== undefined) return [key, { exists }];
      const values = same.map(({ value }) => value);
      return [key, values.length === 1 ? values[0] : values];
    }),
  );
}

function taintOf({ key, value, exists, effect }: Taint): unknown {
  if (exists) return { key, value: { exists }, effect };
  return { key, ...(value !== '' && { value }), effect };
}

function rowOf({ minReplicas, ...row }: Component): unknown {
  return { ...row, ...(minReplicas !== undefined && { replicas: { min: minReplicas } }) };
}

function json(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject & JsonValue;
}
