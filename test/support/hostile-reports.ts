import fc from 'fast-check';
import type {
  CheckedObject,
  Finding,
  InputError,
  Location,
  Note,
  Report,
} from '../../src/report/report.ts';
import { FINDING, INPUT_ERROR, NOTE, REPORT } from './samples.ts';

// Reports of anything that a manifest may contain.

/** Texts that mean something to a reader of XML, JSON, URIs or Markdown, and what none of them can have. */
export const HOSTILE = [
  '<&"\'>]]>',
  ']]></failure><testcase/>',
  '&#0;&lt;',
  '\u0000\u001b[31m\u0007',
  '\ud800',
  'a\udfffb',
  '\ufffe\uffff',
  '\u202eexe',
  '{0} {1}',
  '[x](https://example.org) [y](1)',
  '\\[',
  '[x\\](https://example.org) {{0}}',
  '%41%zz#?',
  'a b',
  'a:b',
  'ä漢字🚀',
  '..\\x',
  'x\r\ny\tz',
  '\u2028',
  '',
];

const anyText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
  fc.string(),
  fc.string({ unit: 'binary' }),
  // Lone surrogates too.
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 5 })
    .map((units) => String.fromCharCode(...units)),
);

/** A name that a file may have: the heading of a block starts with it. */
const anyFile = fc
  .array(anyText, { minLength: 1, maxLength: 3 })
  .map((steps) => `f${steps.join('/')}`);

const POLICIES = ['control-plane-intrusion', 'off-role-placement', 'wrong-replica-count'] as const;
const small = fc.integer({ min: 1, max: 4 });

const anyObject = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.oneof(fc.constant('Pod'), anyText),
  namespace: fc.oneof(fc.constant(null), anyText),
  name: fc.oneof(fc.constant(null), fc.constantFrom('a', 'b'), anyText),
});

const anyPlace: fc.Arbitrary<Location> = fc.record({
  file: fc.oneof(fc.constant(null), anyFile),
  line: fc.oneof(fc.constant(null), small),
  column: fc.oneof(fc.constant(null), small),
  endLine: fc.oneof(fc.constant(null), small),
  endColumn: fc.oneof(fc.constant(null), small),
});

const anyFinding = fc
  .record({
    policy: fc.constantFrom(...POLICIES),
    severity: fc.constantFrom('error' as const, 'warning' as const),
    status: fc.constantFrom(
      'open' as const,
      'open' as const,
      'waived' as const,
      'baseline' as const,
    ),
    message: anyText,
    object: anyObject,
    file: fc.oneof(fc.constantFrom('a.yaml', 'b/c.yaml'), anyFile),
    line: small,
    column: small,
    endLine: small,
    endColumn: small,
    environment: fc.constantFrom(null, 'prod'),
    fix: anyText,
    says: anyText,
    relatedAt: anyPlace,
  })
  .map(
    ({ fix, says, relatedAt, ...finding }): Finding => ({
      ...FINDING,
      ...finding,
      fix: { title: fix, safe: false, edits: [] },
      related: [{ ...finding.object, ...relatedAt, path: [], says }],
    }),
  );

const anyError = fc
  .record({ message: anyText, place: anyPlace })
  .map(({ message, place }): InputError => ({ ...INPUT_ERROR, ...place, message }));

const anyNote = fc
  .record({ message: anyText, place: anyPlace })
  .map(({ message, place }): Note => ({ ...NOTE, ...place, message }));

const anyChecked = fc
  .record({ object: anyObject, file: fc.oneof(fc.constant('a.yaml'), anyFile) })
  .map(({ object, file }): CheckedObject => ({ ...object, file, key: 'Pod x' }));

/** Any report: fingerprints and their numbers are those of a check, so no two findings have the same. */
export const anyReport: fc.Arbitrary<Report> = fc
  .record({
    findings: fc.array(anyFinding, { maxLength: 6 }),
    inputErrors: fc.array(anyError, { maxLength: 3 }),
    notes: fc.array(anyNote, { maxLength: 3 }),
    others: fc.array(anyChecked, { maxLength: 3 }),
  })
  .map(({ findings, others, ...rest }) => ({
    ...REPORT,
    ...rest,
    environments: [{ name: 'prod', profile: 'kubeadm' }],
    findings: findings.map((finding, index) => ({ ...finding, ordinal: index + 1 })),
    checked: [
      ...others,
      ...findings.map(({ object, file, environment }) => ({
        ...object,
        file,
        key: environment === null ? 'Pod x' : `${environment}: Pod x`,
      })),
    ],
  }));
