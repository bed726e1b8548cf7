import type { Path } from '../errors.ts';
import { groupOf, type Resource } from '../kubernetes/resources.ts';
import type { PolicyId } from '../names.generated.ts';
import { COLUMNS } from '../report/component-table.ts';
import type { Severity } from '../report/report.ts';

/** The columns of a profile that policies check: those of the component table, and one that it does not show. */
export const CHECKED_COLUMNS = [...COLUMNS, 'drainable'] as const;
export type CheckedColumn = (typeof CHECKED_COLUMNS)[number];

/** A part of the profile that a policy's parameters carry. */
export const PARAMETERS = [
  'components',
  'nodeRoles',
  'nodeLabels',
  'otherWorkloads',
  'kubernetes',
  'schedulers',
  'schedulerUsers',
  'customWorkloads',
] as const;
export type ParameterName = (typeof PARAMETERS)[number];

export type Admission = 'deny' | 'warn';

/** The operation of an admission request. */
export type Operation = 'CREATE' | 'UPDATE' | 'DELETE';

/** The METADATA of a policy (docs/metadata.md), and what the build finds in its rules. */
export interface Policy {
  readonly id: PolicyId;
  /** The release of Bulkhead that it belongs to. */
  readonly version: string;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly severity: Severity;
  /** How much it weighs as a security problem, on the scale of CVSS; absent if it is none. */
  readonly security?: number;
  /** Why the fault matters. */
  readonly rationale: string;
  readonly remediation: string;
  readonly resources: readonly string[];
  /** The kinds it checks. */
  readonly kinds: readonly Resource[];
  /** The columns of the table's rows that it checks. */
  readonly columns: readonly CheckedColumn[];
  /** The parts of the profile that it takes. */
  readonly parameters: readonly ParameterName[];
  /** Those of its parameters that it does not need to check something. */
  readonly optional: readonly ParameterName[];
  /** The kinds that it reads of other objects. */
  readonly inventory: readonly Resource[];
  /** Those of them without which it has no verdict. */
  readonly required: readonly Resource[];
  /** Whether it leaves out the namespaces that a profile exempts. */
  readonly isExemptable: boolean;
  /** What admission does in the last stage: `warn` if another object, which may be created later, can fix it. */
  readonly admission: Admission;
  /** The operations that it checks at admission. */
  readonly operations: readonly Operation[];
}

/** Everything that the build knows about the policies. Users need no OPA. */
export interface Catalogue {
  /** The release of Bulkhead. */
  readonly version: string;
  /** The URL of the repository, without a slash at its end. */
  readonly repository: string;
  readonly policies: readonly Policy[];
}

/** One Rego file, in pieces that together are its text, byte for byte. */
export interface Module {
  /** Below `policies/`, with `/`. */
  readonly path: string;
  /** Without `data`, such as lib.api.fields. */
  readonly package: string;
  /** The text up to its package. */
  readonly head: string;
  readonly imports: readonly { readonly package: string; readonly text: string }[];
  /** Each with the comments and the METADATA before it. A rule of several definitions is there several times. */
  readonly rules: readonly { readonly name: string; readonly text: string }[];
  /** The rules that each rule calls, by its name: with their packages, such as lib.api.fields.of. */
  readonly calls: Readonly<Record<string, readonly string[]>>;
}

/** The text of a Rego file. */
export function textOf({ head, imports, rules }: Module): string {
  const [first] = imports;
  const gap = first === undefined || first.text.startsWith('\n') ? '' : '\n';
  return head + gap + [...imports, ...rules].map(({ text }) => text).join('');
}

/** What policies are about whose findings an object may waive by an annotation: how it runs, not where. */
const INLINE_WAIVABLE = ['disruption', 'shape', 'spread'];

/** Whether an annotation of an object may waive the policy's findings, if the configuration allows it. */
export function isInlineWaivable({ category }: Policy): boolean {
  return INLINE_WAIVABLE.includes(category);
}

/** Whether objects of a kind are in a namespace, if the policies know the kind, and all groups that have it agree. */
export function isNamespaced(
  { policies }: Pick<Catalogue, 'policies'>,
  kind: string,
): boolean | undefined {
  const found = policies.flatMap(({ kinds }) => kinds).filter((resource) => resource.kind === kind);
  const answers = new Set(
    found.map(({ isClusterScoped, isOnlyRead }) =>
      isOnlyRead ? undefined : isClusterScoped !== true,
    ),
  );
  const [answer, ...others] = answers;
  return others.length === 0 ? answer : undefined;
}

/** Whether the resources include objects of this apiVersion and kind. */
export function includes(
  resources: readonly Resource[],
  object: { readonly apiVersion: string; readonly kind: string },
): boolean {
  return resourceOf(resources, object) !== undefined;
}

/** Makes a function that finds what the policies that check or read an object know of its kind. */
export function resourceFinder({
  policies,
}: Catalogue): (object: {
  readonly apiVersion: string;
  readonly kind: string;
}) => Resource | undefined {
  const resources = policies.flatMap(({ kinds, inventory }) => [...kinds, ...inventory]);
  const found = new Map<string, Resource | undefined>();
  return (object) => {
    const key = `${object.apiVersion} ${object.kind}`;
    if (!found.has(key)) found.set(key, resourceOf(resources, object));
    return found.get(key);
  };
}

/** The first of the resources that objects of this apiVersion and kind are. */
function resourceOf(
  resources: readonly Resource[],
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
): Resource | undefined {
  return resources.find(
    (resource) => resource.kind === kind && resource.groups.includes(groupOf(apiVersion)),
  );
}

/** Whether a policy checks objects of this kind, which exist only in files. */
export function isOnlyRead(
  { kinds }: Policy,
  object: { readonly apiVersion: string; readonly kind: string },
): boolean {
  return includes(
    kinds.filter((resource) => resource.isOnlyRead === true),
    object,
  );
}

/** The paths of the pod specs of an object of this kind, as the resources say; "*" for every item. */
export function podPatterns(
  resources: readonly Resource[],
  object: { readonly apiVersion: string; readonly kind: string },
): readonly (readonly string[])[] {
  return resources
    .filter((resource) => includes([resource], object))
    .flatMap(({ template, pods = [] }) => (template ? [[...template, 'spec'], ...pods] : pods));
}

/** Whether a path is one of those that the pattern means. */
export function isAt(pattern: readonly string[], path: Path): boolean {
  return (
    pattern.length === path.length &&
    pattern.every((step, index) => step === '*' || step === path[index])
  );
}

/** Whether objects of the kind make pods, so that they are checked as components or as other workloads. */
export function makesPods(
  { policies }: Catalogue,
  kind: { readonly apiVersion: string; readonly kind: string },
): boolean {
  return policies.some(
    ({ parameters, kinds }) => parameters.includes('components') && includes(kinds, kind),
  );
}
