import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { JsonObject } from '../kubernetes/json.ts';
import { isMap, type ObjectReference, reference, stringAt } from '../kubernetes/objects.ts';
import { groupOf } from '../kubernetes/resources.ts';
import { type ManifestObject, referenceOf } from '../manifest/objects.ts';
import { pathText } from '../report/paths.ts';
import type { Finding } from '../report/report.ts';

/** What identifies a finding besides its object. */
type Identity = Pick<Finding, 'environment' | 'component' | 'path'> & { readonly policy: string };

/** The hexadecimal digits of a fingerprint. */
const LENGTH = 32;

/**
 * Returns the fingerprint of a finding: it depends on the policy, the object and the field, and not on
 * the file, the line, the version of the API or the position in a list.
 */
export function fingerprint(
  { policy, environment, component, path }: Identity,
  object: JsonObject,
): string {
  const { apiVersion, kind, namespace, name } = reference(object);
  const parts = [
    ...[policy, environment, groupOf(apiVersion), kind, namespace],
    ownerOf(object) ?? name ?? generatedName(object),
    ...[component, ...path.map((step) => (typeof step === 'number' ? '*' : step))],
  ];
  const text = parts.map((part) => part ?? '').join('\0');
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, LENGTH);
}

/**
 * Returns what a fingerprint stands for, without the policy, in words that no other finding has:
 * `prod: DaemonSet.apps logging/fluent-bit spec.template.spec.tolerations[*]`, with the component in parentheses.
 */
export function keyOf(
  { environment, component, path }: Omit<Identity, 'policy'>,
  object: JsonObject,
): string {
  const field =
    path.length === 0
      ? ''
      : ` ${pathText(path.map((step) => (typeof step === 'number' ? '*' : step)))}`;
  const suffix = component === null ? '' : ` (${component})`;
  return `${objectKey(environment, object)}${field}${suffix}`;
}

/** The part of a key that says which object it is, and in which environment. */
function objectKey(environment: string | null, object: JsonObject): string {
  const own = reference(object);
  const owner = ownerOf(object) ?? own.name ?? generatedName(object);
  return keyFor(environment, own, owner);
}

/** The same of an object of a manifest. */
export function checkedKey(environment: string | null, object: ManifestObject): string {
  const own = referenceOf(object);
  // Only Pods have an owner here.
  const isSure = own.kind !== 'Pod' && own.name !== null;
  return isSure ? keyFor(environment, own, own.name) : objectKey(environment, object.value);
}

function keyFor(
  environment: string | null,
  { apiVersion, kind, namespace }: ObjectReference,
  owner: string | null,
): string {
  const group = groupOf(apiVersion);
  return [
    ...(environment === null ? [] : [`${environment}:`]),
    word(kind) + (group === '' ? '' : `.${word(group)}`),
    (namespace === null ? '' : `${word(namespace)}/`) + (owner === null ? '' : word(owner)),
  ].join(' ');
}

/** A name as it is, in quotes if it could be mistaken for something else. */
function word(text: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9.:_-]*$/.test(text) ? text : JSON.stringify(text);
}

/**
 * Returns the name of the controller that made a pod, since the pod's own is another one each time. The
 * owner of a static pod is its Node, which makes none: its name stays.
 */
function ownerOf(object: JsonObject): string | null {
  const { apiVersion, kind, metadata } = object;
  const owners = isMap(metadata) ? metadata['ownerReferences'] : undefined;
  if (apiVersion !== 'v1' || kind !== 'Pod' || !Array.isArray(owners)) return null;
  const controller = owners.find(
    (owner) => isMap(owner) && owner['controller'] === true && owner['kind'] !== 'Node',
  );
  return stringAt(controller, 'name');
}

/** The start of a name that an API server completes: objects with different ones are different. */
function generatedName({ metadata }: JsonObject): string | null {
  const start = stringAt(metadata, 'generateName');
  return start === null || start === '' ? null : `${start}*`;
}

/** Numbers findings among those with the same fingerprint, in the order in which they are given. */
export function numbered(findings: readonly Omit<Finding, 'ordinal'>[]): readonly Finding[] {
  const counts = new Map<string, number>();
  return findings.map((finding) => {
    const ordinal = (counts.get(finding.fingerprint) ?? 0) + 1;
    counts.set(finding.fingerprint, ordinal);
    return { ...finding, ordinal };
  });
}
