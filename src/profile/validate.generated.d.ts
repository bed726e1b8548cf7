/** What is wrong, in the words of JSON Schema. */
export interface SchemaError {
  readonly keyword: string;
  /** A JSON pointer to the value. */
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The schema that the keyword stands in. */
  readonly parentSchema: {
    readonly description?: string;
    readonly required?: readonly string[];
    readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
  };
  /** The value itself. */
  readonly data: unknown;
  /** The key that is wrong, where it is a key. */
  readonly propertyName?: string;
}

/** Whether a value has the form of a schema; if not, `errors` says why. */
interface Validate {
  (value: unknown): boolean;
  readonly errors?: readonly SchemaError[] | null;
}

/** By profiles/profile.schema.json. */
export declare const validateProfile: Validate;
/** By profiles/addon.schema.json. */
export declare const validateAddon: Validate;
