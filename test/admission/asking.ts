import { parseAllDocuments } from 'yaml';
import { KINDS } from '../../policies/lib/workloads/workloads.cel.ts';
import type { WaiversOn } from '../../src/config/expiry.ts';
import { generateAdmission } from '../../src/generate.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { groupOf } from '../../src/kubernetes/resources.ts';
import type { Profile } from '../../src/profile/profile.ts';
import type { AdmissionRequest, BoundPolicy } from '../support/admission-oracle.ts';
import { builtBulkhead } from '../support/bulkhead.ts';

export const bulkhead = builtBulkhead();

/** What is generated for a profile: each policy with its binding. */
export function policiesOf(profile: Profile, waiving?: WaiversOn): readonly BoundPolicy[] {
  return [...generateAdmission(bulkhead, profile, 'deny', waiving)]
    .filter(([path]) => path !== 'kustomization.yaml')
    .map(([, text]) => {
      const [policy, binding] = parseAllDocuments(text).map((document) => document.toJS());
      return { policy: policy as JsonObject, binding: binding as JsonObject };
    });
}

/** The id of a policy by its name in a cluster. */
export function idOf(name: string): string {
  return name.replace(/\.bulkhead\.dev$/, '');
}

/** A user without rights of a controller. */
export const JANE = { username: 'jane', groups: ['system:authenticated'] };

/** What the policies are about, as an API server serves it. */
const SERVED = [
  ...KINDS,
  { group: '', resource: 'nodes', kind: 'Node' },
  { group: '', resource: 'bindings', kind: 'Binding' },
];

/** The request that creates an object, or updates it; undefined where no policy is about its kind. */
export function requestFor(
  object: JsonObject,
  rest: Partial<AdmissionRequest> = {},
): AdmissionRequest | undefined {
  const apiVersion = String(object['apiVersion']);
  const served = SERVED.find(
    ({ group, kind }) => kind === object['kind'] && group === groupOf(apiVersion),
  );
  const version = apiVersion.split('/').at(-1) ?? '';
  if (served === undefined || version !== 'v1') return undefined;
  return {
    operation: 'CREATE',
    resource: { group: served.group, version, resource: served.resource },
    userInfo: JANE,
    object,
    ...rest,
  };
}
