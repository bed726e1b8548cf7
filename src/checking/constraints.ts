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
 * Notes on Constraints that a cluster has, and whose waivers have expired since they were generated: Gatekeeper has no clock, and
 * waives until they are generated again.
 */
export function expiredInCluster(
  objects: readonly ManifestObject[],
  { today }: Pick<Acceptance, 'today'>,
  locate: Locator,
): readonly Note[] {
  return objects
    .filter((object) => isConstraint(referenceOf(object)) && isShown(object.value))
    .flatMap((object) =>
      faultsOf(object.value, today).map((fault) => {
        const { kind, name } = referenceOf(object);
        const message = `Constraint ${kind} ${name ?? ''} ${fault}. Generate it again with bulkhead generate gatekeeper, and apply it`;
        const place = locate(object.document, [...object.path, 'metadata']);
        return { code: 'WAIVER_IN_CLUSTER' as const, message, ...place };
      }),
    );
}

function isShown({ metadata }: JsonObject): boolean {
  return isMap(metadata) && typeof metadata['uid'] === 'string';
}

/** What is wrong with the waivers of a Constraint. Its annotation has one entry for each of them. */
function faultsOf({ metadata, spec }: JsonObject, today: string): readonly string[] {
  const waivers = listAt(spec, ['parameters', 'waivers']);
  if (waivers.length === 0) return [];
  const grants = grantsIn(metadata);
  if (grants === undefined || grants.length !== waivers.length) {
    const count = waivers.length === 1 ? '1 waiver' : `${waivers.length} waivers`;
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
