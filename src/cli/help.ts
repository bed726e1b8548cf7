import { HELP, type Option } from './args.ts';
import { COMMANDS, type Command } from './commands.ts';

/** The help of the whole command line. */
export function overview(): string {
  const rows = [
    ...COMMANDS.map(({ name, summary }) => [name, summary] as const),
    ['help [COMMAND]', 'print this help, or that of a command'] as const,
    ['--version', 'print the version'] as const,
  ];
  return `Keeps the control plane of a Kubernetes cluster and its users' workloads apart, and proves it.

Usage: bulkhead COMMAND [ARGUMENT…]

${columns(rows)}

Begin with: bulkhead check manifests/ --profile tectonic-1.6.4
`;
}

/** The help of one command, made from the same table that its arguments are read by. */
export function commandHelp(command: Command): string {
  const { name, summary, description, positional, options } = command;
  const argument = positional.help === '' ? '' : ` ${argumentLabel(command)}`;
  const flags = options.map((option) => ` ${optional(option)}`).join('');
  const rows = [
    ...(argument === '' ? [] : [[argument.trim(), sentence(positional.help)] as const]),
    ...[...options, HELP].map((option) => [flagLabel(option), flagHelp(option)] as const),
  ];
  return `bulkhead ${name}: ${summary}

Usage: bulkhead ${name}${argument}${flags}

${columns(rows)}

${description}
`;
}

function argumentLabel({ positional: { label, least, most } }: Command): string {
  const many = most > 1 ? `${label}…` : label;
  return least === 0 ? `[${many}]` : many;
}

function optional(option: Option): string {
  const usage = `--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`;
  // Without a profile nothing can be judged, though the shipped names are told apart from the syntax.
  return option.required === true || option.name === 'profile' ? usage : `[${usage}]`;
}

function flagLabel({ name, short, value }: Option): string {
  const names = short === undefined ? `--${name}` : `-${short}, --${name}`;
  return value === undefined ? names : `${names} ${value}`;
}

function flagHelp(option: Option): string {
  return option.default === undefined ? option.help : `${option.help} Default: ${option.default}.`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
