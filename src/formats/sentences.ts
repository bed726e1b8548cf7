import type { Finding, Related } from '../report/report.ts';
import { objectName, renderedText } from './names.ts';
import { visible } from './text.ts';

/** What a finding says in one line, with its object and environment. */
export function findingSentence({ message, object, environment, rendered }: Finding): string {
  const said = oneLine(message);
  const name = objectName(object);
  const details = [
    ...(said.includes(name) ? [] : [name]),
    ...(environment === null ? [] : [`environment ${visible(environment)}`]),
    ...(rendered === undefined ? [] : [renderedText(rendered)]),
  ];
  return details.length === 0 ? said : `${said} (${details.join(', ')})`;
}

/** The same, and what to do about it. */
export function adviceSentence(finding: Finding): string {
  return `${findingSentence(finding)}. Fix: ${oneLine(finding.fix.title)}`;
}

/** The name of a related object, and what it says. */
export function relatedSentence(related: Related): string {
  const says = oneLine(related.says);
  return says === '' ? objectName(related) : `${objectName(related)}: ${says}`;
}

/** A text as one line without characters that a screen hides or interprets. */
export function oneLine(text: string): string {
  return visible(text.trim().replaceAll(/[ \t\r\n]+/g, ' '));
}
