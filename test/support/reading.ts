import { isDeepStrictEqual } from 'node:util';
import type { JsonValue } from '../../src/kubernetes/json.ts';
import { classify } from '../../src/manifest/objects.ts';
import { readManifest } from '../../src/manifest/read.ts';

/** What Kubernetes reads in a file, as tools/manifest-oracle answers. */
export interface KubernetesReading {
  readonly documents: readonly {
    readonly value: JsonValue;
    readonly objects?: readonly JsonValue[];
    /** Why kubectl makes no object of the document. */
    readonly error?: string;
  }[];
  /** Why it read no further. */
  readonly error?: string;
}

/** A file, and what Kubernetes reads in it (testdata/reading/cases.json). */
export interface ReadingCase {
  readonly text?: string;
  /** Instead of a text: bytes that are no UTF-8, in base64. */
  readonly bytes?: string;
  readonly kubernetes: KubernetesReading;
}

/** The bytes of a case. */
export function bytesOf({ text, bytes }: Pick<ReadingCase, 'text' | 'bytes'>): Uint8Array {
  return text === undefined ? Buffer.from(bytes ?? '', 'base64') : new TextEncoder().encode(text);
}

/** How our reading of a file compares with Kubernetes'. */
export interface Comparison {
  readonly verdict: 'same' | 'both refuse' | 'refused here' | 'read here' | 'different';
  /** Why it is refused here. */
  readonly reasons: readonly string[];
}

/**
 * Compares what is read here in a file with what Kubernetes reads: its documents, and the objects that
 * kubectl makes of them.
 *
 * Numbers are compared as JSON.parse reads them.
 */
export function compareReading(bytes: Uint8Array, theirs: KubernetesReading): Comparison {
  const { documents, errors } = readManifest('file.yaml', bytes);
  const reasons = errors.map(({ message }) => message);
  if (errors.length > 0) {
    return { verdict: theirs.error === undefined ? 'refused here' : 'both refuse', reasons };
  }
  if (theirs.error !== undefined) {
    // kubectl ends a file with a byte of its own, and then refuses most UTF-16 for half a character.
    const isHalved = theirs.error.endsWith('incomplete UTF-16 character');
    return { verdict: isHalved ? 'same' : 'read here', reasons };
  }
  const found = theirs.documents.filter(({ value }) => value !== null);
  const ours = documents.filter(({ value }) => value !== null);
  const values = ours.map(({ value }) => value);
  if (!isDeepStrictEqual(plain(values), plain(found.map(({ value }) => value)))) {
    return { verdict: 'different', reasons };
  }
  return worst(ours.map((document, index) => compareObjects(classify(document), found[index])));
}

function compareObjects(
  ours: ReturnType<typeof classify>,
  theirs: KubernetesReading['documents'][number] | undefined,
): Comparison {
  const reasons =
    ours.kind === 'objects'
      ? ours.errors.map(({ message }) => message)
      : [ours.kind === 'other' ? `this document is no Kubernetes object: ${ours.reason}` : 'empty'];
  const refuses = reasons.length > 0;
  if (theirs?.error !== undefined) return { verdict: refuses ? 'same' : 'read here', reasons };
  if (refuses) return { verdict: 'refused here', reasons };
  const objects = ours.kind === 'objects' ? ours.objects.map(({ value }) => value) : [];
  const isSame = isDeepStrictEqual(plain(objects), plain(theirs?.objects ?? []));
  return { verdict: isSame ? 'same' : 'different', reasons };
}

const ORDER = ['different', 'read here', 'refused here', 'both refuse', 'same'] as const;

function worst(comparisons: readonly Comparison[]): Comparison {
  const sorted = [...comparisons].sort(
    (a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict),
  );
  return sorted[0] ?? { verdict: 'same', reasons: [] };
}

/** Without what JSON does not tell apart, such as a negative zero. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
