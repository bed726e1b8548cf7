import { wrap } from '../formats/wrap.ts';
import { HELP, type Option } from './args.ts';
import { COMMANDS, type Command } from './commands.ts';

/** The columns that every terminal has. */
const WIDTH = 80;

/** The help of the whole command line. */
export function overview(): string {
  const rows = [
    ...COMMANDS.map(({ name, summary }) => [name, summary] as const),
    ['help [COMMAND]', 'print this help, or that of a command'] as const,
    ['version', 'print the version'] as const,
  ];
  return `Keeps a Kubernetes control plane and user workloads apart, and proves it.

Usage: bulkhead COMMAND [OPTIONS]

${columns(rows)}

Get started: bulkhead check manifests/ --profile kubeadm
`;
}

/** The help of one command, made from the same table that its arguments are read by. */
export function commandHelp(command: Command): string {
  const { name, summary, description, positional, options, rest } = command;
  const argument = positional.help === '' ? '' : ` ${argumentLabel(command)}`;
  const flags = options.filter(isRequired).map((option) => ` ${flagUsage(option)}`);
  const others = options.every(isRequired) ? '' : ' [OPTIONS]';
  const rows = [
    ...(argument === '' ? [] : [[argument.trim(), sentence(positional.help)] as const]),
    ...[...options, HELP].map((option) => [flagLabel(option), flagHelp(option)] as const),
    ...(rest === undefined ? [] : [[`-- ${rest.label}`, sentence(rest.help)] as const]),
  ];
  return `bulkhead ${name}: ${summary}

Usage: bulkhead ${name}${argument}${flags.join('')}${others}${rest === undefined ? '' : ` [-- ${rest.label}]`}

${columns(rows)}

${description
  .split('\n\n')
  .flatMap((paragraph) => wrap(paragraph, { width: WIDTH, first: '', rest: '' }))
  .join('\n')}
`;
}

/** The help of the commands that start with a word, such as `generate`; undefined if none does. */
export function groupHelp(words: readonly string[]): string | undefined {
  const group = COMMANDS.filter(({ name }) => name.startsWith(`${words.join(' ')} `));
  return group.length === 0 ? undefined : group.map(commandHelp).join('\n');
}

function argumentLabel({ positional: { label, least, most } }: Command): string {
  const many = most > 1 ? `${label}…` : label;
  return least === 0 ? `[${many}]` : many;
}

function isRequired({ required }: Option): boolean {
  return required === true;
}

function flagUsage({ name, value }: Option): string {
  return `--${name}${value === undefined ? '' : ` ${value}`}`;
}

function flagLabel(option: Option): string {
  return option.short === undefined ? flagUsage(option) : `-${option.short}, ${flagUsage(option)}`;
}

function flagHelp(option: Option): string {
  const shown = option.default ?? option.shown;
  return shown === undefined ? option.help : `${option.help} Default: ${shown}.`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const left = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.flatMap(([label, text]) =>
    wrap(text, {
      width: WIDTH,
      first: `  ${label.padEnd(left)}  `,
      rest: ' '.repeat(left + 4),
    }),
  );
  return lines.join('\n');
}
