import type { Taint, Toleration } from '../../../src/engine/admission.ts';
import { all, any, type Cel, fieldText, text } from '../admission/cel.ts';

/** `lib.nodes.taints.tolerates` */
export function tolerates(toleration: Cel, taint: Taint): Cel {
  return all(
    names(fieldText(toleration, 'key'), taint.key),
    names(fieldText(toleration, 'effect'), taint.effect),
    valueTolerated(toleration, taint),
  );
}

function names(written: Cel, wanted: string): Cel {
  return `${written} in ['', ${text(wanted)}]`;
}

function valueTolerated(toleration: Cel, { value, lenient = false }: Taint): Cel {
  const operator = fieldText(toleration, 'operator');
  const exists = `${operator} == 'Exists'`;
  const equal = `${operator} in ['', 'Equal']`;
  if (lenient) return any(exists, equal);
  // No toleration says that it has a value that is not known.
  if (value === null) return exists;
  return any(exists, all(equal, `${fieldText(toleration, 'value')} == ${text(value ?? '')}`));
}

/** `lib.nodes.taints.wildcard` */
export function wildcard(toleration: Cel): Cel {
  return `${fieldText(toleration, 'key')} == '' && ${fieldText(toleration, 'operator')} == 'Exists'`;
}

/** Whether one of the tolerations that the DaemonSet controller adds tolerates the taint, known beforehand. */
export function toleratedByDaemons(added: readonly Toleration[], { key, effect }: Taint): boolean {
  return added.some((toleration) => toleration.key === key && toleration.effect === effect);
}

/** `lib.nodes.taints.name` */
export function name({ key, value, effect }: Taint): string {
  return `${key}${value ? `=${value}` : ''}:${effect}`;
}

/** Which of the taints a wildcard toleration tolerates, as a list in words, by its effect. */
export function namesByEffect(listed: readonly Taint[], effect: Cel): Cel {
  const effects = [...new Set(listed.map((taint) => taint.effect))].sort();
  const said = (some: readonly Taint[]) => text(namesOf(some));
  const [first] = effects;
  if (first === undefined || effects.length === 1) return said(listed);
  return effects.reduce(
    (rest, one) =>
      `${effect} == ${text(one)} ? ${said(listed.filter((taint) => taint.effect === one))} : ${rest}`,
    said(listed),
  );
}

/** The names of taints, in words. */
export function namesOf(listed: readonly Taint[]): string {
  return [...new Set(listed.map(name))].sort().join(' and ');
}
