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
import { type ExpectedFinding, edited, profileCases } from './support/profile-cases.ts';

// Every built-in profile: its cluster has no finding. Each row of its cases.yaml makes one change to the
// cluster, and is found at the component and the field that are wrong.

const bulkhead = builtBulkhead();
const cases = profileCases();

for (const name of PROFILE_NAMES) {
  const profile = shippedProfile(name);
  const files = manifestsIn(ROOT, clusterOf(name));
  const objects = readInput(files).objects.map(({ value }) => value);
  const rows = (cases.get(name) ?? []).map((row) => {
    const text = edited(objects, row).map(writeYaml).join('---\n');
    const file = { name: 'cluster.yaml', bytes: new TextEncoder().encode(text) };
    return { ...row, filled: table(bulkhead, profile, [file]) };
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

    for (const { name: row, expect, filled } of rows) {
      test(row, () => {
        assert.deepEqual(filled.report.inputErrors, []);
        const found = filled.report.findings.map(({ policy, component, path }) => ({
          policy,
          component,
          path,
        }));
        assert.deepEqual(sorted(found), sorted(expect));
      });
    }

    test('its rows make every checked cell of the table deviate', () => {
      const broken = new Set(rows.flatMap(({ filled }) => deviating(filled.table)));
      assert.deepEqual(
        checked(profile).filter((cell) => !broken.has(cell)),
        [],
      );
    });
  });
}

function deviating({ rows }: Table): readonly string[] {
  return rows.flatMap(({ component, cells }) =>
    COLUMNS.filter((column) => cells[column].deviates).map((column) => `${component} × ${column}`),
  );
}

/** The cells that the profile fills in, except those that expect nothing. */
function checked({ components, otherWorkloads }: Profile): readonly string[] {
  const others = otherWorkloads && { name: 'All other workloads', ...otherWorkloads };
  const rows: readonly Partial<Profile['components'][number]>[] = [
    ...components,
    ...(others === undefined ? [] : [others]),
  ];
  return rows.flatMap((row) =>
    COLUMNS.filter((column) => isFilled(row, column) && row[column] !== false).map(
      (column) => `${row.name} × ${column}`,
    ),
  );
}

function sorted(findings: readonly ExpectedFinding[]): readonly string[] {
  return findings.map((one) => JSON.stringify([one.policy, one.component, one.path])).sort();
}
