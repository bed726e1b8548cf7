import type { JsonObject } from '../kubernetes/json.ts';
import { SERVED } from '../kubernetes/resources.ts';
import { reached } from '../policy/closure.ts';
import { parameterSchema } from '../policy/parameter-schema.ts';
import { type Module, type Policy, textOf } from '../policy/policy.ts';
import { constraintKind, templateName } from './names.ts';

/** The rule by which every template is entered: it drops what the Constraint waives. */
const ENTRY = 'gatekeeper';

/**
 * The ConstraintTemplate of a policy: the entry that all templates have, the file of the policy as a library, and of
 * the libraries the rules that these two call, byte for byte.
 */
export function constraintTemplate(policy: Policy, modules: readonly Module[]): JsonObject {
  const entry = modules.find((module) => module.package === ENTRY);
  if (entry === undefined) throw new Error(`there is no package ${ENTRY}`);
  const roots = [`${ENTRY}.violation`, `policies.${policy.id}.violation`];
  const libraries = reached(roots, modules).filter(({ path }) => path !== entry.path);
  return {
    apiVersion: 'templates.gatekeeper.sh/v1',
    kind: 'ConstraintTemplate',
    metadata: {
      name: templateName(policy.id),
      annotations: {
        'metadata.gatekeeper.sh/title': policy.title,
        'metadata.gatekeeper.sh/version': policy.version,
        description: policy.description,
        ...(policy.inventory.length > 0 && {
          'metadata.gatekeeper.sh/requires-sync-data': syncData(policy),
        }),
      },
    },
    spec: {
      crd: {
        spec: {
          names: { kind: constraintKind(policy.id) },
          validation: { openAPIV3Schema: parameterSchema(policy) },
        },
      },
      targets: [
        {
          target: 'admission.k8s.gatekeeper.sh',
          operations: [...policy.operations],
          code: [
            {
              engine: 'Rego',
              source: {
                version: 'v1',
                rego: textOf(entry),
                libs: libraries.map((library) => asLibrary(library, policy)),
              },
            },
          ],
        },
      ],
    },
  };
}

/** Gatekeeper takes only packages below `lib`: the file of a policy is the library that the entry imports. */
function asLibrary(module: Module, { id }: Policy): string {
  return textOf(module).replace(`\npackage policies["${id}"]\n`, '\npackage lib.policy\n');
}

// Every item of the outer list is a requirement, and any kind of its inner list meets it.
function syncData(policy: Policy): string {
  const wanted = SERVED.filter(({ group, kind }) =>
    policy.inventory.some((read) => read.kind === kind && read.groups.includes(group)),
  );
  return JSON.stringify(
    wanted.map(({ group, version, kind }) => [
      { groups: [group], versions: [version], kinds: [kind] },
    ]),
  );
}
