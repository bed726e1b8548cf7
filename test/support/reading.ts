import { isDeepStrictEqual } from 'node:util';
import type { JsonValue } from '../../src/kubernetes/json.ts';
import { isMap } from '../../src/kubernetes/objects.ts';
import { classify } from '../../src/manifest/objects.ts';
import { readManifest } from '../../src/manifest/read.ts';

/** What Kubernetes reads in a file, as tools/manifest-oracle reports it. */
export interface KubernetesReading {
  readonly documents: readonly {
    readonly value: JsonValue;
    readonly objects?: readonly JsonValue[];
    /** Why kubectl cannot read an object from the document. */
    readonly error?: string;
  }[];
  /** Why it stopped reading. */
  readonly error?: string;
}

/** A case of testdata/reading/cases.json. */
export interface ReadingCase {
  readonly text?: string;
  /** Instead of a text: bytes that are not UTF-8, in base64. */
  readonly bytes?: string;
  readonly kubernetes: KubernetesReading;
}

/** The bytes of a case. */
export function bytesOf({ text, bytes }: Pick<ReadingCase, 'text' | 'bytes'>): Uint8Array {
  return text === undefined ? Buffer.from(bytes ?? '', 'base64') : new TextEncoder().encode(text);
}

/** How the reader compares with Kubernetes on a file. */
export interface Comparison {
  readonly verdict: 'same' | 'both reject' | 'rejected here' | 'read here' | 'different';
  /** Why it is rejected here. */
  readonly reasons: readonly string[];
}

/**
 * Compares what the reader reads in a file with what Kubernetes reads: its documents, and the objects
 * that kubectl finds in them.
 *
 * Numbers are compared as JSON.parse reads them.
 */
export function compareReading(bytes: Uint8Array, theirs: KubernetesReading): Comparison {
  const { documents, errors: unread, others } = readManifest('file.yaml', bytes);
  const errors = [...unread, ...others.map(({ error }) => error)];
  const reasons = errors.map(({ message }) => message);
  // Nothing in which Kubernetes finds one of the keys may pass for a document of another kind.
  const isHidden = keysIn(theirs.documents) > keysIn(documents);
  if (unread.length === 0 && others.length > 0 && isHidden)
    return { verdict: 'different', reasons };
  if (errors.length > 0) {
    return { verdict: theirs.error === undefined ? 'rejected here' : 'both reject', reasons };
  }
  if (theirs.error !== undefined) {
    // kubectl adds one byte at the end of a file, which makes most UTF-16 invalid.
    const isHalved = theirs.error.endsWith('incomplete UTF-16 character');
    return { verdict: isHalved ? 'same' : 'read here', reasons };
  }
  const theirValues = theirs.documents.filter(({ value }) => value !== null);
  const ours = documents.filter(({ value }) => value !== null);
  const values = ours.map(({ value }) => value);
  if (!isDeepStrictEqual(plain(values), plain(theirValues.map(({ value }) => value)))) {
    return { verdict: 'different', reasons };
  }
  return worst(
    ours.map((document, index) => compareObjects(classify(document), theirValues[index])),
  );
}

/** How many documents have `apiVersion` or `kind` at their root. */
function keysIn(documents: readonly { readonly value: JsonValue }[]): number {
  return documents.filter(({ value }) => isMap(value) && ('kind' in value || 'apiVersion' in value))
    .length;
}

function compareObjects(
  ours: ReturnType<typeof classify>,
  theirs: KubernetesReading['documents'][number] | undefined,
): Comparison {
  const reasons =
    ours.kind === 'objects'
      ? ours.errors.map(({ message }) => message)
      : [ours.kind === 'other' ? `not a Kubernetes object (${ours.reason})` : 'empty'];
  const rejects = reasons.length > 0;
  if (theirs?.error !== undefined) return { verdict: rejects ? 'same' : 'read here', reasons };
  if (rejects) return { verdict: 'rejected here', reasons };
  const objects = ours.kind === 'objects' ? ours.objects.map(({ value }) => value) : [];
  const isSame = isDeepStrictEqual(plain(objects), plain(theirs?.objects ?? []));
  return { verdict: isSame ? 'same' : 'different', reasons };
}

const ORDER = ['different', 'read here', 'rejected here', 'both reject', 'same'] as const;

function worst(comparisons: readonly Comparison[]): Comparison {
  const sorted = [...comparisons].sort(
    (a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict),
  );
  return sorted[0] ?? { verdict: 'same', reasons: [] };
}

/** The value as JSON has it, for example without negative zeros. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
