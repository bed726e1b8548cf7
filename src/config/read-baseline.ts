import { UserError } from '../errors.ts';
import { readYaml, type YamlFile } from '../manifest/yaml.ts';
import { faultsOf } from '../schema/faults.ts';
import { validateBaseline } from '../schema/validate.generated.js';
import type { Baseline } from './baseline.ts';

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
