import { loadavg } from 'node:os';
import { constraint } from '../src/gatekeeper/constraint.ts';
import { constraintKind } from '../src/gatekeeper/names.ts';
import { constraintTemplate } from '../src/gatekeeper/template.ts';
import { generateGatekeeper } from '../src/generate.ts';
import { type InputFile, readInput } from '../src/input.ts';
import type { JsonObject } from '../src/kubernetes/json.ts';
import { SERVED } from '../src/kubernetes/resources.ts';
import { writeYaml } from '../src/manifest/yaml.ts';
import { bind } from '../src/policy/parameters.ts';
import { includes, type Module, type Policy } from '../src/policy/policy.ts';
import { builtBulkhead, manifestsIn, ROOT, shippedProfile } from '../test/support/bulkhead.ts';
import { clusterObjects } from './cluster.ts';
import { type GatorRun, gatorBench } from './gator.ts';
import { numbersFrom, table } from './measure.ts';
import { publish } from './results.ts';

// The cost of the generated templates and Constraints in Gatekeeper, measured with `gator bench`: each
// template alone and all together over real manifests, and in a cluster with many objects. Of several runs,
// the minimum time of each object counts: other load on the machine only adds to it.

const [RUNS = 3] = numbersFrom('BENCH_RUNS', '3');
const [NODES = 500, WORKLOADS = 5000] = numbersFrom('BENCH_CLUSTER', '500,5000');
const WARMUP = 1;
/** The namespaces of the large cluster whose objects are reviewed. */
const REVIEWED = ['team-0', 'team-1', 'team-2'];
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };

const bulkhead = builtBulkhead();
const profile = shippedProfile('tectonic-1.6.4');
const generated = generateGatekeeper(bulkhead, profile);
/** Those to which the profile gives something to check. */
const policies = bulkhead.catalogue.policies.filter(({ id }) =>
  generated.has(`constraints/${profile.name}/${id}.yaml`),
);
const drifted = readObjects(manifestsIn(ROOT, 'testdata/clusters/drifted'));
const corpus = process.env['BULKHEAD_CORPUS'];
const real = [
  ...drifted,
  ...(corpus === undefined ? [] : readObjects(manifestsIn(corpus, 'modern'))),
];

/** A policy that does nothing: the cost of Gatekeeper itself. */
const FLOOR = standIn('control-plane-intrusion');

const alone = await perTemplate();
const large = await inventory();
publish('gatekeeper', {
  question: 'What does a review cost in Gatekeeper?',
  peers: 'a template that finds nothing',
  parts: [
    ...alone.parts,
    ...large.parts,
    `The load of the machine at the end was ${loadavg()[1]?.toFixed(0)}. With more load than cores, the times are too long.`,
  ],
  ratios: {
    'the slowest p50 of a template / of nothing': alone.slowest.p50 / alone.nothing.p50,
    'the slowest p99 of a template / of nothing': alone.slowest.p99 / alone.nothing.p99,
    'in the large cluster: the slowest p99 / of nothing': large.slowest.p99 / alone.nothing.p99,
  },
});

interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** The objects of files of the kinds that a policy checks or reads in a cluster. */
function readObjects(files: readonly InputFile[]): readonly JsonObject[] {
  return readInput(files)
    .objects.map(({ value }) => value)
    .filter(isOfUse);
}

function isOfUse(object: JsonObject): boolean {
  return policies.some(
    (policy) => checks(policy, object) || includes(policy.inventory, kindOf(object)),
  );
}

function checks({ kinds }: Policy, object: JsonObject): boolean {
  const known = kinds.filter(({ isOnlyRead }) => isOnlyRead !== true);
  return includes(known, kindOf(object));
}

function kindOf({ apiVersion, kind }: JsonObject) {
  return { apiVersion: String(apiVersion), kind: String(kind) };
}

