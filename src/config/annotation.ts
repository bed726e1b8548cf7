import type { Path } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';
import { isDay } from './days.ts';

/** The annotation by which an object waives findings on itself, where the configuration allows it. */
export const WAIVE = 'bulkhead.dev/waive';

/** What one sentence of the annotation waives. */
export interface Sentence {
  readonly text: string;
  readonly policy: string;
  readonly expires: string;
  readonly owner: string;
  readonly reason: string;
}

const FORM = /^([a-z0-9-]+) until (\d{4}-\d{2}-\d{2}|never) by (\S[^:]*): (\S.{8,}\S)$/;

/** The form of a sentence, as messages show it. */
export const SENTENCE_FORM = 'POLICY until YYYY-MM-DD by OWNER: REASON';

/**
 * Reads the annotation: one sentence a line, `POLICY until DAY by OWNER: REASON`, the day `never` or in UTC, the
 * reason of 10 characters or more.
 *
 * @returns the sentences, and the lines that are none, which waive nothing.
 */
export function readAnnotation(value: string): {
  readonly sentences: readonly Sentence[];
  readonly broken: readonly string[];
} {
  const sentences: Sentence[] = [];
  const broken: string[] = [];
  for (const line of value.split('\n')) {
    const text = line.trim();
    if (text === '') continue;
    const [, policy, expires, owner, reason] = FORM.exec(text) ?? [];
    const isSound = expires === 'never' || (expires !== undefined && isDay(expires));
    if (policy !== undefined && owner !== undefined && reason !== undefined && isSound) {
      sentences.push({ text, policy, expires: expires ?? '', owner, reason });
    } else broken.push(text);
  }
  return { sentences, broken };
}

/** Where an object and the pods that it makes have their annotations. */
const HOLDERS: readonly Path[] = [
  ['metadata'],
  ['spec', 'template', 'metadata'],
  ['spec', 'jobTemplate', 'spec', 'template', 'metadata'],
];

/** Returns the annotations by which an object waives findings, its own and that of its pods, each with its path. */
export function waiveAnnotations(
  object: JsonObject,
): readonly { readonly path: Path; readonly text: string }[] {
  return HOLDERS.flatMap((holder) => {
    const path = [...holder, 'annotations', WAIVE];
    const text = path.reduce<JsonValue | undefined>(
      (parent, step) => (isMap(parent) ? parent[step] : undefined),
      object,
    );
    return typeof text === 'string' ? [{ path, text }] : [];
  });
}
