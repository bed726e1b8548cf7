import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { profileValidator, VALIDATOR } from '../../scripts/profile-validator.ts';
import { PROFILE_NAMES, profileFile } from '../../scripts/profiles.ts';
import { ROOT, textOf } from '../../test/support/bulkhead.ts';
import type { ErrorCode, Path } from '../errors.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import { readYaml, writeYaml } from '../manifest/yaml.ts';
import type { Profile } from './profile.ts';
import { readProfile } from './read.ts';
import { validate } from './validate.generated.js';

const INVALID = 'testdata/profiles';

/** What is wrong in each file of testdata/profiles: code, line, column, sentence. */
const MISTAKES: Readonly<
  Record<string, readonly (readonly [ErrorCode, number, number, string])[]>
> = {
  'empty-file': [
    [
      'PROFILE_INVALID',
      1,
      1,
      'the profile is empty: it needs apiVersion, kind, metadata, nodeRoles, components',
    ],
  ],
  'only-comments': [
    [
      'PROFILE_INVALID',
      1,
      1,
      'the profile is empty: it needs apiVersion, kind, metadata, nodeRoles, components',
    ],
  ],
  'empty-map': [
    ['PROFILE_INVALID', 1, 1, 'the profile needs apiVersion: the version of this format'],
    ['PROFILE_INVALID', 1, 1, 'the profile needs kind: what this file is'],
    ['PROFILE_INVALID', 1, 1, 'the profile needs metadata: what the profile is called'],
    [
      'PROFILE_INVALID',
      1,
      1,
      'the profile needs nodeRoles: the roles of nodes, by name: at least one',
    ],
    ['PROFILE_INVALID', 1, 1, 'the profile needs components: the rows of the table'],
  ],
  'list-instead-of-map': [
    ['PROFILE_INVALID', 1, 1, 'the profile must be a map, not [{"apiVersion":"bulkhead.dev/v1"}]'],
  ],
  'metadata-missing': [
    ['PROFILE_INVALID', 1, 1, 'the profile needs metadata: what the profile is called'],
  ],
  'metadata-null': [['PROFILE_INVALID', 3, 10, 'metadata must be a map, not null']],
  'metadata-name-missing': [
    [
      'PROFILE_INVALID',
      4,
      3,
      "metadata needs name: the name that reports and Constraints carry: at most 63 lower case letters, digits, '-' and '.'",
    ],
  ],
  'metadata-name-null': [['PROFILE_INVALID', 4, 8, 'metadata.name must be a string, not null']],
  'node-roles-missing': [
    [
      'PROFILE_INVALID',
      1,
      1,
      'the profile needs nodeRoles: the roles of nodes, by name: at least one',
    ],
  ],
  'node-roles-null': [['PROFILE_INVALID', 5, 11, 'nodeRoles must be a map, not null']],
  'node-roles-empty': [
    [
      'PROFILE_INVALID',
      5,
      12,
      'nodeRoles must not be {}: the roles of nodes, by name: at least one',
    ],
  ],
  'components-missing': [
    ['PROFILE_INVALID', 1, 1, 'the profile needs components: the rows of the table'],
  ],
  'components-null': [['PROFILE_INVALID', 15, 12, 'components must be a list, not null']],
  'row-null': [['PROFILE_INVALID', 21, 4, 'components[1] must be a map, not null']],
  'row-name-missing': [
    [
      'PROFILE_INVALID',
      16,
      5,
      'components[0] needs name: what reports call the component, not blank',
    ],
  ],
  'row-name-null': [['PROFILE_INVALID', 16, 10, 'components[0].name must be a string, not null']],
  'row-name-blank': [
    [
      'PROFILE_INVALID',
      16,
      11,
      'components[0].name must not be " ": what reports call the component, not blank',
    ],
  ],
  'match-missing': [
    ['PROFILE_INVALID', 16, 5, 'components[0] needs match: which objects belong to the row'],
  ],
  'match-null': [['PROFILE_INVALID', 17, 11, 'components[0].match must be a map, not null']],
  'match-empty': [
    [
      'PROFILE_INVALID',
      17,
      12,
      "components[0].match needs namespace: the namespace, exactly: at most 63 lower case letters, digits and '-'",
    ],
    [
      'PROFILE_INVALID',
      17,
      12,
      "components[0].match needs name: the name of an object, or a pattern in which one '*' stands for any part of it: at most 253 lower case letters, digits, '-' and '.'",
    ],
  ],
  'match-namespace-missing': [
    [
      'PROFILE_INVALID',
      17,
      12,
      "components[0].match needs namespace: the namespace, exactly: at most 63 lower case letters, digits and '-'",
    ],
  ],
  'match-name-missing': [
    [
      'PROFILE_INVALID',
      17,
      12,
      "components[0].match needs name: the name of an object, or a pattern in which one '*' stands for any part of it: at most 253 lower case letters, digits, '-' and '.'",
    ],
  ],
  'column-null': [
    ['PROFILE_INVALID', 19, 14, 'components[0].replicas must be a whole number, not null'],
  ],
  'other-workloads-null': [['PROFILE_INVALID', 21, 16, 'otherWorkloads must be a map, not null']],
  'other-workloads-empty': [
    [
      'PROFILE_INVALID',
      21,
      17,
      'otherWorkloads needs nodeRole: the role whose nodes they are for: they may run on no node of another role that a taint reserves',
    ],
  ],
  'role-null': [
    ['PROFILE_ROLE_UNMARKED', 6, 10, 'the role master has no label: without one no node is of it'],
  ],
  'role-labels-missing': [
    ['PROFILE_ROLE_UNMARKED', 7, 5, 'the role master has no label: without one no node is of it'],
  ],
  'role-labels-null': [
    ['PROFILE_ROLE_UNMARKED', 7, 12, 'the role master has no label: without one no node is of it'],
  ],
  'role-labels-empty': [
    ['PROFILE_ROLE_UNMARKED', 7, 13, 'the role master has no label: without one no node is of it'],
  ],
  'role-label-null': [
    [
      'PROFILE_INVALID',
      8,
      38,
      'nodeRoles.master.labels.node-role.kubernetes.io/master must be a string or a list, not null',
    ],
  ],
  'role-label-no-value': [
    [
      'PROFILE_INVALID',
      8,
      39,
      "nodeRoles.master.labels.node-role.kubernetes.io/master must not be []: the value, or a list of the values, that the label has on the role's nodes: each at most 63 letters, digits, '-', '_' and '.', or empty",
    ],
  ],
  'taints-null': [['PROFILE_INVALID', 9, 12, 'nodeRoles.master.taints must be a list, not null']],
  'taint-key-missing': [
    ['PROFILE_INVALID', 10, 9, 'nodeRoles.master.taints[0] needs key: the key of the taint'],
  ],
  'taint-effect-missing': [
    [
      'PROFILE_INVALID',
      10,
      9,
      'nodeRoles.master.taints[0] needs effect: what the taint does to pods that do not tolerate it',
    ],
  ],
  'yaml-unclosed': [
    [
      'PROFILE_SYNTAX',
      18,
      5,
      'this is no YAML: Flow map in block collection must be sufficiently indented and end with a }',
    ],
  ],
  'yaml-duplicate-key': [['PROFILE_SYNTAX', 20, 5, 'this is no YAML: Map keys must be unique']],
  'yaml-two-documents': [
    [
      'PROFILE_SYNTAX',
      5,
      1,
      'this is no YAML: Source contains multiple documents; please use YAML.parseAllDocuments()',
    ],
  ],
  'api-version-other': [
    ['PROFILE_INVALID', 1, 13, 'apiVersion must be bulkhead.dev/v1, not "bulkhead.dev/v2"'],
  ],
  'kind-other': [['PROFILE_INVALID', 2, 7, 'kind must be Profile, not "Profil"']],
  'metadata-name-invalid': [
    [
      'PROFILE_INVALID',
      4,
      9,
      "metadata.name must not be \"Test Cluster\": the name that reports and Constraints carry: at most 63 lower case letters, digits, '-' and '.'",
    ],
  ],
  'metadata-name-two-dots': [
    [
      'PROFILE_INVALID',
      4,
      9,
      "metadata.name must not be \"test..1\": the name that reports and Constraints carry: at most 63 lower case letters, digits, '-' and '.'",
    ],
  ],
  'unknown-top-key': [
    ['PROFILE_INVALID', 1, 1, 'the profile needs components: the rows of the table'],
    ['PROFILE_INVALID', 15, 1, 'the profile has no key component: did you mean components?'],
  ],
  'unknown-row-key': [
    ['PROFILE_INVALID', 19, 5, 'components[0] has no key replica: did you mean replicas?'],
  ],
  'unknown-row-key-like-none': [
    [
      'PROFILE_INVALID',
      19,
      5,
      'components[0] has no key owner: expected name, match, type, replicas, nodeRole, antiAffinity, disruptionControl, static, managed',
    ],
  ],
  'unknown-match-key': [
    [
      'PROFILE_INVALID',
      17,
      48,
      'components[0].match has no key labels: expected namespace, name, kind',
    ],
  ],
  'unknown-taint-key': [
    [
      'PROFILE_INVALID',
      12,
      9,
      'nodeRoles.master.taints[0] has no key operator: expected key, value, effect',
    ],
  ],
  'role-name-all': [
    [
      'PROFILE_INVALID',
      12,
      3,
      'nodeRoles must not have the key "all": the name of a role: at most 63 lower case letters, digits and \'-\', and neither `all` nor `any`',
    ],
  ],
  'role-name-invalid': [
    [
      'PROFILE_INVALID',
      12,
      3,
      'nodeRoles must not have the key "Worker Nodes": the name of a role: at most 63 lower case letters, digits and \'-\', and neither `all` nor `any`',
    ],
  ],
  'label-key-invalid': [
    [
      'PROFILE_INVALID',
      14,
      7,
      "nodeRoles.worker.labels must not have the key \"node role\": a key of a label or taint: at most 63 letters, digits, '-', '_' and '.', with a DNS subdomain and '/' before them or without",
    ],
  ],
  'label-key-prefix-too-long': [
    [
      'PROFILE_INVALID',
      14,
      7,
      "nodeRoles.worker.labels must not have the key \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…: a key of a label or taint: at most 63 letters, digits, '-', '_' and '.', with a DNS subdomain and '/' before them or without",
    ],
  ],
  'label-value-invalid': [
    [
      'PROFILE_INVALID',
      14,
      37,
      "nodeRoles.worker.labels.node-role.kubernetes.io/node must not be \"a b\": the value, or a list of the values, that the label has on the role's nodes: each at most 63 letters, digits, '-', '_' and '.', or empty",
    ],
  ],
  'label-value-too-long': [
    [
      'PROFILE_INVALID',
      14,
      37,
      "nodeRoles.worker.labels.node-role.kubernetes.io/node must not be \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…: the value, or a list of the values, that the label has on the role's nodes: each at most 63 letters, digits, '-', '_' and '.', or empty",
    ],
  ],
  'label-value-unquoted': [
    [
      'PROFILE_INVALID',
      14,
      37,
      'nodeRoles.worker.labels.node-role.kubernetes.io/node must be a string or a list, not true: put it in quotes',
    ],
  ],
  'label-value-in-list-invalid': [
    [
      'PROFILE_INVALID',
      14,
      42,
      "nodeRoles.worker.labels.node-role.kubernetes.io/node[1] must not be \"-\": a value of a label or taint: at most 63 letters, digits, '-', '_' and '.', or empty",
    ],
  ],
  'node-label-unquoted': [
    ['PROFILE_INVALID', 16, 9, 'nodeLabels.size must be a string, not 1: put it in quotes'],
  ],
  'node-label-key-invalid': [
    [
      'PROFILE_INVALID',
      16,
      3,
      "nodeLabels must not have the key \"/os\": a key of a label or taint: at most 63 letters, digits, '-', '_' and '.', with a DNS subdomain and '/' before them or without",
    ],
  ],
  'node-label-marks-role': [
    [
      'PROFILE_INVALID',
      14,
      7,
      'node-role.kubernetes.io/node cannot mark a role: nodeLabels says that every node has it, with the value ""',
    ],
  ],
  'taint-key-invalid': [
    [
      'PROFILE_INVALID',
      10,
      14,
      "nodeRoles.master.taints[0].key must not be \"a/b/c\": a key of a label or taint: at most 63 letters, digits, '-', '_' and '.', with a DNS subdomain and '/' before them or without",
    ],
  ],
  'taint-value-invalid': [
    [
      'PROFILE_INVALID',
      12,
      16,
      "nodeRoles.master.taints[0].value must not be \"a b\": a value of a label or taint: at most 63 letters, digits, '-', '_' and '.', or empty",
    ],
  ],
  'taint-effect-misspelt': [
    [
      'PROFILE_INVALID',
      11,
      17,
      'nodeRoles.master.taints[0].effect must be NoSchedule, PreferNoSchedule or NoExecute, not "NoSchedul"; did you mean NoSchedule?',
    ],
  ],
  'taint-twice': [
    [
      'PROFILE_INVALID',
      12,
      9,
      'a node has only one taint of key node-role.kubernetes.io/master and effect NoSchedule: the role master has two',
    ],
  ],
  'type-misspelt': [
    [
      'PROFILE_INVALID',
      18,
      11,
      'components[0].type must be Pod, Deployment, ReplicaSet, ReplicationController, DaemonSet, StatefulSet, Job or CronJob, not "Deploymnet"; did you mean Deployment?',
    ],
  ],
  'type-like-none': [
    [
      'PROFILE_INVALID',
      18,
      11,
      'components[0].type must be Pod, Deployment, ReplicaSet, ReplicationController, DaemonSet, StatefulSet, Job or CronJob, not "Node"',
    ],
  ],
  'match-kind-misspelt': [
    [
      'PROFILE_INVALID',
      17,
      54,
      'components[0].match.kind must be Pod, Deployment, ReplicaSet, ReplicationController, DaemonSet, StatefulSet, Job or CronJob, not "Daemonset"; did you mean DaemonSet?',
    ],
  ],
  'replicas-string': [
    ['PROFILE_INVALID', 19, 15, 'components[0].replicas must be a whole number, not "2"'],
  ],
  'replicas-negative': [
    [
      'PROFILE_INVALID',
      19,
      15,
      'components[0].replicas must not be -1: how many pods it runs, for a kind that counts them: a whole number, not negative',
    ],
  ],
  'replicas-fraction': [
    ['PROFILE_INVALID', 19, 15, 'components[0].replicas must be a whole number, not 1.5'],
  ],
  'replicas-not-a-number': [
    ['PROFILE_INVALID', 19, 15, 'components[0].replicas must be a whole number, not NaN'],
  ],
  'replicas-infinite': [
    ['PROFILE_INVALID', 19, 15, 'components[0].replicas must be a whole number, not Infinity'],
  ],
  'anti-affinity-word': [
    ['PROFILE_INVALID', 21, 19, 'components[0].antiAffinity must be true or false, not "yes"'],
  ],
  'role-unknown': [
    [
      'PROFILE_ROLE_UNKNOWN',
      20,
      15,
      'nodeRoles declares no role control-plane: expected master, worker, all, any',
    ],
  ],
  'role-misspelt': [
    ['PROFILE_ROLE_UNKNOWN', 20, 15, 'nodeRoles declares no role mastr: did you mean master?'],
  ],
  'other-workloads-role-unknown': [
    ['PROFILE_ROLE_UNKNOWN', 22, 13, 'nodeRoles declares no role workers: did you mean worker?'],
  ],
  'other-workloads-role-all': [
    ['PROFILE_ROLE_UNKNOWN', 22, 13, 'nodeRoles declares no role all: expected master, worker'],
  ],
  'component-name-twice': [
    ['PROFILE_COMPONENT_DUPLICATE', 21, 11, 'a component is already called dns'],
  ],
  'component-match-twice': [
    ['PROFILE_COMPONENT_DUPLICATE', 22, 5, 'the component dns already matches just these objects'],
  ],
  'namespace-no-dns-label': [
    [
      'PROFILE_ROW_UNMATCHABLE',
      17,
      24,
      'components[0].match.namespace must not be "kube.system": the namespace, exactly: at most 63 lower case letters, digits and \'-\'',
    ],
  ],
  'namespace-empty': [
    [
      'PROFILE_ROW_UNMATCHABLE',
      17,
      24,
      'components[0].match.namespace must not be "": the namespace, exactly: at most 63 lower case letters, digits and \'-\'',
    ],
  ],
  'namespace-pattern': [
    [
      'PROFILE_ROW_UNMATCHABLE',
      17,
      24,
      'components[0].match.namespace must not be "kube-*": the namespace, exactly: at most 63 lower case letters, digits and \'-\'',
    ],
  ],
  'match-name-upper-case': [
    [
      'PROFILE_ROW_UNMATCHABLE',
      17,
      43,
      "components[0].match.name must not be \"DNS\": the name of an object, or a pattern in which one '*' stands for any part of it: at most 253 lower case letters, digits, '-' and '.'",
    ],
  ],
  'match-name-empty': [
    [
      'PROFILE_ROW_UNMATCHABLE',
      17,
      43,
      "components[0].match.name must not be \"\": the name of an object, or a pattern in which one '*' stands for any part of it: at most 253 lower case letters, digits, '-' and '.'",
    ],
  ],
  'match-name-two-stars': [
    [
      'PROFILE_ROW_UNMATCHABLE',
      17,
      43,
      "components[0].match.name must not be \"*dns*\": the name of an object, or a pattern in which one '*' stands for any part of it: at most 253 lower case letters, digits, '-' and '.'",
    ],
  ],
  'match-name-two-dots': [
    [
      'PROFILE_ROW_UNMATCHABLE',
      17,
      43,
      "components[0].match.name must not be \"dns..a\": the name of an object, or a pattern in which one '*' stands for any part of it: at most 253 lower case letters, digits, '-' and '.'",
    ],
  ],
  'match-name-too-long': [
    [
      'PROFILE_ROW_UNMATCHABLE',
      17,
      43,
      "components[0].match.name must not be \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…: the name of an object, or a pattern in which one '*' stands for any part of it: at most 253 lower case letters, digits, '-' and '.'",
    ],
  ],
  'match-kind-not-type': [
    [
      'PROFILE_ROW_UNMATCHABLE',
      18,
      11,
      'a row that matches only a StatefulSet can never be a Deployment',
    ],
  ],
  'replicas-of-a-daemonset': [
    [
      'PROFILE_ROW_UNMATCHABLE',
      19,
      5,
      'a DaemonSet has no number of replicas: leave the column out',
    ],
  ],
  'replicas-of-a-pod': [
    ['PROFILE_ROW_UNMATCHABLE', 19, 5, 'a Pod has no number of replicas: leave the column out'],
  ],
  'replicas-of-a-job': [
    ['PROFILE_ROW_UNMATCHABLE', 19, 5, 'a Job has no number of replicas: leave the column out'],
  ],
  'replicas-of-a-cronjob': [
    ['PROFILE_ROW_UNMATCHABLE', 19, 5, 'a CronJob has no number of replicas: leave the column out'],
  ],
  'replicas-of-a-matched-kind': [
    [
      'PROFILE_ROW_UNMATCHABLE',
      18,
      5,
      'a DaemonSet has no number of replicas: leave the column out',
    ],
  ],
  'anti-affinity-of-a-daemonset': [
    [
      'PROFILE_ROW_UNMATCHABLE',
      19,
      5,
      'a DaemonSet never has two pods on a node: leave the column out',
    ],
  ],
  'row-without-column': [
    [
      'PROFILE_ROW_UNMATCHABLE',
      16,
      11,
      'the row dns judges nothing: give it type, replicas, nodeRole, antiAffinity or disruptionControl',
    ],
  ],
  'row-only-managed': [
    [
      'PROFILE_ROW_UNMATCHABLE',
      16,
      11,
      'the row dns judges nothing: give it type, replicas, nodeRole, antiAffinity or disruptionControl',
    ],
  ],
  'other-workloads-nothing-reserved': [
    [
      'PROFILE_ROW_UNMATCHABLE',
      22,
      13,
      'this row judges nothing: no other role has a taint of effect NoSchedule or NoExecute',
    ],
  ],
  'other-workloads-column-text': [
    [
      'PROFILE_INVALID',
      23,
      22,
      'otherWorkloads.disruptionControl must be true or false, not "maybe"',
    ],
  ],
  'other-workloads-on-the-reserved-role': [
    [
      'PROFILE_ROW_UNMATCHABLE',
      22,
      13,
      'this row judges nothing: no other role has a taint of effect NoSchedule or NoExecute',
    ],
  ],
  'exempt-namespace-of-a-row': [
    [
      'PROFILE_ROW_UNMATCHABLE',
      17,
      24,
      'nothing is judged in kube-system: exemptNamespaces lists it',
    ],
  ],
  'exempt-namespace-pattern': [
    [
      'PROFILE_INVALID',
      23,
      20,
      `exemptNamespaces[0] must not be "kube-*": a namespace: at most 63 lower case letters, digits and '-'`,
    ],
  ],
  'static-deployment': [
    [
      'PROFILE_ROW_UNMATCHABLE',
      21,
      5,
      'kubelets run only Pods from files, and no Deployment: leave static out',
    ],
  ],
  'scheduler-name-invalid': [
    [
      'PROFILE_INVALID',
      23,
      27,
      "schedulers[1] must not be \"Bin Packing\": the name of a scheduler: at most 253 lower case letters, digits, '-' and '.'",
    ],
  ],
  'custom-workload-group-without-dot': [
    [
      'PROFILE_INVALID',
      24,
      13,
      'customWorkloads[0].group must not be "apps": the API group, without a version: a DNS name with a dot',
    ],
  ],
  'custom-workload-kind-missing': [
    ['PROFILE_INVALID', 24, 5, 'customWorkloads[0] needs kind: the kind: letters and digits'],
  ],
  'custom-workload-no-pods': [
    [
      'PROFILE_INVALID',
      24,
      45,
      'customWorkloads[0].pods must not be []: the paths of its pod specs, or of maps with those fields of one that place a pod: at least one',
    ],
  ],
  'custom-workload-two-stars': [
    [
      'PROFILE_INVALID',
      24,
      46,
      'customWorkloads[0].pods[0] must not be "spec.*.parts.*.spec": a path of keys with dots between them, such as `spec.template.spec`; one of them may be `*`, which stands for every item of a list or map',
    ],
  ],
  'many-mistakes': [
    ['PROFILE_INVALID', 5, 3, 'metadata has no key titel: did you mean title?'],
    [
      'PROFILE_INVALID',
      12,
      17,
      'nodeRoles.master.taints[0].effect must be NoSchedule, PreferNoSchedule or NoExecute, not "NoShedule"; did you mean NoSchedule?',
    ],
    ['PROFILE_ROLE_UNKNOWN', 21, 15, 'nodeRoles declares no role masterr: did you mean master?'],
    ['PROFILE_COMPONENT_DUPLICATE', 22, 11, 'a component is already called dns'],
    [
      'PROFILE_ROW_UNMATCHABLE',
      22,
      11,
      'the row dns judges nothing: give it type, replicas, nodeRole, antiAffinity or disruptionControl',
    ],
    [
      'PROFILE_INVALID',
      24,
      5,
      'components[2] needs name: what reports call the component, not blank',
    ],
    [
      'PROFILE_ROW_UNMATCHABLE',
      24,
      24,
      'components[2].match.namespace must not be "Kube": the namespace, exactly: at most 63 lower case letters, digits and \'-\'',
    ],
    ['PROFILE_ROLE_UNKNOWN', 26, 13, 'nodeRoles declares no role wrker: did you mean worker?'],
  ],
};

