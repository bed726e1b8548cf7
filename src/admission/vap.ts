import { any, type Cel, FALSE, joined, text } from '../../policies/lib/admission/cel.ts';
import type {
  CelPolicy,
  CheckedResource,
  Scene,
  Variable,
} from '../../policies/lib/admission/policy.ts';
import { ruleOf } from '../config/rules.ts';
import type { Waiver } from '../config/waiver.ts';
import { grant } from '../gatekeeper/constraint.ts';
import type { Stage } from '../gatekeeper/enforcement.ts';
import { WAIVERS_ANNOTATION } from '../gatekeeper/names.ts';
import type { JsonObject } from '../kubernetes/json.ts';
import type { Policy } from '../policy/policy.ts';
import {
  type Condition,
  MAKING_CHANGED,
  ofBindings,
  ofChanges,
  ofComponents,
  ofOthers,
  ofWaivers,
  passesFor,
} from './envelope.ts';
import { layout } from './layout.ts';
import { ADMISSION, ADMISSION_KIND, admissionName } from './names.ts';
import { waivedPaths } from './waived-paths.ts';

const API = `${ADMISSION}/v1`;

/** The most characters of a message: the API server takes 5 KiB in one line, or says the title of the policy. */
const LONGEST = { ofAscii: 4000, ofOthers: 1200 };

/** How the findings of a policy are told apart in its one message. */
const BETWEEN = ' | ';

/** What a policy is made of, and for which stage of a rollout. */
export interface Made {
  readonly scene: Scene;
  readonly stage: Stage;
  /** Those of the policy that have not expired. */
  readonly waivers: readonly Waiver[];
}

/** A ValidatingAdmissionPolicy and its binding, which have one name. */
export function admissionPolicy(
  policy: Policy,
  made: CelPolicy,
  { scene, stage, waivers }: Made,
): readonly [JsonObject, JsonObject] {
  const metadata = {
    name: admissionName(policy.id),
    labels: { 'bulkhead.dev/profile': scene.profile.name },
  };
  const { variables, findings } = withFindings(made, scene, waivers);
  const violated = `${findings}.size() > 0`;
  const said = `${findings}.join(${text(BETWEEN)})`;
  const admission: JsonObject = {
    apiVersion: API,
    kind: ADMISSION_KIND,
    metadata: {
      ...metadata,
      annotations: {
        'bulkhead.dev/title': policy.title,
        'bulkhead.dev/description': policy.description,
        ...(waivers.length > 0 && {
          [WAIVERS_ANNOTATION]: JSON.stringify(
            waivers.map((waiver) => ({ ...ruleOf(waiver), ...grant(waiver) })),
          ),
        }),
      },
    },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: { resourceRules: rules(made.checks) },
      matchConditions: conditions(made, scene, waivers).map(written),
      variables: variables.map(written),
      validations: [
        {
          expression: `!(${violated})`,
          reason: 'Forbidden',
          message: policy.title,
          // All message expressions are evaluated, also of what is admitted.
          messageExpression: `${violated} ? ${inOneLine(said)} : ''`,
        },
      ],
    },
  };
  const binding: JsonObject = {
    apiVersion: API,
    kind: `${ADMISSION_KIND}Binding`,
    metadata,
    spec: { policyName: metadata.name, validationActions: [...actions(policy, stage)] },
  };
  return [admission, binding];
}

/** A text that the API server takes as a message, whatever an object has. */
function inOneLine(said: Cel): Cel {
  const most = `(m.matches(r'^[ -~]*$') ? ${LONGEST.ofAscii} : ${LONGEST.ofOthers})`;
  return `[${said}.replace('\\n', ' ')].map(m, m.size() > ${most} ? m.substring(0, ${most}) + ' …' : m)[0]`;
}

/** What happens to a request with a finding. Whatever happens, the audit log of the API server has it. */
function actions({ admission }: Policy, stage: Stage): readonly string[] {
  if (stage === 'dryrun') return ['Audit'];
  return stage === 'deny' && admission === 'deny' ? ['Deny', 'Audit'] : ['Warn', 'Audit'];
}

/** The resources, by their group and the operations. */
function rules(checked: readonly CheckedResource[]): JsonObject[] {
  const found = new Map<
    string,
    { apiGroups: string[]; operations: string[]; resources: string[] }
  >();
  for (const { group, resource, operations = ['CREATE', 'UPDATE'] } of checked) {
    const key = [group, ...operations].join();
    const same = found.get(key);
    if (same === undefined) {
      found.set(key, { apiGroups: [group], operations: [...operations], resources: [resource] });
    } else same.resources.push(resource);
  }
  return [...found.values()].map((one) => ({ ...one, apiVersions: ['v1'] }));
}

function written({ name, expression }: Variable | Condition): JsonObject {
  return { name, expression: layout(expression) };
}

function conditions(
  { about, changed, checks }: CelPolicy,
  { profile, rows }: Scene,
  waivers: readonly Waiver[],
): readonly Condition[] {
  const waived = waivers.filter(({ path }) => path === undefined).map(({ match }) => match);
  const checked = about === 'others' ? any(changed, MAKING_CHANGED) : changed;
  return [
    ...ofChanges(checked),
    ...(about === 'others' ? ofOthers(profile, rows, waived) : []),
    ...(about === 'components' ? ofComponents(profile, rows) : []),
    ...(checks.some(({ resource }) => resource === 'bindings') ? ofBindings(profile) : []),
    ...ofWaivers(waived),
  ];
}

/** The variables, and a list of texts for the findings: each with its path, of several components joined. */
function withFindings(
  made: CelPolicy,
  scene: Scene,
  waivers: readonly Waiver[],
): { readonly variables: readonly Variable[]; readonly findings: Cel } {
  const kept = waivedPaths(scene, waivers);
  const of = (found: Cel, name: Cel) =>
    `${kept(found)}.map(f, f.path + ': ' + ${name === '' ? '' : `${name} + `}f.says)`;
  const found =
    made.groups === undefined
      ? of('variables.found', '')
      : joined(
          made.groups.map(
            (group) => `${group.names}.map(n, ${of(group.found, 'n')}.join(${text(BETWEEN)}))`,
          ),
        );
  const own =
    made.groups === undefined
      ? [{ name: 'found', expression: foundOrMade(made, scene, waivers) }]
      : [];
  const all = made.groups === undefined ? found : `(${found}).filter(f, f != '')`;
  return {
    variables: [...made.variables, ...own, { name: 'findings', expression: all }],
    findings: 'variables.findings',
  };
}

/** What is found, and for other workloads also that a controller would have made the object. */
function foundOrMade(
  { about, found, checks }: CelPolicy,
  { profile, rows }: Scene,
  waivers: readonly Waiver[],
): Cel {
  if (about !== 'others') return found;
  // Of components once is enough: the policy that is asked of everything that is scheduled says it.
  const isOfBindings = checks.some(({ resource }) => resource === 'bindings');
  const passes = passesFor(
    profile,
    isOfBindings ? [] : rows,
    waivers.map(({ match }) => match),
  );
  if (passes === FALSE) return found;
  const says = text(
    ' would pass for what a controller makes for a component or a waived object: only the controllers of Kubernetes may create or change it',
  );
  return `(${found}) + (${passes} ? [{'path': 'metadata.name', 'says': variables.title + ${says}}] : [])`;
}
