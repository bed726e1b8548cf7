import { type Path, UserError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';
import type { YamlFile } from '../manifest/yaml.ts';
import { pathIn } from '../report/paths.ts';
import { inWords, nearest } from '../words.ts';
import { isDay } from './days.ts';

/** The policies, as far as a configuration names them and their objects. */
export interface KnownPolicies {
  readonly ids: readonly string[];
  /** Those that an annotation may waive. */
  readonly inlineWaivable: readonly string[];
  /** Whether objects of a kind are in a namespace, if that is known. */
  readonly isNamespaced: (kind: string) => boolean | undefined;
}

/** A mistake that a schema cannot find, at a value or at its key. */
interface Mistake {
  readonly path: Path;
  readonly target?: 'key';
  readonly message: string;
}

/** Finds what contradicts itself in a configuration, or names what does not exist. */
export function mistakesIn(
  { value, placeOf }: YamlFile,
  policies: KnownPolicies,
): readonly UserError[] {
  if (!isMap(value)) return [];
  return [
    ...inputMistakes(value),
    ...severityMistakes(value, policies),
    ...inlineMistakes(value, policies),
    ...waiverMistakes(value, policies),
    ...untilMistakes(value),
  ].map(
    ({ path, target, message }) =>
      new UserError('CONFIG_INVALID', message, { place: placeOf(path, target) }),
  );
}

const SOURCES = ['path', 'kustomize', 'helm'];
const OF_CHARTS = ['values', 'release', 'namespace'];

function inputMistakes(config: JsonObject): readonly Mistake[] {
  const { inputs, environments } = config;
  const both: readonly Mistake[] =
    inputs !== undefined && environments !== undefined
      ? [
          {
            path: ['inputs'],
            target: 'key',
            message: 'inputs and environments exclude each other: give each environment its inputs',
          },
        ]
      : [];
  return [
    ...both,
    ...sourceMistakes(inputs, ['inputs']),
    ...Object.entries(mapOf(environments)).flatMap(([name, environment]) =>
      sourceMistakes(mapOf(environment)['inputs'], ['environments', name, 'inputs']),
    ),
  ];
}

function sourceMistakes(inputs: JsonValue | undefined, path: Path): readonly Mistake[] {
  return items(inputs).flatMap((input, index): readonly Mistake[] => {
    if (!isMap(input)) return [];
    const named = SOURCES.filter((key) => key in input);
    const own = dotted([...path, index]);
    if (named.length !== 1) {
      return [{ path: [...path, index], message: `${own} needs one of path, kustomize and helm` }];
    }
    if (named[0] === 'helm') return [];
    return OF_CHARTS.filter((key) => key in input).map((key) => ({
      path: [...path, index, key],
      target: 'key',
      message: `${own}.${key} is for Helm charts: ${named[0]} takes none`,
    }));
  });
}

function severityMistakes({ severity }: JsonObject, policies: KnownPolicies): readonly Mistake[] {
  return Object.keys(mapOf(severity)).flatMap((id) =>
    unknownPolicy(id, policies).map((message) => ({
      path: ['severity', id],
      target: 'key' as const,
      message,
    })),
  );
}

function inlineMistakes(
  { inlineWaivers }: JsonObject,
  policies: KnownPolicies,
): readonly Mistake[] {
  return items(inlineWaivers).flatMap((id, index): readonly Mistake[] => {
    if (typeof id !== 'string') return [];
    const path = ['inlineWaivers', index];
    const unknown = unknownPolicy(id, policies);
    if (unknown.length > 0) return unknown.map((message) => ({ path, message }));
    if (policies.inlineWaivable.includes(id)) return [];
    const message = `an annotation cannot waive ${id}, which decides where pods run: add a waiver to waivers, or a component to the profile`;
    return [{ path, message }];
  });
}

function waiverMistakes(config: JsonObject, policies: KnownPolicies): readonly Mistake[] {
  const environments = Object.keys(mapOf(config['environments']));
  return items(config['waivers']).flatMap((waiver, index) => {
    if (!isMap(waiver)) return [];
    const at = ['waivers', index];
    return [
      ...namedPolicies(waiver['policy'], [...at, 'policy'], policies),
      ...matchMistakes(mapOf(waiver['match']), [...at, 'match'], policies),
      ...pathMistakes(waiver['path'], [...at, 'path']),
      ...environmentMistakes(waiver['environments'], [...at, 'environments'], environments),
      ...dayMistakes(waiver['expires'], [...at, 'expires']),
    ];
  });
}

function namedPolicies(
  named: JsonValue | undefined,
  path: Path,
  policies: KnownPolicies,
): readonly Mistake[] {
  if (typeof named === 'string') {
    return unknownPolicy(named, policies).map((message) => ({ path, message }));
  }
  return items(named).flatMap((id, index) =>
    typeof id === 'string'
      ? unknownPolicy(id, policies).map((message) => ({ path: [...path, index], message }))
      : [],
  );
}

function matchMistakes(
  { kind, namespace }: JsonObject,
  path: Path,
  { isNamespaced }: KnownPolicies,
): readonly Mistake[] {
  if (typeof kind !== 'string') return [];
  const isIn = isNamespaced(kind);
  if (isIn === false && namespace !== undefined) {
    const message = `a ${kind} is in no namespace: remove the namespace`;
    return [{ path: [...path, 'namespace'], target: 'key', message }];
  }
  if (isIn === true && namespace === undefined) {
    const message = `${dotted(path)}.namespace is required: a ${kind} is in a namespace`;
    return [{ path, message }];
  }
  return [];
}

function pathMistakes(text: JsonValue | undefined, path: Path): readonly Mistake[] {
  if (typeof text !== 'string' || pathIn(text) !== undefined) return [];
  const message = `${dotted(path)} is no path of a field: expected one as a finding has it, such as spec.template.spec.tolerations[*]`;
  return [{ path, message }];
}

function environmentMistakes(
  named: JsonValue | undefined,
  path: Path,
  environments: readonly string[],
): readonly Mistake[] {
  return items(named).flatMap((name, index): readonly Mistake[] => {
    if (typeof name !== 'string' || environments.includes(name)) return [];
    const guess = nearest(name, environments);
    const hint =
      guess !== undefined
        ? `; did you mean ${guess}?`
        : environments.length === 0
          ? ': the configuration has no environments'
          : `: expected ${inWords(environments, 'or')}`;
    return [{ path: [...path, index], message: `unknown environment ${name}${hint}` }];
  });
}

function untilMistakes({ baseline }: JsonObject): readonly Mistake[] {
  return dayMistakes(mapOf(baseline)['until'], ['baseline', 'until']);
}

/** A text in the form of a day that no calendar has. */
function dayMistakes(text: JsonValue | undefined, path: Path): readonly Mistake[] {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text) || isDay(text)) return [];
  return [{ path, message: `${dotted(path)} must be a day of the calendar, not ${text}` }];
}

function unknownPolicy(id: string, { ids }: KnownPolicies): readonly string[] {
  if (ids.includes(id)) return [];
  const guess = nearest(id, ids);
  const hint =
    guess === undefined ? ': bulkhead explain lists the policies' : `; did you mean ${guess}?`;
  return [`unknown policy ${id}${hint}`];
}

function dotted(path: Path): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`,
    )
    .join('');
}

function items(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function mapOf(value: JsonValue | undefined): JsonObject {
  return isMap(value) ? value : {};
}