/** The codes that a profile's text can have; that of a profile's name is the command line's. */
const CODES = {
  PROFILE_SYNTAX: true,
  PROFILE_INVALID: true,
  PROFILE_ROLE_UNKNOWN: true,
  PROFILE_ROLE_UNMARKED: true,
  PROFILE_COMPONENT_DUPLICATE: true,
  PROFILE_ROW_UNMATCHABLE: true,
} as const satisfies Record<
  Exclude<Extract<ErrorCode, `PROFILE_${string}`>, 'PROFILE_UNKNOWN'>,
  true
>;

describe('an invalid profile', () => {
  for (const [name, expected] of Object.entries(MISTAKES)) {
    const file = `${INVALID}/${name}.yaml`;
    test(`${name}: every mistake is told with its place and what was expected`, () => {
      assert.deepEqual(mistakesOf(file, textOf(file)), expected);
    });
  }

  test('the folder holds the files of the table and no others', () => {
    const files = readdirSync(`${ROOT}/${INVALID}`).sort();
    assert.deepEqual(
      files,
      Object.keys(MISTAKES)
        .map((name) => `${name}.yaml`)
        .sort(),
    );
  });

  test('every code of a profile occurs', () => {
    const codes = new Set(Object.values(MISTAKES).flatMap((rows) => rows.map(([code]) => code)));
    assert.deepEqual([...codes].sort(), Object.keys(CODES).sort());
  });

  for (const name of PROFILE_NAMES) {
    test(`null stands for nothing anywhere in ${name}`, () => {
      const { value } = readYaml('', textOf(profileFile(name)), 'PROFILE_SYNTAX');
      const accepted = pathsIn(value).filter(
        (path) => readProfile('', writeYaml(withNull(value, path))).kind === 'profile',
      );
      assert.deepEqual(accepted, []);
    });
  }
});

