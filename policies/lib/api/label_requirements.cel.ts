import { type Cel, FALSE, text, texts } from '../admission/cel.ts';
import { isNumber, LARGEST, number, numberOf, validKey, validValue } from './labels.cel.ts';

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
  return (
    `${requirements}.all(r, r.operator == 'In' ? ${text(value)} in r.values` +
    ` : r.operator == 'NotIn' ? !(${text(value)} in r.values) : ${others})`
  );
}

/**
 * `lib.api.label_requirements.satisfiable` with some value but none of those in the list: one that no manifest
 * mentions, a number in another spelling, or a value that an In mentions.
 */
export function satisfiableByValue(requirements: Cel, except: readonly string[]): Cel {
  const isIn = "i.operator == 'In'";
  return (
    `(${requirements}.exists(i, ${isIn}) ? ` +
    `${requirements}.exists(i, ${isIn} && ${fitsSome('i.values', requirements, except)})` +
    ` : ${satisfiableByOther(requirements)})`
  );
}

/**
 * `lib.api.label_requirements.satisfiable` of all requirements on the label of one of them, where a nodeSelector may
 * have the label too. Each In asks its own values, so that no value is tried more than once.
 */
export function satisfiableAt(requirement: Cel, requirements: Cel, selector: Cel): Cel {
  const isIn = `${requirement}.operator == 'In'`;
  const isSelected = `${requirement}.key in ${selector}`;
  const asked = `${isIn} ? ${requirement}.values : [${selector}[${requirement}.key]]`;
  return (
    `${isIn} || ${isSelected} ? ${fitsSome(`(${asked})`, requirements, [])}` +
    ` : ${requirements}.exists(i, i.operator == 'In') || ${holdsAbsent(requirements)} || ${satisfiableByOther(requirements)}`
  );
}

/** Whether one of the values meets all requirements. What does not depend on the value is computed once. */
function fitsSome(given: Cel, requirements: Cel, except: readonly string[]): Cel {
  const isOther = except.length === 0 ? '' : `!(v in ${texts(except)}) && `;
  const isListed = "l.all(r, r.operator == 'In' ? v in r.values : !(v in r.values))";
  const isWithin = `(b == [-1, ${LARGEST}] || ${isNumber('v')} && ${number('v')} > b[0] && ${number('v')} <= b[1])`;
  return (
    `!${requirements}.exists(r, r.operator == 'DoesNotExist') && ` +
    `[${requirements}.filter(r, r.operator in ['In', 'NotIn'])].exists(l, ` +
    `[[${greatestOf(requirements)}, ${leastOf(requirements)}]].exists(b, ` +
    `${given}.exists(v, ${isOther}${validValue('v')} && ${isListed} && ${isWithin})))`
  );
}

/** Whether a value that no manifest mentions meets requirements without In: a number has many spellings. */
function satisfiableByOther(requirements: Cel): Cel {
  return (
    `${requirements}.all(r, r.operator != 'DoesNotExist') && ` +
    `${greatestOf(requirements)} < ${leastOf(requirements)}`
  );
}

/** The greatest number that a Gt excludes. */
function greatestOf(requirements: Cel): Cel {
  return `([-1] + ${requirements}.filter(r, r.operator == 'Gt').map(r, ${threshold('r')})).max()`;
}

/** The greatest number that no Lt excludes. */
function leastOf(requirements: Cel): Cel {
  return `([${LARGEST}] + ${requirements}.filter(r, r.operator == 'Lt').map(r, ${threshold('r')} - 1)).min()`;
}
