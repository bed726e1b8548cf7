import { type Attempt, type Reality, readThemes, type Theme } from '../test/support/red-team.ts';

// Prints all attempts of the red team in Markdown: the attempt, what Bulkhead reports, and what Kubernetes does.

process.stdout.write(report(readThemes()));

function report(themes: readonly Theme[]): string {
  const attempts = themes.flatMap((theme) => theme.attempts);
  const limits = attempts.filter(({ limit }) => limit !== undefined);
  return [
    '# The red team',
    introduction(attempts),
    ...themes.flatMap(({ theme, file, attempts: own }) => [
      `## ${theme}`,
      `\`testdata/red-team/${file}.yaml\``,
      table(['attempt', 'verdict', 'what Kubernetes does'], own.map(row)),
    ]),
    '## Limits',
    'What the objects in the input cannot show:',
    table(
      ['attempt', 'why nothing is reported', 'what Kubernetes does'],
      limits.map(({ name, limit, reality }) => [name, limit ?? '', words(reality)]),
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

function introduction(attempts: readonly Attempt[]): string {
  const reaching = attempts.filter(({ reality }) => reality === 'reaches');
  return [
    `${attempts.length} attempts to get a user's pod onto a reserved node unnoticed, or to make a`,
    `reserved node take users' pods. ${reaching.length} of them succeed in a cluster without Bulkhead.`,
    'Each is a test: `npm test` checks what Bulkhead reports, and `make e2e` what Kubernetes does, on a',
    'real control plane and by the code of the kubelet. Each attempt that succeeds is reported, apart',
    'from those under *Limits*, each with its reason.',
  ].join('\n');
}

function row({ name, verdict, notes, errors, limit, reality }: Attempt): readonly string[] {
  const told = [
    ...verdict.map((finding) => finding.replace(/^(\S+) (.*)$/, '$1 at `$2`')),
    ...[...new Set(notes)].map((code) => `note \`${code}\``),
    ...[...new Set(errors)].map((code) => `error \`${code}\``),
  ];
  const silence = limit === undefined ? 'clean' : '[limit](#limits)';
  return [name, told.length === 0 ? silence : told.join('<br>'), words(reality)];
}

function words(reality: Reality): string {
  if (reality === 'reaches') return '**runs it on a reserved node**';
  if (reality === 'turned away') return 'the kubelet of the node turns it away';
  if (reality === 'elsewhere') return 'runs it on other nodes';
  if (reality === 'pending') return 'runs it nowhere';
  if ('refused' in reality) return `refuses it: ${reality.refused}`;
  return `does not know it without ${reality.unknown}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}
