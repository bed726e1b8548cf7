import type { Path, RenderedPlace } from '../errors.ts';
import type { ObjectReference } from '../kubernetes/objects.ts';
import { pathText } from '../report/paths.ts';
import type { Location } from '../report/report.ts';
import { visible } from './text.ts';

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

/** Renders something that is wrong as one line: its place, if it has one, and its sentence. */
export function problemLine(problem: PlaceLike & { readonly message: string }): string {
  const place = placeText(problem);
  const sentence = visible(problem.message.trim().replaceAll(/[ \t\r\n]+/g, ' '));
  return `bulkhead: ${place === '' ? '' : `${place}: `}${sentence}`;
}
