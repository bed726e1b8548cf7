import { type X2jOptions, XMLParser } from 'fast-xml-parser';

// What a program finds in a report: the open findings of each format for programs.

/** A finding, as far as every format has it. */
export interface ReadFinding {
  readonly policy: string;
  readonly file: string;
  readonly line: number;
  /** What it says, and where a format adds the object, its environment and its fix, these too. */
  readonly message?: string;
}

/** Reads the results of SARIF. */
export function sarif(text: string): readonly ReadFinding[] {
  const log: SarifLog = JSON.parse(text);
  return log.runs.flatMap(({ results }) =>
    results.map(({ ruleId, message, locations: [location] }) => {
      const { artifactLocation, region } = location.physicalLocation;
      return {
        policy: ruleId,
        file: decodeURIComponent(artifactLocation.uri.replace(/^file:\/\//, '')),
        line: region.startLine,
        message: message.text,
      };
    }),
  );
}

/** Reads the entries of a Code Quality report of GitLab, without those on what could not be read. */
export function gitlab(text: string): readonly ReadFinding[] {
  const issues: readonly GitlabIssue[] = JSON.parse(text);
  return issues
    .filter(({ severity }) => severity !== 'blocker')
    .map(({ check_name, description, location: { path, lines } }) => ({
      policy: check_name,
      file: path,
      line: lines.begin,
      message: description,
    }));
}

/** Reads the failures of JUnit; findings of one policy at one place are one. */
export function junit(text: string): readonly ReadFinding[] {
  return junitSuites(text)
    .flatMap(({ testcase }) => testcase)
    .flatMap(({ failure = [] }) => failure)
    .flatMap(({ text: blocks }) => [...blocks.matchAll(HEADING)])
    .map(([, file = '', line, policy = '']) => ({ policy, file, line: Number(line) }));
}

/** The first line of a block: `a.yaml:1:2  error  some-fault`. */
const HEADING = /^(?! {2})(.*):(\d+):\d+ {2}\S+ {2}(\S+)$/gm;

/** A result of SARIF, as far as tests read it. */
export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly [SarifLocation];
  readonly relatedLocations?: readonly SarifLocation[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly properties?: unknown;
}

interface SarifLocation {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
    readonly region: {
      readonly startLine: number;
      readonly startColumn: number;
      readonly endLine?: number;
      readonly endColumn?: number;
    };
  };
}

interface SarifNotification {
  readonly level: string;
  readonly descriptor: { readonly id: string };
  readonly message: { readonly text: string };
  readonly locations?: readonly SarifLocation[];
}

/** SARIF, as far as tests read it. */
export interface SarifLog {
  readonly runs: readonly [
    {
      readonly tool: {
        readonly driver: {
          readonly rules: readonly {
            readonly id: string;
            readonly help: { readonly markdown: string };
            readonly properties: Readonly<Record<string, unknown>>;
          }[];
        };
      };
      readonly invocations: readonly [
        {
          readonly executionSuccessful: boolean;
          readonly ruleConfigurationOverrides?: readonly unknown[];
          readonly toolExecutionNotifications: readonly SarifNotification[];
        },
      ];
      readonly automationDetails: { readonly id: string };
      readonly results: readonly SarifResult[];
    },
  ];
}

/** An entry of a Code Quality report of GitLab. */
export interface GitlabIssue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

/** What became of a case of JUnit. */
export interface JunitResult {
  readonly type: string;
  readonly message: string;
  readonly text: string;
}

export interface JunitCase {
  readonly classname: string;
  readonly name: string;
  readonly failure?: readonly JunitResult[];
  readonly error?: readonly JunitResult[];
  readonly skipped?: readonly JunitResult[];
}

export interface JunitSuite {
  readonly name: string;
  readonly tests: string;
  readonly failures: string;
  readonly errors: string;
  readonly skipped: string;
  readonly testcase: readonly JunitCase[];
}

const XML: X2jOptions = {
  ignoreAttributes: false,
  attributeNamePrefix: '',
  textNodeName: 'text',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // Numbered references are among them.
  htmlEntities: true,
  isArray: (name) => ['testsuite', 'testcase', 'failure', 'error', 'skipped'].includes(name),
};

/** Parses JUnit XML. The attribute `skipped` of a suite has the name of an element: it is not one of a suite. */
export function junitDocument(text: string): {
  readonly testsuites: {
    readonly tests: string;
    readonly failures: string;
    readonly errors: string;
    readonly testsuite?: readonly JunitSuite[];
  };
} {
  return new XMLParser({
    ...XML,
    isArray: (name, path, _leaf, isAttribute) =>
      !isAttribute && XML.isArray?.(name, path, _leaf, isAttribute) === true,
  }).parse(text);
}

/** The suites of JUnit XML. */
export function junitSuites(text: string): readonly JunitSuite[] {
  return junitDocument(text).testsuites.testsuite ?? [];
}
