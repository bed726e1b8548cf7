import { objectName, placeText } from '../formats/names.ts';
import { identityOf } from '../kubernetes/objects.ts';
import type { Locator } from '../manifest/locate.ts';
import { type ManifestObject, referenceOf } from '../manifest/objects.ts';
import { includes } from '../policy/policy.ts';
import type { Location, Note } from '../report/report.ts';
import type { FileSession } from '../session.ts';

/**
 * Notes on objects that are defined more than once with different content, as by two environments in one
 * directory: one at each definition. Each is checked, but of two the inventory has only the last.
 */
export function duplicates(
  { input, policies }: Pick<FileSession, 'input' | 'policies'>,
  locate: Locator,
): readonly Note[] {
  const found = new Map<string, ManifestObject>();
  const several = new Map<string, ManifestObject[]>();
  const files = policies.flatMap(({ kinds }) => kinds.filter((kind) => kind.isOnlyRead === true));
  const isRepeated = repeatedNames(input.objects);
  for (const object of input.objects) {
    const named = referenceOf(object);
    if (!isRepeated(named.name)) continue;
    // The API server generates a name for one that has none; files by which nodes register have none.
    if (named.name === null || includes(files, named)) continue;
    // What is in another object is never looked up.
    if (object.document.origin !== undefined) continue;
    const identity = identityOf(named);
    const first = found.get(identity);
    const same = several.get(identity);
    if (first === undefined) found.set(identity, object);
    else if (same === undefined) several.set(identity, [first, object]);
    else same.push(object);
  }
  return [...several.values()].flatMap((same) => notesOn(same, locate));
}

/** Names are at hand, identities have to be put together: of most objects there is one of a name. */
function repeatedNames(objects: readonly ManifestObject[]): (name: string | null) => boolean {
  const [once, again] = [new Set<string | null>(), new Set<string | null>()];
  for (const object of objects) {
    const { name } = referenceOf(object);
    if (once.has(name)) again.add(name);
    else once.add(name);
  }
  return (name) => again.has(name);
}

function notesOn(objects: readonly ManifestObject[], locate: Locator): readonly Note[] {
  const [last, ...earlier] = objects.toReversed().map((object) => ({
    object,
    content: JSON.stringify(object.value),
  }));
  // Of equal ones the first is kept, apart from the last one, which counts.
  const definitions = new Map(last && [[last.content, last.object]]);
  for (const { object, content } of earlier) {
    if (content !== last?.content) definitions.set(content, object);
  }
  if (definitions.size < 2) return [];
  const placed = [...definitions.values()].map((object) => ({
    object,
    place: locate(object.document, object.path),
  }));
  return placed.map(({ object, place }, index) => {
    const other = placed[index === 0 ? placed.length - 1 : 0]?.place ?? place;
    const message = `${objectName(referenceOf(object))} is also defined at ${where(other, placed.length)} with different content: other objects were checked against the last definition only. Check the files of each cluster by themselves`;
    return { code: 'DUPLICATE_OBJECT', message, ...place };
  });
}

/** Two renderings may use one source: it is the rendered texts that differ. */
function where({ file, line, rendered }: Location, count: number): string {
  const own =
    rendered === undefined ? { file, line } : { file: rendered.input, line: rendered.line };
  const place = placeText({ ...own, column: null });
  return count === 2 ? place : `${place} and ${count - 2} more`;
}
