import type { AdmissionFacts } from '../../../src/engine/admission.ts';
import type { ParameterRow } from '../../../src/policy/parameters.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import type { Cel } from './cel.ts';

/** What a policy is made for. */
export interface Scene {
  readonly facts: AdmissionFacts;
  readonly profile: Profile;
  /** All rows of the profile, with all columns. */
  readonly rows: readonly ParameterRow[];
}

/** An expression with a name, which others have as `variables.name`. */
export interface Variable {
  readonly name: string;
  readonly expression: Cel;
}

/** A kind of object that a policy checks. */
export interface CheckedResource {
  readonly group: string;
  /** The resource, or a subresource of it. */
  readonly resource: string;
  readonly operations?: readonly string[];
}

/** What a policy checks, and how. */
export interface CelPolicy {
  readonly checks: readonly CheckedResource[];
  /** Whether it is about workloads that are no component, or about components; a Node is neither. */
  readonly about: 'others' | 'components' | 'nodes';
  /** What a request must change to be checked, beyond those that create an object. */
  readonly changed: Cel;
  readonly variables: readonly Variable[];
  /** A list of findings, each with its `path` and what it `says`. */
  readonly found: Cel;
  /** About components: lists of names, each with findings that say something after such a name. */
  readonly groups?: readonly { readonly names: Cel; readonly found: Cel }[];
}

/** Makes variables, and gives their names to expressions. */
export class Variables {
  readonly #all: Variable[] = [];

  /** The variables in the order in which they were made, each after those that it uses. */
  get all(): readonly Variable[] {
    return this.#all;
  }

  /**
   * Makes a variable; the same for the same name and expression. Where another one has the name, as names of two roles
   * may become one identifier, it gets a number.
   *
   * @returns how to write it in an expression.
   */
  add(wanted: string, expression: Cel): Cel {
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? wanted : `${wanted}_${number}`;
      const known = this.#all.find((one) => one.name === name);
      if (known === undefined) this.#all.push({ name, expression });
      if (known === undefined || known.expression === expression) return `variables.${name}`;
    }
  }
}

/** A name as an identifier. */
export function identifier(...parts: readonly string[]): string {
  return parts.join('_').replace(/\W+/g, '_');
}
