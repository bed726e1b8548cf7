import type { Catalogue, Policy } from '../policy/policy.ts';
import { openFindings, sortReport, worstFirst } from '../report/order.ts';
import type { Finding, Location, Problem, Report } from '../report/report.ts';
import { isLive } from './cluster.ts';
import type { Context } from './context.ts';
import { jsonText } from './json.ts';
import { objectName } from './names.ts';
import { uriOf } from './relative-path.ts';
import { inRepository } from './repository.ts';
import { adviceSentence, relatedSentence } from './sentences.ts';
import { COMPONENT_MISSING, missingComponents, missingSentence } from './summary.ts';
import { counted, thousands, visible } from './text.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** What GitHub keeps of a run, and of the places of a result. */
const MOST_RESULTS = 5_000;
const MOST_RELATED = 100;
/** How much is said of what is no result, so that a file stays far below 25 MB. */
const MOST_NOTIFICATIONS = 1_000;

/** Where paths start. */
const ROOT = '%SRCROOT%';

/**
 * Renders the open findings of a report as SARIF 2.1.0, for GitHub code scanning and editors.
 *
 * A run without findings has an empty list of results: GitHub then closes the alerts of the runs before.
 *
 * @param tool begins the name of the analysis.
 */
export function renderSarif(report: Report, context: Context, tool = 'bulkhead'): string {
  const { catalogue, pages } = context;
  const sorted = inRepository(sortReport(report), context);
  const { policies, repository, version } = catalogue;
  const index = new Map(policies.map(({ id }, position) => [id, position]));
  const open = worstFirst(openFindings(sorted));
  const results = open.slice(0, MOST_RESULTS);
  const texts = pages();
  const rules = policies.map((policy) => ruleOf(policy, texts[policy.id] ?? '', catalogue));
  const run = {
    tool: {
      driver: {
        name: report.tool.name,
        semanticVersion: report.tool.version,
        informationUri: `${repository}/tree/v${version}`,
        rules,
      },
    },
    invocations: [
      {
        executionSuccessful: sorted.inputErrors.length === 0,
        ...overridesOf(report, index),
        toolExecutionNotifications: notificationsOf(sorted, open.length - results.length),
      },
    ],
    automationDetails: { id: analysisOf(report, tool) },
    originalUriBaseIds: {
      [ROOT]: { description: { text: 'The directory that paths start from.' } },
    },
    columnKind: 'utf16CodeUnits',
    results: results.map((finding) => resultOf(finding, index)),
  };
  return jsonText({ $schema: SCHEMA, version: '2.1.0', runs: [run] });
}

/**
 * Names what is checked: GitHub closes alerts that are not in the newest upload with the same name. So clusters that
 * are checked by themselves must not have one name.
 */
function analysisOf({ profile, environments }: Report, tool: string): string {
  const profiles = [...new Set(environments.map((environment) => environment.profile))];
  const parts = [
    profiles.length === 0 ? [profile] : profiles,
    environments.map(({ name }) => name),
  ];
  const names = parts.filter((part) => part.length > 0).map((part) => part.join('+'));
  return `${tool}/${names.join('/')}/`;
}

function ruleOf(policy: Policy, page: string, { repository, version }: Catalogue) {
  const { id, title, description, category, severity, security, rationale, remediation } = policy;
  const address = `${repository}/blob/v${version}/policies/${id}/README.md`;
  return {
    id,
    name: pascalCase(id),
    shortDescription: { text: title },
    fullDescription: { text: description },
    help: { text: `${rationale}\n\nFix: ${remediation}`, markdown: withAddresses(page, address) },
    helpUri: address,
    defaultConfiguration: { level: severity },
    properties: {
      // GitHub takes the number of a rule only if it has this tag.
      tags: ['kubernetes', category, ...(security === undefined ? [] : ['security'])],
      precision: 'very-high',
      'problem.severity': severity,
      ...(security !== undefined && { 'security-severity': security.toFixed(1) }),
    },
  };
}

function pascalCase(id: string): string {
  return id.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A page whose relative links are those of the page at an address. */
function withAddresses(markdown: string, address: string): string {
  return markdown.replaceAll(
    /\]\((?![a-z][a-z0-9+.-]*:)([^)\s]+)/gi,
    (_, link: string) => `](${new URL(link, address)}`,
  );
}

/** What the settings change of the rules. */
function overridesOf({ policies }: Report, index: ReadonlyMap<string, number>) {
  const override = (id: string, configuration: object) => {
    const position = index.get(id);
    const descriptor = { id, ...(position !== undefined && { index: position }) };
    return { descriptor, configuration };
  };
  const overrides = [
    ...policies.off.map((id) => override(id, { enabled: false })),
    ...Object.entries(policies.severity).map(([id, level]) => override(id, { level })),
  ];
  return overrides.length === 0 ? {} : { ruleConfigurationOverrides: overrides };
}

