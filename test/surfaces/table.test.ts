import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clusterOf } from '../../scripts/profiles.ts';
import { readInput } from '../../src/input.ts';
import { manifestsIn, ROOT, shippedProfile } from '../support/bulkhead.ts';
import { cellsOf, documentedCells, TABLE, tableCases } from '../support/component-cells.ts';
import { edited, type ProfileCase, rounds } from '../support/profile-cases.ts';
import { testAgreement } from './agreement.ts';

// Every cell of the component table deviates once, on the surfaces that read files.

describe('the cells of the component table', () => {
  const profile = shippedProfile(TABLE);
  const { objects: read } = readInput(manifestsIn(ROOT, clusterOf(TABLE)));
  const objects = read.map(({ value }) => value);
  const named = new Map<string, readonly ProfileCase[]>(
    rounds(oneForEachCell()).map((some, index) => [`round ${index + 1}`, some] as const),
  );
  const scenes = [...named].map(
    ([name, some]) => [name, { profile, objects: edited(objects, some) }] as const,
  );
  const cells = new Map<string, Set<string>>();
  testAgreement(new Map(scenes), (name, _scene, compared) => {
    const expected = named.get(name)?.flatMap(({ expect }) => expect) ?? [];
    for (const { surface, found } of compared) {
      const said = new Set(found.map(({ policy, path }) => JSON.stringify([policy, path])));
      const own = cells.get(surface) ?? new Set();
      cells.set(surface, own);
      expected
        .filter(({ policy, path }) => said.has(JSON.stringify([policy, path])))
        .flatMap(cellsOf)
        .forEach((cell) => {
          own.add(cell);
        });
    }
  });
  test('are those of docs/component-table.md', () => {
    assert.deepEqual(
      [...(cells.get('conftest --combine') ?? [])].sort(),
      documentedCells('conftest'),
    );
    assert.deepEqual([...(cells.get('gator test') ?? [])].sort(), documentedCells('gator'));
  });
});

/** Of the rows, those that make a cell deviate which none before them does. */
function oneForEachCell(): readonly ProfileCase[] {
  const seen = new Set<string>();
  return tableCases().filter(({ expect }) => {
    const fresh = expect.flatMap(cellsOf).filter((cell) => !seen.has(cell));
    for (const cell of fresh) seen.add(cell);
    return fresh.length > 0;
  });
}
