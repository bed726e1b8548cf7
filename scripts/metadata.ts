import { UserError } from '../src/errors.ts';
import { RESOURCES, type Resource } from '../src/kubernetes/resources.ts';
import type {
  Admission,
  Catalogue,
  Operation,
  ParameterName,
  Policy,
} from '../src/policy/policy.ts';
import { COLUMNS } from '../src/report/component-table.ts';
import { SEVERITIES } from '../src/report/report.ts';

const PARAMETERS: readonly ParameterName[] = [
  'components',
  'nodeRoles',
  'nodeLabels',
  'otherWorkloads',
  'schedulers',
  'schedulerUsers',
  'customWorkloads',
];

const ADMISSION: readonly Admission[] = ['deny', 'warn'];

const OPERATIONS: readonly Operation[] = ['CREATE', 'UPDATE', 'DELETE'];

/** Whatever is deleted is a fault no longer, unless a policy says otherwise. */
const ASKED: readonly Operation[] = ['CREATE', 'UPDATE'];

/** The kinds that make pods, as `data.lib.workloads.workloads.kinds` has them. */
export type WorkloadKinds = Readonly<
  Record<string, { readonly groups: readonly string[]; readonly template: readonly string[] }>
>;

/** The other kinds that keep or make pods, as `data.lib.workloads.custom_resources.kinds` has them. */
export type CustomKinds = Readonly<
  Record<
    string,
    readonly { readonly groups: readonly string[]; readonly pods: readonly (readonly string[])[] }[]
  >
>;

/** What METADATA is read by. */
export interface Surroundings {
  readonly workloads: WorkloadKinds;
  readonly customKinds: CustomKinds;
  /** The release that the policies come with. */
  readonly version: string;
}

/**
 * Makes the catalogue from what `opa inspect -a -f json` prints of the policies.
 *
 * @throws UserError POLICY_INVALID if the METADATA of a policy lacks something or says it wrong.
 */
export function readCatalogue(
  inspection: unknown,
  { workloads, customKinds, version }: Surroundings,
): Catalogue {
  const groups = resourceGroups(workloads, customKinds);
  const annotations = list(field(inspection, 'annotations'));
  const policies = annotations
    .filter((entry) => field(field(entry, 'annotations'), 'scope') === 'package')
    .flatMap((entry) => {
      const id = policyId(field(entry, 'path'));
      return id === undefined
        ? []
        : [{ ...readPolicy(id, field(entry, 'annotations'), groups), version }];
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  if (policies.length === 0) {
    throw new UserError('POLICY_INVALID', 'no policy has METADATA of its package');
  }
  return { policies };
}

type ResourceGroups = Readonly<Record<string, readonly Resource[]>>;

function resourceGroups(workloads: WorkloadKinds, customKinds: CustomKinds): ResourceGroups {
  const custom = Object.entries(customKinds)
    .flatMap(([kind, listed]) => listed.map(({ groups, pods }) => ({ kind, groups, pods })))
    .sort((a, b) => (a.kind < b.kind ? -1 : 1));
  const controller = Object.entries(workloads)
    .map(([kind, { groups, template }]) => ({ kind, groups: [...groups].sort(), template }))
    .sort((a, b) => (a.kind < b.kind ? -1 : 1));
  return {
    ...RESOURCES,
    workload: [...controller, ...custom],
    // No controller is itself a pod.
    controller: controller.filter(({ kind }) => kind !== 'Pod'),
  };
}

function policyId(path: unknown): string | undefined {
  const [, group, id, rest] = list(path).map((step) => field(step, 'value'));
  return group === 'policies' && typeof id === 'string' && rest === undefined ? id : undefined;
}

function readPolicy(
  id: string,
  annotations: unknown,
  groups: ResourceGroups,
): Omit<Policy, 'version'> {
  const custom = field(annotations, 'custom');
  const reader = { id, custom };
  return {
    id,
    title: text(id, 'title', field(annotations, 'title')),
    description: text(id, 'description', field(annotations, 'description')),
    category: text(id, 'custom.category', field(custom, 'category')),
    severity: oneOf(id, 'custom.severity', field(custom, 'severity'), SEVERITIES),
    rationale: text(id, 'custom.rationale', field(custom, 'rationale')),
    remediation: text(id, 'custom.remediation', field(custom, 'remediation')),
    resources: list(field(annotations, 'related_resources')).map((resource) =>
      text(id, 'related_resources', field(resource, 'ref')),
    ),
    kinds: resourcesOf(reader, 'kinds', groups),
    columns: wordsOf(reader, 'columns', COLUMNS),
    ...readParameters(reader),
    inventory: resourcesOf(reader, 'inventory', groups),
    referential: boolean(id, 'custom.referential', field(custom, 'referential')),
    admission: oneOf(id, 'custom.admission', field(custom, 'admission'), ADMISSION),
    operations: field(custom, 'operations') ? wordsOf(reader, 'operations', OPERATIONS) : ASKED,
  };
}

interface CustomReader {
  readonly id: string;
  readonly custom: unknown;
}

function resourcesOf(
  { id, custom }: CustomReader,
  name: string,
  groups: ResourceGroups,
): readonly Resource[] {
  return strictList(id, `custom.${name}`, field(custom, name)).flatMap(
    (word) => groups[oneOf(id, `custom.${name}`, word, Object.keys(groups))] ?? [],
  );
}

function wordsOf<T extends string>(
  { id, custom }: CustomReader,
  name: string,
  words: readonly T[],
): readonly T[] {
  return strictList(id, `custom.${name}`, field(custom, name)).map((word) =>
    oneOf(id, `custom.${name}`, word, words),
  );
}

/** The parameters that a policy must have, and those that a profile need not have. */
function readParameters(reader: CustomReader): Pick<Policy, 'parameters' | 'optional'> {
  const optional = field(reader.custom, 'optional') ? wordsOf(reader, 'optional', PARAMETERS) : [];
  return { parameters: [...wordsOf(reader, 'parameters', PARAMETERS), ...optional], optional };
}

function text(id: string, name: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  throw invalid(id, name, 'a sentence');
}

function boolean(id: string, name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw invalid(id, name, 'true or false');
}

function oneOf<T extends string>(id: string, name: string, value: unknown, words: readonly T[]): T {
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  throw invalid(id, name, words.join(', '));
}

function strictList(id: string, name: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid(id, name, 'a list');
}

function invalid(id: string, name: string, expected: string): UserError {
  return new UserError(
    'POLICY_INVALID',
    `the METADATA of policies/${id}/policy.rego says ${name} wrong: expected ${expected}`,
  );
}

function field(holder: unknown, key: string): unknown {
  if (typeof holder !== 'object' || holder === null) return undefined;
  return Object.entries(holder).find(([name]) => name === key)?.[1];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
