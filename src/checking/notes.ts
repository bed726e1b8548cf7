import type { Acceptance } from '../config/acceptance.ts';
import type { Input } from '../input.ts';
import { createLocator, type Locator } from '../manifest/locate.ts';
import { type ManifestObject, referenceOf } from '../manifest/objects.ts';
import { reservedRoles, whyNothingIsReserved } from '../profile/profile.ts';
import { canHaveSign, PROFILES, recognise } from '../recognition/recognise.ts';
import { NOWHERE, type Note } from '../report/report.ts';
import type { FileSession } from '../session.ts';
import { inWords } from '../words.ts';
import { expiredInCluster } from './constraints.ts';
import { duplicates } from './duplicates.ts';
import type { Results } from './evaluate.ts';
import { unknownNamespaces } from './namespaces.ts';
import { unchecked } from './unchecked.ts';

/** What a check does not cover, besides what the policies say themselves. */
export function notesOf(
  session: FileSession,
  results: Results,
  acceptance: Pick<Acceptance, 'today'>,
): readonly Note[] {
  const locate = createLocator();
  const mentioned = unchecked(session, results, locate);
  return [
    ...otherWorkloads(session),
    ...otherDistribution(session),
    ...(mentioned.length === 0 ? nothingChecked(session.input, results) : []),
    ...exemptNamespaces(results.exempt, locate),
    ...mentioned,
    ...duplicates(session, locate),
    ...expiredInCluster(session.input.objects, acceptance, locate),
    ...unknownNamespaces(session, locate),
  ];
}

/** A profile that says nothing about other workloads lets them run anywhere, and so do nodes without taints. */
function otherWorkloads(session: FileSession): readonly Note[] {
  const reason = reasonOfOpenNodes(session);
  if (reason === undefined) return [];
  const message = reason.join(': on which nodes other workloads can run was not checked; ');
  return [{ code: 'OTHER_WORKLOADS_UNCHECKED', message, ...NOWHERE }];
}

function reasonOfOpenNodes({ profile, engine }: FileSession): readonly string[] | undefined {
  const reason = whyNothingIsReserved(profile);
  if (reason !== undefined) return reason;
  const optional = reservedRoles(profile).filter(({ optionalTaints }) => optionalTaints);
  const reserved = optional.length > 0 ? engine.reserved() : [];
  const open = optional.map(({ name }) => name).filter((name) => !reserved.includes(name));
  if (open.length === 0) return undefined;
  return [
    `role ${inWords(open, 'and')} is not reserved, as its taints are optional and no Node in the input has them`,
    'add its Nodes to the input, or in a profile that extends this one a role whose taints are not optional',
  ];
}

/** A profile of another distribution knows other labels and taints, and finds nothing. */
function otherDistribution({ profile, input }: FileSession): readonly Note[] {
  if (!PROFILES.has(profile.name)) return [];
  const {
    distribution,
    profile: own,
    also,
    signs,
  } = recognise(input.objects.flatMap((o) => (canHaveSign(referenceOf(o)) ? [o.value] : [])));
  if (distribution === null || [own, ...also].includes(profile.name)) return [];
  const message = `the Nodes in the input look like ${distribution} (${signs.join(', ')}), which the profile ${profile.name} is not for: use the profile ${own}`;
  return [{ code: 'OTHER_DISTRIBUTION', message, ...NOWHERE }];
}

/** Without this, an input in which there is nothing to find would read as a clean one. */
function nothingChecked(
  { counts: { objects }, errors: unread }: Input,
  { checked, errors }: Results,
): readonly Note[] {
  if (checked.length + errors.length + unread.length > 0) return [];
  const what = objects === 1 ? '1 object, of a kind' : `${objects} objects, all of kinds`;
  const message = `nothing was checked: the input has ${what} that Bulkhead does not check`;
  return [{ code: 'NOTHING_CHECKED', message, ...NOWHERE }];
}

/** One note for each exempt namespace, at its first object. */
function exemptNamespaces(objects: readonly ManifestObject[], locate: Locator): readonly Note[] {
  const found = new Map<string, { readonly first: ManifestObject; count: number }>();
  for (const object of objects) {
    const namespace = referenceOf(object).namespace ?? '';
    const one = found.get(namespace) ?? { first: object, count: 0 };
    one.count += 1;
    found.set(namespace, one);
  }
  return [...found].map(([namespace, { first, count }]) => {
    const what = count === 1 ? '1 workload in it' : `${count} workloads in it`;
    const message = `the profile exempts the namespace ${namespace}: whether ${what} can reach reserved nodes was not checked`;
    return { code: 'NAMESPACE_EXEMPT', message, ...locate(first.document, first.path) };
  });
}
