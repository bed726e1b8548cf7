import type { Path } from '../../errors.ts';
import type { JsonObject, JsonValue } from '../../kubernetes/json.ts';
import { isMap } from '../../kubernetes/objects.ts';
import { isUnit, startsNodes } from '../systemd/names.ts';
import type { Content } from './contents.ts';

/** A part of an object that is a document of its own, as far as it registers nodes. */
export interface Part {
  /** Where it is in the object. */
  readonly path: Path;
  /** The name of the file that it becomes: what it is can depend on it. */
  readonly name: string;
  /** What it is, if it does not become a file. */
  readonly what?: string;
  /** Its text, the operations of a JSON Patch, or commands that are run. */
  readonly content: Content | Operations | Commands;
  /** What one of its documents is; undefined if that is as in a file. */
  readonly as?: (value: JsonValue) => JsonObject | undefined;
}

export interface Operations {
  readonly operations: readonly JsonValue[];
}

/** Each is the words of a command, or a line of a shell. */
export interface Commands {
  readonly commands: readonly JsonValue[];
}

/** Finds the parts of an object. */
export type PartsOf = (object: JsonObject) => readonly Part[];

/** Files of machines by which nodes register, by the names that they have there. */
const FILES =
  /(?:^|\/)(?:etc\/rancher\/(?:k3s|rke2)\/config\.yaml(?:\.d\/[^/]+\.ya?ml)?|var\/lib\/kubelet\/config\.yaml|args\/kubelet|etc\/kubernetes\/kubelet[^/]*\.(?:conf|config)|(?:kubeadm|kubelet|k0s)[^/]*\.(?:ya?ml|json))$/;

/** What is such a file under whatever name. */
const CONTENT =
  /\bkind["']?[ \t]*:[ \t]*["']?(?:InitConfiguration|JoinConfiguration|KubeletConfiguration|KubeNodeConfig)\b/;

/** What a unit has that starts what registers nodes, or changes them. */
const COMMAND = /kubelet|k3s|rke2|k0s|kubectl|\boc\b|register/;

/** Whether a file of a machine is read. Others are scripts, certificates and the like. */
export function isRead(name: string, content: Content): boolean {
  if (FILES.test(name)) return true;
  if ('unreadable' in content) return startsNodes(name);
  return (isUnit(name) ? COMMAND : CONTENT).test(content.text);
}

/** Returns the values of a list with their paths. */
export function itemsAt(
  holder: JsonValue | undefined,
  key: string,
  at: Path,
): readonly { readonly item: JsonObject; readonly path: Path }[] {
  const list = isMap(holder) ? holder[key] : undefined;
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: JsonValue, index) =>
    isMap(item) ? [{ item, path: [...at, key, index] }] : [],
  );
}

/** Returns the map at a path; undefined if there is none. */
export function mapAt(object: JsonObject, path: Path): JsonObject | undefined {
  let value: JsonValue | undefined = object;
  for (const step of path) value = isMap(value) ? value[String(step)] : undefined;
  return isMap(value) ? value : undefined;
}
