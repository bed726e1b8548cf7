import type { Source } from '../config/config.ts';
import { type Arguments, type Option, usage } from './args.ts';
import { type Inputs, readInputs } from './files.ts';
import type { Io } from './io.ts';
import type { RenderedInputs, RenderSource } from './render.ts';

/** The flags that name what has to be rendered. */
export const RENDERING: readonly Option[] = [
  {
    name: 'kustomize',
    value: 'DIR',
    isRepeatable: true,
    help: 'Directory of a kustomization to render, with kustomize or kubectl; repeatable.',
  },
  {
    name: 'helm',
    value: 'CHART',
    isRepeatable: true,
    help: 'Directory of a chart to render, with helm; repeatable.',
  },
  {
    name: 'helm-values',
    value: 'FILE',
    isRepeatable: true,
    help: 'Values for the charts of --helm; repeatable.',
  },
];

/**
 * What the command line names to check.
 *
 * @throws UserError USAGE
 */
export function givenSources({ positionals, lists, values }: Arguments): readonly Source[] {
  const charts = lists.get('helm') ?? [];
  const files = lists.get('helm-values') ?? [];
  if (files.length > 0 && charts.length === 0) throw usage('--helm-values needs --helm CHART');
  const namespace = values.get('namespace');
  return [
    ...positionals.map((path): Source => ({ kind: 'path', path })),
    ...(lists.get('kustomize') ?? []).map(
      (directory): Source => ({ kind: 'kustomize', directory }),
    ),
    ...charts.map(
      (chart): Source => ({
        kind: 'helm',
        chart,
        values: files,
        ...(namespace !== undefined && { namespace }),
      }),
    ),
  ];
}

/** What was read of the sources of a cluster. */
export interface ReadSources extends Inputs {
  /** The sources, as a report names them. */
  readonly inputs: readonly string[];
  /** Whether the file at a real path is a part of what was rendered. */
  readonly isPart: (path: string) => boolean;
}

/** Reads the paths of a cluster, and renders its charts and kustomizations. */
export async function readSources(
  sources: readonly Source[],
  io: Io,
  isExcluded: (path: string, isDirectory: boolean) => boolean,
): Promise<ReadSources> {
  const paths = sources.flatMap((source) => (source.kind === 'path' ? [source.path] : []));
  const rendered = await renderedOf(sources.flatMap(toRender), io);
  const read = await readInputs(paths, io, { isRendered: rendered.isPart, isExcluded });
  return {
    files: [...read.files, ...rendered.files],
    excluded: read.excluded,
    inputs: [...paths, ...rendered.names],
    isPart: rendered.isPart,
  };
}

/** Renders charts and kustomizations. What renders is loaded only if something has to be. */
export async function renderedOf(
  sources: readonly RenderSource[],
  io: Io,
): Promise<RenderedInputs> {
  if (sources.length === 0) return { files: [], names: [], isPart: () => false };
  const { renderInputs } = await import('./render.ts');
  return renderInputs(sources, io);
}

export function toRender(source: Source): readonly RenderSource[] {
  if (source.kind === 'path') return [];
  if (source.kind === 'kustomize') return [{ kustomize: source.directory }];
  const { chart, values, release, namespace } = source;
  return [{ helm: chart, values, release, namespace }];
}
