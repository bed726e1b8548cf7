import type { Acceptance } from '../config/acceptance.ts';
import {
  readAnnotation,
  SENTENCE_FORM,
  type Sentence,
  WAIVE,
  waiveAnnotations,
} from '../config/annotation.ts';
import { reference } from '../kubernetes/objects.ts';
import { createLocator } from '../manifest/locate.ts';
import type { ManifestObject } from '../manifest/objects.ts';
import type { Location, Note } from '../report/report.ts';
import { newUse, placeOf, type WaiverEntry } from './waiver-entry.ts';

/** The waivers that objects have in their annotations. */
export interface InlineWaivers {
  /** Reads the annotations of an object, and returns its waivers. */
  readonly read: (object: ManifestObject) => readonly WaiverEntry[];
  /** All that were read. */
  readonly entries: readonly WaiverEntry[];
  /** What is written there, and waives nothing. */
  readonly notes: readonly Note[];
}

/** Reads waivers from annotations, as far as the configuration allows them. */
export function inlineWaivers(acceptance: Acceptance): InlineWaivers {
  const entries: WaiverEntry[] = [];
  const notes: Note[] = [];
  const locate = createLocator();
  const read = (object: ManifestObject): readonly WaiverEntry[] => {
    const found: WaiverEntry[] = [];
    // Without the word, there is no need to look at the value.
    if (object.json?.includes(WAIVE) === false) return found;
    for (const { path, text } of waiveAnnotations(object.value)) {
      const { sentences, broken } = readAnnotation(text);
      const place = locate(object.document, [...object.path, ...path]);
      for (const line of broken) notes.push(ignored(line, `write ${SENTENCE_FORM}`, place));
      for (const sentence of sentences) {
        const reason = reasonToIgnore(sentence, object, acceptance);
        if (reason === undefined) found.push(entryOf(sentence, object, place));
        else notes.push(ignored(sentence.text, reason, place));
      }
    }
    entries.push(...found);
    return found;
  };
  return { read, entries, notes };
}

function reasonToIgnore(
  sentence: Sentence,
  object: ManifestObject,
  { inlineWaivers: allowed, trusts, isLive = false }: Acceptance,
): string | undefined {
  if (isLive)
    return 'in a live cluster annotations do not count. Write it into waivers of the configuration';
  if (!allowed.includes(sentence.policy)) {
    return 'inlineWaivers of the configuration does not name the policy';
  }
  const { file } = object.document;
  if (trusts?.(file, reference(object.value), sentence) === false)
    return 'it is not in the trusted revision';
  return undefined;
}

function ignored(text: string, reason: string, place: Location): Note {
  const message = `this annotation waives nothing by "${text}": ${reason}`;
  return { code: 'WAIVER_IGNORED', message, ...place };
}

function entryOf(
  { policy, expires, owner, reason }: Sentence,
  object: ManifestObject,
  place: Location,
): WaiverEntry {
  const { kind, namespace, name } = reference(object.value);
  return {
    policies: [policy],
    match: { kind, namespace, name: name ?? '' },
    use: newUse(),
    ...{ expires, owner, reason, ticket: null },
    ...placeOf(place),
  };
}
