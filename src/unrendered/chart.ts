import { UserError } from '../errors.ts';
import { isMap } from '../kubernetes/objects.ts';
import { locate } from '../manifest/locate.ts';
import { fileNameOf, type ManifestDocument } from '../manifest/read.ts';
import { renderAdvice } from './advice.ts';
import { baseOf, directoryOf, normalized } from './paths.ts';

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
export function unrenderedChart(
  { document, directory, isLibrary }: Chart,
  count: number,
): UserError {
  const files = count === 1 ? '1 file of it' : `${count} files of it`;
  const unread = count === 0 ? '' : `, and ${files} cannot be read before`;
  const what = isLibrary ? 'this Helm chart is a library, which is' : 'this Helm chart is';
  const advice = renderAdvice({ tool: 'helm', file: document.file, directory, isPart: isLibrary });
  return new UserError('NOT_RENDERED', `${what} not rendered${unread}. ${advice}`, {
    place: locate(document, []),
  });
}
