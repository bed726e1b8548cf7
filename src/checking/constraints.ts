import { isAdmissionPolicy } from '../admission/names.ts';
import type { Acceptance } from '../config/acceptance.ts';
import { isDay } from '../config/days.ts';
import { isExpired } from '../config/expiry.ts';
import { isConstraint, WAIVERS_ANNOTATION } from '../gatekeeper/names.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap, stringAt } from '../kubernetes/objects.ts';
import type { Locator } from '../manifest/locate.ts';
import { type ManifestObject, referenceOf } from '../manifest/objects.ts';
import type { Note } from '../report/report.ts';

/**
 * Notes on Constraints and ValidatingAdmissionPolicies that a cluster has, and whose waivers have expired since they were
 * generated: they have no clock, and waive until they are generated again.
 */
export function expiredInCluster(
  objects: readonly ManifestObject[],
  { today }: Pick<Acceptance, 'today'>,
  locate: Locator,
): readonly Note[] {
  return objects
    .filter((object) => isShown(object.value))
    .flatMap((object) => {
      const own = ownIn(object);
      if (own === undefined) return [];
      return faultsOf(own, today).map((fault) => {
        const message = `${own.title} ${fault}. Generate it again with bulkhead generate ${own.target}, and apply it`;
        const place = locate(object.document, [...object.path, 'metadata']);
        return { code: 'WAIVER_IN_CLUSTER' as const, message, ...place };
      });
    });
}

/** What Bulkhead generates for a cluster, with the waivers in it. */
interface Own {
  readonly title: string;
  readonly target: 'gatekeeper' | 'vap';
  readonly waivers: readonly JsonValue[];
  /** How many they are, in words. */
  readonly count: string;
  /** Who granted each of them, and until when; undefined where that cannot be read. */
  readonly grants: readonly JsonValue[] | undefined;
}

function ownIn(object: ManifestObject): Own | undefined {
  const { value } = object;
  const { kind, name } = referenceOf(object);
  if (isConstraint(value)) {
    const waivers = listAt(value['spec'], ['parameters', 'waivers']);
    return {
      title: `Constraint ${kind} ${name ?? ''}`,
      target: 'gatekeeper',
      waivers,
      count: waivers.length === 1 ? '1 waiver' : `${waivers.length} waivers`,
      grants: grantsIn(value['metadata']),
    };
  }
  if (!isAdmissionPolicy(value)) return undefined;
  const { metadata } = value;
  // Its expressions waive; only the annotation says for what.
  const has = isMap(metadata) && stringAt(metadata['annotations'], WAIVERS_ANNOTATION) !== null;
  const grants = grantsIn(metadata);
  return {
    title: `${kind} ${name ?? ''}`,
    target: 'vap',
    waivers: has ? (grants ?? [null]) : [],
    count: 'waivers',
    grants,
  };
}

function isShown({ metadata }: JsonObject): boolean {
  return isMap(metadata) && typeof metadata['uid'] === 'string';
}

/** What is wrong with the waivers. There is one grant for each of them. */
function faultsOf({ waivers, count, grants }: Own, today: string): readonly string[] {
  if (waivers.length === 0) return [];
  if (grants === undefined || grants.length !== waivers.length) {
    return [
      `has ${count}, and does not say until when: its annotation ${WAIVERS_ANNOTATION} cannot be read`,
    ];
  }
  return waivers.flatMap((waiver, index) => {
    const grant = grants[index];
    const expires = stringAt(grant, 'expires') ?? '';
    if (expires !== 'never' && !isDay(expires)) {
      return [`waives for ${titleOf(waiver)}, and does not say until when`];
    }
    if (!isExpired({ expires }, today)) return [];
    const owner = stringAt(grant, 'owner') ?? '';
    return [`still waives for ${titleOf(waiver)}, which expired on ${expires} (owner: ${owner})`];
  });
}

function grantsIn(metadata: JsonValue | undefined): readonly JsonValue[] | undefined {
  const annotations = isMap(metadata) ? metadata['annotations'] : undefined;
  try {
    const grants: JsonValue = JSON.parse(stringAt(annotations, WAIVERS_ANNOTATION) ?? '');
    return Array.isArray(grants) ? grants : undefined;
  } catch {
    return undefined;
  }
}

function titleOf(waiver: JsonValue): string {
  const match = isMap(waiver) ? waiver['match'] : undefined;
  const [kind, namespace, name] = ['kind', 'namespace', 'name'].map((key) => stringAt(match, key));
  return `${kind ?? 'objects'} ${namespace === null ? '' : `${namespace}/`}${name ?? ''}`;
}

function listAt(value: JsonValue | undefined, path: readonly string[]): readonly JsonValue[] {
  let found = value;
  for (const key of path) found = isMap(found) ? found[key] : undefined;
  return Array.isArray(found) ? found : [];
}
