import type { Path } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap, reference, stringAt } from '../kubernetes/objects.ts';
import { groupOf, isCustom, RESOURCES } from '../kubernetes/resources.ts';
import { includes } from '../policy/policy.ts';
import { type Component, fits, type Profile } from '../profile/profile.ts';

/**
 * What sets the replicas of a workload, though policies read no number of it: whose replicas, and where. Those of
 * other workloads matter where the profile counts them.
 */
export function scaledBy(
  object: JsonObject,
  { components, otherWorkloads }: Pick<Profile, 'components' | 'otherWorkloads'>,
): { readonly what: string; readonly path: Path } | undefined {
  const targets = targetsOf(object);
  for (const target of targets) {
    const component = components.find((row) => matches(row, target));
    if (component !== undefined) {
      return { what: `the component ${component.name}`, path: target.path };
    }
  }
  const countsOthers =
    otherWorkloads?.antiAffinity === true || otherWorkloads?.disruptionControl === true;
  const [other] = countsOthers ? targets.filter(isNamed) : [];
  if (other === undefined) return undefined;
  const name = [other.namespace, other.name].filter(Boolean).join('/');
  return { what: `${other.kind ?? 'workload'} ${name}`, path: other.path };
}

interface Target {
  readonly namespace: string | null;
  readonly name: string | null;
  /** Null where the object does not say it. */
  readonly kind: string | null;
  readonly path: Path;
}

function isNamed({ name, kind }: Target): boolean {
  return Boolean(name) && !name?.includes('*') && (kind === null || SCALABLE.has(kind));
}

/** The kinds of workloads that something else can scale. */
const SCALABLE: ReadonlySet<string> = new Set([
  ...['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet'],
  ...['Rollout', 'DeploymentConfig', 'CloneSet'],
]);

/** APIs whose `targetRef` names a workload of which they leave the number alone. */
const NO_SCALERS: ReadonlySet<string> = new Set([
  'autoscaling.k8s.io', // VerticalPodAutoscaler
  'apps.kruise.io',
  'policy.kruise.io',
]);

function targetsOf(object: JsonObject): readonly Target[] {
  const { apiVersion, kind, namespace, name } = reference(object);
  const group = groupOf(apiVersion);
  if (group === 'autoscaling' && kind === 'Scale') {
    return [{ namespace, name, kind: null, path: ['spec', 'replicas'] }];
  }
  const spec = object['spec'];
  if (!isCustom(object) || !isMap(spec) || includes(RESOURCES.autoscaler, { apiVersion, kind })) {
    return [];
  }
  if (group === 'policy.karmada.io') return overridden(spec, namespace);
  if (group === 'argoproj.io') return rendered(spec, ['spec']);
  const scaled = spec['scaleTargetRef'];
  if (isMap(scaled)) {
    // KEDA's default, also of its add-ons.
    const targetKind = stringAt(scaled, 'kind') ?? 'Deployment';
    const path = ['spec', 'scaleTargetRef'];
    return [{ namespace, name: stringAt(scaled, 'name'), kind: targetKind, path }];
  }
  const target = spec['targetRef'];
  const targetKind = isMap(target) ? stringAt(target, 'kind') : null;
  if (!isMap(target) || targetKind === null || !SCALABLE.has(targetKind)) return [];
  if (NO_SCALERS.has(group)) return [];
  const path = ['spec', 'targetRef'];
  return [{ namespace, name: stringAt(target, 'name'), kind: targetKind, path }];
}

/** The workloads of which Karmada overrides the replicas. */
function overridden(spec: JsonObject, namespace: string | null): readonly Target[] {
  const { resourceSelectors: selectors, ...overrides } = spec;
  if (!Array.isArray(selectors) || !JSON.stringify(overrides).includes('/spec/replicas')) return [];
  return selectors.map((selector: JsonValue, index) => ({
    namespace: stringAt(selector, 'namespace') ?? namespace,
    name: stringAt(selector, 'name'),
    kind: stringAt(selector, 'kind'),
    path: ['spec', 'resourceSelectors', index],
  }));
}

/** The workloads of which Argo CD sets the replicas when it renders a kustomization. */
function rendered(spec: JsonObject, path: Path): readonly Target[] {
  const template = spec['template'];
  const inTemplate = isMap(template) ? template['spec'] : undefined;
  if (isMap(inTemplate)) return rendered(inTemplate, [...path, 'template', 'spec']);
  const destination = spec['destination'];
  const namespace = isMap(destination) ? stringAt(destination, 'namespace') : null;
  const many = spec['sources'];
  const sources: readonly (readonly [JsonValue | undefined, Path])[] = [
    [spec['source'], [...path, 'source']],
    ...(Array.isArray(many)
      ? many.map((source, index) => [source, [...path, 'sources', index]] as const)
      : []),
  ];
  return sources.flatMap(([source, at]) => {
    const kustomize = isMap(source) ? source['kustomize'] : undefined;
    const replicas = isMap(kustomize) ? kustomize['replicas'] : undefined;
    if (!Array.isArray(replicas)) return [];
    return replicas.map((entry, index) => ({
      namespace,
      name: stringAt(entry, 'name'),
      kind: null,
      path: [...at, 'kustomize', 'replicas', index],
    }));
  });
}

function matches({ match, type }: Component, { namespace, name, kind }: Target): boolean {
  const expected = match.kind ?? type;
  if (kind !== null && expected !== undefined && expected !== kind) return false;
  if (namespace !== null && !fits(match.namespace, namespace)) return false;
  return name !== null && fits(match.name, name);
}
