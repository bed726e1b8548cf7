import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with {
  type: 'json',
};
import { Ajv } from 'ajv';
import draft04 from 'ajv-draft-04';

// What others say that their formats are.

/** RFC 3986 in the characters that it allows. */
const URI = /^(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*$/;
const formats = { 'uri-reference': URI, uri: URI, 'date-time': true, uuid: true } as const;

/** The schema of OASIS has no flags of ECMAScript in its patterns. */
const ofOasis = new draft04.default({
  strict: false,
  unicodeRegExp: false,
  allErrors: true,
  formats,
}).compile(sarifSchema);

/** Returns what a text has that the schema of SARIF 2.1.0 by OASIS does not allow. */
export function sarifFaults(text: string): readonly string[] {
  ofOasis(JSON.parse(text));
  return (ofOasis.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** A Code Quality report, as GitLab's documentation describes it. */
const ofGitlab = new Ajv({ allErrors: true }).compile({
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', minLength: 1 },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          // Relative to the root of the repository, without ./ before it.
          path: { type: 'string', pattern: '^(?!\\./).' },
          lines: {
            type: 'object',
            required: ['begin'],
            properties: { begin: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
  },
});

/** Returns what a text has that is not in a Code Quality report of GitLab. */
export function gitlabFaults(text: string): readonly string[] {
  ofGitlab(JSON.parse(text));
  return (ofGitlab.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** The attributes and children of each element that Jenkins' xUnit plugin allows, as far as we use them. */
const OF_JENKINS: Readonly<
  Record<string, { readonly attributes: readonly string[]; readonly children: readonly string[] }>
> = {
  testsuites: { attributes: ['name', 'tests', 'failures', 'errors'], children: ['testsuite'] },
  testsuite: {
    attributes: ['name', 'tests', 'failures', 'errors', 'skipped'],
    children: ['testcase'],
  },
  testcase: { attributes: ['name', 'classname'], children: ['failure', 'error', 'skipped'] },
  failure: { attributes: ['type', 'message'], children: [] },
  error: { attributes: ['type', 'message'], children: [] },
  skipped: { attributes: ['type', 'message'], children: [] },
};

/** Returns what JUnit XML has that Jenkins' xUnit plugin does not read, by a scan of its tags. */
export function junitFaults(text: string): readonly string[] {
  const open: string[] = [];
  const faults: string[] = [];
  for (const [, close, name = '', pairs = '', isEmpty] of text.matchAll(TAG)) {
    if (close !== undefined) {
      if (open.pop() !== name) faults.push(`</${name}> closes nothing`);
      continue;
    }
    const parent = open.at(-1);
    const allowed = parent === undefined ? ['testsuites'] : OF_JENKINS[parent]?.children;
    if (!allowed?.includes(name)) faults.push(`${name} in ${parent}`);
    const attributes = OF_JENKINS[name]?.attributes ?? [];
    const given = [...pairs.matchAll(/ ([\w-]+)="[^"]*"/g)].map(([, key = '']) => key);
    faults.push(...given.filter((key) => !attributes.includes(key)).map((key) => `${name} ${key}`));
    if (isEmpty === undefined) open.push(name);
  }
  return [...faults, ...open.map((name) => `${name} is not closed`)];
}

const TAG = /<(?:(\/))?([A-Za-z][\w-]*)((?: [\w-]+="[^"<]*")*)(\/)?>/g;
