import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { check } from '../src/check.ts';
import { type DiffInput, diff } from '../src/diff.ts';
import type { Context, Render } from '../src/formats/context.ts';
import { type Documents, formatsOf } from '../src/formats/index.ts';
import type { InputFile } from '../src/input.ts';
import { tablePicture } from '../src/picture.ts';
import { simulate } from '../src/simulate.ts';
import { sourceOf } from '../src/source.ts';
import { table } from '../src/table.ts';
import { builtBulkhead, manifestsIn, ROOT, shippedProfile } from './support/bulkhead.ts';
import { assertGolden } from './support/golden.ts';
import { pageLines } from './support/pages.ts';
import { faultsOf } from './support/schemas.ts';

// Every format of every document that the command line prints, with one golden each for input with
// findings, for clean input, and for input that can be read only in part.

const bulkhead = builtBulkhead();
const profile = shippedProfile('tectonic-1.6.4');
const nodes = new Map([
  ['master', 1],
  ['worker', 1],
]);

const DOCUMENTS: {
  readonly [Name in keyof Documents]: (files: readonly InputFile[]) => Documents[Name];
} = {
  report: (files) => check(bulkhead, profile, files),
  table: (files) => table(bulkhead, profile, files),
  simulation: (files) => simulate(bulkhead, profile, files, { nodes }),
  diff: (files) =>
    diff(bulkhead, inputOf('clean'), { name: 'new', clusters: [{ profile, files }] }),
  picture: (files) => tablePicture(bulkhead, { profile, files }),
};

/** A sample to compare others with. */
function inputOf(sample: string): DiffInput {
  const files = manifestsIn(ROOT, `testdata/formats/${sample}`);
  return { name: sample, clusters: [{ profile, files }] };
}

for (const sample of ['findings', 'clean', 'errors']) {
  const files = manifestsIn(ROOT, `testdata/formats/${sample}`);
  describe(sample, () => {
    testFormats('report', sample, files);
    testFormats('table', sample, files);
    testFormats('simulation', sample, files);
    testFormats('diff', sample, files);
    testFormats('picture', sample, files);
  });
}

function testFormats<Name extends keyof Documents>(
  name: Name,
  sample: string,
  files: readonly InputFile[],
): void {
  const document = DOCUMENTS[name](files);
  const formats: Readonly<Record<string, Render<Documents[Name]>>> = formatsOf(name);
  for (const [format, render] of Object.entries(formats)) {
    // Text for a terminal depends on its width.
    for (const width of format === 'human' ? [80, 120] : [100]) {
      const page = format === 'human' ? `${format}-${width}` : format;
      test(`${name} as ${page}`, () => {
        const context = contextOf(files, width);
        const text = render(document, format === 'sarif' ? withFewRules(context) : context);
        if (name !== 'picture' && format === 'json') {
          assert.deepEqual(faultsOf(name, text), []);
        }
        assertGolden(`testdata/formats/${sample}/${name}.${page}.txt`, shownAs(format, text));
      });
    }
  }
}

/** Of a page without its style, since that is looked at, and a line for each part. */
function shownAs(format: string, text: string): string {
  return format === 'html' ? pageLines(text) : text;
}

function contextOf(files: readonly InputFile[], width: number): Context {
  return {
    source: sourceOf(files),
    color: false,
    width,
    catalogue: bulkhead.catalogue,
    pages: bulkhead.pages,
  };
}

/** SARIF has the rules and pages of all policies: a golden has those of the samples' findings. */
function withFewRules({ catalogue, pages, ...context }: Context): Context {
  const ids = ['blocking-disruption-budget', 'control-plane-intrusion', 'off-role-placement'];
  const policies = catalogue.policies.filter(({ id }) => ids.includes(id));
  const shortened = Object.fromEntries(ids.map((id) => [id, `${pages()[id]?.slice(0, 60)}…\n`]));
  return { ...context, catalogue: { ...catalogue, policies }, pages: () => shortened };
}
