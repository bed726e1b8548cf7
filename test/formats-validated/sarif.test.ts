import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { check } from '../../src/check.ts';
import type { Context } from '../../src/formats/context.ts';
import { renderSarif } from '../../src/formats/sarif.ts';
import type { Finding, Report } from '../../src/report/report.ts';
import { sourceOf } from '../../src/source.ts';
import { builtBulkhead, manifestsIn, ROOT, shippedProfile } from '../support/bulkhead.ts';
import { anyReport } from '../support/hostile-reports.ts';
import { FINDING, INPUT_ERROR, REPORT } from '../support/samples.ts';
import { complaintsAbout } from './validator.ts';

// SARIF by Microsoft's validator, with its own rules and those of GitHub's code scanning: no error and no warning.

const SKIP = process.platform === 'linux' ? false : 'the validator is for Linux';

const bulkhead = builtBulkhead();
const { catalogue, pages } = bulkhead;
const ALL: Context = { source: () => undefined, color: false, width: 80, catalogue, pages };

/** Most texts have few rules: the validator takes a second for the pages of all. */
const FEW = ['blocking-disruption-budget', 'control-plane-intrusion', 'off-role-placement'];
const CONTEXT: Context = {
  ...ALL,
  catalogue: {
    ...catalogue,
    policies: catalogue.policies.filter(({ id }) => FEW.includes(id)),
  },
};

/** How many files of generated reports. */
const GENERATED = process.env['NIGHTLY'] === '1' ? 50 : 3;

function sampleOf(name: string, context = CONTEXT): string {
  const files = manifestsIn(ROOT, `testdata/formats/${name}`);
  const report = check(bulkhead, shippedProfile('tectonic-1.6.4'), files);
  return renderSarif(report, { ...context, source: sourceOf(files) });
}

function of(report: Partial<Report>): string {
  return renderSarif({ ...REPORT, ...report }, CONTEXT);
}

test('nothing is wrong with the samples, with what is special, and with hostile reports', {
  skip: SKIP,
}, () => {
  const many = Array.from(
    { length: 5_010 },
    (_, index): Finding => ({
      ...FINDING,
      ordinal: index + 1,
    }),
  );
  // A file takes a second, and may have 20 runs.
  const generated = Array.from({ length: GENERATED }, (_, index) => {
    const logs = fc.sample(anyReport, 20).map((report) => JSON.parse(renderSarif(report, CONTEXT)));
    return [`generated-${index}`, JSON.stringify({ ...logs[0], runs: logs.flatMap(runsOf) })];
  });
  const complaints = complaintsAbout({
    findings: sampleOf('findings'),
    clean: sampleOf('clean', ALL),
    errors: sampleOf('errors'),
    many: of({ findings: many }),
    settings: of({
      policies: { off: ['stuck-rollout'], severity: { 'off-role-placement': 'warning' } },
      environments: [
        { name: 'dev', profile: 'k3s' },
        { name: 'prod', profile: 'kubeadm' },
      ],
    }),
    paths: of({
      findings: ['../a.yaml', 'a b#c%d.yaml', 'a:b.yaml', 'a\\b.yaml', 'ä🚀.yaml', '-'].map(
        (file, index) => ({ ...FINDING, file, ordinal: index + 1 }),
      ),
      inputErrors: [{ ...INPUT_ERROR, file: '.', line: null, column: null }],
    }),
    ...Object.fromEntries(generated),
  });
  assert.equal(complaints.size, 6 + GENERATED);
  for (const [name, found] of complaints) assert.deepEqual(found, [], name);
});

test('the validator rejects what is broken, each by its rule', { skip: SKIP }, () => {
  const broken = Object.entries({
    // A region ends before it starts.
    SARIF1007: ['"endColumn": 23', '"endColumn": 2'],
    // A path starts at the root of a disk.
    SARIF1004: ['"uri": "testdata/formats/findings/web.yaml"', '"uri": "/web.yaml"'],
    // A result has a rule that is not there.
    SARIF1009: ['"ruleIndex": 1', '"ruleIndex": 9'],
    // A warning: a region without a line.
    SARIF2017: ['"startLine": 8,', ''],
    // GitHub shows nothing without a place, and no rule without a description.
    GH1015: ['"locations"', '"relatedLocations"'],
    GH2012: ['"shortDescription"', '"fullDescription"'],
  } as const);
  const text = sampleOf('findings');
  const complaints = complaintsAbout(
    Object.fromEntries(
      broken.map(([rule, [from, to]]) => {
        const at = text.lastIndexOf(from);
        assert.ok(at > 0, from);
        return [rule, text.slice(0, at) + to + text.slice(at + from.length)];
      }),
    ),
  );
  for (const [rule, found] of complaints) {
    assert.ok(
      found.some((one) => one.rule === rule),
      `${rule}: ${JSON.stringify(found)}`,
    );
  }
});

function runsOf({ runs }: { readonly runs: readonly unknown[] }): readonly unknown[] {
  return runs;
}
