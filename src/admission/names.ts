import type { JsonObject } from '../kubernetes/json.ts';
import { isMap, stringAt } from '../kubernetes/objects.ts';
import { groupOf } from '../kubernetes/resources.ts';

/** The API group of ValidatingAdmissionPolicies. */
export const ADMISSION = 'admissionregistration.k8s.io';
export const ADMISSION_KIND = 'ValidatingAdmissionPolicy';

const DOMAIN = '.bulkhead.dev';

/** The name that a policy has in a cluster. */
export function admissionName(id: string): string {
  return `${id}${DOMAIN}`;
}

/** Whether an object is a ValidatingAdmissionPolicy that Bulkhead generates. */
export function isAdmissionPolicy({ apiVersion, kind, metadata }: JsonObject): boolean {
  return (
    kind === ADMISSION_KIND &&
    groupOf(String(apiVersion)) === ADMISSION &&
    isMap(metadata) &&
    stringAt(metadata, 'name')?.endsWith(DOMAIN) === true
  );
}
