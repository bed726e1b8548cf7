/** How many findings are accepted for now, by the id of their policy, then by their object and field. */
export type Baseline = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Writes a baseline: sorted, one finding a line, so that git can merge it. */
export function baselineText(baseline: Baseline): string {
  const policies = Object.keys(baseline).sort();
  const findings = Object.fromEntries(
    policies.map((policy) => {
      const counts = Object.entries(baseline[policy] ?? {});
      return [policy, Object.fromEntries(counts.sort(([a], [b]) => (a < b ? -1 : 1)))] as const;
    }),
  );
  return `${JSON.stringify({ version: 1, findings }, null, 2)}\n`;
}
