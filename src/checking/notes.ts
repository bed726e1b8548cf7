import type { Input } from '../input.ts';
import { reference } from '../kubernetes/objects.ts';
import { createLocator, type Locator } from '../manifest/locate.ts';
import type { ManifestObject } from '../manifest/objects.ts';
import { type Profile, reservedRoles } from '../profile/profile.ts';
import { NOWHERE, type Note } from '../report/report.ts';
import type { FileSession } from '../session.ts';
import { duplicates } from './duplicates.ts';
import type { Results } from './evaluate.ts';
import { unknownNamespaces } from './namespaces.ts';
import { unchecked } from './unchecked.ts';

/** What a check does not cover, besides what the policies say themselves. */
export function notesOf(session: FileSession, results: Results): readonly Note[] {
  const locate = createLocator();
  const mentioned = unchecked(session, results, locate);
  return [
    ...otherWorkloads(session.profile),
    ...(mentioned.length === 0 ? nothingChecked(session.input, results) : []),
    ...exemptNamespaces(results.exempt, locate),
    ...mentioned,
    ...duplicates(session, locate),
    ...unknownNamespaces(session, locate),
  ];
}

/** A profile that says nothing about other workloads lets them run anywhere. */
function otherWorkloads(profile: Profile): readonly Note[] {
  if (reservedRoles(profile).length > 0) return [];
  const reason =
    profile.otherWorkloads === undefined
      ? ['the profile has no otherWorkloads', 'add otherWorkloads to the profile']
      : ['the profile reserves no nodes', 'add the taints of reserved nodes to its nodeRoles'];
  const message = reason.join(': on which nodes other workloads can run was not checked; ');
  return [{ code: 'OTHER_WORKLOADS_UNCHECKED', message, ...NOWHERE }];
}

/** Without this, an input in which there is nothing to find would read as a clean one. */
function nothingChecked(
  { counts: { objects }, errors: unread }: Input,
  { checked, exempt, errors }: Results,
): readonly Note[] {
  if (checked.length + exempt.length + errors.length + unread.length > 0) return [];
  const what = objects === 1 ? '1 object, of a kind' : `${objects} objects, all of kinds`;
  const message = `nothing was checked: the input has ${what} that Bulkhead does not check`;
  return [{ code: 'NOTHING_CHECKED', message, ...NOWHERE }];
}

/** One note for each exempt namespace, at its first object. */
function exemptNamespaces(objects: readonly ManifestObject[], locate: Locator): readonly Note[] {
  const found = new Map<string, { readonly first: ManifestObject; count: number }>();
  for (const object of objects) {
    const namespace = reference(object.value).namespace ?? '';
    const one = found.get(namespace) ?? { first: object, count: 0 };
    one.count += 1;
    found.set(namespace, one);
  }
  return [...found].map(([namespace, { first, count }]) => {
    const message = `the profile exempts the namespace ${namespace}: ${count === 1 ? '1 object in it was' : `${count} objects in it were`} not checked`;
    return { code: 'NAMESPACE_EXEMPT', message, ...locate(first.document, first.path) };
  });
}