describe('a valid profile', () => {
  const text = (rest: string) => `apiVersion: bulkhead.dev/v1
kind: Profile
metadata: {name: test}
nodeRoles: {worker: {labels: {role: worker}}}
components: []
${rest}`;
  const plain: Profile = {
    name: 'test',
    title: 'test',
    nodeRoles: [{ name: 'worker', labels: [{ key: 'role', value: 'worker' }], taints: [] }],
    nodeLabels: [],
    schedulers: [],
    customWorkloads: [],
    exemptNamespaces: [],
    schedulerUsers: [],
    components: [],
  };
  const replaced = (from: string, to: string) => text('').replace(from, to);
  const row = { name: 'dns', match: { namespace: 'x', name: 'dns' } };

  for (const { law, written, profile } of [
    {
      law: 'what it does not say is absent, and its title is its name',
      written: text(''),
      profile: plain,
    },
    {
      law: 'its title may be another than its name, and its description is for people',
      written: replaced('name: test', 'name: test, title: Test it, description: For tests.'),
      profile: { ...plain, title: 'Test it' },
    },
    {
      law: 'paths of pods in custom workloads are keys',
      written: text(
        'customWorkloads: [{group: shop.example, kind: Till, pods: [spec.drawers.*.spec]}]',
      ),
      profile: {
        ...plain,
        customWorkloads: [
          { group: 'shop.example', kind: 'Till', pods: [['spec', 'drawers', '*', 'spec']] },
        ],
      },
    },
    {
      law: 'schedulers that heed taints are names',
      written: text('schedulers: [bin-packing]'),
      profile: { ...plain, schedulers: ['bin-packing'] },
    },
    {
      law: 'other workloads may be judged by more than where they run',
      written: text('otherWorkloads: {nodeRole: worker, disruptionControl: true}'),
      profile: { ...plain, otherWorkloads: { nodeRole: 'worker', disruptionControl: true } },
    },
    {
      law: 'namespaces that are exempt are names',
      written: text('exemptNamespaces: [shop]'),
      profile: { ...plain, exemptNamespaces: ['shop'] },
    },
    {
      law: 'users that bind as a scheduler does are names',
      written: text('schedulerUsers: [binder]'),
      profile: { ...plain, schedulerUsers: ['binder'] },
    },
    {
      law: 'labels of every node are pairs',
      written: text('nodeLabels: {kubernetes.io/os: linux}'),
      profile: { ...plain, nodeLabels: [{ key: 'kubernetes.io/os', value: 'linux' }] },
    },
    {
      law: 'a role may be marked by several labels and by several values of one',
      written: replaced('{role: worker}', '{role: [worker, node], old/worker: ""}'),
      profile: {
        ...plain,
        nodeRoles: [
          {
            name: 'worker',
            labels: [
              { key: 'role', value: 'worker' },
              { key: 'role', value: 'node' },
              { key: 'old/worker', value: '' },
            ],
            taints: [],
          },
        ],
      },
    },
    {
      law: 'a taint without a value has an empty one, and one key may have two effects',
      written: replaced(
        '{role: worker}',
        '{role: worker}, taints: [{key: a, effect: NoSchedule}, {key: a, value: b, effect: NoExecute}]',
      ),
      profile: {
        ...plain,
        nodeRoles: [
          {
            name: 'worker',
            labels: [{ key: 'role', value: 'worker' }],
            taints: [
              { key: 'a', value: '', effect: 'NoSchedule' },
              { key: 'a', value: 'b', effect: 'NoExecute' },
            ],
          },
        ],
      },
    },
    {
      law: 'a row has the columns that are written and no others',
      written: replaced(
        '[]',
        '[{name: dns, match: {namespace: x, name: dns}, replicas: 0, disruptionControl: false}]',
      ),
      profile: { ...plain, components: [{ ...row, replicas: 0, disruptionControl: false }] },
    },
    {
      law: 'one name may be that of two rows of different kinds',
      written: replaced(
        '[]',
        `
  - {name: one, match: {namespace: x, name: dns, kind: Job}, type: Job}
  - {name: two, match: {namespace: x, name: dns, kind: Pod}, nodeRole: any}`,
      ),
      profile: {
        ...plain,
        components: [
          { name: 'one', match: { ...row.match, kind: 'Job' }, type: 'Job' },
          { name: 'two', match: { ...row.match, kind: 'Pod' }, nodeRole: 'any' },
        ],
      },
    },
  ] satisfies readonly { law: string; written: string; profile: Profile }[]) {
    test(law, () => {
      assert.deepEqual(readProfile('', written), { kind: 'profile', profile });
    });
  }

  for (const name of ['*', 'etcd-*', '*-etcd', 'a*.b', 'a.b', '0', 'a'.repeat(253)]) {
    test(`a row may match the name ${name.slice(0, 20)}`, () => {
      const match = `[{name: dns, match: {namespace: x, name: "${name}"}, type: Pod}]`;
      assert.equal(readProfile('', replaced('[]', match)).kind, 'profile');
    });
  }
});

