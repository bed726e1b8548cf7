import { isDay } from '../config/days.ts';
import { SHOWN } from '../formats/context.ts';
import { STAGES } from '../gatekeeper/enforcement.ts';
import { isNamespaceName } from '../kubernetes/objects.ts';
import { SCOPES, SEVERITIES } from '../report/report.ts';
import {
  FLAG,
  FUNCTION,
  type Kind,
  listOf,
  OBJECT,
  oneOf,
  TEXT,
  textLike,
  wholeNumber,
} from './arguments.ts';

// What each option may be (options.ts has their types).

export const CLUSTER_OPTIONS = {
  profile: {
    expected: 'the name of a profile, or one that readProfile has read',
    is: (value) => TEXT.is(value) || OBJECT.is(value),
  },
  config: OBJECT,
  environment: textLike(
    /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/,
    'a name of lower case letters, digits and -',
  ),
  namespace: {
    expected: 'the name of a namespace',
    is: (value) => TEXT.is(value) && isNamespaceName(String(value)),
  },
} satisfies Readonly<Record<string, Kind>>;
export const DAY: Kind = {
  expected: 'a day such as 2027-03-31',
  is: (value) => typeof value === 'string' && isDay(value),
};
export const TABLE_OPTIONS = {
  ...CLUSTER_OPTIONS,
  severity: OBJECT,
  baseline: TEXT,
  today: DAY,
  onProgress: FUNCTION,
};
export const CHECK_OPTIONS = { ...TABLE_OPTIONS, scope: oneOf(SCOPES) };
export const WIDTH = wholeNumber(40);
/** Read, and checked, by something else. */
export const ANYTHING: Kind = { expected: 'something', is: () => true };
const { config: _, ...ONE_OF_SEVERAL } = CLUSTER_OPTIONS;

export { ONE_OF_SEVERAL };
export const RENDER_OPTIONS = {
  files: ANYTHING,
  color: FLAG,
  width: WIDTH,
  verbose: FLAG,
  show: listOf(oneOf(SHOWN)),
} satisfies Readonly<Record<string, Kind>>;
export const TARGET = oneOf(['gatekeeper', 'vap', 'conftest']);
export const ENFORCEMENT = oneOf(STAGES);
export const FORM = oneOf(['summary', 'examples', 'markdown']);
export const SEVERITY = oneOf([...SEVERITIES, 'off']);
export const NODES = wholeNumber(0);
