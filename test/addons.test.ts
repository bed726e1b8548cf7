import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ADDON_NAMES, BASES } from '../scripts/profiles.ts';
import { check } from '../src/check.ts';
import type { InputFile } from '../src/input.ts';
import type { Profile } from '../src/profile/profile.ts';
import { readProfile } from '../src/profile/read.ts';
import type { Finding } from '../src/report/report.ts';
import { builtBulkhead, manifestsIn, shippedProfile, textOf } from './support/bulkhead.ts';

// Each built-in add-on extends kubeadm: its rows are those of a valid profile, and its workloads are no intruders
// then. With real manifests, what is left is what docs/distributions.md lists.

const bulkhead = builtBulkhead();
const kubeadm = shippedProfile('kubeadm');

function extendedBy(names: readonly string[]): Profile {
  const text = `apiVersion: bulkhead.dev/v1
kind: Profile
metadata: {name: with-addons}
extends: [${['kubeadm', ...names].join(', ')}]
`;
  const read = readProfile('with-addons.yaml', text, BASES);
  assert.ok(read.kind === 'profile', JSON.stringify(read));
  return read.profile;
}

describe('an add-on', () => {
  assert.ok(ADDON_NAMES.length > 0);
  for (const name of ADDON_NAMES) {
    test(`${name} extends kubeadm, and its agents are no intruders then`, () => {
      const profile = extendedBy([name]);
      const own = profile.components.filter(
        (row) => !kubeadm.components.some((other) => other.name === row.name),
      );
      assert.ok(own.length > 0);
      const files = own.filter(({ match }) => !match.name.includes('*')).map(tolerant);
      assert.deepEqual(intrusions(profile, files), []);
      assert.equal(intrusions(kubeadm, files).length, files.length);
    });
  }
});

/** An object of the row that tolerates everything. */
function tolerant({ match, type, kinds }: Profile['components'][number]): InputFile {
  const kind = match.kind ?? type ?? kinds?.[0] ?? 'Deployment';
  const template = { spec: { tolerations: [{ operator: 'Exists' }], containers: [] } };
  const inJob = kind === 'CronJob' ? { jobTemplate: { spec: { template } } } : { template };
  const object = {
    apiVersion: kind.endsWith('Job') ? 'batch/v1' : kind === 'Pod' ? 'v1' : 'apps/v1',
    kind,
    metadata: { namespace: match.namespace.replace('*', 'x'), name: match.name },
    spec: kind === 'Pod' ? template.spec : inJob,
  };
  const bytes = new TextEncoder().encode(JSON.stringify(object));
  return { name: `${match.namespace}-${match.name}-${kind}.json`, bytes };
}

function intrusions(profile: Profile, files: readonly InputFile[]): readonly Finding[] {
  return check(bulkhead, profile, files).findings.filter(
    ({ policy }) => policy === 'control-plane-intrusion',
  );
}

const corpus = process.env['BULKHEAD_CORPUS'];
const skip = corpus === undefined ? 'BULKHEAD_CORPUS names no directory of real manifests' : false;

describe('real manifests of add-ons', { skip }, () => {
  test('what stays an intrusion with every add-on is listed, with the reason', () => {
    const files = corpus === undefined ? [] : manifestsIn(corpus, 'modern');
    const alone = intrusions(kubeadm, files);
    const intruding = new Set(alone.map(({ file }) => file));
    const some = files.filter(({ name }) => intruding.has(name));
    const left = ADDON_NAMES.reduce<readonly Finding[]>((still, name) => {
      const found = new Set(intrusions(extendedBy([name]), some).map(identity));
      return still.filter((finding) => found.has(identity(finding)));
    }, alone);
    const page = textOf('docs/distributions.md').split('### What stays an intrusion')[1] ?? '';
    const [, before, after] =
      /have (\d+) intrusions with `kubeadm` alone, and (\d+) with all add-ons/.exec(page) ?? [];
    assert.deepEqual([alone.length, left.length], [Number(before), Number(after)]);
    const unnamed = left.filter(({ object }) => !page.includes(object.name ?? '?'));
    assert.deepEqual(unnamed, []);
  });
});

function identity({ file, line, column, message }: Finding): string {
  return JSON.stringify([file, line, column, message]);
}

test('the page names every add-on', () => {
  const page = textOf(join('docs', 'distributions.md'));
  const missing = ADDON_NAMES.filter(
    (name) => !page.includes(`| \`${name.slice('addons/'.length)}\` |`),
  );
  assert.deepEqual(missing, []);
});
