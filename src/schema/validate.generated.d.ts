import type { SchemaError } from './faults.ts';

/** Whether a value follows a schema; if not, `errors` says why. */
interface Validate {
  (value: unknown): boolean;
  readonly errors?: readonly SchemaError[] | null;
}

/** By profiles/profile.schema.json. */
export declare const validateProfile: Validate;
/** By docs/config.schema.json. */
export declare const validateConfig: Validate;
/** By docs/baseline.schema.json. */
export declare const validateBaseline: Validate;
