import type { Path } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';
import type {
  Component,
  CustomWorkload,
  NodeRole,
  OtherWorkloads,
  Profile,
  RoleLabel,
  Taint,
  TaintEffect,
} from './profile.ts';

/** A profile or an add-on in the form of its schema. */
export interface Written {
  readonly kind: 'Profile' | 'Addon';
  readonly metadata: {
    readonly name: string;
    readonly title?: string;
    readonly experimental?: boolean;
  };
  readonly extends?: readonly string[];
  readonly bulkhead?: string;
  readonly kubernetes?: string;
  readonly nodeRoles?: Readonly<Record<string, WrittenRole>>;
  readonly nodeLabels?: WrittenLabels;
  readonly schedulers?: readonly string[];
  readonly schedulerUsers?: readonly string[];
  readonly controllerUsers?: readonly string[];
  readonly exemptNamespaces?: readonly string[];
  readonly customWorkloads?: readonly (Omit<CustomWorkload, 'pods'> & {
    /** Each a path of keys with dots between them. */
    readonly pods: readonly string[];
  })[];
  readonly components?: readonly WrittenComponent[];
  readonly otherWorkloads?: OtherWorkloads;
}

type Values = string | readonly string[] | { readonly exists: boolean };
type WrittenLabels = Readonly<Record<string, Values>>;

interface WrittenTaint {
  readonly key: string;
  readonly value?: Values;
  readonly effect: TaintEffect;
}

interface WrittenRole {
  readonly labels: WrittenLabels;
  readonly taints?: readonly WrittenTaint[];
  readonly alternativeTaints?: readonly (readonly WrittenTaint[])[];
  readonly optionalTaints?: boolean;
  readonly optional?: boolean;
}

interface WrittenComponent extends Omit<Component, 'replicas' | 'minReplicas'> {
  readonly replicas?: number | { readonly min: number };
}

/** What a file says: a profile that may lack roles, or the rows of an add-on. */
export interface Layer extends Omit<Profile, 'nodeRoles' | 'components'> {
  readonly kind: 'Profile' | 'Addon';
  readonly nodeRoles: readonly NodeRole[];
  readonly components: readonly Component[];
}

/** The parts of a file whose meaning can be checked: what violates the schema is left out. */
export interface Parts {
  readonly kind: 'Profile' | 'Addon';
  readonly extends: readonly string[];
  readonly bulkhead?: string;
  /** The names of all roles, sound or not. */
  readonly roleNames: readonly string[];
  readonly nodeRoles: readonly NodeRole[];
  readonly nodeLabels: readonly RoleLabel[];
  /** By index; undefined is a row that is left out. */
  readonly components: readonly (Component | undefined)[];
  readonly otherWorkloads?: OtherWorkloads;
}

/** Leaves out of a file what violates the schema, given the paths of the violations. */
export function soundParts(value: JsonValue, broken: readonly Path[]): Parts {
  const isSound = (...path: Path): boolean => !broken.some((at) => holds(path, at));
  const all = mapOf(value);
  const { nodeRoles, nodeLabels, components, otherWorkloads, bulkhead } = all;
  const bases = all['extends'];
  const names = Object.keys(mapOf(nodeRoles));
  const rows = Array.isArray(components) ? components : [];
  const sound = {
    bases: Array.isArray(bases) && isSound('extends') ? bases : [],
    bulkhead: isSound('bulkhead') ? bulkhead : undefined,
    nodeRoles: names
      .filter((name) => isSound('nodeRoles', name))
      .map((name) => [name, mapOf(nodeRoles)[name]]),
    nodeLabels: isSound('nodeLabels') ? nodeLabels : undefined,
    components: rows.map((row, index) => (isSound('components', index) ? row : undefined)),
    otherWorkloads: isSound('otherWorkloads') ? otherWorkloads : undefined,
  } as unknown as SoundParts; // the schema guarantees it for the sound parts
  return {
    kind: all['kind'] === 'Addon' ? 'Addon' : 'Profile',
    extends: sound.bases,
    ...(sound.bulkhead !== undefined && { bulkhead: sound.bulkhead }),
    roleNames: names,
    nodeRoles: sound.nodeRoles.map(([name, role]) => nodeRole(name, role)),
    nodeLabels: roleLabels(sound.nodeLabels ?? {}),
    components: sound.components.map((row) => row && component(row)),
    ...(sound.otherWorkloads && { otherWorkloads: sound.otherWorkloads }),
  };
}

