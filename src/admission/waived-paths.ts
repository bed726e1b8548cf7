import { all, any, type Cel, not, text } from '../../policies/lib/admission/cel.ts';
import type { Scene } from '../../policies/lib/admission/policy.ts';
import { templatePath } from '../../policies/lib/workloads/workloads.cel.ts';
import type { Waiver } from '../config/waiver.ts';
import type { Path } from '../errors.ts';
import { pathText } from '../report/paths.ts';
import { isWaived, madeForWaived } from './envelope.ts';

/**
 * Makes a function that leaves out of a list of findings those that waivers of one field accept, in the object or in
 * what a controller makes for it. Waivers of whole objects are conditions of the policy.
 */
export function waivedPaths({ profile }: Scene, waivers: readonly Waiver[]): (found: Cel) => Cel {
  const waived = waivers.flatMap(({ match, path }) => {
    if (path === undefined) return [];
    const made = all(
      madeForWaived(profile, match),
      any(...pathsInMade(match.kind, path).map(isAt)),
    );
    return [all(isWaived(match), isAt(path)), made];
  });
  if (waived.every((one) => one === 'false')) return (found) => found;
  return (found) => `(${found}).filter(f, ${not(any(...waived))})`;
}

/** Where what a controller makes of an object has the same field: in a pod, or in the template of pods. */
function pathsInMade(kind: string, path: Path): readonly Path[] {
  const template = templatePath(kind);
  if (!template.every((step, index) => path[index] === step)) return [];
  const inPod = path.slice(template.length);
  return [inPod, [...templatePath('Job'), ...inPod]];
}

function isAt(path: Path): Cel {
  const plain = pathText(path).replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
  return `f.path.matches(${text(`^${plain.replaceAll('\\[\\*\\]', '\\[[0-9]+\\]')}$`)})`;
}
