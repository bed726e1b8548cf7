import type { ObjectReference } from '../kubernetes/objects.ts';
import { type Addon, type Component, fits } from '../profile/profile.ts';
import type { Finding, Fix } from '../report/report.ts';
import { inWords } from '../words.ts';

/** The policies that take a part of the cluster for an intruder unless it has a row. */
const CLAIMED = ['control-plane-intrusion', 'scheduler-bypass'];

/** What the policies say last, where nothing is known of the object. */
const ADD_IT = / If it [a-z ]+, add it to the profile's components(?: with nodeRole: all)?\.$/;

/**
 * Puts before the advice on an intruder which row would claim it: that of an add-on that names it, or, for a
 * DaemonSet, one of its own. Most DaemonSets that reach reserved nodes are agents of the platform, and a cluster
 * whose network loses its tolerations stops.
 */
export function adviceOn(
  { policy, component, object, fix }: Pick<Finding, 'policy' | 'component' | 'object' | 'fix'>,
  addons: () => Readonly<Record<string, Addon>>,
): Fix {
  if (component !== null || !CLAIMED.includes(policy)) return fix;
  const claim = claimOf(object, addons());
  if (claim === undefined) return fix;
  // What belongs to the cluster must not lose its tolerations without a look.
  return { ...fix, safe: false, title: `${claim} Otherwise: ${fix.title.replace(ADD_IT, '')}` };
}

function claimOf(
  object: ObjectReference,
  addons: Readonly<Record<string, Addon>>,
): string | undefined {
  const { kind, namespace, name } = object;
  if (namespace === null || name === null) return undefined;
  const named = Object.entries(addons).filter(([, { components }]) =>
    components.some((row) => isNamed(row, object)),
  );
  if (named.length > 0) {
    const titles = inWords([...new Set(named.map(([, { title }]) => title))], 'or');
    const names = inWords(
      named.map(([id]) => id),
      'or',
    );
    return `If this is ${titles}, name ${names} in the extends of your profile.`;
  }
  if (kind !== 'DaemonSet') return undefined;
  const row = `{name: ${name}, match: {namespace: ${namespace}, name: ${name}}, type: DaemonSet, nodeRole: all}`;
  return `If it is part of the cluster, add ${row} to the components of your profile.`;
}

/** Whether the row of an add-on is for the object. Files of static pods are for kubelets. */
function isNamed(
  { match, static: isStatic }: Component,
  { kind, namespace, name }: ObjectReference,
): boolean {
  if (isStatic === true && kind !== 'Pod') return false;
  return (
    fits(match.namespace, namespace ?? '') &&
    fits(match.name, name ?? '') &&
    (match.kind ?? kind) === kind
  );
}
