import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readCases } from '../scripts/cases.ts';
import { openCluster, reportOnClusters } from '../src/check.ts';
import { aboutOtherRole } from '../src/comparing/crossing.ts';
import { compareReports, crossingBetween } from '../src/diff.ts';
import type { InputFile } from '../src/input.ts';
import type { JsonObject } from '../src/kubernetes/json.ts';
import { identityOf, reference } from '../src/kubernetes/objects.ts';
import { reach } from '../src/reach.ts';
import type { Reach } from '../src/report/reach.ts';
import type { Finding, Report } from '../src/report/report.ts';
import { builtBulkhead, shippedProfile, textOf } from './support/bulkhead.ts';
import { sized } from './support/settings.ts';

// What holds for the difference of any two inputs, drawn from the rows of the policies' cases.

const bulkhead = builtBulkhead();
const profile = shippedProfile('tectonic-1.6.4');
const base = textOf('profiles/tectonic-1.6.4/profile.yaml');
const PAIRS = sized(200, 1000);
/** How many groups of inputs are drawn, that have something in common, and how many inputs each has. */
const FAMILIES = sized(8, 60);
const MEMBERS = 4;
const SEED = Math.floor(Math.random() * 2 ** 31);

/** The objects of each row. */
const rows: readonly (readonly JsonObject[])[] = bulkhead.catalogue.policies.flatMap(({ id }) => {
  const file = `policies/${id}/cases.yaml`;
  return readCases(file, textOf(file), base).map(({ object, inventory }) => [...inventory, object]);
});

/** An input as a check saw it. */
interface Checked {
  readonly report: Report;
  readonly reaches: readonly Reach[];
}

function checkFiles(files: readonly InputFile[]): Checked {
  const opened = openCluster(bulkhead, { profile, files });
  return {
    report: reportOnClusters(bulkhead, [opened]),
    reaches: [reach(opened.session)],
  };
}

/** Each object once: of two with one identity the last counts, and which is the last depends on the files. */
function filesOf(picks: readonly number[], names: 'first' | 'moved'): readonly InputFile[] {
  const objects = new Map(
    picks.flatMap((pick) => rows[pick] ?? []).map((object) => [keyOf(object), object]),
  );
  return [...objects.values()].map((object, index, { length }) => {
    const text = JSON.stringify(object, null, names === 'first' ? 0 : 2);
    const name = names === 'first' ? `${index}.json` : `moved/${length - index}.yaml`;
    return { name, bytes: new TextEncoder().encode(names === 'first' ? text : `\n\n${text}`) };
  });
}

function keyOf(object: JsonObject): string {
  const named = reference(object);
  return named.name === null ? JSON.stringify(object) : identityOf(named);
}

const pick = fc.integer({ min: 0, max: rows.length - 1 });
const some = fc.array(pick, { maxLength: 4 });
const family = fc.record({
  common: fc.array(pick, { minLength: 1, maxLength: 5 }),
  own: fc.array(fc.tuple(some, some), { minLength: MEMBERS, maxLength: MEMBERS }),
});

/** The rows of each input. A check takes far longer than a comparison: each is checked once. */
const inputs = fc
  .sample(family, { numRuns: FAMILIES, seed: SEED })
  .map(({ common, own }) => own.map(([before, after]) => [...before, ...common, ...after]));
const checks = inputs.map((members) => members.map((picks) => checkFiles(filesOf(picks, 'first'))));

const index = fc.nat({ max: MEMBERS - 1 });
const pair = fc
  .tuple(fc.nat({ max: FAMILIES - 1 }), index, fc.nat({ max: FAMILIES - 1 }), index, fc.boolean())
  .map(
    ([one, first, other, second, isFamily]) =>
      [inputAt(one, first), inputAt(isFamily ? one : other, second)] as const,
  );

function inputAt(one: number, member: number): Checked {
  const found = checks[one]?.[member];
  assert.ok(found);
  return found;
}

const told = (findings: readonly Finding[]) =>
  findings.map(({ fingerprint, message }) => `${fingerprint} ${message}`).sort();

describe(`for any two inputs, drawn with the seed ${SEED}`, () => {
  test('nothing is new in the same, what is new one way is fixed the other way, and all is counted', () => {
    let differences = 0;
    let crossings = 0;
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const same = compareReports(a.report, a.report);
        const open = ({ report }: Checked) => report.summary.open;
        assert.deepEqual(same, {
          ...{ added: [], fixed: [], accepted: [], gone: [], notes: [] },
          unchanged: open(a),
        });
        assert.deepEqual(crossingBetween(a.reaches, a.reaches), []);

        const crossing = crossingBetween(a.reaches, b.reaches);
        const isOther = aboutOtherRole([...crossing, ...crossingBetween(b.reaches, a.reaches)]);
        const there = compareReports(a.report, b.report, isOther);
        const back = compareReports(b.report, a.report, isOther);
        assert.deepEqual(told(there.added), told(back.fixed));
        assert.deepEqual(told(there.fixed), told(back.added));
        assert.equal(there.added.length + there.unchanged, open(b));
        assert.equal(there.fixed.length + there.unchanged, open(a));
        assert.ok(crossing.every(({ roles, nodes }) => roles.length + nodes.length > 0));
        differences += there.added.length + there.fixed.length;
        crossings += crossing.length;
      }),
      { numRuns: PAIRS },
    );
    assert.ok(differences > PAIRS && crossings > 0, 'the pairs are different');
  });

  test('what moves to other files and lines is unchanged', () => {
    for (const [one, [picks]] of inputs.entries()) {
      const [a, b] = [inputAt(one, 0), checkFiles(filesOf(picks ?? [], 'moved'))];
      const { added, fixed, unchanged } = compareReports(a.report, b.report);
      assert.deepEqual([told(added), told(fixed)], [[], []]);
      assert.equal(unchanged, a.report.summary.open);
      assert.deepEqual(crossingBetween(a.reaches, b.reaches), []);
    }
  });
});
