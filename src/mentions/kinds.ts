import type { Path } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';
import { groupOf, isCustom } from '../kubernetes/resources.ts';

/**
 * The parts of an object in which a word about placement is a wish of its author: all of a custom resource but
 * what controllers write. Of what changes other objects, only the changes; of what forbids, reports or describes,
 * nothing.
 */
export function partsWithWishes(object: JsonObject): readonly Path[] {
  const group = groupOf(String(object['apiVersion']));
  const kind = String(object['kind']);
  const special = PARTS[`${group}/${kind}`] ?? PARTS[`${group}/*`];
  if (special !== undefined) return special(object);
  if (!isCustom(object) || NO_PODS.some((silent) => silent.test(`${group}/${kind}`))) return [];
  const own = Object.keys(object).filter((key) => !NOT_WISHES.has(key));
  return [...own.map((key) => [key]), ...METADATA, ...nameOfSetting(object)];
}

const NOT_WISHES = new Set(['apiVersion', 'kind', 'metadata', 'status']);
const METADATA = [
  ['metadata', 'labels'],
  ['metadata', 'annotations'],
];

/** A setting that is one value is named by the object: Longhorn's `taint-toleration`. */
function nameOfSetting({ value }: JsonObject): readonly Path[] {
  return typeof value === 'string' && value !== '' ? [['metadata', 'name']] : [];
}

/** Kinds that make no pods and open no nodes, though they name nodes, taints and the like. */
const NO_PODS: readonly RegExp[] = [
  // Our own, and files that register nodes and do nothing else.
  /^bulkhead\.dev\/(?!(?:Butane|CloudConfig|Ignition)$)/,
  // All of Gatekeeper but its mutations: templates, Constraints, configuration.
  /^(?!mutations\.)[a-z]+\.gatekeeper\.sh\//,
  // Metrics, dashboards and reports.
  /^(?:azmonitoring|monitoring)\.coreos\.com\/(?:PrometheusRule|ServiceMonitor|PodMonitor|Probe|ScrapeConfig|AlertmanagerConfig)$/,
  /^operator\.victoriametrics\.com\/VM(?:Rule|Probe|[A-Za-z]*Scrape|ScrapeConfig)$/,
  /^(?:grafana\.integreatly\.org|integreatly\.org)\/Grafana.+$/,
  /^(?:wgpolicyk8s\.io|openreports\.io|reports\.kyverno\.io|aquasecurity\.github\.io)\//,
  // Tests of policies.
  /^(?:cli|chainsaw)\.kyverno\.io\//,
  // Networks and the like: which nodes announce, route or are configured.
  /^machineconfiguration\.openshift\.io\/MachineConfigPool$/,
  /^(?:crd\.projectcalico\.org|projectcalico\.org|k8s\.ovn\.org|policy\.networking\.k8s\.io)\//,
  /^cilium\.io\/Cilium(?!Config$)/,
  /^metallb\.io\/(?!MetalLB$)/,
  /^nmstate\.io\/NodeNetwork/,
  // The schema of a kind.
  /^apiextensions\.crossplane\.io\/CompositeResourceDefinition$/,
];

/** The parts of kinds of which only some are a wish. */
const PARTS: Readonly<Record<string, (object: JsonObject) => readonly Path[]>> = {
  // Plugins of the API server place the pods of a namespace by its annotations.
  '/Namespace': () => [['metadata', 'annotations']],
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': mutations,
  // The plugins' own configuration, and which of its filters a scheduler leaves out.
  'apiserver.config.k8s.io/AdmissionConfiguration': () => [['plugins']],
  'kubescheduler.config.k8s.io/KubeSchedulerConfiguration': () => [['profiles']],
  'kyverno.io/ClusterPolicy': changingRules,
  'kyverno.io/Policy': changingRules,
  'kyverno.io/*': () => [],
  'policies.kyverno.io/MutatingPolicy': mutations,
  'policies.kyverno.io/NamespacedMutatingPolicy': mutations,
  'policies.kyverno.io/GeneratingPolicy': mutations,
  'policies.kyverno.io/NamespacedGeneratingPolicy': mutations,
  'policies.kyverno.io/*': () => [],
  'policies.kubewarden.io/ClusterAdmissionPolicy': ifMutating,
  'policies.kubewarden.io/AdmissionPolicy': ifMutating,
  'mutations.gatekeeper.sh/Assign': assigned,
  'mutations.gatekeeper.sh/AssignMetadata': () => [], // labelledBy() reads it
  'mutations.gatekeeper.sh/AssignImage': () => [],
  'mutations.gatekeeper.sh/ModifySet': assigned,
};

/** What CEL expressions change or make; the conditions only read. */
function mutations(): readonly Path[] {
  return ['mutations', 'generate', 'variables'].map((part) => ['spec', part]);
}

/** Gatekeeper's: which objects it is about, and on what conditions, only reads. */
function assigned(): readonly Path[] {
  return [
    ['spec', 'location'],
    ['spec', 'parameters', 'assign'],
    ['spec', 'parameters', 'values'],
  ];
}

function ifMutating({ spec }: JsonObject): readonly Path[] {
  return isMap(spec) && spec['mutating'] === true ? [['spec']] : [];
}

const CHANGES = ['mutate', 'generate'];
const READS = new Set([
  ...['name', 'match', 'exclude', 'preconditions', 'celPreconditions', 'validate', 'verifyImages'],
  'skipBackgroundRequests',
]);

/** Kyverno's rules that change or generate objects, without the conditions. */
function changingRules({ spec }: JsonObject): readonly Path[] {
  const rules: JsonValue = (isMap(spec) && spec['rules']) || [];
  if (!Array.isArray(rules)) return [];
  return rules.flatMap((rule: JsonValue, index) =>
    isMap(rule) && CHANGES.some((change) => Object.hasOwn(rule, change))
      ? Object.keys(rule)
          .filter((part) => !READS.has(part))
          .map((part) => ['spec', 'rules', index, part])
      : [],
  );
}

/** The label that Gatekeeper gives to pods or nodes, by which budgets and components select them. */
export function labelledBy(
  object: JsonObject,
): { readonly what: string; readonly path: Path } | undefined {
  const { apiVersion, kind, spec } = object;
  if (kind !== 'AssignMetadata' || groupOf(String(apiVersion)) !== 'mutations.gatekeeper.sh') {
    return undefined;
  }
  const location = isMap(spec) ? spec['location'] : undefined;
  if (typeof location !== 'string' || !location.startsWith('metadata.labels')) return undefined;
  const match = isMap(spec) ? spec['match'] : undefined;
  const kinds = isMap(match) ? match['kinds'] : undefined;
  const names = Array.isArray(kinds)
    ? kinds.flatMap((one: JsonValue) => (isMap(one) ? (one['kinds'] ?? '*') : '*'))
    : ['*'];
  if (!names.some((name) => ['*', 'Pod', 'Node'].includes(String(name)))) return undefined;
  return { what: location, path: ['spec', 'location'] };
}
