import type { Cause, Diff, DiffSide, NewFinding } from '../report/diff.ts';
import { type InputError, NOWHERE, type Report } from '../report/report.ts';
import { objectName, placeText } from './names.ts';
import { visible } from './text.ts';

/**
 * The report of what is new, for the formats of reports. A message says what else changed, and a component that is gone is
 * missing. What could not be read of the old input has no place: its file is another one now.
 */
export function reportOfDiff(diff: Diff): Report {
  const { old, now, added, gone, notes } = diff;
  const { report } = now;
  const findings = added.map((finding) => {
    const why = whyText(finding);
    return { ...finding, message: finding.message + (why === '' ? '' : `; ${why}`) };
  });
  const inputErrors = [...report.inputErrors, ...old.report.inputErrors.map(errorOf(old))];
  const isGone = (name: string, environment: string | null) =>
    gone.some((one) => one.name === name && one.environment === environment);
  return {
    ...report,
    scope: gone.length > 0 ? 'cluster' : 'part',
    findings,
    inputErrors,
    notes,
    components: report.components.map((one) =>
      isGone(one.name, one.environment) ? one : { ...one, state: 'present' },
    ),
    waivers: [],
    summary: {
      ...report.summary,
      findings: added.length,
      open: added.length,
      waived: 0,
      baselined: 0,
      inputErrors: inputErrors.length,
      notes: notes.length,
    },
  };
}

/** Makes what could not be read of an input an error without a place. */
function errorOf({ name }: DiffSide): (error: InputError) => InputError {
  return (error) => {
    const place = placeText(error);
    const at = place === '' ? '' : `${place}: `;
    return { ...NOWHERE, code: error.code, message: `in ${visible(name)}: ${at}${error.message}` };
  };
}

/** Says what else changed and made a finding; nothing if only its own object did. */
export function whyText({ isUntouched, why }: NewFinding): string {
  if (why.length === 0) return isUntouched ? 'this object did not change, but others did' : '';
  const causes = why.map(causeText).join('; ');
  return isUntouched ? `this object did not change; ${causes}` : causes;
}

function causeText(cause: Cause): string {
  return `${objectName(cause)} (${visible(cause.file)}) was ${cause.change}`;
}
