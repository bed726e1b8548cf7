import { type Cel, FALSE, text, texts } from '../admission/cel.ts';
import { isNumber, number, numberOf, validKey, validValue } from './labels.cel.ts';

// A requirement is a map with `key`, `operator` and perhaps `values`, as a nodeSelectorTerm has it.

/** The values of a requirement. */
export function values(requirement: Cel): Cel {
  return `${requirement}.?values.orValue([])`;
}

/** `lib.api.label_requirements.threshold` */
function threshold(requirement: Cel): Cel {
  return number(`${requirement}.values[0]`);
}

/** `lib.api.label_requirements.valid` */
export function valid(requirement: Cel): Cel {
  const given = values(requirement);
  return (
    `${validKey(`${requirement}.key`)} && ${given}.all(v, ${validValue('v')}) && (` +
    `${requirement}.operator in ['In', 'NotIn'] ? ${given}.size() > 0` +
    ` : ${requirement}.operator in ['Exists', 'DoesNotExist'] ? ${given}.size() == 0` +
    ` : ${requirement}.operator in ['Gt', 'Lt'] && ${given}.size() == 1 && ${isNumber(`${requirement}.values[0]`)})`
  );
}

/** `lib.api.label_requirements.holds` of each requirement of a list, where the node lacks the label. */
export function holdsAbsent(requirements: Cel): Cel {
  return `${requirements}.all(r, r.operator in ['NotIn', 'DoesNotExist'])`;
}

/** `lib.api.label_requirements.holds` of each requirement of a list, where the label has a value of the profile. */
export function holdsValue(requirements: Cel, value: string): Cel {
  const parsed = numberOf(value);
  const compared =
    parsed === undefined
      ? FALSE
      : `r.operator == 'Gt' ? ${parsed} > ${threshold('r')} : r.operator == 'Lt' && ${parsed} < ${threshold('r')}`;
  const others =
    compared === FALSE ? "r.operator == 'Exists'" : `r.operator == 'Exists' || (${compared})`;
  return `${requirements}.all(r, ${listed('r', text(value), others)})`;
}

/** The same for a value that is only known when an object is judged. */
function holdsAny(requirements: Cel, value: Cel): Cel {
  const greater = `r.operator == 'Gt' ? ${number(value)} > ${threshold('r')}`;
  const less = `r.operator == 'Lt' && ${number(value)} < ${threshold('r')}`;
  const compared = `${isNumber(value)} && (${greater} : ${less})`;
  return `${requirements}.all(r, ${listed('r', value, `r.operator == 'Exists' || ${compared}`)})`;
}

function listed(requirement: Cel, value: Cel, others: Cel): Cel {
  return (
    `${requirement}.operator == 'In' ? ${value} in ${requirement}.values` +
    ` : ${requirement}.operator == 'NotIn' ? !(${value} in ${requirement}.values)` +
    ` : ${others}`
  );
}

/**
 * `lib.api.label_requirements.satisfiable` with some value: one that no manifest mentions, a number in another
 * spelling, or a value that is mentioned, but none of those in the list.
 */
export function satisfiableByValue(requirements: Cel, except: readonly string[]): Cel {
  const isOther = except.length === 0 ? '' : `!(v in ${texts(except)}) && `;
  return (
    `${requirements}.all(r, r.operator in ['NotIn', 'Exists', 'Gt', 'Lt']) && ${hasNumber(requirements)}` +
    ` || ${requirements}.exists(i, i.operator == 'In' && i.values.exists(v, ` +
    `${isOther}${validValue('v')} && ${holdsAny(requirements, 'v')}))`
  );
}

/** `lib.api.label_requirements.satisfiable` */
export function satisfiable(requirements: Cel): Cel {
  return `${holdsAbsent(requirements)} || ${satisfiableByValue(requirements, [])}`;
}

/** Whether a number is above each Gt and below each Lt: `_least` is at most `_greatest`, without an overflow. */
function hasNumber(requirements: Cel): Cel {
  const largest = '9223372036854775807';
  return (
    `${requirements}.all(g, g.operator != 'Gt' || ${threshold('g')} < ${largest} && ` +
    `${requirements}.all(l, l.operator != 'Lt' || ${threshold('l')} > 0 && ${threshold('g')} < ${threshold('l')} - 1)) && ` +
    `${requirements}.all(l, l.operator != 'Lt' || ${threshold('l')} > 0)`
  );
}