interface SoundParts extends Pick<Written, 'bulkhead' | 'nodeLabels' | 'otherWorkloads'> {
  readonly bases: readonly string[];
  readonly nodeRoles: readonly (readonly [string, WrittenRole])[];
  readonly components: readonly (WrittenComponent | undefined)[];
}

/** Makes what a file says from its form. */
export function layerOf(written: Written): Layer {
  const { metadata, kubernetes, nodeRoles, nodeLabels, components, otherWorkloads } = written;
  return {
    kind: written.kind,
    name: metadata.name,
    title: metadata.title ?? metadata.name,
    ...(metadata.experimental === true && { experimental: true }),
    ...(kubernetes !== undefined && { kubernetes }),
    nodeRoles: Object.entries(nodeRoles ?? {}).map(([name, role]) => nodeRole(name, role)),
    nodeLabels: roleLabels(nodeLabels ?? {}),
    schedulers: written.schedulers ?? [],
    schedulerUsers: written.schedulerUsers ?? [],
    controllerUsers: written.controllerUsers ?? [],
    exemptNamespaces: written.exemptNamespaces ?? [],
    customWorkloads: (written.customWorkloads ?? []).map(({ group, kind, pods }) => ({
      group,
      kind,
      pods: pods.map((path) => path.split('.')),
    })),
    components: (components ?? []).map(component),
    ...(otherWorkloads && { otherWorkloads }),
  };
}

function nodeRole(name: string, written: WrittenRole): NodeRole {
  const { labels, taints = [], alternativeTaints = [], optionalTaints, optional } = written;
  const [first = [], ...others] = [taints, ...alternativeTaints].flatMap(taintSets);
  return {
    name,
    labels: roleLabels(labels),
    taints: first,
    ...(others.length > 0 && { alternativeTaints: others }),
    ...(optionalTaints === true && { optionalTaints }),
    ...(optional === true && { optional }),
  };
}

/** The sets of taints that a list stands for: one for each choice of values. */
function taintSets(written: readonly WrittenTaint[]): readonly (readonly Taint[])[] {
  return written.reduce<readonly (readonly Taint[])[]>(
    (sets, { key, value = '', effect }) =>
      sets.flatMap((set) => valuesOf(value).map((one) => [...set, { key, ...one, effect }])),
    [[]],
  );
}

/** Makes labels from their form in a profile, one for each value. */
function roleLabels(labels: WrittenLabels): readonly RoleLabel[] {
  return Object.entries(labels).flatMap(([key, values]): readonly RoleLabel[] =>
    isPresence(values)
      ? [{ key, exists: values.exists }]
      : valuesOf(values).map((one) => ({ key, ...one })),
  );
}

function valuesOf(
  values: Values,
): readonly ({ readonly value: string } | { readonly exists: true })[] {
  if (isPresence(values)) return [{ exists: true }];
  return (typeof values === 'string' ? [values] : values).map((value) => ({ value }));
}

function isPresence(values: Values): values is { readonly exists: boolean } {
  return typeof values === 'object' && 'exists' in values;
}

function component({ replicas, ...row }: WrittenComponent): Component {
  if (typeof replicas === 'object') return { ...row, minReplicas: replicas.min };
  return { ...row, ...(replicas !== undefined && { replicas }) };
}

function holds(outer: Path, inner: Path): boolean {
  return outer.every((step, index) => step === inner[index]);
}

/** Returns the value if it is an object, else an empty one. */
export function mapOf(value: JsonValue | undefined): JsonObject {
  return isMap(value) ? value : {};
}
