import { RESOURCES, type Resource } from '../src/kubernetes/resources.ts';
import type { PolicyId } from '../src/names.generated.ts';
import {
  type Admission,
  type Catalogue,
  CHECKED_COLUMNS,
  type Operation,
  type ParameterName,
  type Policy,
} from '../src/policy/policy.ts';
import { SEVERITIES } from '../src/report/report.ts';
import type { Reach } from './reach.ts';
import { field, list } from './untyped.ts';

/** The optional parameters of a profile. */
const OPTIONAL: readonly ParameterName[] = [
  'otherWorkloads',
  'kubernetes',
  'schedulers',
  'schedulerUsers',
  'customWorkloads',
];

const ADMISSION: readonly Admission[] = ['deny', 'warn'];

const OPERATIONS: readonly Operation[] = ['CREATE', 'UPDATE', 'DELETE'];

/** A deletion is no violation, unless a policy declares DELETE. */
const ASKED: readonly Operation[] = ['CREATE', 'UPDATE'];

/** The kinds that create pods, from `data.lib.workloads.workloads.kinds`. */
export type WorkloadKinds = Readonly<
  Record<string, { readonly groups: readonly string[]; readonly template: readonly string[] }>
>;

/** The other kinds with pod specs, from `data.lib.workloads.custom_resources.kinds`. */
export type CustomKinds = Readonly<
  Record<
    string,
    readonly {
      readonly groups: readonly string[];
      readonly pods: readonly (readonly string[])[];
      readonly replicas?: number;
    }[]
  >
>;

/** What the catalogue depends on, besides METADATA. */
export interface Surroundings {
  readonly workloads: WorkloadKinds;
  readonly customKinds: CustomKinds;
  /** What each policy reads besides the object, by its id. */
  readonly reach: ReadonlyMap<string, Reach>;
  /** The release of the policies. */
  readonly version: string;
  /** The URL of the repository. */
  readonly repository: string;
}

/**
 * Makes the catalogue from the output of `opa inspect -a -f json` for the policies.
 *
 * @throws Error if the METADATA of a policy is incomplete or invalid.
 */
