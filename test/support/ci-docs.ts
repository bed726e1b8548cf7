import { load } from 'js-yaml';
import { textOf } from './bulkhead.ts';

/** An example of docs/ci.md. */
export interface Example {
  /** The file that it is, by its first line. */
  readonly file: string;
  /** Where it starts on the page. */
  readonly line: number;
  readonly text: string;
  /** What a shell runs of it. */
  readonly scripts: readonly string[];
  /** The variables that the scripts see. */
  readonly variables: Readonly<Record<string, string>>;
  /** The inputs of each use of the Action. */
  readonly actions: readonly Readonly<Record<string, unknown>>[];
  /** Files that the scripts must write. */
  readonly files: readonly string[];
}

/** Reads the examples of docs/ci.md: each names its file in its first line. */
export function examples(): readonly Example[] {
  const page = textOf('docs/ci.md');
  return [...page.matchAll(/^```(yaml|groovy)\n(?:#|\/\/) (\S+)\n(.*?)^```$/gms)].map(
    ({ 1: language = '', 2: file = '', 3: text = '', index }) => {
      const line = page.slice(0, index).split('\n').length;
      const parts = language === 'yaml' ? inYaml(load(text), file) : inGroovy(text);
      return { file, line, text, ...parts };
    },
  );
}

type Parts = Pick<Example, 'scripts' | 'variables' | 'actions' | 'files'>;

/** The keys of a YAML file that a shell runs, and those with variables. */
const SCRIPTS = ['run', 'script', 'bash'];
const VARIABLES = ['env', 'variables', 'environment'];
/** The keys that name files which must be there. */
const FILES = ['codequality', 'junit', 'testResultsFiles', 'publish'];

function inYaml(document: unknown, file: string): Parts {
  const pairs = pairsIn(document);
  const texts = (keys: readonly string[]) =>
    pairs.flatMap(([key, value]) =>
      keys.includes(key) && typeof value === 'string' ? [value] : [],
    );
  const isHooks = file === '.pre-commit-config.yaml';
  return {
    scripts: isHooks ? hooksOf(pairs).map(hookCommand) : texts(SCRIPTS),
    variables: Object.assign(
      {},
      ...pairs.flatMap(([key, value]) => (VARIABLES.includes(key) ? [value] : [])),
    ),
    actions: pairs.flatMap(([key, value, parent]) =>
      key === 'uses' && String(value).startsWith('bulkhead-dev/bulkhead@')
        ? [{ ...(parent as { with?: Record<string, unknown> }).with }]
        : [],
    ),
    files: texts(FILES),
  };
}

/** Every key with its value, and the object that has it. */
function pairsIn(value: unknown): readonly (readonly [string, unknown, object])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [
    [key, child, value] as const,
    ...pairsIn(child),
  ]);
}

function hooksOf(pairs: ReturnType<typeof pairsIn>): readonly object[] {
  return pairs.flatMap(([key, value]) => (key === 'hooks' ? (value as object[]) : []));
}

/** The command of a hook of pre-commit: its own, or that of `.pre-commit-hooks.yaml`. */
function hookCommand(hook: object): string {
  const { entry = 'bulkhead check', args = [] } = hook as { entry?: string; args?: string[] };
  return [entry, ...args].join(' ');
}

function inGroovy(text: string): Parts {
  const [, url = ''] = /BULKHEAD = '([^']+)'/.exec(text) ?? [];
  const quoted = (call: RegExp) => [...text.matchAll(call)].map(([, inner = '']) => inner);
  return {
    scripts: quoted(/\bsh '([^']+)'/g),
    variables: { BULKHEAD: url },
    actions: [],
    files: [...quoted(/\bjunit '([^']+)'/g), ...quoted(/pattern: '([^']+)'/g)],
  };
}
