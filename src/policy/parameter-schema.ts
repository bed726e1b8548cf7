import schema from '../../profiles/profile.schema.json' with { type: 'json' };
import type { JsonObject } from '../kubernetes/json.ts';
import type { Component } from '../profile/profile.ts';
import { fieldsOf } from './columns.ts';
import type { ParameterName, Policy } from './policy.ts';

// What an API server checks of the parameters is what the schema of profiles asks of the same values, as far
// as a structural schema can say it.

const { definitions, properties: profile } = schema;
const { component, customWorkload, nodeRole, taint, labelKey, labelValue, workloadKind } =
  definitions;
const { match } = component.properties;
const toleration = component.properties.tolerations.items.properties;
const ROLE_NAME = profile.nodeRoles.propertyNames;

const KEY = text(labelKey);
const VALUE = text(labelValue);
const KIND = text(workloadKind);
const FLAG = { type: 'boolean' };
// With a value, or by whether nodes have the label at all.
const LABELS = list({ properties: { key: KEY, value: VALUE, exists: FLAG }, required: ['key'] });
const TAINTS = list({
  properties: {
    key: KEY,
    value: VALUE,
    exists: FLAG,
    effect: text(taint.properties.effect),
  },
  required: ['key', 'effect'],
});
// A name, one of the words for several roles, or a list of names: a structural schema cannot say which.
const ROLE_OF_ROW = { 'x-kubernetes-preserve-unknown-fields': true };

/** One label of a DNS name. */
const NAMESPACE = { pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$' };
/** As in an apiVersion; the core group is the empty string. */
const GROUP = { pattern: '^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$' };

/** What a Constraint waives: with the objects of each, and the field if it is for one alone. */
const WAIVERS = list({
  properties: {
    match: {
      type: 'object',
      properties: {
        kind: text(customWorkload.properties.kind),
        group: text(GROUP),
        namespace: text(NAMESPACE),
        name: text(match.properties.name),
      },
      required: ['kind', 'name'],
    },
    path: { type: 'array', items: { 'x-kubernetes-int-or-string': true } },
  },
  required: ['match'],
});

const { minimum, maximum, properties: least } = component.properties.replicas;

const FIELD_SCHEMAS = {
  type: KIND,
  kinds: { type: 'array', items: KIND },
  replicas: { type: 'integer', minimum, maximum },
  minReplicas: { type: 'integer', minimum: least.min.minimum, maximum: least.min.maximum },
  nodeRole: ROLE_OF_ROW,
  antiAffinity: FLAG,
  disruptionControl: FLAG,
  drainable: FLAG,
} as const satisfies Partial<Record<keyof Component, JsonObject>>;

type Field = keyof typeof FIELD_SCHEMAS;

/** The structural schema of a policy's parameters, as a ConstraintTemplate requires it. */
export function parameterSchema(policy: Policy): JsonObject {
  const parts = {
    components: components(policy),
    nodeRoles: {
      ...list({
        properties: {
          name: text(ROLE_NAME),
          labels: { ...LABELS, minItems: nodeRole.properties.labels.minProperties },
          taints: TAINTS,
          alternativeTaints: { type: 'array', items: TAINTS },
          optionalTaints: FLAG,
          optional: FLAG,
        },
        required: ['name', 'labels', 'taints'],
      }),
      minItems: profile.nodeRoles.minProperties,
    },
    nodeLabels: LABELS,
    kubernetes: text(profile.kubernetes),
    schedulers: { type: 'array', items: text(profile.schedulers.items) },
    schedulerUsers: { type: 'array', items: text(profile.schedulerUsers.items) },
    customWorkloads: list({
      properties: {
        group: text(customWorkload.properties.group),
        kind: text(customWorkload.properties.kind),
        pods: {
          type: 'array',
          minItems: customWorkload.properties.pods.minItems,
          items: { type: 'array', minItems: 1, items: text({ pattern: '^[^.\\s]+$' }) },
        },
      },
      required: ['group', 'kind', 'pods'],
    }),
    otherWorkloads: {
      type: 'object',
      properties: {
        nodeRole: text(ROLE_NAME),
        antiAffinity: FLAG,
        disruptionControl: FLAG,
        drainable: FLAG,
      },
    },
  } satisfies Record<ParameterName, JsonObject>;
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries(policy.parameters.map((name) => [name, parts[name]])),
      waivers: WAIVERS,
    },
    required: policy.parameters.filter((name) => !policy.optional.includes(name)),
  };
}

function components({ columns, parameters }: Policy): JsonObject {
  const rows = list({
    properties: {
      name: text(component.properties.name),
      match: {
        type: 'object',
        properties: {
          namespace: text(match.properties.namespace),
          name: text(match.properties.name),
          kind: KIND,
        },
        required: ['namespace', 'name'],
      },
      static: FLAG,
      tolerations: list({
        properties: {
          key: KEY,
          operator: text(toleration.operator),
          value: VALUE,
          effect: text(toleration.effect),
          tolerationSeconds: { type: 'integer' },
        },
      }),
      managed: FLAG,
      ...Object.fromEntries(
        columns.flatMap(fieldsOf).map((field) => [field, FIELD_SCHEMAS[field as Field]]),
      ),
    },
    required: ['name', 'match'],
  });
  // A policy that also checks other workloads has something to do without components.
  return parameters.includes('otherWorkloads') ? rows : { ...rows, minItems: 1 };
}

/** The keywords for texts that a structural schema may have. */
interface TextSchema {
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly not?: { readonly enum?: readonly string[]; readonly pattern?: string };
}

function text({ enum: words, pattern, maxLength, not }: TextSchema): JsonObject {
  return {
    type: 'string',
    ...(words && { enum: [...words] }),
    ...(maxLength && { maxLength }),
    ...(pattern && { pattern }),
    ...(not && {
      not: { ...(not.enum ? { enum: [...not.enum] } : { pattern: not.pattern ?? '' }) },
    }),
  };
}

function list(items: JsonObject): JsonObject {
  return { type: 'array', items: { type: 'object', ...items } };
}