export function readCatalogue(
  inspection: unknown,
  { workloads, customKinds, reach, version, repository }: Surroundings,
): Catalogue {
  const groups = resourceGroups(workloads, customKinds);
  const packages = new Map(
    list(field(inspection, 'annotations'))
      .filter((entry) => field(field(entry, 'annotations'), 'scope') === 'package')
      .map((entry) => [packageName(field(entry, 'path')), field(entry, 'annotations')]),
  );
  const policies = [...packages]
    .flatMap(([name, annotations]) => {
      const [, id] = /^policies\.([^.]+)$/.exec(name) ?? [];
      if (id === undefined) return [];
      const taken = takenBy(reach.get(id), { packages, groups });
      return [{ ...readPolicy({ id, annotations, groups }, taken), version }];
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  if (policies.length === 0) throw new Error('no policy has METADATA for its package');
  return { version, repository, policies };
}

type ResourceGroups = Readonly<Record<string, readonly Resource[]>>;

function resourceGroups(workloads: WorkloadKinds, customKinds: CustomKinds): ResourceGroups {
  const listed = Object.entries(customKinds)
    .flatMap(([kind, all]) => all.map((one) => ({ kind, ...one })))
    .sort((a, b) => (a.kind < b.kind ? -1 : 1));
  const custom = listed.map(({ kind, groups, pods }) => ({ kind, groups, pods }));
  const controller = Object.entries(workloads)
    .map(([kind, { groups, template }]) => ({ kind, groups: [...groups].sort(), template }))
    .sort((a, b) => (a.kind < b.kind ? -1 : 1));
  return {
    ...RESOURCES,
    workload: [...controller, ...custom],
    // A Pod is not a controller.
    controller: controller.filter(({ kind }) => kind !== 'Pod'),
    replicated: custom.filter((_, index) => listed[index]?.replicas !== undefined),
  };
}

function packageName(path: unknown): string {
  const [, ...steps] = list(path).map((step) => String(field(step, 'value')));
  return steps.join('.');
}

/** What a policy reads besides the object: words for kinds, and parameters. */
interface Taken {
  readonly kinds: readonly string[];
  readonly parameters: readonly ParameterName[];
}

interface Declared {
  /** The METADATA of each package, by its name. */
  readonly packages: ReadonlyMap<string, unknown>;
  readonly groups: ResourceGroups;
}

/** A package declares the kinds that it reads: a rule that iterates over many kinds does not name them. */
function takenBy(reach: Reach | undefined, { packages, groups }: Declared): Taken {
  const { readers, parameters } = reach ?? { readers: new Map(), parameters: [] };
  const words = [...readers].flatMap(([name, named]) => {
    const custom = field(packages.get(name), 'custom');
    const reads = wordsOf({ id: name, custom }, 'reads', Object.keys(groups));
    const kinds = reads.flatMap((word) => groups[word] ?? []).map(({ kind }) => kind);
    const missing = [...named].find((kind) => !kinds.includes(kind));
    if (missing !== undefined) throw invalid(name, 'custom.reads', `${missing} among the kinds`);
    return reads;
  });
  return { kinds: Object.keys(groups).filter((word) => words.includes(word)), parameters };
}

interface PolicyReader {
  readonly id: string;
  readonly annotations: unknown;
  readonly groups: ResourceGroups;
}

function readPolicy(
  { id, annotations, groups }: PolicyReader,
  taken: Taken,
): Omit<Policy, 'version'> {
  const custom = field(annotations, 'custom');
  const reader = { id, custom };
  const requires = field(custom, 'requires')
    ? wordsOf(reader, 'requires', [...taken.kinds, ...taken.parameters])
    : [];
  return {
    // The directory of a policy is its id.
    id: id as PolicyId,
    title: text(id, 'title', field(annotations, 'title')),
    description: text(id, 'description', field(annotations, 'description')),
    category: text(id, 'custom.category', field(custom, 'category')),
    severity: oneOf(id, 'custom.severity', field(custom, 'severity'), SEVERITIES),
    ...securityOf(id, field(custom, 'security')),
    rationale: text(id, 'custom.rationale', field(custom, 'rationale')),
    remediation: text(id, 'custom.remediation', field(custom, 'remediation')),
    resources: list(field(annotations, 'related_resources')).map((resource) =>
      text(id, 'related_resources', field(resource, 'ref')),
    ),
    kinds: kindsOf(wordsOf(reader, 'kinds', Object.keys(groups)), groups),
    columns: wordsOf(reader, 'columns', CHECKED_COLUMNS),
    parameters: taken.parameters,
    optional: OPTIONAL.filter(
      (name) => taken.parameters.includes(name) && !requires.includes(name),
    ),
    inventory: kindsOf(taken.kinds, groups),
    required: kindsOf(requires, groups),
    isExemptable: field(custom, 'exemptable') === true,
    admission: oneOf(id, 'custom.admission', field(custom, 'admission'), ADMISSION),
    operations: field(custom, 'operations') ? wordsOf(reader, 'operations', OPERATIONS) : ASKED,
  };
}

function securityOf(id: string, value: unknown): Pick<Policy, 'security'> {
  if (value === undefined) return {};
  if (typeof value === 'number' && value > 0 && value <= 10) return { security: value };
  throw invalid(id, 'custom.security', 'a number from 0.1 to 10');
}

function kindsOf(words: readonly string[], groups: ResourceGroups): readonly Resource[] {
  return words.flatMap((word) => groups[word] ?? []);
}

interface CustomReader {
  readonly id: string;
  readonly custom: unknown;
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

function text(id: string, name: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  throw invalid(id, name, 'a sentence');
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

function invalid(id: string, name: string, expected: string): Error {
  return new Error(`METADATA of ${id}: ${name} must be ${expected}`);
}
