import type { AdmissionFacts } from '../../../src/engine/admission.ts';
import { type Cel, text } from '../admission/cel.ts';

/**
 * `lib.api.limits.excess` in the words of `lib.findings.unchecked`: a list with what is more than the limit, or
 * without.
 */
export function excess(
  { limits, things }: AdmissionFacts,
  name: string,
  count: Cel,
  path: Cel,
): Cel {
  const most = limits[name];
  const thing = things[name];
  if (most === undefined || thing === undefined) throw new Error(`there is no limit ${name}`);
  const says = `${text(': it has ')} + string(${count}) + ${text(` ${thing}, and at most ${most} are checked`)}`;
  return `(${count} > ${most} ? [{'path': ${path}, 'says': ${says}}] : [])`;
}

/** `lib.findings.unchecked.violation` for each excess: the object may have a fault, given in words. */
export function violations(may: Cel): Cel {
  return `variables.excess.map(e, {'path': e.path, 'says': ${may} + e.says})`;
}
