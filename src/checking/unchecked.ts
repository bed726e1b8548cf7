import type { Path } from '../errors.ts';
import type { ObjectReference } from '../kubernetes/objects.ts';
import { groupOf } from '../kubernetes/resources.ts';
import type { Locator } from '../manifest/locate.ts';
import { type ManifestObject, referenceOf } from '../manifest/objects.ts';
import { isAt, podPatterns } from '../policy/policy.ts';
import type { Mention } from '../report/mention.ts';
import type { Note } from '../report/report.ts';
import type { FileSession } from '../session.ts';
import type { Results } from './evaluate.ts';

/** Notes on what decides where pods run and no policy checks: one for each situation, kind and file. */
export function unchecked(
  session: FileSession,
  { registering }: Pick<Results, 'registering'>,
  locate: Locator,
): readonly Note[] {
  const groups = new Map<string, Group>();
  const checkedIn = checkedPods(session);
  for (const object of session.input.objects) {
    const found = registering.get(object) ?? [];
    for (const mention of uncheckedIn(object, checkedIn)) {
      if (isFound(mention, found)) continue;
      const { apiVersion, kind } = referenceOf(object);
      const key = [mention.code, object.document.file, groupOf(apiVersion), kind].join('\0');
      const group = groups.get(key) ?? { first: object, mentions: [] };
      group.mentions.push(mention);
      groups.set(key, group);
    }
  }
  return [...groups.values()].map((group) => noteOf(group, locate));
}

/** What was found of one situation in the objects of one kind in one file. */
interface Group {
  readonly first: ManifestObject;
  readonly mentions: Mention[];
}

/**
 * Of the pods in an object, those that a policy of this session checks are not passed over, and neither is what
 * has a document of its own.
 */
function uncheckedIn(
  object: ManifestObject,
  checkedIn: ReturnType<typeof checkedPods>,
): readonly Mention[] {
  const { mentions = [], parts = [] } = object;
  if (mentions.length === 0) return mentions;
  const patterns = checkedIn(referenceOf(object));
  return mentions.filter(
    ({ code, path }) =>
      !parts.some((part) => isWithin(part, path)) &&
      (code !== 'KIND_UNSUPPORTED' || !patterns.some((pattern) => isAt(pattern, path))),
  );
}

/** Where the policies of a session find pods in objects of a kind, computed once for each kind. */
function checkedPods({ policiesFor }: FileSession) {
  const known = new Map<string, ReturnType<typeof podPatterns>>();
  return (identity: ObjectReference) => {
    const key = `${identity.apiVersion} ${identity.kind}`;
    const patterns =
      known.get(key) ??
      podPatterns(
        policiesFor(identity).flatMap(({ kinds }) => kinds),
        identity,
      );
    known.set(key, patterns);
    return patterns;
  };
}

/** Whether a finding says what a mention would say. */
function isFound({ code, path }: Mention, found: readonly Path[]): boolean {
  if (code !== 'PLACEMENT_MENTIONED' && code !== 'NODE_COMMAND') return false;
  return found.some((one) => one.length > 0 && (isWithin(one, path) || isWithin(path, one)));
}

/** Whether a path is that of a part of an object, or leads further into it. */
function isWithin(part: Path, path: Path): boolean {
  return part.every((step, index) => step === path[index]);
}

function noteOf({ first, mentions }: Group, locate: Locator): Note {
  const [{ code, path }] = mentions as [Mention];
  const message = MESSAGES[code](nameOf(first), mentions);
  return { code, message, ...locate(first.document, [...first.path, ...path]) };
}

const MESSAGES: Readonly<
  Record<Mention['code'], (name: string, mentions: readonly Mention[]) => string>
> = {
  KIND_UNSUPPORTED: (name, mentions) =>
    `${name} has pods in a field that Bulkhead does not know${rest(mentions.length - 1)}: these pods were not checked. Add the field to customWorkloads of the profile`,
  OBJECT_EMBEDDED: (name, mentions) =>
    `${name} contains ${listed(mentions, withArticle)}: objects inside of others were not checked. Check them as files of their own`,
  PLACEMENT_MENTIONED: (name, mentions) =>
    `${name} mentions ${listed(mentions)}: what it creates or changes was not checked. Check the objects that come of it`,
  NODE_COMMAND: (name, mentions) =>
    `${name} runs "${listed(mentions)}": what it changes of nodes was not checked. Check the Nodes as they are afterwards`,
  REPLICAS_OVERRIDDEN: (name, mentions) =>
    `${name} sets the replicas of ${listed(mentions)}: how many run was not checked. Check that enough of them always do`,
};

const LISTED = 3;

/** The first different words, and how many more places there are. */
function listed(mentions: readonly Mention[], named = (what: string) => what): string {
  const words = [...new Set(mentions.map(({ what }) => what))].slice(0, LISTED).map(named);
  const more = rest(mentions.length - words.length);
  const last = words.pop() ?? '';
  return `${words.length === 0 ? last : `${words.join(', ')} and ${last}`}${more}`;
}

function withArticle(kind: string): string {
  return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

function rest(count: number): string {
  if (count === 0) return '';
  return ` (and ${count} more ${count === 1 ? 'place' : 'places'})`;
}

function nameOf(object: ManifestObject): string {
  const { kind, namespace, name } = referenceOf(object);
  return [kind, [namespace, name].filter((part) => part !== null).join('/')].join(' ').trim();
}
