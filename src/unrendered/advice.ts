import { baseOf, quoted } from './paths.ts';

/** A chart or a kustomization that the input has only the source of. */
interface Source {
  readonly tool: 'helm' | 'kustomize';
  readonly file: string;
  /** Normalized; empty for the current directory. */
  readonly directory: string;
  /** Whether only another chart or kustomization can be rendered, which uses it. */
  readonly isPart: boolean;
}

const COMMANDS = { helm: 'helm template', kustomize: 'kubectl kustomize' } as const;
const WHOLES = { helm: 'a chart', kustomize: 'a kustomization' } as const;

/** Returns what to add to bulkhead.yaml: the lines can be copied as they are. */
export function renderAdvice({ tool, file, directory, isPart }: Source): string {
  if (file === '-') return `Render it first (${COMMANDS[tool]} DIR | bulkhead check -)`;
  const input = isPart ? 'DIR' : directory === '' ? '.' : directory;
  const add = isPart
    ? `Add ${WHOLES[tool]} that uses it to bulkhead.yaml`
    : 'Add it to bulkhead.yaml';
  return [
    `${add}:`,
    '  inputs:',
    `    - ${tool}: ${inYaml(input)}`,
    'or leave it out:',
    `  exclude: [${patterns({ tool, file, directory }).map(inYaml).join(', ')}]`,
    `For one run, use --${tool} ${isPart ? input : quoted(input)}`,
  ].join('\n');
}

/** Patterns of .gitignore that leave a source out: a slash at the start or within makes one of this directory alone. */
export function patterns({ tool, file, directory }: Omit<Source, 'isPart'>): readonly string[] {
  if (directory === '') {
    return tool === 'helm' ? ['/Chart.yaml', '/templates/', '/charts/'] : [`/${baseOf(file)}`];
  }
  return [`${directory.includes('/') ? '' : '/'}${directory}/`];
}

function inYaml(text: string): string {
  return /^[A-Za-z0-9_./][\w./-]*$/.test(text) ? text : JSON.stringify(text);
}
