import { type Cel, pattern } from '../admission/cel.ts';

const NAME = '[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?';
const PART = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';

/** `lib.api.labels.valid_value` */
export function validValue(value: Cel): Cel {
  return `${value}.matches(${pattern(`^(${NAME})?$`)})`;
}

/** `lib.api.labels.valid_key` */
export function validKey(key: Cel): Cel {
  const matches = `${key}.matches(${pattern(`^(${PART}(\\.${PART})*/)?${NAME}$`)})`;
  return `${matches} && ${key}.indexOf('/') <= 253`;
}

/** `lib.api.labels.largest_number` */
export const LARGEST = '9223372036854775807';

/** Whether a value stands for a number (`lib.api.labels.number` is defined). */
export function isNumber(value: Cel): Cel {
  const significant = `${value}.find(${pattern('[1-9][0-9]*$')})`;
  return (
    `${value}.matches(${pattern('^[0-9]+$')}) && (${significant}.size() < ${LARGEST.length}` +
    ` || ${significant}.size() == ${LARGEST.length} && ${significant} <= '${LARGEST}')`
  );
}

/** `lib.api.labels.number`, of a value that stands for one. */
export function number(value: Cel): Cel {
  return `int(${value})`;
}

/** The number that a literal value stands for; undefined if it stands for none. */
export function numberOf(value: string): bigint | undefined {
  if (!/^[0-9]+$/.test(value)) return undefined;
  const parsed = BigInt(value);
  return parsed <= BigInt(LARGEST) ? parsed : undefined;
}
