import { UserError } from '../errors.ts';
import { readYaml, type YamlFile } from '../manifest/yaml.ts';
import { faultsOf } from '../schema/faults.ts';
import { validateBaseline } from '../schema/validate.generated.js';

/** How many findings are accepted for now, by the id of their policy, then by their object and field. */
export type Baseline = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A baseline, or every mistake in it, in the order of the file. */
export type ReadBaseline =
  | { readonly kind: 'baseline'; readonly baseline: Baseline }
  | { readonly kind: 'errors'; readonly errors: readonly UserError[] };

/** Reads a baseline by docs/baseline.schema.json. */
export function readBaseline(file: string, text: string): ReadBaseline {
  let json: YamlFile;
  try {
    json = readYaml(file, text, 'BASELINE_SYNTAX');
  } catch (error) {
    if (error instanceof UserError) return { kind: 'errors', errors: [error] };
    throw error;
  }
  if (!validateBaseline(json.value)) {
    const faults = faultsOf(json, validateBaseline.errors ?? [], {
      title: 'the baseline',
      schema: 'docs/baseline.schema.json',
      needs: [],
      code: 'BASELINE_INVALID',
    });
    return { kind: 'errors', errors: faults.map(({ error }) => error) };
  }
  // The schema guarantees it.
  const { findings } = json.value as unknown as { readonly findings: Baseline };
  return { kind: 'baseline', baseline: findings };
}

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
