import type { JsonObject } from '../kubernetes/json.ts';
import type { Column } from '../report/component-table.ts';
import type { ParameterName, Policy } from './policy.ts';

const TEXT = { type: 'string' };
const TEXTS = (names: readonly string[]): JsonObject =>
  Object.fromEntries(names.map((name) => [name, TEXT]));

const COLUMN_SCHEMAS = {
  type: TEXT,
  replicas: { type: 'integer', minimum: 0 },
  nodeRole: TEXT,
  antiAffinity: { type: 'boolean' },
  disruptionControl: { type: 'boolean' },
} as const satisfies Record<Column, JsonObject>;

/** The structural schema of a policy's parameters, as a ConstraintTemplate requires it. */
export function parameterSchema(policy: Policy): JsonObject {
  const parts = {
    components: components(policy),
    nodeRoles: list({
      properties: {
        name: TEXT,
        labels: list({ properties: TEXTS(['key', 'value']), required: ['key', 'value'] }),
        taints: list({
          properties: TEXTS(['key', 'value', 'effect']),
          required: ['key', 'value', 'effect'],
        }),
      },
      required: ['name', 'labels', 'taints'],
    }),
    nodeLabels: list({ properties: TEXTS(['key', 'value']), required: ['key', 'value'] }),
    schedulers: { type: 'array', items: TEXT },
    schedulerUsers: { type: 'array', items: TEXT },
    customWorkloads: list({
      properties: {
        ...TEXTS(['group', 'kind']),
        pods: { type: 'array', items: { type: 'array', items: TEXT } },
      },
      required: ['group', 'kind', 'pods'],
    }),
    otherWorkloads: {
      type: 'object',
      properties: {
        ...TEXTS(['nodeRole']),
        antiAffinity: COLUMN_SCHEMAS.antiAffinity,
        disruptionControl: COLUMN_SCHEMAS.disruptionControl,
      },
      required: ['nodeRole'],
    },
  } satisfies Record<ParameterName, JsonObject>;
  return {
    type: 'object',
    properties: Object.fromEntries(policy.parameters.map((name) => [name, parts[name]])),
    required: policy.parameters.filter((name) => !policy.optional.includes(name)),
  };
}

function components({ columns }: Policy): JsonObject {
  return list({
    properties: {
      name: TEXT,
      match: {
        type: 'object',
        properties: TEXTS(['namespace', 'name', 'kind']),
        required: ['namespace', 'name'],
      },
      static: { type: 'boolean' },
      managed: { type: 'boolean' },
      ...Object.fromEntries(columns.map((column) => [column, COLUMN_SCHEMAS[column]])),
    },
    required: ['name', 'match'],
  });
}

function list(items: JsonObject): JsonObject {
  return { type: 'array', items: { type: 'object', ...items } };
}
