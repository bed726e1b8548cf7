import type { JsonObject } from '../kubernetes/json.ts';
import type { ObjectReference } from '../kubernetes/objects.ts';
import { groupOf } from '../kubernetes/resources.ts';

/** The API group of Constraints. */
export const CONSTRAINTS = 'constraints.gatekeeper.sh';

/** Where a Constraint says who granted its waivers, why and until when: Rego has no clock. */
export const WAIVERS_ANNOTATION = 'bulkhead.dev/waivers';

/** Whether an object is a Constraint that Bulkhead generates. */
export function isConstraint({ apiVersion, kind }: JsonObject | ObjectReference): boolean {
  return groupOf(String(apiVersion)) === CONSTRAINTS && /^Bulkhead[A-Z]/.test(String(kind));
}

/** The Kind of the Constraint of a policy: `Bulkhead` and the id in PascalCase. */
export function constraintKind(id: string): string {
  const words = id.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `Bulkhead${words.join('')}`;
}

/** The name of the ConstraintTemplate of a policy: Gatekeeper requires the Kind in lower case. */
export function templateName(id: string): string {
  return constraintKind(id).toLowerCase();
}
