import type { Cel } from '../admission/cel.ts';
import { valid, values } from '../api/label_requirements.cel.ts';

/** The required node affinity of the pod, an optional value. */
export const required: Cel =
  'variables.pod.?affinity.?nodeAffinity.?requiredDuringSchedulingIgnoredDuringExecution';

/** The terms as they are written. */
export const listedTerms: Cel = `${required}.?nodeSelectorTerms.orValue([])`;

/** `lib.scheduling.node_affinity._usable`: a term that the scheduler can parse, and that is not empty. */
export function usable(expressions: Cel, fields: Cel): Cel {
  return (
    `(!variables.has_affinity || ${expressions}.size() + ${fields}.size() > 0 && ` +
    `${expressions}.all(r, ${valid('r')}) && ` +
    `${fields}.all(f, f.operator in ['In', 'NotIn'] && ${values('f')}.size() == 1))`
  );
}

/** `lib.scheduling.node_affinity.name_possible`, of terms that can be parsed. */
export function namePossible(fields: Cel): Cel {
  const named = `(f.operator == 'In') == (f.values[0] == variables.node)`;
  const other = `(f.operator == 'In') == (f.values[0] == '')`;
  // Of several names that are required all are one, and none of those that are excluded.
  const free =
    `f.operator == 'NotIn' || f.values[0] != '' && ${fields}.all(o, ` +
    `o.key != 'metadata.name' || (o.operator == 'In') == (o.values[0] == f.values[0]))`;
  return `${fields}.all(f, f.key != 'metadata.name' ? ${other} : variables.node != '' ? ${named} : ${free})`;
}
