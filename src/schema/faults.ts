import { type ErrorCode, type Path, UserError } from '../errors.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';
import type { YamlFile } from '../manifest/yaml.ts';
import { inWords, nearest } from '../words.ts';

/** A violation of a JSON Schema, as ajv reports it. */
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

/** A violation, and the path of the value or key that is wrong. */
export interface Fault {
  readonly path: Path;
  readonly error: UserError;
}

/** What a kind of file is called, and what its mistakes mean. */
export interface FileKind {
  /** What a sentence calls the whole file: `the profile`. */
  readonly title: string;
  /** The path of its schema in the repository. */
  readonly schema: string;
  /** Fields that an empty file is told that it needs, besides those that the schema requires. */
  readonly needs: readonly string[];
  readonly code: ErrorCode;
  /** A meaning of its own for some violations. */
  readonly meaning?: (
    error: SchemaError,
    path: Path,
    sentence: string,
  ) => { readonly code: ErrorCode; readonly message: string } | undefined;
}

/** Puts the violations of a file's JSON Schema into words, each with its place and the nearest word. */
export function faultsOf(
  { value, placeOf }: YamlFile,
  errors: readonly SchemaError[],
  kind: FileKind,
): readonly Fault[] {
  return uniqueFaults(
    errors
      // It repeats the error of a key, without what was expected.
      .filter(({ keyword }) => keyword !== 'propertyNames')
      .map((fault) => {
        const at = pathOf(fault, value);
        const key = fault.propertyName ?? textIn(fault.params['additionalProperty']);
        const path = key === undefined ? at : [...at, key];
        const place = placeOf(path, key === undefined ? 'value' : 'key');
        const text = sentence(fault, at, kind);
        const { code, message } = kind.meaning?.(fault, at, text) ?? {
          code: kind.code,
          message: text,
        };
        return { path, error: new UserError(code, message, { place }) };
      }),
  );
}

/** One of each sentence: a text can violate several parts of its schema, with one description. */
function uniqueFaults(faults: readonly Fault[]): readonly Fault[] {
  const keyOf = ({ path, error }: Fault) => JSON.stringify([path, error.message]);
  return [...new Map(faults.map((fault) => [keyOf(fault), fault])).values()];
}

/** Reads a JSON pointer; a number is an index only in a list, as a key may look like one. */
function pathOf({ instancePath }: SchemaError, value: JsonValue): Path {
  const path: (string | number)[] = [];
  let parent: JsonValue | undefined = value;
  for (const step of instancePath.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(parent) ? Number(key) : key);
    parent = Array.isArray(parent) ? parent[Number(key)] : isMap(parent) ? parent[key] : undefined;
  }
  return path;
}

function sentence(fault: SchemaError, path: Path, kind: FileKind): string {
  const { keyword, params, parentSchema, data, propertyName } = fault;
  const where = dotted(path) || kind.title;
  if (propertyName !== undefined) {
    return `${where} must not have the key ${shown(propertyName)}: ${expected(parentSchema, kind)}`;
  }
  switch (keyword) {
    case 'required':
      return missing([...path, String(params['missingProperty'])], parentSchema, kind);
    case 'additionalProperties':
      return unknownField(path, String(params['additionalProperty']), parentSchema);
    case 'enum':
      return notOneOf(where, data, params['allowedValues']);
    case 'type':
      return wrongType(where, fault, kind);
    default:
      return `${where} must not be ${shown(data)}: ${expected(parentSchema, kind)}`;
  }
}

/** A path as text: `components[2].match`. */
function dotted(path: Path): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return text.replace(/^\./, '');
}

function missing(path: Path, { properties }: SchemaError['parentSchema'], kind: FileKind): string {
  return `${dotted(path)} is required: ${expected(properties?.[String(path.at(-1))] ?? {}, kind)}`;
}

function unknownField(path: Path, key: string, schema: SchemaError['parentSchema']): string {
  const known = Object.keys(schema.properties ?? {});
  const guess = nearest(key, known);
  const hint = guess === undefined ? `: expected ${known.join(', ')}` : `; did you mean ${guess}?`;
  return `unknown field ${dotted([...path, key])}${hint}`;
}

function notOneOf(where: string, data: unknown, allowed: unknown): string {
  const words = Array.isArray(allowed) ? allowed.map(String) : [];
  const guess = typeof data === 'string' ? nearest(data, words) : undefined;
  const hint = guess === undefined || words.length === 1 ? '' : `; did you mean ${guess}?`;
  return `${where} must be ${inWords(words, 'or')}, not ${shown(data)}${hint}`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  integer: 'a whole number',
  boolean: 'true or false',
};

function wrongType(
  where: string,
  { params, parentSchema, data }: SchemaError,
  { title, needs }: FileKind,
): string {
  if (where === title && data === null) {
    const required = [...(parentSchema.required ?? []), ...needs];
    return `${title} is empty: ${inWords(required, 'and')} are required`;
  }
  // ajv joins several types by commas.
  const types = String(params['type']).split(',');
  const words = types.map((name) => TYPE_WORDS[name] ?? name).join(' or ');
  const isUnquoted =
    types.includes('string') && (typeof data === 'boolean' || typeof data === 'number');
  const hint = isUnquoted ? ': put it in quotes' : '';
  return `${where} must be ${words}, not ${shown(data)}${hint}`;
}

function shown(data: unknown): string {
  // Only JSON's numbers have a form in JSON.
  const text = typeof data === 'number' ? String(data) : JSON.stringify(data);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** The first sentence of a description in the schema, to be put at the end of a message. */
function expected(
  { description }: { readonly description?: string },
  { schema }: FileKind,
): string {
  const [first = ''] = (description ?? `see ${schema}`).split(/\.(?:\s|$)/);
  return first.charAt(0).toLowerCase() + first.slice(1);
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
