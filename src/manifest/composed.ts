import type { Path } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { fileNameOf, type ManifestDocument, type Origin } from './read.ts';
import { patched } from './registration/json-patch.ts';
import { ownObject } from './registration/shape.ts';

/** A document that has no text of its own, since it is put together of values of another one. */
type Composed = ManifestDocument & { readonly value: JsonObject };

/**
 * Makes a document of what the operations of a JSON Patch set, which are at a path of the host. Its values are
 * where the patch has them.
 */
export function patchedDocument(
  host: ManifestDocument,
  path: Path,
  operations: readonly JsonValue[],
): Composed {
  const { value, ...composed } = patched(operations, path);
  return made(host, value, { path, name: fileNameOf(host), composed });
}

/** Makes a document of the commands at a path of the host: what runs them is like a unit of systemd. */
export function commandsDocument(
  host: ManifestDocument,
  path: Path,
  commands: readonly JsonValue[],
): Composed {
  const name = String(path.at(-1));
  const execStart = commands.map((command) =>
    typeof command === 'string' ? ['/bin/sh', '-c', command] : command,
  );
  const value = ownObject('SystemdUnit', name, { execStart, variables: [], environmentFiles: [] });
  const pathOf = ([, index, ...words]: Path): Path => {
    if (index === undefined) return path;
    const isLine = typeof commands[Number(index)] === 'string';
    return [...path, index, ...(isLine ? [] : words)];
  };
  return made(host, value, { path, name, composed: { pathOf, unknown: [] } });
}

function made(
  host: ManifestDocument,
  value: JsonObject,
  origin: Pick<Origin, 'path' | 'name' | 'composed'>,
): Composed {
  const { file, index, chunk } = host;
  return { ...{ file, index, chunk, value }, origin: { host, isAsWritten: false, ...origin } };
}
