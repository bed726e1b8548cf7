import { UserError } from '../errors.ts';
import { isMap } from '../kubernetes/objects.ts';
import { locate } from '../manifest/locate.ts';
import { fileNameOf, type ManifestDocument } from '../manifest/read.ts';
import { baseOf, directoryOf, normalized, quoted } from './paths.ts';

/** A Helm chart, by its Chart.yaml. */
export interface Chart {
  readonly document: ManifestDocument;
  /** Normalized; empty for the current directory. */
  readonly directory: string;
  /** Whether it has only what other charts use: Helm does not render it. */
  readonly isLibrary: boolean;
}

/** Reads a document as the description of a chart. */
export function chartOf(document: ManifestDocument): Chart | undefined {
  const { value, file } = document;
  if (baseOf(fileNameOf(document)) !== 'Chart.yaml' || !isMap(value)) return undefined;
  if (value['kind'] != null || typeof value['name'] !== 'string') return undefined;
  const directory = normalized(directoryOf(file));
  return { document, directory, isLibrary: value['type'] === 'library' };
}

/** Whether a file below the chart is a template or configures it. Helm applies its crds/ as they are. */
export function isOfChart({ directory }: Chart, path: string): boolean {
  return OF_CHART.test(directory === '' ? path : path.slice(directory.length + 1));
}

const OF_CHART =
  /^(?:(?:templates|charts|ci)\/|(?:Chart|requirements|values[^/]*)\.(?:ya?ml|json)$)/;

/** Whether Helm renders a file of a chart, or reads it to do so, by its path in the chart. */
export function isRenderedWith(path: string): boolean {
  return /^(?:(?:templates|charts|crds)\/|(?:Chart|requirements|values)\.ya?ml$|values\.schema\.json$)/.test(
    path,
  );
}

/** The error of a chart, given how many of its files cannot be read before it is rendered. */
export function unrenderedChart({ document, isLibrary }: Chart, count: number): UserError {
  const unread =
    count === 0
      ? ''
      : `. ${count === 1 ? '1 file of it' : `${count} files of it`} cannot be read before`;
  const what = isLibrary
    ? 'this Helm chart is a library: render a chart that uses it (helm template DIR | bulkhead check -)'
    : `this Helm chart is not rendered: render it (helm template ${quoted(directoryOf(document.file))} | bulkhead check -)`;
  return new UserError('NOT_RENDERED', `${what}, or pass only the files to check${unread}`, {
    place: locate(document, []),
  });
}
