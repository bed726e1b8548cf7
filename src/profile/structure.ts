import addonSchema from '../../profiles/addon.schema.json' with { type: 'json' };
import schema from '../../profiles/profile.schema.json' with { type: 'json' };
import type { ErrorCode, Path } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';
import type { YamlFile } from '../manifest/yaml.ts';
import { type Fault, type FileKind, faultsOf, type SchemaError } from '../schema/faults.ts';
import { validateProfile } from '../schema/validate.generated.js';
import { mapOf } from './written.ts';

const PROFILE: FileKind = {
  title: 'the profile',
  schema: 'profiles/profile.schema.json',
  needs: ['nodeRoles', 'components'],
  code: 'PROFILE_INVALID',
  meaning: meaningOf,
};

/** Finds where a profile or an add-on violates its JSON Schema, each with its place. */
export function structureFaults(file: YamlFile): readonly Fault[] {
  const { value } = file;
  const { kind, ...parts } = mapOf(value);
  const isAddon = kind === 'Addon';
  // An add-on has some of the parts of a profile, in the same form.
  const found = validateProfile(isAddon ? { ...parts, kind: 'Profile' } : value);
  const errors = found ? [] : (validateProfile.errors ?? []);
  const others = isAddon ? addonErrors(parts) : absentParts(value);
  return faultsOf(file, [...errors, ...others], PROFILE);
}

/** What an add-on must and must not have, as its schema would say it. */
function addonErrors(parts: JsonObject): readonly SchemaError[] {
  const known: SchemaError['parentSchema'] = addonSchema as object;
  const root = { instancePath: '', parentSchema: known, data: parts };
  const foreign = Object.keys(parts).filter((key) => !Object.hasOwn(addonSchema.properties, key));
  const { components } = parts;
  const isEmpty = Array.isArray(components) && components.length === 0;
  return [
    ...foreign.map((key) => ({
      ...root,
      keyword: 'additionalProperties',
      params: { additionalProperty: key },
    })),
    ...(components === undefined
      ? [{ ...root, keyword: 'required', params: { missingProperty: 'components' } }]
      : []),
    ...(isEmpty
      ? [
          {
            keyword: 'minItems',
            instancePath: '/components',
            params: {},
            parentSchema: addonSchema.properties.components,
            data: components,
          },
        ]
      : []),
  ];
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

function meaningOf(
  fault: SchemaError,
  path: Path,
  sentence: string,
): { readonly code: ErrorCode; readonly message: string } {
  if (isUnmarkedRole(fault, path)) {
    const message = `role ${path[1]} has no labels: no node can have this role`;
    return { code: 'PROFILE_ROLE_UNMARKED', message };
  }
  const isIdentity = path[0] === 'components' && path[2] === 'match' && path[3] !== 'kind';
  const isText = ['pattern', 'not', 'maxLength'].includes(fault.keyword);
  const code = isIdentity && isText ? 'PROFILE_ROW_UNMATCHABLE' : 'PROFILE_INVALID';
  return { code, message: sentence };
}

/** True for a role without content or without labels. */
function isUnmarkedRole({ keyword, params, data }: SchemaError, path: Path): boolean {
  if (path[0] !== 'nodeRoles') return false;
  if (path.length === 2) return data === null || params['missingProperty'] === 'labels';
  const isLabels = path.length === 3 && path[2] === 'labels';
  return isLabels && (data === null || keyword === 'minProperties');
}
