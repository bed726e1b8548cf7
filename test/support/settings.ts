/**
 * A whole number from the environment.
 *
 * @throws Error if it is none: a run over nothing would pass.
 */
export function setting(name: string, fallback: number, least = 1): number {
  const value = Number(process.env[name] ?? fallback);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`${name} must be a whole number of ${least} or more`);
}
