import type { JsonValue } from '../kubernetes/json.ts';
import { isMap, reference, stringAt } from '../kubernetes/objects.ts';
import { groupOf } from '../kubernetes/resources.ts';
import type { ManifestObject } from '../manifest/objects.ts';
import { IN_CLUSTER } from '../manifest/snapshot.ts';
import type { Finding } from '../report/report.ts';

/** What no shell reads as anything else. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._/:=@+-]*$/;

/**
 * Returns the command of kubectl that fixes a finding of an object in a cluster, or that opens it to fix it; undefined
 * where there is none: what a controller made is made again, and a kubelet runs files. It names the context that was read:
 * the current one may be of another cluster.
 */
export function commandFor(
  { fix }: Pick<Finding, 'fix'>,
  { value }: Pick<ManifestObject, 'value'>,
  context: string,
): string | undefined {
  const { apiVersion, kind, namespace, name } = reference(value);
  if (name === null || isOwned(value['metadata'])) return undefined;
  const flags: readonly Flag[] = context === IN_CLUSTER ? [] : [['--context', context]];
  if (kind === 'Node' && apiVersion === 'v1') return taintCommand(flags, name, fix);
  // The fields of a pod that decide where it runs cannot be changed.
  if (kind === 'Pod') return undefined;
  const group = groupOf(apiVersion);
  const resource = `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}`;
  const own: readonly Flag[] = namespace === null ? [] : [['-n', namespace]];
  return typed([...flags, ...own], ['edit', resource, name]);
}

type Flag = readonly [name: string, value: string];

/** A command as a shell reads it; undefined if it would read a word as something else. */
function typed(flags: readonly Flag[], words: readonly string[]): string | undefined {
  const given = [...flags.map(([, value]) => value), ...words];
  return given.every((word) => PLAIN.test(word))
    ? ['kubectl', ...flags.flat(), ...words].join(' ')
    : undefined;
}

function isOwned(metadata: JsonValue | undefined): boolean {
  const owners = isMap(metadata) ? metadata['ownerReferences'] : undefined;
  return Array.isArray(owners) && owners.some((one) => isMap(one) && one['controller'] === true);
}

/** Adds the taints that the edits add, if that is all they do. */
function taintCommand(
  flags: readonly Flag[],
  name: string,
  { edits }: Finding['fix'],
): string | undefined {
  const taints = edits.flatMap(({ op, path, ...edit }) => {
    if (op === 'remove' || path[0] !== 'spec' || path[1] !== 'taints') return [];
    const value = 'value' in edit ? edit.value : null;
    return Array.isArray(value) ? value : [value];
  });
  const words = taints.map(taintWord);
  if (words.length === 0 || edits.some(({ op, path }) => op === 'remove' || path[1] !== 'taints')) {
    return undefined;
  }
  return typed(flags, ['taint', 'node', name, ...words]);
}

function taintWord(taint: JsonValue | undefined): string {
  const [key, effect] = [stringAt(taint, 'key'), stringAt(taint, 'effect')];
  if (key === null || effect === null) return ' ';
  return `${key}=${stringAt(taint, 'value') ?? ''}:${effect}`;
}
