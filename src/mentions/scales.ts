import type { Path } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap, reference, stringAt } from '../kubernetes/objects.ts';
import { groupOf, isCustom } from '../kubernetes/resources.ts';
import type { Component, Profile } from '../profile/profile.ts';

/** What sets the replicas of a workload, though it is no HorizontalPodAutoscaler: its component, and where. */
export function scaledBy(
  object: JsonObject,
  { components }: Pick<Profile, 'components'>,
): { readonly what: string; readonly path: Path } | undefined {
  for (const target of targetsOf(object)) {
    const component = components.find((row) => matches(row, target));
    if (component !== undefined) return { what: component.name, path: target.path };
  }
  return undefined;
}

interface Target {
  readonly namespace: string | null;
  readonly name: string | null;
  /** Null where the object does not say it. */
  readonly kind: string | null;
  readonly path: Path;
}

function targetsOf(object: JsonObject): readonly Target[] {
  const { apiVersion, kind, namespace, name } = reference(object);
  if (groupOf(apiVersion) === 'autoscaling' && kind === 'Scale') {
    return [{ namespace, name, kind: null, path: ['spec', 'replicas'] }];
  }
  const spec = object['spec'];
  if (!isCustom(object) || !isMap(spec)) return [];
  const target = spec['scaleTargetRef'];
  if (isMap(target)) {
    // KEDA's default.
    const targetKind = stringAt(target, 'kind') ?? 'Deployment';
    const path = ['spec', 'scaleTargetRef'];
    return [{ namespace, name: stringAt(target, 'name'), kind: targetKind, path }];
  }
  return groupOf(apiVersion) === 'policy.karmada.io' ? overridden(spec, namespace) : [];
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

function matches({ match, type }: Component, { namespace, name, kind }: Target): boolean {
  const expected = match.kind ?? type;
  if (kind !== null && expected !== undefined && expected !== kind) return false;
  if (namespace !== null && namespace !== match.namespace) return false;
  const [before = '', after] = match.name.split('*');
  if (name === null) return false;
  if (after === undefined) return name === before;
  const isLong = name.length >= before.length + after.length;
  return isLong && name.startsWith(before) && name.endsWith(after);
}
