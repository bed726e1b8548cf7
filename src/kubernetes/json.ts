/** A value as Kubernetes sees it: any value of JSON. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A map of the above. */
export type JsonObject = { readonly [key: string]: JsonValue };
