import { type ErrorCode, type Path, UserError } from '../errors.ts';
import type { YamlFile } from '../manifest/yaml.ts';
import { nearest } from '../words.ts';
import validate, { type SchemaError } from './validate.generated.js';

/** Where a profile departs from its JSON Schema, each with its place, in the order of the file. */
export function structureErrors({ value, placeOf }: YamlFile): readonly UserError[] {
  if (validate(value)) return [];
  return (validate.errors ?? [])
    .filter(({ keyword, propertyName }) => keyword === 'propertyNames' || propertyName === undefined)
    .map((error) => {
      const path = pathOf(error);
      const key = keyOf(error);
      const place = key === undefined ? placeOf(path) : placeOf([...path, key], 'key');
      return new UserError(codeOf(error, path), sentence(error, path), { place });
    });
}

/** A path as people write it: `components[2].match`. */
export function dotted(path: Path): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return text.replace(/^\./, '') || 'the profile';
}

function pathOf({ instancePath }: SchemaError): Path {
  return instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** The key that is wrong itself, not its value. */
function keyOf({ keyword, params }: SchemaError): string | undefined {
  const key = keyword === 'propertyNames' ? params['propertyName'] : params['additionalProperty'];
  return typeof key === 'string' ? key : undefined;
}

function codeOf({ keyword, params }: SchemaError, path: Path): ErrorCode {
  const isUnmarked =
    keyword === 'required' &&
    params['missingProperty'] === 'labels' &&
    path[0] === 'nodeRoles' &&
    path.length === 2;
  return isUnmarked ? 'PROFILE_ROLE_UNMARKED' : 'PROFILE_INVALID';
}

function sentence(error: SchemaError, path: Path): string {
  const where = dotted(path);
  const { keyword, params, parentSchema, data } = error;
  switch (keyword) {
    case 'required':
      return missing(where, String(params['missingProperty']), parentSchema);
    case 'additionalProperties':
      return unknownKey(where, String(params['additionalProperty']), parentSchema);
    case 'propertyNames':
      return `"${String(params['propertyName'])}" cannot stand in ${where}: ${whole(parentSchema)}`;
    case 'enum':
      return notOneOf(where, data, params['allowedValues']);
    case 'type':
      return `${where} must be ${typeWords(params['type'])}, not ${shown(data)}`;
    default:
      return `${where} must not be ${shown(data)}: ${whole(parentSchema)}`;
  }
}

function missing(where: string, key: string, { properties }: SchemaError['parentSchema']): string {
  const meaning = properties?.[key]?.description;
  return `${where} needs ${key}${meaning === undefined ? '' : `: ${lowerFirst(meaning)}`}`;
}

function unknownKey(
  where: string,
  key: string,
  { properties }: SchemaError['parentSchema'],
): string {
  const known = Object.keys(properties ?? {});
  const guess = nearest(key, known);
  const hint = guess === undefined ? `expected ${known.join(', ')}` : `did you mean ${guess}?`;
  return `${where} has no key ${key}: ${hint}`;
}

function notOneOf(where: string, data: unknown, allowed: unknown): string {
  const words = Array.isArray(allowed) ? allowed.map(String) : [];
  const guess = typeof data === 'string' ? nearest(data, words) : undefined;
  const hint = guess === undefined || words.length === 1 ? '' : `; did you mean ${guess}?`;
  return `${where} must be ${words.join(', ')}, not ${shown(data)}${hint}`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'a string',
  integer: 'a whole number',
  boolean: 'true or false',
};

function typeWords(types: unknown): string {
  const names = Array.isArray(types) ? types.map(String) : [String(types)];
  return names.map((name) => TYPE_WORDS[name] ?? name).join(' or ');
}

function shown(data: unknown): string {
  const text = JSON.stringify(data) ?? String(data);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function whole({ description }: SchemaError['parentSchema']): string {
  return description === undefined ? 'see profiles/profile.schema.json' : lowerFirst(description);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
}
