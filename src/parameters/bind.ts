import type { Catalogue, Policy } from '../catalogue/catalogue.ts';
import { COLUMNS } from '../finding/table.ts';
import type { Component, NodeRole, Profile } from '../profile/profile.ts';

/** A row as a policy sees it: its name, what it matches, and the columns that the policy judges. */
export type ParameterRow = Pick<Component, 'name' | 'match'> & Partial<Component>;

/**
 * What a policy is given of a profile: `input.parameters`, the same in a Constraint, in WASM and in
 * conftest.
 */
export interface Parameters {
  readonly components?: readonly ParameterRow[];
  readonly nodeRoles?: readonly NodeRole[];
  readonly nodeLabels?: Profile['nodeLabels'];
  readonly otherWorkloads?: NonNullable<Profile['otherWorkloads']>;
}

/**
 * The parameters of each policy that the profile gives something to judge, by policy id.
 *
 * A policy whose columns no row has is left out: it would look like a check and never find anything.
 */
export function bind(catalogue: Catalogue, profile: Profile): ReadonlyMap<string, Parameters> {
  const bound = new Map<string, Parameters>();
  for (const policy of catalogue.policies) {
    const parameters = parametersOf(policy, profile);
    if (parameters !== undefined) bound.set(policy.id, parameters);
  }
  return bound;
}

/** The whole profile as parameters, all rows with all columns: what the table is filled in from. */
export function wholeTable(profile: Profile): Parameters {
  const everything = { columns: ['match', ...COLUMNS] as const };
  return {
    components: rows(everything, profile),
    nodeRoles: profile.nodeRoles,
    nodeLabels: profile.nodeLabels,
    ...(profile.otherWorkloads && { otherWorkloads: profile.otherWorkloads }),
  };
}

function parametersOf(policy: Policy, profile: Profile): Parameters | undefined {
  const wanted = new Set(policy.parameters);
  const components = rows(policy, profile);
  if (policy.columns.length > 0 && !policy.columns.includes('match') && components.length === 0) {
    return undefined;
  }
  if (wanted.has('otherWorkloads') && profile.otherWorkloads === undefined) return undefined;
  return {
    ...(wanted.has('components') && { components }),
    ...(wanted.has('nodeRoles') && { nodeRoles: profile.nodeRoles }),
    ...(wanted.has('nodeLabels') && { nodeLabels: profile.nodeLabels }),
    ...(wanted.has('otherWorkloads') &&
      profile.otherWorkloads && { otherWorkloads: profile.otherWorkloads }),
  };
}

function rows(policy: Pick<Policy, 'columns'>, profile: Profile): readonly ParameterRow[] {
  const columns = COLUMNS.filter((column) => policy.columns.includes(column));
  return profile.components
    .filter(
      (row) =>
        policy.columns.includes('match') || columns.some((column) => row[column] !== undefined),
    )
    .map((row) => ({
      name: row.name,
      match: row.match,
      ...Object.fromEntries(
        columns
          .filter((column) => row[column] !== undefined)
          .map((column) => [column, row[column]] as const),
      ),
    }));
}