async function perTemplate(): Promise<{
  readonly parts: readonly string[];
  readonly nothing: Percentiles;
  readonly slowest: Percentiles;
}> {
  const floor = await repeated(nothing(), real);
  const rows = [row('*a template that finds nothing*', FLOOR, floor, floor)];
  const measured: Percentiles[] = [];
  for (const policy of policies) {
    const run = await repeated(filesOf(policy.id), real);
    rows.push(row(policy.id, policy, run, floor));
    measured.push(percentiles(timesOf(policy, run, real)));
  }
  const all = await repeated(filesOf(), real);
  const count = real.length;
  rows.push([
    '**a whole review**',
    String(count),
    ...cells(all.review),
    ...memory(all, floor, count),
  ]);
  const parts = [
    `The ${count} objects are those of testdata/clusters/drifted${
      corpus === undefined ? '' : ' and of the manifests of some projects'
    }; all are in the inventory. Milliseconds of a template in a review, the minimum of ${RUNS} runs for each object; ` +
      'a whole review evaluates all templates that match, in the fastest run.',
    table(['template', 'reviews', 'p50', 'p95', 'p99', 'kB allocated', 'MB compiled'], rows),
  ];
  return { parts, nothing: percentiles(timesOf(FLOOR, floor, real)), slowest: slowestOf(measured) };
}

/** The slowest of each percentile. */
function slowestOf(measured: readonly Percentiles[]): Percentiles {
  const of = (key: keyof Percentiles) => Math.max(...measured.map((each) => each[key]));
  return { p50: of('p50'), p95: of('p95'), p99: of('p99') };
}

function standIn(id: string): Policy {
  const policy = policies.find((one) => one.id === id);
  if (policy === undefined) throw new Error(`unknown policy ${id}`);
  return { ...policy, id: 'nothing' as typeof policy.id };
}

/** The files of one template and its Constraint, or of all of them. */
function filesOf(id?: string): ReadonlyMap<string, string> {
  const end = id === undefined ? '.yaml' : `/${id}.yaml`;
  return new Map(
    [...generated].filter(
      ([path]) =>
        /^(?:templates|constraints)\//.test(path) &&
        path.endsWith(end) &&
        !path.endsWith('/kustomization.yaml'),
    ),
  );
}

/** The files of a policy that reads nothing, with the parameters of another: the cost of Gatekeeper itself. */
function nothing(): ReadonlyMap<string, string> {
  const violation = '\nviolation contains {"msg": ""} if input.review.kind == ""\n';
  const module: Module = {
    path: `${FLOOR.id}/policy.rego`,
    package: `policies.${FLOOR.id}`,
    head: `\npackage policies["${FLOOR.id}"]\n`,
    imports: [],
    rules: [{ name: 'violation', text: violation }],
    calls: { violation: [] },
  };
  const template = constraintTemplate(FLOOR, [...bulkhead.sources().policies, module]);
  const parameters = bind({ policies: [FLOOR] }, profile).get(FLOOR.id);
  if (parameters === undefined) throw new Error('the profile has no parameters for it');
  return new Map([
    ['template.yaml', writeYaml(template)],
    ['constraint.yaml', writeYaml(constraint(FLOOR, parameters, { profile, stage: 'dryrun' }))],
  ]);
}

/** Combines several runs: the minimum time of each object, and the rest from the fastest run. */
async function repeated(
  files: ReadonlyMap<string, string>,
  objects: readonly JsonObject[],
): Promise<GatorRun> {
  const runs: GatorRun[] = [];
  for (let done = 0; done < RUNS; done += 1) runs.push(await gatorBench(files, objects, WARMUP));
  const [least, ...others] = runs.toSorted((a, b) => a.review.p50 - b.review.p50);
  if (least === undefined) throw new Error('BENCH_RUNS must be 1 or more');
  const templates = [...least.templates].map(([kind, times]): [string, readonly number[]] => [
    kind,
    times.map((time, index) =>
      Math.min(time, ...others.map((run) => run.templates.get(kind)?.[index] ?? time)),
    ),
  ]);
  return { ...least, templates: new Map(templates) };
}

