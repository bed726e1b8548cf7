import { UserError } from '../errors.ts';
import { readYaml, type YamlFile } from '../manifest/yaml.ts';
import { meaningErrors } from './meaning.ts';
import type { Profile } from './profile.ts';
import { structureFaults } from './structure.ts';
import { labelPairs, nodeRole, soundParts, type WrittenProfile } from './written.ts';

/** A profile, or every mistake in it, in the order of the file. */
export type ReadProfile =
  | { readonly kind: 'profile'; readonly profile: Profile }
  | { readonly kind: 'errors'; readonly errors: readonly UserError[] };

/** Reads a profile; each mistake has a code, a place, and what was expected. */
export function readProfile(file: string, text: string): ReadProfile {
  let yaml: YamlFile;
  try {
    yaml = readYaml(file, text, 'PROFILE_SYNTAX');
  } catch (error) {
    if (error instanceof UserError) return { kind: 'errors', errors: [error] };
    throw error;
  }
  const faults = structureFaults(yaml);
  const parts = soundParts(
    yaml.value,
    faults.map(({ path }) => path),
  );
  const errors = [...faults.map(({ error }) => error), ...meaningErrors(parts, yaml.placeOf)];
  if (errors.length > 0) return { kind: 'errors', errors: errors.sort(compareByPlace) };
  // The schema guarantees it.
  return { kind: 'profile', profile: normalise(yaml.value as unknown as WrittenProfile) };
}

function normalise(written: WrittenProfile): Profile {
  const { metadata, kubernetes, nodeRoles, nodeLabels, components, otherWorkloads } = written;
  const { schedulers = [], schedulerUsers = [] } = written;
  const { customWorkloads = [], exemptNamespaces = [] } = written;
  return {
    name: metadata.name,
    title: metadata.title ?? metadata.name,
    ...(kubernetes !== undefined && { kubernetes }),
    nodeRoles: Object.entries(nodeRoles).map(([name, role]) => nodeRole(name, role)),
    nodeLabels: labelPairs(nodeLabels ?? {}),
    schedulers,
    schedulerUsers,
    exemptNamespaces,
    customWorkloads: customWorkloads.map(({ group, kind, pods }) => ({
      group,
      kind,
      pods: pods.map((path) => path.split('.')),
    })),
    components,
    ...(otherWorkloads && { otherWorkloads }),
  };
}

function compareByPlace({ place: a }: UserError, { place: b }: UserError): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}
