import schema from '../../profiles/profile.schema.json' with { type: 'json' };
import { type ErrorCode, type Path, UserError } from '../errors.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';
import type { YamlFile } from '../manifest/yaml.ts';
import { inWords, nearest } from '../words.ts';
import { type SchemaError, validateAddon, validateProfile } from './validate.generated.js';
import { mapOf } from './written.ts';

/** A violation of the schema, and the path of the value or key that is wrong. */
export interface Fault {
  readonly path: Path;
  readonly error: UserError;
}

/** Finds where a profile or an add-on violates its JSON Schema, each with its place. */
export function structureFaults({ value, placeOf }: YamlFile): readonly Fault[] {
  const isAddon = mapOf(value)['kind'] === 'Addon';
  const validate = isAddon ? validateAddon : validateProfile;
  const found = validate(value) ? [] : (validate.errors ?? []);
  return uniqueFaults(
    [...found, ...(isAddon ? [] : absentParts(value))]
      // It repeats the error of a key, without what was expected.
      .filter(({ keyword }) => keyword !== 'propertyNames')
      .map((fault) => {
        const at = pathOf(fault, value);
        const key = fault.propertyName ?? textIn(fault.params['additionalProperty']);
        const path = key === undefined ? at : [...at, key];
        const place = placeOf(path, key === undefined ? 'value' : 'key');
        const { code, message } = meaningOf(fault, at);
        return { path, error: new UserError(code, message, { place }) };
      }),
  );
}

/** What a profile needs unless it extends others, as the schema would say it. */
function absentParts(value: JsonValue): readonly SchemaError[] {
  const profile = mapOf(value);
  if (!isMap(value) || 'extends' in profile) return [];
  return ['nodeRoles', 'components']
    .filter((key) => !(key in profile))
    .map((missingProperty) => ({
      keyword: 'required',
      instancePath: '',
      params: { missingProperty },
      parentSchema: schema,
      data: value,
    }));
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
    parent = Array.isArray(parent) ? parent[Number(key)] : mapOf(parent)[key];
  }
  return path;
}

function meaningOf(fault: SchemaError, path: Path): { code: ErrorCode; message: string } {
  if (isUnmarkedRole(fault, path)) {
    const message = `role ${path[1]} has no labels: no node can have this role`;
    return { code: 'PROFILE_ROLE_UNMARKED', message };
  }
  const isIdentity = path[0] === 'components' && path[2] === 'match' && path[3] !== 'kind';
  const isText = ['pattern', 'not', 'maxLength'].includes(fault.keyword);
  const code = isIdentity && isText ? 'PROFILE_ROW_UNMATCHABLE' : 'PROFILE_INVALID';
  return { code, message: sentence(fault, path) };
}

/** True for a role without content or without labels. */
function isUnmarkedRole({ keyword, params, data }: SchemaError, path: Path): boolean {
  if (path[0] !== 'nodeRoles') return false;
  if (path.length === 2) return data === null || params['missingProperty'] === 'labels';
  const isLabels = path.length === 3 && path[2] === 'labels';
  return isLabels && (data === null || keyword === 'minProperties');
}

function sentence(fault: SchemaError, path: Path): string {
  const { keyword, params, parentSchema, data, propertyName } = fault;
  const where = dotted(path);
  if (propertyName !== undefined) {
    return `${where} must not have the key ${shown(propertyName)}: ${expected(parentSchema)}`;
  }
  switch (keyword) {
    case 'required':
      return missing(path, String(params['missingProperty']), parentSchema);
    case 'additionalProperties':
      return unknownField(path, String(params['additionalProperty']), parentSchema);
    case 'enum':
      return notOneOf(where, data, params['allowedValues']);
    case 'type':
      return wrongType(where, fault);
    default:
      return `${where} must not be ${shown(data)}: ${expected(parentSchema)}`;
  }
}

/** A path as text: `components[2].match`. */
function dotted(path: Path): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return text.replace(/^\./, '') || 'the profile';
}

function missing(path: Path, key: string, { properties }: SchemaError['parentSchema']): string {
  return `${dotted([...path, key])} is required: ${expected(properties?.[key] ?? {})}`;
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

function wrongType(where: string, { params, parentSchema, data }: SchemaError): string {
  if (where === 'the profile' && data === null) {
    const required = [...(parentSchema.required ?? []), 'nodeRoles', 'components'];
    return `the profile is empty: ${inWords(required, 'and')} are required`;
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
function expected({ description = 'see profiles/profile.schema.json' }): string {
  const [first = ''] = description.split(/\.(?:\s|$)/);
  return first.charAt(0).toLowerCase() + first.slice(1);
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
