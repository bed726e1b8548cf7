import type { JsonObject } from '../kubernetes/json.ts';
import { SERVED } from '../kubernetes/resources.ts';
import { parameterSchema } from '../policy/parameter-schema.ts';
import type { Module, Policy } from '../policy/policy.ts';
import { libraries } from './closure.ts';
import { constraintKind, templateName } from './names.ts';

/**
 * The ConstraintTemplate of a policy: its file under the name of a library, the libraries that it imports, byte for
 * byte, and the entry that all templates have, which drops what the Constraint waives.
 */
export function constraintTemplate(policy: Policy, modules: readonly Module[]): JsonObject {
  const entry = moduleAt('gatekeeper.rego', modules);
  const reached = libraries(entry, [libraryOf(policy, modules), ...modules]);
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
                rego: entry.source,
                libs: reached.map(({ source }) => source),
              },
            },
          ],
        },
      ],
    },
  };
}

/** The file of a policy as the library that the entry imports: Gatekeeper takes only packages below `lib`. */
function libraryOf({ id }: Policy, modules: readonly Module[]): Module {
  const { path, source } = moduleAt(`${id}/policy.rego`, modules);
  return {
    path,
    source: source.replace(`\npackage policies["${id}"]\n`, '\npackage lib.policy\n'),
  };
}

function moduleAt(path: string, modules: readonly Module[]): Module {
  const found = modules.find((module) => module.path === path);
  if (found === undefined) throw new Error(`policies/${path} is not there`);
  return found;
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
