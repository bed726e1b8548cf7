import type { Path } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';
import type {
  Component,
  CustomWorkload,
  LabelPair,
  NodeRole,
  OtherWorkloads,
  TaintEffect,
} from './profile.ts';

/** A profile in the form of its schema. */
export interface WrittenProfile {
  readonly metadata: { readonly name: string; readonly title?: string };
  readonly kubernetes?: string;
  readonly nodeRoles: Readonly<Record<string, WrittenRole>>;
  readonly nodeLabels?: Readonly<Record<string, string>>;
  readonly schedulers?: readonly string[];
  readonly schedulerUsers?: readonly string[];
  readonly exemptNamespaces?: readonly string[];
  readonly customWorkloads?: readonly (Omit<CustomWorkload, 'pods'> & {
    /** Each a path of keys with dots between them. */
    readonly pods: readonly string[];
  })[];
  readonly components: readonly Component[];
  readonly otherWorkloads?: OtherWorkloads;
}

interface WrittenRole {
  readonly labels: Readonly<Record<string, string | readonly string[]>>;
  readonly taints?: readonly {
    readonly key: string;
    readonly value?: string;
    readonly effect: TaintEffect;
  }[];
}

/** The parts of a profile whose meaning can be checked: what violates the schema is left out. */
export interface Parts {
  /** The names of all roles, sound or not; absent where they are not known. */
  readonly roleNames?: readonly string[];
  readonly nodeRoles: readonly NodeRole[];
  readonly nodeLabels: readonly LabelPair[];
  /** By index; undefined is a row that is left out. */
  readonly components: readonly (Component | undefined)[];
  readonly exemptNamespaces: readonly string[];
  readonly otherWorkloads?: OtherWorkloads;
}

/** Leaves out of a profile what violates the schema, given the paths of the violations. */
export function soundParts(value: JsonValue, broken: readonly Path[]): Parts {
  const isSound = (...path: Path): boolean => !broken.some((at) => holds(path, at));
  const { nodeRoles, nodeLabels, components, otherWorkloads, exemptNamespaces } = mapOf(value);
  const names = Object.keys(mapOf(nodeRoles));
  const rows = Array.isArray(components) ? components : [];
  const sound = {
    nodeRoles: names
      .filter((name) => isSound('nodeRoles', name))
      .map((name) => [name, mapOf(nodeRoles)[name]]),
    nodeLabels: isSound('nodeLabels') ? nodeLabels : undefined,
    components: rows.map((row, index) => (isSound('components', index) ? row : undefined)),
    exemptNamespaces: isSound('exemptNamespaces') ? exemptNamespaces : undefined,
    otherWorkloads: isSound('otherWorkloads') ? otherWorkloads : undefined,
  } as unknown as SoundParts; // the schema guarantees it for the sound parts
  return {
    ...(names.length > 0 && { roleNames: names }),
    nodeRoles: sound.nodeRoles.map(([name, role]) => nodeRole(name, role)),
    nodeLabels: labelPairs(sound.nodeLabels ?? {}),
    components: sound.components,
    exemptNamespaces: sound.exemptNamespaces ?? [],
    ...(sound.otherWorkloads && { otherWorkloads: sound.otherWorkloads }),
  };
}

interface SoundParts
  extends Pick<WrittenProfile, 'nodeLabels' | 'otherWorkloads' | 'exemptNamespaces'> {
  readonly nodeRoles: readonly (readonly [string, WrittenRole])[];
  readonly components: readonly (Component | undefined)[];
}

/** Makes a role from its form in a profile. */
export function nodeRole(name: string, { labels, taints = [] }: WrittenRole): NodeRole {
  return {
    name,
    labels: labelPairs(labels),
    taints: taints.map(({ key, value = '', effect }) => ({ key, value, effect })),
  };
}

/** Makes pairs from an object of labels, one for each value of a label. */
export function labelPairs(
  labels: Readonly<Record<string, string | readonly string[]>>,
): readonly LabelPair[] {
  return Object.entries(labels).flatMap(([key, values]) =>
    (typeof values === 'string' ? [values] : values).map((value) => ({ key, value })),
  );
}

function holds(outer: Path, inner: Path): boolean {
  return outer.every((step, index) => step === inner[index]);
}

/** Returns the value if it is an object, else an empty one. */
export function mapOf(value: JsonValue | undefined): JsonObject {
  return isMap(value) ? value : {};
}
