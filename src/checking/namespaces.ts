import { objectName } from '../formats/names.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap, lacksNamespace, stringAt } from '../kubernetes/objects.ts';
import { RESOURCES, type Resource } from '../kubernetes/resources.ts';
import type { Locator } from '../manifest/locate.ts';
import { type ManifestObject, referenceOf } from '../manifest/objects.ts';
import { resourceFinder } from '../policy/policy.ts';
import type { Component } from '../profile/profile.ts';
import type { Note } from '../report/report.ts';
import type { FileSession } from '../session.ts';
import { selects } from './selectors.ts';

/**
 * Notes on objects that name no namespace, where it matters which one kubectl would give them: a row of
 * the profile, another object of the input, or a term of pod affinity names it.
 */
export function unknownNamespaces(
  { profile, catalogue, input }: Pick<FileSession, 'profile' | 'catalogue' | 'input'>,
  locate: Locator,
): readonly Note[] {
  const resourceFor = resourceFinder(catalogue);
  const lacking = (object: ManifestObject): boolean => {
    const resource = resourceFor(referenceOf(object));
    if (resource === undefined || referenceOf(object).namespace) return false;
    return lacksNamespace(object.value, resource);
  };
  const all = input.objects;
  if (!all.some(lacking)) return [];
  const found = all.flatMap((object): Found[] => {
    const resource = resourceFor(referenceOf(object));
    return resource === undefined ? [] : [{ object, resource, ...roleOf(object.value, resource) }];
  });
  const without = found.filter(({ object }) => lacking(object));
  const scene = sceneOf(found);
  return without.flatMap(({ object, ...one }) => {
    const meant = meaning({ object, ...one }, profile.components, scene);
    if (meant === undefined) return [];
    const message = `${objectName(referenceOf(object))} names no namespace, so ${meant.consequence}: if it is meant for ${meant.namespace}, pass --namespace ${meant.namespace}`;
    return [
      { code: 'NAMESPACE_UNKNOWN' as const, message, ...locate(object.document, object.path) },
    ];
  });
}

interface Found {
  readonly object: ManifestObject;
  readonly resource: Resource;
  /** The labels of its pods, if it is a workload. */
  readonly labels?: JsonObject;
  /** Which pods it selects, if it is a budget. */
  readonly selector?: JsonObject;
  /** What it scales, if it is an autoscaler: KIND NAME. */
  readonly target?: string;
}

function roleOf(
  value: JsonObject,
  { kind, template }: Resource,
): Omit<Found, 'object' | 'resource'> {
  if (template !== undefined)
    return { labels: map(at(value, [...template, 'metadata', 'labels'])) };
  if (kind === 'PodDisruptionBudget') return { selector: map(at(value, ['spec', 'selector'])) };
  if (!RESOURCES.autoscaler.some((autoscaler) => autoscaler.kind === kind)) return {};
  const target = at(value, ['spec', 'scaleTargetRef']);
  // KEDA's default.
  return { target: `${stringAt(target, 'kind') ?? 'Deployment'} ${stringAt(target, 'name')}` };
}

/** The objects of an input that name a namespace, by what they do. */
interface Scene {
  readonly budgets: readonly Found[];
  readonly workloads: readonly Found[];
  /** Autoscalers by what they scale, workloads by KIND NAME. */
  readonly scalers: ReadonlyMap<string, Found>;
  readonly named: ReadonlyMap<string, Found>;
}

function sceneOf(all: readonly Found[]): Scene {
  const found = all.filter(({ object }) => Boolean(referenceOf(object).namespace));
  const workloads = found.filter(({ labels }) => labels !== undefined);
  return {
    // To compare each with each would take quadratic time.
    budgets: found.filter(({ selector }) => selector !== undefined).slice(0, MOST),
    workloads: workloads.slice(0, MOST),
    scalers: new Map(found.flatMap((one) => (one.target === undefined ? [] : [[one.target, one]]))),
    named: new Map(workloads.map((one) => [kindAndName(one), one])),
  };
}

const MOST = 1000;

interface Meaning {
  readonly namespace: string;
  readonly consequence: string;
}

function meaning(
  found: Found,
  components: readonly Component[],
  scene: Scene,
): Meaning | undefined {
  return asComponent(found, components) ?? besideOthers(found, scene) ?? byItsTerms(found);
}

/** A row that would match the object, or the workload that it scales. */
function asComponent(
  { object, resource, target }: Found,
  components: readonly Component[],
): Meaning | undefined {
  const { template, pods } = resource;
  const isWorkload = template !== undefined || pods !== undefined;
  const [kind = '', name = ''] = isWorkload
    ? kindAndName({ object }).split(' ')
    : (target ?? '').split(' ');
  const row = components.find((component) => fits(component, kind, name));
  if (row === undefined) return undefined;
  const what = isWorkload
    ? `was not checked as component ${row.name}`
    : `does not count for component ${row.name}`;
  return { namespace: row.match.namespace, consequence: `it ${what}` };
}

function fits({ match, static: isStatic }: Component, kind: string, name: string): boolean {
  if (name === '' || (match.kind ?? kind) !== kind) return false;
  if (isStatic === true && kind !== 'Pod') return false;
  const [prefix = '', suffix] = match.name.split('*');
  if (suffix === undefined) return name === prefix;
  return (
    name.length >= prefix.length + suffix.length && name.startsWith(prefix) && name.endsWith(suffix)
  );
}

/** A budget or an autoscaler and its workload, of which only one names a namespace. */
function besideOthers(found: Found, scene: Scene): Meaning | undefined {
  const { labels, selector, target } = found;
  const other =
    (labels && scene.scalers.get(kindAndName(found))) ??
    (labels && scene.budgets.find((budget) => selects(budget.selector, labels))) ??
    (selector && scene.workloads.find((workload) => selects(selector, workload.labels ?? {}))) ??
    (target === undefined ? undefined : scene.named.get(target));
  if (other === undefined) return undefined;
  const named = referenceOf(other.object);
  return {
    namespace: named.namespace ?? '',
    consequence: `it was not checked together with ${objectName(named)}`,
  };
}

const AFFINITY = ['podAffinity', 'podAntiAffinity'];

/** A term of pod affinity that names namespaces, and selects the object's own pods. */
function byItsTerms({ object, resource: { template = [] }, labels }: Found): Meaning | undefined {
  if (labels === undefined) return undefined;
  const affinity = at(object.value, [...template, 'spec', 'affinity']);
  const terms = AFFINITY.flatMap((kind) => [
    ...list(at(affinity, [kind, 'requiredDuringSchedulingIgnoredDuringExecution'])),
    ...list(at(affinity, [kind, 'preferredDuringSchedulingIgnoredDuringExecution'])).map((item) =>
      at(item, ['podAffinityTerm']),
    ),
  ]);
  const namespace = terms
    .filter((term) => selects(map(at(term, ['labelSelector'])), labels))
    .flatMap((term) => list(at(term, ['namespaces'])))
    .find((name) => typeof name === 'string');
  if (namespace === undefined) return undefined;
  return {
    namespace,
    consequence: `a term of its pod affinity, which names ${namespace}, was taken to apply to its own pods`,
  };
}

function kindAndName({ object }: Pick<Found, 'object'>): string {
  const { kind, name } = referenceOf(object);
  return `${kind} ${name ?? ''}`;
}

function at(value: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (found, step) => (isMap(found) && Object.hasOwn(found, step) ? found[step] : undefined),
    value,
  );
}

function map(value: JsonValue | undefined): JsonObject {
  return isMap(value) ? value : {};
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
