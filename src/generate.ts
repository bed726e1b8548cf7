import { CEL_POLICIES } from './admission/policies.ts';
import { admissionPolicy, type Made } from './admission/vap.ts';
import type { Built } from './built.ts';
import { NO_WAIVERS, unexpired, type WaiversOn } from './config/expiry.ts';
import { policyRuleOf } from './config/rules.ts';
import { createEngine } from './engine/engine.ts';
import { constraint, syncSet } from './gatekeeper/constraint.ts';
import { FIRST_STAGE, type Stage } from './gatekeeper/enforcement.ts';
import { constraintTemplate } from './gatekeeper/template.ts';
import { chartValues, webhookPatch } from './gatekeeper/webhook.ts';
import type { JsonObject, JsonValue } from './kubernetes/json.ts';
import { type Resource, SERVED_BY } from './kubernetes/resources.ts';
import { writeYaml } from './manifest/yaml.ts';
import { reached } from './policy/closure.ts';
import { bind, catalogueFor, exemptable, wholeTable } from './policy/parameters.ts';
import { type Catalogue, textOf } from './policy/policy.ts';
import type { Profile } from './profile/profile.ts';
import { compareText } from './report/order.ts';
import { generatedBy } from './words.ts';

/**
 * All files that Gatekeeper needs to enforce a profile, by path.
 *
 * `sync/optional` is for clusters that have these projects, and in no kustomization.
 *
 * Two kustomizations: a Constraint can be applied only once the CRD of its template exists. Where Constraints
 * deny, also the settings without which a request that Gatekeeper does not answer in time is admitted unchecked.
 *
 * @param waiving the waivers for the Constraints; those that have expired are left out (`leftOut` names them).
 */
export function generateGatekeeper(
  built: Built,
  profile: Profile,
  stage: Stage = FIRST_STAGE,
  waiving: WaiversOn = NO_WAIVERS,
): ReadonlyMap<string, string> {
  const catalogue = catalogueFor(built.catalogue, profile);
  const { policies: modules } = built.sources();
  const parameters = bind(catalogue, profile);
  const mark = generatedBy('bulkhead generate gatekeeper');
  const waivers = unexpired(waiving);
  const files = new Map<string, string>();
  const constraints: string[] = [];
  for (const policy of catalogue.policies) {
    files.set(`templates/${policy.id}.yaml`, mark + writeYaml(constraintTemplate(policy, modules)));
    const bound = parameters.get(policy.id);
    if (bound === undefined) continue;
    constraints.push(`${policy.id}.yaml`);
    files.set(
      `constraints/${profile.name}/${policy.id}.yaml`,
      mark + writeYaml(constraint(policy, bound, { profile, stage, waivers })),
    );
  }
  files.set('sync/syncset.yaml', mark + writeYaml(syncSet(catalogue.policies)));
  for (const [name, served] of Object.entries(SERVED_BY)) {
    const optional = syncSet(catalogue.policies, `bulkhead-${name}`, served);
    files.set(`sync/optional/${name}.yaml`, mark + writeYaml(optional));
  }
  const templates = catalogue.policies.map(({ id }) => `${id}.yaml`);
  files.set('templates/kustomization.yaml', mark + kustomization(templates));
  files.set('sync/kustomization.yaml', mark + kustomization(['syncset.yaml']));
  files.set(`constraints/${profile.name}/kustomization.yaml`, mark + kustomization(constraints));
  if (stage === 'deny') {
    files.set('webhook/patch.yaml', mark + writeYaml(webhookPatch()));
    files.set('webhook/values.yaml', mark + writeYaml(chartValues()));
  }
  return files;
}

/**
 * The ValidatingAdmissionPolicies of a profile, each with its binding, by path, and a kustomization of them.
 *
 * A policy for which the profile has nothing to check has no file: where no role is reserved without knowing the Nodes
 * of the cluster, nothing keeps other workloads off. No files at all if that is so of every policy.
 *
 * @param waiving the waivers, of which those that have expired are left out.
 */
