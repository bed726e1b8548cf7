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

/** Whether a value is a profile by profiles/profile.schema.json; if not, `errors` says why. */
export declare const validate: {
  (value: unknown): boolean;
  readonly errors?: readonly SchemaError[] | null;
};
