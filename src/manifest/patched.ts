import type { Path } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import type { ManifestDocument } from './read.ts';
import { patched } from './registration/json-patch.ts';

/**
 * Makes a document of what the operations of a JSON Patch set, which are at a path of the host. Its values are
 * where the patch has them.
 */
export function patchedDocument(
  host: ManifestDocument,
  path: Path,
  operations: readonly JsonValue[],
): ManifestDocument & { readonly value: JsonObject } {
  const { value, ...patch } = patched(operations, path);
  const { file, index, chunk, origin } = host;
  const name = origin?.name ?? file;
  return {
    ...{ file, index, chunk, value },
    origin: { host, name, path, isAsWritten: false, patch },
  };
}