export function generateAdmission(
  built: Built,
  profile: Profile,
  stage: Stage = FIRST_STAGE,
  waiving: WaiversOn = NO_WAIVERS,
): ReadonlyMap<string, string> {
  const scene = admissionScene(built, profile);
  if (scene === undefined) return new Map();
  const waivers = unexpired(waiving);
  const mark = generatedBy('bulkhead generate vap');
  const files = new Map<string, string>();
  for (const policy of built.catalogue.policies) {
    const made = CEL_POLICIES[policy.id]?.(scene);
    if (made === undefined) continue;
    const own = waivers.filter(({ policies }) => policies.includes(policy.id));
    const documents = admissionPolicy(policy, made, { scene, stage, waivers: own });
    files.set(`${policy.id}.yaml`, mark + documents.map(writeYaml).join('---\n'));
  }
  if (files.size > 0) files.set('kustomization.yaml', mark + kustomization([...files.keys()]));
  return files;
}

/** What the policies of a profile are made for; undefined where it has nothing to check. */
export function admissionScene(built: Built, profile: Profile): Made['scene'] | undefined {
  const table = wholeTable(profile);
  const parameters = bind(built.catalogue, profile);
  if (parameters.size === 0) return undefined;
  const bulkhead = {
    parameters: Object.fromEntries(parameters),
    together: true,
    table,
    exemptable: exemptable(built.catalogue),
  };
  const facts = createEngine(built.wasm, { bulkhead, inventory: {} }).admission();
  return { facts, profile, rows: table.components ?? [] };
}

/** The rules that conftest asks for. */
const ADAPTER = ['violation', 'warn', 'violation_waived', 'exception'].map(
  (name) => `main.${name}`,
);

/**
 * All files that conftest needs: the packages by which it enters the policies, of these what is reached from there,
 * and the component table of a profile as data.
 *
 * @param waiving the waivers, of which those that have expired are left out.
 */
export function generateConftest(
  built: Built,
  profile: Profile,
  waiving: WaiversOn = NO_WAIVERS,
): ReadonlyMap<string, string> {
  const catalogue = catalogueFor(built.catalogue, profile);
  const bound = bind(catalogue, profile);
  const waivers = unexpired(waiving).map(policyRuleOf);
  const data = {
    bulkhead: {
      table: wholeTable(profile),
      exemptable: exemptable(built.catalogue),
      ...(waivers.length > 0 && { waivers }),
      policies: Object.fromEntries(
        catalogue.policies
          .filter(({ id }) => bound.has(id))
          .map(({ id, severity, required }) => [
            id,
            { severity, referential: required.length > 0 },
          ]),
      ),
      checks: checks(catalogue),
    },
  };
  const mark = generatedBy('bulkhead generate conftest');
  const { policies, conftest } = built.sources();
  const roots = [...ADAPTER, ...catalogue.policies.map(({ id }) => `policies.${id}.violation`)];
  return new Map([
    [`data/${profile.name}.yaml`, mark + writeYaml(JSON.parse(JSON.stringify(data)))],
    ...reached(roots, [...conftest, ...policies]).map((module) => {
      const directory = conftest.some(({ path }) => path === module.path)
        ? 'policy'
        : 'policy/policies';
      return [`${directory}/${module.path}`, textOf(module)] as const;
    }),
  ]);
}

/** Which policies check which kinds: each list of kinds is there once, with all policies that check it. */
function checks({ policies }: Catalogue): JsonValue {
  const found = new Map<string, { kinds: JsonObject; policies: string[] }>();
  for (const { id, kinds } of policies) {
    const groups = groupsByKind(kinds);
    const key = JSON.stringify(groups);
    const same = found.get(key);
    if (same === undefined) found.set(key, { kinds: groups, policies: [id] });
    else same.policies.push(id);
  }
  return [...found.values()];
}

function groupsByKind(resources: readonly Resource[]): JsonObject {
  const found = new Map<string, readonly string[]>();
  for (const { kind, groups } of resources) {
    found.set(kind, [...new Set([...(found.get(kind) ?? []), ...groups])].sort(compareText));
  }
  return Object.fromEntries([...found].sort(([a], [b]) => compareText(a, b)));
}

function kustomization(resources: readonly string[]): string {
  const value: JsonObject = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [...resources],
  };
  return writeYaml(value);
}
