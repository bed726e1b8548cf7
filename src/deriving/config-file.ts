import type { Source } from '../config/config.ts';
import type { ProposedInput, ProposedInputs } from './inputs.ts';
import { comment, scalar } from './yaml-text.ts';

/** The names of the files that are written. */
export const CONFIG_FILE = 'bulkhead.yaml';
export const PROFILE_FILE = 'bulkhead.profile.yaml';

/** What the configuration is written from. */
export interface ConfigFacts extends ProposedInputs {
  /** Where an editor finds the schema. */
  readonly schema: string;
  /** Whether the directory has something to check. */
  readonly hasInput: boolean;
}

/** Writes the text of bulkhead.yaml. */
export function configText(facts: ConfigFacts): string {
  return `${[
    `# yaml-language-server: $schema=${facts.schema}`,
    '# What bulkhead check checks, and against which profile. Written by bulkhead init; every field is in',
    '# docs/configuration.md of Bulkhead.',
    'apiVersion: bulkhead.dev/v1',
    'kind: Config',
    `profile: ./${PROFILE_FILE}`,
    ...(facts.environments.size > 0 ? environmentLines(facts) : inputLines(facts)),
    ...excludeLines(facts),
    ...WAIVERS,
  ].join('\n')}\n`;
}

const WAIVERS = [
  '',
  '# A finding that is accepted, until a day:',
  '# waivers:',
  '#   - policy: control-plane-intrusion',
  '#     match: { kind: DaemonSet, namespace: logging, name: audit-log }',
  '#     reason: It reads the audit logs of the control plane.',
  '#     owner: team-observability',
  '#     expires: 2027-03-31',
];

function inputLines({ inputs, hasInput }: ConfigFacts): readonly string[] {
  if (!hasInput) {
    return [
      '',
      '# Nothing here is a Kubernetes object, a chart or a kustomization. Without inputs, what is in this directory is checked:',
      '# inputs:',
      '#   - path: manifests/',
      '#   - kustomize: clusters/prod',
      '#   - helm: charts/shop',
    ];
  }
  return ['', 'inputs:', ...inputs.flatMap((input) => inputText(input, '  '))];
}

/** Each environment has its own variants, and everything else. */
function environmentLines({ inputs, environments }: ConfigFacts): readonly string[] {
  return [
    '',
    '# Kustomizations that share a base are taken for variants: one environment each, which is checked by itself. If they are',
    '# all applied to one cluster, write them as inputs instead. An environment may name a profile of its own.',
    'environments:',
    ...[...environments].flatMap(([name, own]) => [
      `  ${scalar(name)}:`,
      '    inputs:',
      ...[...own, ...inputs].flatMap((input) => inputText(input, '      ')),
    ]),
  ];
}

function inputText({ source, hints }: ProposedInput, indent: string): readonly string[] {
  return [
    `${indent}- ${sourceText(source)}`,
    ...hints.map((hint) => `${indent}  ${comment(hint)}`),
  ];
}

function sourceText(source: Source): string {
  if (source.kind === 'path') return `path: ${scalar(source.path)}`;
  if (source.kind === 'kustomize') return `kustomize: ${scalar(source.directory)}`;
  return `helm: ${scalar(source.chart)}`;
}

function excludeLines({ exclude }: ConfigFacts): readonly string[] {
  if (exclude.length === 0) {
    return ['', '# What directories are read without, as in .gitignore:', '# exclude: [testdata/]'];
  }
  return [
    '',
    'exclude:',
    ...exclude.map(({ pattern, reason }) => `  - ${scalar(pattern)} ${comment(reason)}`),
  ];
}
