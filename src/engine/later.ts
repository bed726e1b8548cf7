import type { JsonObject } from '../kubernetes/json.ts';

/** What becomes an object where data is loaded, and as JSON: together, many of them would be large. */
export class Later {
  readonly toJSON: () => JsonObject;

  constructor(make: () => JsonObject) {
    this.toJSON = make;
  }
}

/** Stands in data for the object that a function makes. */
export function later(make: () => JsonObject): JsonObject {
  return new Later(make) as unknown as JsonObject;
}
