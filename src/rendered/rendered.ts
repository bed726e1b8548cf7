import type { FindSource } from '../manifest/read.ts';
import { chartSources } from './chart.ts';
import { kustomizationSources } from './kustomization.ts';

/** What a text was rendered from, with the files that were read. */
export type RenderedFrom = RenderedChart | RenderedKustomization;

/** What all rendered texts have. */
export interface Rendered {
  /** The file that stands for all of it: a Chart.yaml, a kustomization. */
  readonly root: string;
  /** The namespace that its objects are installed in, if they name none. */
  readonly namespace?: string | undefined;
  /** The bytes of one of its sources, by the name that places have; undefined for any other file. */
  readonly read: (file: string) => Uint8Array | undefined;
}

/** What `helm template` printed. */
export interface RenderedChart extends Rendered {
  readonly tool: 'helm';
  /** The directory of the chart, as places name it. */
  readonly directory: string;
}

/** What `kustomize build` printed. */
export interface RenderedKustomization extends Rendered {
  readonly tool: 'kustomize';
  /** The same objects with their origins in annotations, if that could be built. */
  readonly annotated: Uint8Array | undefined;
  /** The names of its files that it does not apply as objects: kustomizations, patches and the like. */
  readonly others: readonly string[];
  /** The name of the local file that an origin is the path of; undefined for any other. */
  readonly nameOf: (origin: string) => string | undefined;
}

/** Makes a function that finds the sources of a rendered text. Nothing is read before its first call. */
export function sourceFinder(from: RenderedFrom, text: Uint8Array): FindSource {
  return from.tool === 'helm' ? chartSources(from, text) : kustomizationSources(from);
}
