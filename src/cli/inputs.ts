import type { InputFile } from '../input.ts';
import { type Arguments, type Option, usage } from './args.ts';
import { readInputs } from './files.ts';
import type { Io } from './io.ts';
import { type RenderSource, renderInputs } from './render.ts';

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

/** Reads the paths of a command line, and renders what its flags name. */
export async function inputsOf(
  args: Arguments,
  io: Io,
  namespace: string | undefined,
): Promise<{ readonly files: readonly InputFile[]; readonly inputs: readonly string[] }> {
  const rendered = await renderInputs(sourcesIn(args, namespace), io);
  const read = await readInputs(args.positionals, io, rendered.isPart);
  return {
    files: [...read, ...rendered.files],
    inputs: [...args.positionals, ...rendered.names],
  };
}

function sourcesIn({ lists }: Arguments, namespace: string | undefined): readonly RenderSource[] {
  const charts = lists.get('helm') ?? [];
  const values = lists.get('helm-values') ?? [];
  if (values.length > 0 && charts.length === 0) throw usage('--helm-values needs --helm CHART');
  return [
    ...(lists.get('kustomize') ?? []).map((kustomize) => ({ kustomize })),
    ...charts.map((helm) => ({ helm, values, namespace })),
  ];
}
