/**
 * A whole number from the environment.
 *
 * @throws Error if it is not one: a run without cases would pass.
 */
export function setting(name: string, fallback: number, least = 1): number {
  const value = Number(process.env[name] ?? fallback);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`${name} must be a whole number of ${least} or more`);
}

/** Whether `make nightly` runs, with full counts (docs/testing.md). */
export const IS_NIGHTLY = process.env['NIGHTLY'] === '1';

/** Returns the size of a test for this run. */
export function sized<T>(daily: T, nightly: T): T {
  return IS_NIGHTLY ? nightly : daily;
}

/** Returns all items in `make nightly`, otherwise every eighth, or one of so many. */
export function sampleOf<T>(items: readonly T[], step = 8): readonly T[] {
  return items.filter((_, index) => IS_NIGHTLY || index % step === 0);
}
