import { objectName, placeText } from '../../src/formats/names.ts';
import { adviceSentence, findingSentence, sentence } from '../../src/formats/sentences.ts';
import { oneLine } from '../../src/formats/text.ts';
import type { Finding, Report } from '../../src/report/report.ts';
import {
  type GitlabIssue,
  gitlab,
  junit,
  junitSuites,
  type ReadFinding,
  type SarifLog,
  sarif,
} from './report-readers.ts';
import { commandsIn } from './workflow-commands.ts';

// What each format of a report says about the open findings, read back from its text.

/** The findings of a text. */
export interface Told {
  /** Those that are shown, by their keys. */
  readonly keys: readonly string[];
  /** How many are only counted. */
  readonly left: number;
}

/** Reads one format. */
export interface FormatReader {
  /** A finding as far as the format shows it. */
  readonly key: (finding: Finding) => string;
  readonly read: (text: string) => Told;
  /** The codes of what could not be read. */
  readonly errors: (text: string) => readonly string[];
}

/** By the name of the format. */
export const READERS: Readonly<Record<string, FormatReader>> = {
  human: {
    key: ({ severity, policy, message, ...place }) =>
      key(placeText(place), severity, policy, oneLine(message)),
    read: (text) => ({ keys: text.split('\n\n').flatMap(humanKeys), left: 0 }),
    errors: (text) => firstGroups(text, /^(?:\S.* {2})?unreadable {2}([A-Z_]+)$/gm),
  },
  concise: {
    key: (finding) =>
      `${placeText(finding)}: ${finding.severity}: ${findingSentence(finding)} [${finding.policy}]`,
    read: (text) => ({
      // Codes of errors and notes have capitals.
      keys: text
        .split('\n')
        .filter((line) => /^.+?:\d+:\d+: (?:error|warning): .* \[[a-z-]+\]$/.test(line)),
      left: 0,
    }),
    errors: (text) => firstGroups(text, /^(?:.+?:\d+:\d+|bulkhead): error: .* \[([A-Z_]+)\]$/gm),
  },
  json: {
    key: ({ fingerprint, ordinal, policy, file, line, message }) =>
      key(fingerprint, ordinal, policy, file, line, message),
    read: (text) => {
      const { findings }: { readonly findings: readonly Finding[] } = JSON.parse(text);
      const open = findings.filter(({ status }) => status === 'open');
      return { keys: open.map((finding) => READERS['json']?.key(finding) ?? ''), left: 0 };
    },
    errors: (text) => {
      const { inputErrors }: Pick<Report, 'inputErrors'> = JSON.parse(text);
      return inputErrors.map(({ code }) => code);
    },
  },
  sarif: {
    key: placeKey,
    read: (text) => ({ keys: sarif(text).map(placeKey), left: 0 }),
    errors: (text) => {
      const { runs }: SarifLog = JSON.parse(text);
      return runs[0].invocations[0].toolExecutionNotifications
        .filter(({ level }) => level === 'error')
        .map(({ descriptor }) => descriptor.id);
    },
  },
  gitlab: {
    key: placeKey,
    read: (text) => ({ keys: gitlab(text).map(placeKey), left: 0 }),
    errors: (text) => {
      const issues: readonly GitlabIssue[] = JSON.parse(text);
      // Of two with one fingerprint GitLab shows one.
      const shown = new Map(issues.map((issue) => [issue.fingerprint, issue]));
      return [...shown.values()]
        .filter(({ severity }) => severity === 'blocker')
        .map(({ check_name }) => check_name);
    },
  },
  junit: {
    key: placeKey,
    read: (text) => ({ keys: junit(text).map(placeKey), left: 0 }),
    errors: (text) =>
      junitSuites(text).flatMap(({ testcase }) =>
        testcase.flatMap(({ error = [] }) => error.map(({ type }) => type)),
      ),
  },
  github: {
    key: (finding) =>
      key(
        ...[finding.severity, finding.policy, finding.file, finding.line],
        adviceSentence(finding),
      ),
    read: (text) => {
      const commands = commandsIn(text).filter((one) => typeof one === 'object');
      const findings = commands.filter(({ name, properties: { title = '' } }) => {
        return name !== 'notice' && title !== 'bulkhead' && /^[a-z]/.test(title);
      });
      return {
        keys: findings.map(({ name, message, properties: { title, file, line } }) =>
          key(name, title, file, line, message),
        ),
        left: sum(commands.map(({ message }) => /^(\d+) more (?:error|warning)s?: /.exec(message))),
      };
    },
    errors: (text) =>
      commandsIn(text)
        .filter((one) => typeof one === 'object')
        .filter(({ name }) => name === 'error')
        .map(({ properties: { title = '' } }) => title)
        .filter((title) => /^[A-Z_]+$/.test(title)),
  },
  markdown: {
    key: (finding) =>
      key(
        ...[finding.severity, placeText(finding), objectName(finding.object)],
        ...[sentence(finding), oneLine(finding.fix.title), finding.policy],
      ),
    read: (text) => ({
      keys: [...text.matchAll(/^\| ((?:error|warning) \| .*) \|$/gm)].map(([, row = '']) =>
        key(
          ...row.split(' | ').map((cell) => shown(cell.replace(/^\[(.*)\]\(https:[^)]*\)$/, '$1'))),
        ),
      ),
      left: sum([/^(\d+) more findings? not shown here\.$/m.exec(text)]),
    }),
    errors: (text) => {
      const [, unread = ''] = text.split('\n### Not checked\n');
      return firstGroups(unread, /^- .* \(([A-Z\\_]+)\)$/gm).map(shown);
    },
  },
};

/** What programs that know nothing else go by. */
function placeKey({ policy, file, line }: ReadFinding): string {
  return key(policy, file, line);
}

function firstGroups(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, group = '']) => group);
}

function key(...parts: readonly (string | number | undefined)[]): string {
  return JSON.stringify(parts.map(String));
}

function sum(counts: readonly (RegExpExecArray | null)[]): number {
  return counts.reduce((all, found) => all + Number(found?.[1] ?? 0), 0);
}

/** The lines behind the first one of a block, up to what is about the source or the fix. */
function humanKeys(block: string): readonly string[] {
  const [heading = '', ...lines] = block.split('\n');
  const [, place, severity, policy] = /^(\S+) {2}(error|warning) {2}(\S+)$/.exec(heading) ?? [];
  if (policy === undefined) return [];
  const end = lines.findIndex(
    (line) => !/^ {2}(?!fix: |at |in environment |in the rendered )\S/.test(line),
  );
  return lines
    .slice(0, end === -1 ? lines.length : end)
    .map((line) => key(place, severity, policy, line.trim()));
}

/** The text that a page in Markdown shows. */
function shown(text: string): string {
  return text
    .replaceAll('<!-- -->', '')
    .replaceAll('<span>$</span>', () => '$')
    .replaceAll(/\\([\\`*_{}[\]|~#.)+-])/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
