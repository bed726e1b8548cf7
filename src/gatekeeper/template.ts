import type { JsonObject } from '../kubernetes/json.ts';
import { SERVED } from '../kubernetes/resources.ts';
import { parameterSchema } from '../policy/parameter-schema.ts';
import type { Module, Policy } from '../policy/policy.ts';
import { libraries } from './closure.ts';
import { constraintKind, templateName } from './names.ts';

/** The ConstraintTemplate of a policy: its file and the libraries it imports, byte for byte. */
export function constraintTemplate(policy: Policy, modules: readonly Module[]): JsonObject {
  const entry = modules.find(({ path }) => path === `${policy.id}/policy.rego`);
  if (entry === undefined) throw new Error(`policies/${policy.id}/policy.rego is not there`);
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
                libs: libraries(entry, modules).map(({ source }) => source),
              },
            },
          ],
        },
      ],
    },
  };
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
