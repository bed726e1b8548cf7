import { UserError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';
import { groupOf } from '../kubernetes/resources.ts';
import { locate } from '../manifest/locate.ts';
import { fileNameOf, type ManifestDocument } from '../manifest/read.ts';
import { renderAdvice } from './advice.ts';
import { baseOf, directoryOf, normalized } from './paths.ts';

/** A kustomization, and the files that it names. */
export interface Kustomization {
  readonly document: ManifestDocument;
  readonly isComponent: boolean;
  /** Normalized; empty for the current directory. */
  readonly directory: string;
  /** Files that it applies as objects, and directories of other kustomizations and components. */
  readonly resources: ReadonlySet<string>;
  /** Files that it uses in another way: patches, configurations, values and the like. */
  readonly others: ReadonlySet<string>;
  /** Files or directories of transformers, generators and validators. */
  readonly plugins: ReadonlySet<string>;
}

const GROUP = 'kustomize.config.k8s.io';

/** The names of files that kustomize reads. */
export const KUSTOMIZATION_NAMES: readonly string[] = [
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
];

/** Whether kustomize reads a file of this name. */
export function isKustomizationName(name: string): boolean {
  return KUSTOMIZATION_NAMES.includes(baseOf(name));
}

/**
 * Reads a document as a kustomization: one by its kind, or by the name of its file, since kustomize
 * needs no apiVersion. The Kustomization of Flux is a custom resource, whatever its file is called.
 */
export function kustomizationOf(document: ManifestDocument): Kustomization | undefined {
  const { value, file } = document;
  if (!isMap(value)) return undefined;
  const { apiVersion, kind } = value;
  const isNamed = isKustomizationName(fileNameOf(document)) && (apiVersion == null || kind == null);
  if (!isNamed && groupOf(String(apiVersion)) !== GROUP) return undefined;
  // What was rendered names no file: its name is that of an input.
  const directory = document.rendering === undefined ? directoryOf(file) : '';
  const paths = (found: readonly string[]) =>
    new Set(directory === '' ? [] : found.map((path) => normalized(`${directory}/${path}`)));
  return {
    document,
    isComponent: kind === 'Component',
    directory: normalized(directory),
    resources: paths(APPLIED.flatMap((field) => strings(value[field])).filter(isLocal)),
    others: paths(otherFiles(value)),
    plugins: paths(PLUGINS.flatMap((field) => strings(value[field]))),
  };
}

const APPLIED = ['resources', 'bases', 'components'];
const PLUGINS = ['transformers', 'generators', 'validators'];

/**
 * Whether an entry of resources cannot be the address of a repository. Kustomize fetches what it takes for one, whatever
 * is here under that name.
 */
function isLocal(entry: string): boolean {
  return !/^[^/]*[:@]|\/\/|\?|^github\.com|\.git(?:\/|$)|_git\//i.test(entry);
}

/** The files that the fields of a kustomization name, without its resources and plugins. */
function otherFiles(value: JsonObject): readonly string[] {
  return [
    ...['patches', 'patchesJson6902', 'replacements'].flatMap((field) =>
      texts(value[field], 'path'),
    ),
    ...['patchesStrategicMerge', 'configurations', 'crds'].flatMap((field) =>
      strings(value[field]),
    ),
    ...texts([value['openapi'] ?? null], 'path'),
    ...texts(value['helmCharts'], 'valuesFile'),
    ...maps(value['helmCharts']).flatMap((chart) => strings(chart['additionalValuesFiles'])),
    ...texts(value['helmChartInflationGenerator'], 'values'),
    ...[...maps(value['configMapGenerator']), ...maps(value['secretGenerator'])].flatMap(
      ({ files, envs, env }) => [
        // An entry may be KEY=PATH.
        ...strings(files).map((file) => file.slice(file.indexOf('=') + 1)),
        ...strings(envs),
        ...strings([env ?? null]),
      ],
    ),
  ];
}

/** What a kustomization that is not rendered stands for. */
export interface Stake {
  /** How many other kustomizations it includes. */
  readonly others: number;
  /** How many files they use as something other than objects. */
  readonly files: number;
}

/** The error of a kustomization that no other one includes. */
export function unrenderedKustomization(
  { document, isComponent, directory }: Kustomization,
  { others, files }: Stake,
): UserError {
  const included =
    others === 0
      ? ''
      : `, with ${others === 1 ? 'another one' : `${others} others`} that it includes`;
  const patches =
    files === 0
      ? ''
      : `. ${files === 1 ? '1 file' : `${files} files`} that it patches or configures with ${files === 1 ? 'was' : 'were'} not checked`;
  const what = isComponent
    ? `this component of kustomize is not rendered${included}, and may change what a kustomization applies`
    : `this kustomization is not rendered${included}, and may change what it applies`;
  const advice = renderAdvice({
    tool: 'kustomize',
    file: document.file,
    directory,
    isPart: isComponent,
  });
  return new UserError('NOT_RENDERED', `${what}${patches}. ${advice}`, {
    place: locate(document, []),
  });
}

function texts(list: JsonValue | undefined, key: string): readonly string[] {
  return strings(maps(list).map((item) => item[key] ?? null));
}

function strings(list: JsonValue | undefined): readonly string[] {
  return items(list).filter((item) => typeof item === 'string');
}

function maps(list: JsonValue | undefined): readonly JsonObject[] {
  return items(list).filter(isMap);
}

function items(list: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(list) ? list : [];
}
