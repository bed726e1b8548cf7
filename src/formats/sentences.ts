import type { Finding, Problem, Related } from '../report/report.ts';
import { objectName, renderedText } from './names.ts';
import { oneLine, visible } from './text.ts';

/** What a finding says in one line, with its object and environment. */
export function findingSentence(finding: Finding): string {
  const said = oneLine(finding.message);
  const name = objectName(finding.object);
  return withDetails(said, [
    ...(said.includes(name) ? [] : [name]),
    ...detailsOf(finding),
    ...(finding.now === undefined ? [] : [`now ${oneLine(finding.now)}`]),
  ]);
}

/** What a problem says in one line, or a finding beside its object. */
export function sentence(problem: Said): string {
  return withDetails(oneLine(problem.message), detailsOf(problem));
}

/** The same as `findingSentence`, and what to do about it. */
export function adviceSentence(finding: Finding): string {
  return `${findingSentence(finding)}. Fix: ${oneLine(finding.fix.title)}`;
}

/** The name of a related object, and what it says. */
export function relatedSentence(related: Related): string {
  const says = oneLine(related.says);
  return says === '' ? objectName(related) : `${objectName(related)}: ${says}`;
}

type Said = Pick<Problem, 'message' | 'rendered'> & { readonly environment?: string | null };

/** What the place leaves out: the environment, and where it is in rendered text. */
function detailsOf({ environment = null, rendered }: Said): readonly string[] {
  return [
    ...(environment === null ? [] : [`environment ${visible(environment)}`]),
    ...(rendered === undefined ? [] : [renderedText(rendered)]),
  ];
}

function withDetails(said: string, details: readonly string[]): string {
  return details.length === 0 ? said : `${said} (${details.join(', ')})`;
}