describe('the profiles that ship', () => {
  for (const name of PROFILE_NAMES) {
    const file = profileFile(name);
    test(`${name} is clean, follows the schema and has its directory's name`, () => {
      const read = readProfile(file, textOf(file));
      assert.ok(read.kind === 'profile', JSON.stringify(read));
      assert.equal(read.profile.name, name);
      assert.ok(validate(readYaml(file, textOf(file), 'PROFILE_SYNTAX').value));
    });
  }

  test('tectonic-1.6.4 has the rows of the document', () => {
    const file = 'profiles/tectonic-1.6.4/profile.yaml';
    const read = readProfile(file, textOf(file));
    const rows = read.kind === 'profile' ? read.profile.components : [];
    const column = (value: unknown) => (value === undefined ? '-' : String(value));
    assert.deepEqual(
      rows.map((row) =>
        [row.name, row.type, row.replicas, row.nodeRole, row.antiAffinity, row.disruptionControl]
          .map(column)
          .join(' '),
      ),
      [
        'kube-apiserver DaemonSet - master - -',
        'kube-controller-manager Deployment 2 master true true',
        'kube-scheduler Deployment 2 master true true',
        'kube-dns Deployment 1 master - false',
        'kube-flannel DaemonSet - all - -',
        'kube-proxy DaemonSet - all - -',
        'kube-etcd-network-checkpointer DaemonSet - master - -',
        'pod-checkpointer DaemonSet - master - -',
        'etcd-operator Deployment 1 any - false',
        'kube-etcd Pod - master true -',
        'heapster ReplicaSet 1 any - -',
      ],
    );
    assert.deepEqual(read.kind === 'profile' && read.profile.otherWorkloads, {
      nodeRole: 'worker',
    });
  });
});

