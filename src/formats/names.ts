import type { Path, RenderedPlace } from '../errors.ts';
import type { ObjectReference } from '../kubernetes/objects.ts';
import { pathText } from '../report/paths.ts';
import type { Location, Problem } from '../report/report.ts';
import { oneLine, visible } from './text.ts';

/** A place in the input, as far as it is known. */
type PlaceLike = Pick<Location, 'file' | 'line' | 'column'>;

/** Names an object by its kind, namespace and name. */
export function objectName({ kind, namespace, name }: ObjectReference): string {
  const prefix = namespace === null || namespace === '' ? '' : `${namespace}/`;
  return visible(`${kind} ${prefix}${name ?? '(unnamed)'}`);
}

/** Writes a place as `file:line:column`, as far as it is known. */
export function placeText(place: PlaceLike): string {
  return [place.file, place.line, place.column]
    .filter((part) => part !== null)
    .map((part) => visible(String(part)))
    .join(':');
}

/** Writes a place in rendered text: `in the rendered chart charts/shop, line 214`. */
export function renderedText({ input, line }: RenderedPlace): string {
  const what = isOfChart(input) ? 'chart' : 'kustomization';
  return `in the rendered ${what} ${visible(input.slice(input.indexOf(' ') + 1))}, line ${line}`;
}

/** Whether Helm rendered an input: its templates are not what it prints. */
export function isOfChart(input: string): boolean {
  return input.startsWith('helm ');
}

/** Writes a path into an object: `spec.tolerations[0]`. */
export function fieldText(path: Path): string {
  return visible(pathText(path));
}

/** The lines of a message. What to write into a file has its own; others may have line breaks of the input. */
export function messageLines({
  code,
  message,
}: Pick<Problem, 'code' | 'message'>): readonly string[] {
  return code === 'NOT_RENDERED' ? message.split('\n') : [message];
}

/** Renders something that is wrong as one line: its place, if it has one, and its sentence. */
export function problemLine(problem: PlaceLike & { readonly message: string }): string {
  const place = placeText(problem);
  return `bulkhead: ${place === '' ? '' : `${place}: `}${oneLine(problem.message)}`;
}
