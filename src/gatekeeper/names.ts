/** The Kind of the Constraint of a policy: `Bulkhead` and the id in PascalCase. */
export function constraintKind(id: string): string {
  const words = id.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `Bulkhead${words.join('')}`;
}

/** The name of the ConstraintTemplate of a policy: Gatekeeper requires the Kind in lower case. */
export function templateName(id: string): string {
  return constraintKind(id).toLowerCase();
}
