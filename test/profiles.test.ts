import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clusterOf, PROFILE_NAMES } from '../scripts/profiles.ts';
import { readInput } from '../src/input.ts';
import { writeYaml } from '../src/manifest/yaml.ts';
import { isFilled } from '../src/policy/columns.ts';
import type { Profile } from '../src/profile/profile.ts';
import { COLUMNS, type Table } from '../src/report/component-table.ts';
import { table } from '../src/table.ts';
import { builtBulkhead, manifestsIn, ROOT, shippedProfile } from './support/bulkhead.ts';
import { documentedCells, TABLE } from './support/component-cells.ts';
import { type ExpectedFinding, edited, profileCases, rounds } from './support/profile-cases.ts';

// Every built-in profile: its cluster has no finding. Each row of its cases.yaml makes one change to the
// cluster, and is found at the component and the field that are wrong. Large profiles have hundreds of rows:
// those that have nothing to do with each other are checked in one round.

const bulkhead = builtBulkhead();
const cases = profileCases();

for (const name of PROFILE_NAMES) {
  const profile = shippedProfile(name);
  const files = manifestsIn(ROOT, clusterOf(name));
  const objects = readInput(files).objects.map(({ value }) => value);
  const checkedRounds = rounds(cases.get(name) ?? []).map((rows) => {
    const text = edited(objects, rows).map(writeYaml).join('---\n');
    const file = { name: 'cluster.yaml', bytes: new TextEncoder().encode(text) };
    return { rows, filled: table(bulkhead, profile, [file]) };
  });

  describe(name, () => {
    test('its cluster has every component and no finding', () => {
      const { report, table: filled } = table(bulkhead, profile, files);
      const { findings, inputErrors, notes, components } = report;
      assert.deepEqual([findings, inputErrors, notes], [[], [], []]);
      assert.deepEqual(
        components.filter(({ state }) => state === 'missing'),
        [],
      );
      assert.deepEqual(deviating(filled), []);
    });

    for (const { rows, filled } of checkedRounds) {
      test(rows.map((row) => row.name).join('; '), () => {
        assert.deepEqual(filled.report.inputErrors, []);
        const found = filled.report.findings.map(({ policy, component, path }) => ({
          policy,
          component,
          path,
        }));
        assert.deepEqual(sorted(found), sorted(rows.flatMap(({ expect }) => expect)));
      });
    }

    test('its rows make every checked cell of the table deviate', () => {
      const broken = new Set(checkedRounds.flatMap(({ filled }) => deviating(filled.table)));
      assert.deepEqual(
        checked(profile).filter((cell) => !broken.has(cell)),
        [],
      );
      if (name === TABLE) assert.deepEqual([...broken].sort(), documentedCells('Files'));
    });
  });
}

function deviating({ rows }: Table): readonly string[] {
  return rows.flatMap(({ component, cells }) =>
    COLUMNS.filter((column) => cells[column].deviates).map((column) => `${component} × ${column}`),
  );
}

/** The cells that the profile fills in, except those that expect nothing, and the kind of a row that matches no other. */
function checked({ components, otherWorkloads }: Profile): readonly string[] {
  const others = otherWorkloads && { name: 'All other workloads', ...otherWorkloads };
  const rows: readonly Partial<Profile['components'][number]>[] = [
    ...components,
    ...(others === undefined ? [] : [others]),
  ];
  return rows.flatMap((row) =>
    COLUMNS.filter((column) => isFilled(row, column) && row[column] !== false)
      .filter((column) => column !== 'type' || row.match?.kind === undefined)
      .map((column) => `${row.name} × ${column}`),
  );
}

function sorted(findings: readonly ExpectedFinding[]): readonly string[] {
  return findings.map((one) => JSON.stringify([one.policy, one.component, one.path])).sort();
}
