import assert from 'node:assert/strict';
import { isFilled } from '../../src/policy/columns.ts';
import { COLUMNS, type Column } from '../../src/report/component-table.ts';
import { builtBulkhead, shippedProfile, textOf } from './bulkhead.ts';
import { type ProfileCase, profileCases } from './profile-cases.ts';

// Which cells of the component table each surface checks: docs/component-table.md says it, and a test for each
// surface compares that with what it found.

/** The first profile: the table of "Workload separation" for Tectonic 1.6.4. */
export const TABLE = 'tectonic-1.6.4';

/** The last row of the table. */
const OTHERS = 'All other workloads';

/** The columns of docs/component-table.md. */
export const SURFACES = ['Files', 'conftest', 'gator', 'Admission', 'Audit', 'API server'] as const;
export type SurfaceName = (typeof SURFACES)[number];

/** The words of the page for the columns that a surface checks. */
const WORDS: Readonly<Record<string, Column>> = {
  type: 'type',
  replicas: 'replicas',
  'node role': 'nodeRole',
  'anti-affinity': 'antiAffinity',
  'disruption control': 'disruptionControl',
};

const { policies } = builtBulkhead().catalogue;
const profile = shippedProfile(TABLE);

/** The rows of the profile's cases.yaml: each makes one cell deviate, or several. */
export function tableCases(): readonly ProfileCase[] {
  return profileCases().get(TABLE) ?? [];
}

/** The cells that a finding of a policy is about, such as `kube-dns × replicas`. */
export function cellsOf(found: {
  readonly policy: string;
  readonly component: string | null;
}): readonly string[] {
  const policy = policies.find(({ id }) => id === found.policy);
  assert.ok(policy, found.policy);
  if (found.component === null) {
    // The other workloads have a node role, and nothing else.
    const isTheirs =
      policy.parameters.includes('otherWorkloads') && !policy.optional.includes('otherWorkloads');
    return isTheirs ? [`${OTHERS} × nodeRole`] : [];
  }
  const row = profile.components.find(({ name }) => name === found.component);
  assert.ok(row, found.component);
  return COLUMNS.filter((column) => policy.columns.includes(column) && isFilled(row, column)).map(
    (column) => `${row.name} × ${column}`,
  );
}

/** The cells that the page says a surface checks; with a star it warns, and does not deny. */
export function documentedCells(surface: SurfaceName): readonly string[] {
  const [, rest = ''] = textOf('docs/component-table.md').split('\n| Row |');
  const [lines = ''] = rest.split('\n\n');
  const [header = '', , ...rows] = lines.split('\n');
  assert.deepEqual(cellsIn(`| Row |${header}`), ['Row', ...SURFACES]);
  return rows
    .flatMap((line) => {
      const [row = '', ...cells] = cellsIn(line);
      const words = (cells[SURFACES.indexOf(surface)] ?? '').split(', ');
      return words.map((word) => {
        const star = word.endsWith('*') ? ' *' : '';
        const column = WORDS[word.replace(/\*$/, '')];
        assert.ok(column, `${row}: ${word}`);
        return `${row} × ${column}${star}`;
      });
    })
    .sort();
}

function cellsIn(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