describe('the schema of profiles', () => {
  test('it describes every property', () => {
    const schema = JSON.parse(textOf('profiles/profile.schema.json'));
    assert.deepEqual(undescribed(schema, '#'), []);
  });

  test('the validator is what scripts/profile-validator.ts makes of it', async () => {
    const message = 'npx tsx scripts/profile-validator.ts makes it again';
    assert.equal(readFileSync(VALIDATOR, 'utf8'), await profileValidator(), message);
  });
});

function mistakesOf(file: string, text: string) {
  const read = readProfile(file, text);
  if (read.kind === 'profile') return [];
  return read.errors.map(({ code, place, message }) => {
    assert.equal(place?.file, file);
    return [code, place?.line, place?.column, message];
  });
}

function pathsIn(value: JsonValue, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const steps = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...steps.flatMap(([step, child]) => pathsIn(child, [...path, step]))];
}

function withNull(value: JsonValue, [step, ...rest]: Path): JsonValue {
  if (step === undefined || typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === step ? withNull(item, rest) : item));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === step ? withNull(item, rest) : item]),
  );
}

function undescribed(schema: unknown, path: string): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, child]) => {
    const below = undescribed(child, `${path}/${key}`);
    if (key !== 'properties') return below;
    const bare = Object.entries(child).filter(([, property]) => !hasDescription(property));
    return [...bare.map(([name]) => `${path}/properties/${name}`), ...below];
  });
}

function hasDescription(property: unknown): boolean {
  return typeof property === 'object' && property !== null && 'description' in property;
}
