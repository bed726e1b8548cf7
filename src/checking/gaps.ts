import type { Gap } from '../policy/gaps.ts';
import { type InputError, NOWHERE, type Note } from '../report/report.ts';
import type { FileSession } from '../session.ts';
import { inWords } from '../words.ts';

/** What is said of the parts of a cluster that are not in the input. */
export interface SaidOfGaps {
  readonly errors: readonly InputError[];
  readonly notes: readonly Note[];
}

/** Makes an error of each gap that leaves something unchecked, and a note of the others. */
export function saidOfGaps({ gaps, input }: Pick<FileSession, 'gaps' | 'input'>): SaidOfGaps {
  const absent = gaps.filter(({ state }) => state === 'absent');
  const unread = gaps.filter(({ state }) => state !== 'absent');
  const [blocking, refining] = [
    unread.filter(isBlocking),
    unread.filter((gap) => !isBlocking(gap) && gap.refining.length > 0),
  ];
  const file = input.read.find(({ cluster }) => cluster !== undefined)?.file ?? null;
  return {
    errors: [
      ...blocking.map((gap) => ({ ...errorOf(gap), ...NOWHERE, file })),
      ...(absent.length === 0 ? [] : [absence(absent)]),
    ],
    notes: refining.map((gap) => ({ ...noteOf(gap), ...NOWHERE, file })),
  };
}

function isBlocking({ required, checked }: Gap): boolean {
  return required.length + checked.length > 0;
}

function errorOf(gap: Gap): Pick<InputError, 'code' | 'message'> {
  const { resource, state, required, checked } = gap;
  const unchecked = [
    ...(required.length === 0 ? [] : [`${inWords(required, 'and')} without them`]),
    ...(checked.length === 0 ? [] : [`these objects by ${inWords(checked, 'and')}`]),
  ];
  const code = state === 'forbidden' ? 'KIND_FORBIDDEN' : 'KIND_UNREADABLE';
  const message = `${resource} could not be read${becauseOf(gap)}. Not checked for that reason: ${unchecked.join('; ')}`;
  return { code, message };
}

function noteOf(gap: Gap): Pick<Note, 'code' | 'message'> {
  const message = `${gap.resource} could not be read${becauseOf(gap)}: ${inWords(gap.refining, 'and')} did without them`;
  return { code: 'KIND_UNREAD', message };
}

function becauseOf({ state, reason }: Gap): string {
  if (state === 'forbidden') return ' (forbidden)';
  return reason === null ? '' : ` (${reason})`;
}

/** Of a dump: what it has no object of may be in the cluster. */
function absence(gaps: readonly Gap[]): InputError {
  const kinds = gaps.map(({ resource }) => `no ${resource}`);
  const ids = [...new Set(gaps.flatMap(({ required }) => required))];
  const [verb, some] = ids.length === 1 ? ['was', 'a policy'] : ['were', 'policies'];
  const message = `this dump has ${inWords(kinds, 'and')}, without which ${some} cannot decide: ${inWords(ids, 'and')} ${verb} not asked. If the cluster has some, use bulkhead audit, or add them to the dump`;
  return { code: 'KIND_ABSENT', message, ...NOWHERE };
}