/** The times of a template in milliseconds, one for each object that it matches. */
function timesOf(policy: Policy, run: GatorRun, objects: readonly JsonObject[]): readonly number[] {
  const times = run.templates.get(constraintKind(policy.id)) ?? [];
  const matched = objects.filter((object) => checks(policy, object)).length;
  if (times.length === matched) return times;
  throw new Error(`${policy.id} was evaluated for ${times.length} objects, not for ${matched}`);
}

function row(name: string, policy: Policy, run: GatorRun, floor: GatorRun): readonly string[] {
  const times = timesOf(policy, run, real);
  return [
    name,
    String(times.length),
    ...cells(percentiles(times)),
    ...memory(run, floor, times.length),
  ];
}

function memory(run: GatorRun, floor: GatorRun, reviews: number): readonly string[] {
  return [(run.allocated / reviews / 1000).toFixed(0), String(run.liveMb - floor.liveMb)];
}

async function inventory(): Promise<{
  readonly parts: readonly string[];
  readonly slowest: Percentiles;
}> {
  const objects = [...drifted, ...clusterObjects(NODES, WORKLOADS)];
  const without = await gatorBench(inNamespaces(), drifted, 0);
  const run = await repeated(inNamespaces(), objects);
  const measured = policies.map((policy) => {
    const asked = objects.filter((object) => isReviewed(object) && checks(policy, object));
    const kind = checks(policy, DEPLOYMENT) ? DEPLOYMENT.kind : 'PodDisruptionBudget';
    const times = timesOf(policy, run, asked).filter((_, index) => asked[index]?.['kind'] === kind);
    return { policy, kind, times, ...percentiles(times) };
  });
  const rows = measured.map(({ policy, kind, times, ...each }) => [
    policy.id,
    kind,
    String(times.length),
    ...cells(each),
  ]);
  const parts = [
    `### A cluster of ${NODES} nodes and ${WORKLOADS} workloads`,
    'The objects that the SyncSet selects, as the API server returns them:',
    sizes(objects),
    `Gatekeeper uses ${run.liveMb - without.liveMb} MB for them, once in its cache and once in the engine (the difference in live ` +
      'memory of `gator bench` with and without them). Go lets a process grow to twice that between two garbage collections.',
    `Milliseconds of a template in a review of one of the users' objects, the minimum of ${RUNS} runs for each:`,
    table(['template', 'objects', 'reviews', 'p50', 'p95', 'p99'], rows),
  ];
  return { parts, slowest: slowestOf(measured) };
}

// gator reviews all objects of the inventory, unless the Constraint selects namespaces, which does not exclude
// cluster-scoped objects: the nodes.
function inNamespaces(): ReadonlyMap<string, string> {
  const match = `\n  match:\n    namespaces: [${REVIEWED.join(', ')}]\n`;
  return new Map([...filesOf()].map(([path, text]) => [path, text.replace('\n  match:\n', match)]));
}

function isReviewed({ kind, metadata }: JsonObject): boolean {
  return (
    kind === 'Node' ||
    REVIEWED.some((namespace) => JSON.stringify(metadata).includes(`"${namespace}"`))
  );
}

function sizes(objects: readonly JsonObject[]): string {
  const kinds = SERVED.map(({ kind }) => {
    const own = objects.filter((object) => object['kind'] === kind);
    return { kind, count: own.length, bytes: sum(own.map((one) => JSON.stringify(one).length)) };
  }).filter(({ count }) => count > 0);
  const all = {
    kind: '**all**',
    count: sum(kinds.map(({ count }) => count)),
    bytes: sum(kinds.map(({ bytes }) => bytes)),
  };
  return table(
    ['kind', 'objects', 'MB of JSON'],
    [...kinds, all].map(({ kind, count, bytes }) => [
      kind,
      String(count),
      (bytes / 1e6).toFixed(1),
    ]),
  );
}

function percentiles(times: readonly number[]): Percentiles {
  const sorted = times.toSorted((a, b) => a - b);
  const of = (part: number) => sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN;
  return { p50: of(0.5), p95: of(0.95), p99: of(0.99) };
}

/** In milliseconds. */
function cells({ p50, p95, p99 }: Percentiles): readonly string[] {
  return [p50, p95, p99].map((value) => value.toFixed(2));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
