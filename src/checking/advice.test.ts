import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FINDING } from '../../test/support/samples.ts';
import type { ObjectReference } from '../kubernetes/objects.ts';
import type { Addon } from '../profile/profile.ts';
import type { Finding, Fix } from '../report/report.ts';
import { adviceOn } from './advice.ts';

const addon = (title: string, name: string, more: object = {}): Addon => ({
  name: title.toLowerCase(),
  title,
  components: [{ name, match: { namespace: 'kube-system', name, ...more } }],
});
const ADDONS = {
  'addons/calico': addon('Calico', 'calico-node'),
  'addons/canal': addon('Canal', 'canal*'),
  'addons/both': addon('Both', 'calico-node'),
  'addons/jobs': addon('Jobs', 'jobs', { kind: 'CronJob' }),
};
const OTHERWISE =
  "Remove the toleration. If it is part of the cluster, add it to the profile's components.";

function titleFor(object: Partial<ObjectReference>, finding: Partial<Finding> = {}): string {
  return adviceFor(object, finding).title;
}

function adviceFor(object: Partial<ObjectReference>, finding: Partial<Finding> = {}): Fix {
  return adviceOn(
    {
      ...FINDING,
      policy: 'control-plane-intrusion',
      fix: { title: OTHERWISE, safe: false, edits: [] },
      object: {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        namespace: 'kube-system',
        name: 'canal-node',
        ...object,
      },
      ...finding,
    },
    () => ADDONS,
  );
}

describe('the advice on an intruder', () => {
  test('names the add-on that has a row for it before it says to remove something', () => {
    const expected =
      'If this is Canal, name addons/canal in the extends of your profile. Otherwise: Remove the toleration.';
    assert.equal(titleFor({}), expected);
    assert.equal(titleFor({ kind: 'Deployment' }), expected);
  });

  test('names each add-on that has one', () => {
    assert.match(
      titleFor({ name: 'calico-node' }),
      /^If this is Calico or Both, name addons\/calico or addons\/both in the extends/,
    );
  });

  test('is no safe fix where a row may be for the object', () => {
    const fix = { title: OTHERWISE, safe: true, edits: [] };
    assert.equal(adviceFor({ kind: 'Deployment' }, { fix }).safe, false);
    assert.equal(adviceFor({ kind: 'Deployment', name: 'web' }, { fix }).safe, true);
  });

  test('has the row for a DaemonSet that no add-on names', () => {
    assert.equal(
      titleFor({ namespace: 'logging', name: 'agent' }),
      'If it is part of the cluster, add {name: agent, match: {namespace: logging, name: agent}, type: DaemonSet, nodeRole: all} to the components of your profile. Otherwise: Remove the toleration.',
    );
  });

  for (const [what, object, finding] of [
    ['another workload', { kind: 'Deployment', name: 'web' }, {}],
    ['another namespace', { kind: 'Deployment', namespace: 'shop' }, {}],
    ['another kind than the row', { kind: 'Deployment', name: 'jobs' }, {}],
    ['no namespace', { namespace: null }, {}],
    ['no name', { name: null }, {}],
    ['a component', {}, { component: 'dns' }],
    ['another policy', {}, { policy: 'unspread-replicas' }],
  ] as const) {
    test(`stays for ${what}`, () => assert.equal(titleFor(object, finding), OTHERWISE));
  }
});
