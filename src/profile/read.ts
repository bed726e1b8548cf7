import { UserError } from '../errors.ts';
import { readYaml, type YamlFile } from '../manifest/yaml.ts';
import { meaningErrors } from './meaning.ts';
import type { Component, LabelPair, NodeRole, Profile, TaintEffect } from './profile.ts';
import { structureErrors } from './structure.ts';

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
  const malformed = structureErrors(yaml);
  if (malformed.length > 0) return { kind: 'errors', errors: inOrder(malformed) };
  // Its schema says so.
  const profile = normalise(yaml.value as unknown as WrittenProfile);
  const errors = meaningErrors(profile, yaml.placeOf);
  return errors.length > 0 ? { kind: 'errors', errors: inOrder(errors) } : { kind: 'profile', profile };
}

/** A profile as it is written, by its schema. */
interface WrittenProfile {
  readonly metadata: { readonly name: string; readonly title?: string };
  readonly nodeRoles: Readonly<Record<string, WrittenRole>>;
  readonly nodeLabels?: Readonly<Record<string, string>>;
  readonly components: readonly Component[];
  readonly otherWorkloads?: { readonly nodeRole: string };
}

interface WrittenRole {
  readonly labels: Readonly<Record<string, string | readonly string[]>>;
  readonly taints?: readonly {
    readonly key: string;
    readonly value?: string;
    readonly effect: TaintEffect;
  }[];
}

function normalise(written: WrittenProfile): Profile {
  const { metadata, nodeRoles, nodeLabels, components, otherWorkloads } = written;
  return {
    name: metadata.name,
    title: metadata.title ?? metadata.name,
    nodeRoles: Object.entries(nodeRoles).map(([name, role]) => nodeRole(name, role)),
    nodeLabels: pairs(nodeLabels ?? {}),
    components,
    ...(otherWorkloads && { otherWorkloads }),
  };
}

function nodeRole(name: string, { labels, taints = [] }: WrittenRole): NodeRole {
  return {
    name,
    labels: pairs(labels),
    taints: taints.map(({ key, value = '', effect }) => ({ key, value, effect })),
  };
}

function pairs(labels: Readonly<Record<string, string | readonly string[]>>): readonly LabelPair[] {
  return Object.entries(labels).flatMap(([key, values]) =>
    (typeof values === 'string' ? [values] : values).map((value) => ({ key, value })),
  );
}

function inOrder(errors: readonly UserError[]): readonly UserError[] {
  const key = ({ place }: UserError) => [place?.line ?? 0, place?.column ?? 0] as const;
  return [...errors].sort((a, b) => {
    const [lineA, columnA] = key(a);
    const [lineB, columnB] = key(b);
    return lineA - lineB || columnA - columnB;
  });
}
