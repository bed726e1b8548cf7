import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { clusterOf, PROFILE_NAMES } from '../scripts/profiles.ts';
import { type Column, columnsOf } from '../src/formats/html/columns.ts';
import { findingsBy, nodeFindings, type Row, rowsOf } from '../src/formats/html/rows.ts';
import { type InputFile, readInput } from '../src/input.ts';
import { identityOf } from '../src/kubernetes/objects.ts';
import { writeYaml } from '../src/manifest/yaml.ts';
import { picture } from '../src/picture.ts';
import type { Profile } from '../src/profile/profile.ts';
import type { Finding } from '../src/report/report.ts';
import { builtBulkhead, manifestsIn, ROOT, shippedProfile } from './support/bulkhead.ts';
import { edited, profileCases, rounds } from './support/profile-cases.ts';
import { filesOf, readThemes } from './support/red-team.ts';

// The cells of the picture and the findings of a check are found on ways of their own. What one of them says to be on the
// wrong side, so does the other: else the exception is listed here, with its reason.

const built = builtBulkhead();
const CROSSING: readonly string[] = [
  'control-plane-intrusion',
  'off-role-placement',
  'scheduler-bypass',
];

/** What differs between the cells and the findings of a cluster. */
function differences(profile: Profile, files: readonly InputFile[]): readonly string[] {
  const { report, clusters } = picture(built, [{ profile, files }]);
  const [cluster] = clusters;
  assert.ok(cluster);
  const { reach, reservedRoles } = cluster;
  const { findings } = report;
  const columns = columnsOf(reach, reservedRoles, nodeFindings(findings));
  const rows = rowsOf(reach, columns, findingsBy(reach, findings));
  assert.deepEqual(rows.left, { workloads: 0, faulty: 0 });
  const all = [...rows.components, ...rows.others];
  return [
    ...findings
      .filter(({ policy }) => CROSSING.includes(policy))
      .filter((finding) => !rowsFor(finding, all).some(isRed))
      .map(({ policy, component, object }) => `${policy} of ${component ?? object.kind}: not red`),
    ...findings
      .filter(({ policy }) => policy === 'unreachable-node-role')
      .filter((finding) => !rowsFor(finding, all).some(hasGap))
      // The policy takes each Node for one that has the taints of its role, the picture takes it as it is.
      .filter(() => columns.every(({ faults }) => faults.length === 0))
      .map(({ component }) => `unreachable-node-role of ${component}: no gap`),
    ...all.filter((row) => !isExplained(row, columns)).map((row) => `${nameOf(row)}: red alone`),
  ];
}

function rowsFor({ object, component }: Finding, rows: readonly Row[]): readonly Row[] {
  const own = rows.filter(({ workloads }) =>
    workloads.some((one) => identityOf(one.object) === identityOf(object)),
  );
  if (own.length > 0) return own;
  return rows.filter(({ workloads: [one] }) => component !== null && one?.component === component);
}

function isRed({ cells }: Row): boolean {
  return cells.some(({ state }) => state === 'leak');
}

function hasGap({ cells }: Row): boolean {
  return cells.some(({ state }) => state === 'gap');
}

/** Whether each red cell of a row has a finding, of the workload or of the column's Nodes. */
function isExplained({ cells, findings }: Row, columns: readonly Column[]): boolean {
  if (findings.some(({ policy }) => CROSSING.includes(policy))) return true;
  return cells.every(
    ({ state }, index) => state !== 'leak' || (columns[index]?.faults.length ?? 0) > 0,
  );
}

function nameOf({ workloads: [one] }: Row): string {
  return `${one?.object.kind} ${one?.object.namespace}/${one?.object.name}`;
}

/** A router may also run on nodes that have none of its three roles; no column is of these. */
const ROUTER = 'off-role-placement of router: not red';
const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  hypershift: [ROUTER],
  'openshift-4': [ROUTER],
};

describe('cells and findings agree in each cluster of a profile, and in what its cases make of it', () => {
  const cases = profileCases();
  for (const name of PROFILE_NAMES) {
    test(name, () => {
      const profile = shippedProfile(name);
      const files = manifestsIn(ROOT, clusterOf(name));
      assert.deepEqual(differences(profile, files), []);
      const objects = readInput(files).objects.map(({ value }) => value);
      const found = rounds(cases.get(name) ?? []).flatMap((rows) => {
        const text = edited(objects, rows).map(writeYaml).join('---\n');
        const bytes = new TextEncoder().encode(text);
        return differences(profile, [{ name: 'cluster.yaml', bytes }]);
      });
      assert.deepEqual(found, EXCEPTIONS[name] ?? []);
    });
  }
});

test('they agree in the sample cluster', () => {
  const files = manifestsIn(ROOT, 'testdata/clusters/drifted');
  assert.deepEqual(differences(shippedProfile('tectonic-1.6.4'), files), []);
});

describe('they agree in every attempt to get a pod onto a reserved node', () => {
  /** A Binding makes no pod, so it has no row: the page names it below the map. */
  const binding = 'scheduler-bypass of Binding: not red';
  for (const { theme, attempts } of readThemes()) {
    test(theme, () => {
      for (const attempt of attempts) {
        if (attempt.review !== undefined) continue;
        const found = differences(shippedProfile(attempt.profile), filesOf(attempt));
        assert.deepEqual(
          found.filter((one) => one !== binding),
          [],
          attempt.id,
        );
      }
    });
  }
});

const corpus = process.env['BULKHEAD_CORPUS'];
const skip = corpus === undefined ? 'BULKHEAD_CORPUS names no directory of real manifests' : false;

describe('they agree in real manifests', { skip }, () => {
  const root = resolve(corpus ?? '.');
  const directories = (of: string) =>
    readdirSync(of, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const all = skip
    ? []
    : directories(root).flatMap(({ name }) => [
        name,
        ...directories(join(root, name)).map((below) => join(name, below.name)),
      ]);
  /** This pod names a Node that the input does not have: its row says so. */
  const unknown: Readonly<Record<string, readonly string[]>> = {
    modern: ['scheduler-bypass of Pod: not red'],
  };
  for (const directory of all) {
    for (const name of ['kubeadm', 'tectonic-1.6.4', 'typhoon', 'openshift-4']) {
      test(`${directory} with ${name}`, () => {
        const files = manifestsIn(root, directory);
        if (files.length === 0) return;
        const found = differences(shippedProfile(name), files);
        assert.deepEqual(
          found.filter((one) => unknown[directory]?.includes(one) !== true),
          [],
        );
      });
    }
  }
});