function resultOf(finding: Finding, index: ReadonlyMap<string, number>) {
  const { policy, severity, fingerprint, ordinal, rendered } = finding;
  const position = index.get(policy);
  const related = finding.related.flatMap((one) => {
    const location = locationOf(one);
    return location === undefined ? [] : [{ ...location, message: text(relatedSentence(one)) }];
  });
  return {
    ruleId: policy,
    ...(position !== undefined && { ruleIndex: position }),
    level: severity,
    message: text(adviceSentence(finding)),
    locations: [{ ...locationOf(finding), ...logicalOf(finding) }],
    ...(related.length > 0 && {
      relatedLocations: related
        .slice(0, MOST_RELATED)
        .map((location, place) => ({ id: place + 1, ...location })),
    }),
    // GitHub's own action adds primaryLocationLineHash, and warns of one that is there.
    partialFingerprints: { 'bulkhead/v1': `${fingerprint}:${ordinal}` },
    ...(rendered !== undefined && {
      properties: {
        rendered: { input: rendered.input, line: rendered.line, column: rendered.column },
      },
    }),
  };
}

/** An object of a cluster, which no file has. */
function logicalOf({ file, object }: Finding) {
  if (!isLive(file)) return {};
  const name = objectName(object);
  return {
    logicalLocations: [{ name, fullyQualifiedName: `${visible(file)} ${name}`, kind: 'resource' }],
  };
}

/** What could not be read, what is not in the file, and what the findings do not cover. */
function notificationsOf(report: Report, leftOut: number) {
  const { inputErrors, notes } = report;
  const cut =
    leftOut === 0
      ? []
      : [
          notification('warning', 'RESULTS_LEFT_OUT', {
            message: `${counted(leftOut, 'finding')} left out: this file has the worst ${thousands(MOST_RESULTS)}`,
          }),
        ];
  return [
    ...limited(inputErrors.map((error) => notification('error', error.code, error))),
    ...cut,
    ...limited(
      missingComponents(report).map((component) =>
        notification('note', COMPONENT_MISSING, { message: missingSentence(component) }),
      ),
    ),
    ...limited(notes.map((note) => notification('note', note.code, note))),
  ];
}

type Level = 'error' | 'warning' | 'note';
type Notification = ReturnType<typeof notification>;

function notification(
  level: Level,
  id: string,
  { message, ...place }: Pick<Problem, 'message'> & Partial<Location>,
) {
  const location = locationOf(place);
  return {
    descriptor: { id },
    level,
    message: text(message),
    ...(location !== undefined && { locations: [location] }),
  };
}

/** As many as a file has room for, and one that counts the others. */
function limited(all: readonly Notification[]): readonly Notification[] {
  const kept = all.slice(0, MOST_NOTIFICATIONS);
  const [first] = all;
  if (first === undefined || kept.length === all.length) return kept;
  const message = `${thousands(all.length - kept.length)} more of this level left out`;
  return [...kept, notification(first.level, 'NOTIFICATIONS_LEFT_OUT', { message })];
}

function locationOf({ file, line, column, endLine, endColumn }: Partial<Location>) {
  if (typeof file !== 'string') return undefined;
  const uri = uriOf(file);
  const artifactLocation = uri.startsWith('file:') ? { uri } : { uri, uriBaseId: ROOT };
  if (typeof line !== 'number') return { physicalLocation: { artifactLocation } };
  const start = { startLine: line, startColumn: column ?? 1 };
  const region = { ...start, ...endOf(start, endLine ?? null, endColumn ?? null) };
  return { physicalLocation: { artifactLocation, region } };
}

/** An end before its start is none: a place in a template may be moved by what Helm does to its lines. */
function endOf(
  { startLine, startColumn }: { readonly startLine: number; readonly startColumn: number },
  endLine: number | null,
  endColumn: number | null,
) {
  if (endLine === null || endColumn === null) return {};
  const isBefore = endLine < startLine || (endLine === startLine && endColumn < startColumn);
  return isBefore ? { endLine: startLine, endColumn: startColumn } : { endLine, endColumn };
}

/** A message of SARIF in plain text, in which `{0}` and `[text](target)` would mean something else. */
function text(message: string): { readonly text: string } {
  const literal = message
    .split('\n')
    .map(visible)
    .join('\n')
    .replaceAll(/\{+\d+\}+/g, (braces) => braces.replaceAll(/[{}]/g, '$&$&'));
  const hasLink = literal.includes('](');
  // A backslash in front of a bracket would escape the one that escapes the bracket.
  return { text: hasLink ? literal.replaceAll(/\\(?=\\*[[\]])|[[\]]/g, '\\$&') : literal };
}
