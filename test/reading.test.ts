import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Problem, Report } from '../src/report/report.ts';
import { ROOT } from './support/bulkhead.ts';

// No style of YAML hides an object. A pod with a finding is where a careless reader would miss it: the
// bundle must report its place, or an error for the file.

const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-reading-'));
after(() => rmSync(scratch, { recursive: true }));

/** A pod that may run on masters. Its finding is at the operator. */
const INTRUDER = `apiVersion: v1
kind: Pod
metadata: {name: intruder, namespace: users}
spec:
  tolerations:
  - operator: Exists
`;
const INTRUDER_LINE = `{apiVersion: v1, kind: Pod, metadata: {name: intruder, namespace: users}, spec: {tolerations: [{operator: Exists}]}}`;
const INTRUDER_JSON = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'intruder', namespace: 'users' },
  spec: { tolerations: [{ operator: 'Exists' }] },
});
const QUIET = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: quiet}\n';

interface Seen {
  readonly status: number | null;
  /** `file:line:column policy` of each finding. */
  readonly findings: readonly string[];
  /** `CODE file:line:column` of each error. */
  readonly errors: readonly string[];
  /** `CODE file:line:column` of each note. */
  readonly notes: readonly string[];
  readonly summary: Report['summary'];
}

let directories = 0;

/** Writes files into a new directory, and returns its path. */
function directoryOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  directories += 1;
  const directory = join(scratch, String(directories));
  mkdirSync(directory);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  return directory;
}

/** Checks paths in a directory with the bundle. The status is null if it hangs. */
function check(cwd: string, paths: readonly string[], input: string | Uint8Array = ''): Seen {
  const { stdout, status } = spawnSync(
    process.execPath,
    [join(ROOT, 'dist/cli.cjs'), 'check', ...paths, '-p', 'tectonic-1.6.4', '-o', 'json'],
    { cwd, input, encoding: 'utf8', timeout: 20_000 },
  );
  const report = JSON.parse(stdout) as Report;
  return {
    status,
    findings: report.findings.map(
      ({ file, line, column, policy }) => `${file}:${line}:${column} ${policy}`,
    ),
    errors: report.inputErrors.map(placed),
    notes: report.notes.map(placed),
    summary: report.summary,
  };
}

function placed({ code, file, line, column }: Problem): string {
  return line === null ? `${code} ${file}` : `${code} ${file}:${line}:${column}`;
}

/** Tests that a file gives these findings and errors, each by its place. */
function reads(
  name: string,
  content: string | Uint8Array,
  found: readonly string[],
  rejected: readonly string[] = [],
): void {
  test(name, () => {
    const seen = check(directoryOf({ 'a.yaml': content }), ['a.yaml']);
    assert.deepEqual(
      seen.findings,
      found.map((place) => `a.yaml:${place} control-plane-intrusion`),
    );
    assert.deepEqual(
      seen.errors,
      rejected.map((error) => error.replace(' ', ' a.yaml:')),
    );
    assert.equal(seen.status, rejected.length > 0 ? 2 : found.length > 0 ? 1 : 0);
  });
}

describe('separators hide nothing', () => {
  reads('after --- with a comment', `${QUIET}--- # note\n${INTRUDER}`, ['10:5']);
  reads('after --- with trailing white space', `${QUIET}--- \t \n${INTRUDER}`, ['10:5']);
  reads(
    'an indented --- in a block scalar is text',
    `${QUIET}data:\n  a: |\n    ---\n    x\n---\n${INTRUDER}`,
    ['14:5'],
  );
  reads(
    'a --- without indentation ends a block scalar',
    `${QUIET}data:\n  a: |\n    x\n---\n${INTRUDER}`,
    ['13:5'],
  );
  reads(
    'content on the line of --- is rejected, and the rest is checked',
    `${QUIET}--- ${INTRUDER_LINE}\n---\n${INTRUDER}`,
    ['11:5'],
    ['MANIFEST_SYNTAX 4:1'],
  );
  reads('content after ... is rejected', `${QUIET}...\n${INTRUDER}`, [], ['MANIFEST_SYNTAX 5:1']);
  reads('a ... at the end only ends the document', `${INTRUDER}...\n`, ['6:5']);
});

describe('encodings hide nothing', () => {
  const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
  reads('a byte order mark', `\ufeff${INTRUDER}`, ['6:5']);
  reads('a byte order mark of a later document', `${QUIET}---\n\ufeff${INTRUDER}`, ['10:5']);
  reads('CRLF', INTRUDER.replaceAll('\n', '\r\n'), ['6:5']);
  reads('CR', INTRUDER.replaceAll('\n', '\r'), ['6:5']);
  reads('UTF-16, little endian', utf16(INTRUDER), ['6:5']);
  reads('UTF-16, big endian', utf16(INTRUDER).swap16(), ['6:5']);
  reads(
    'bytes that are not text are rejected',
    Buffer.concat([Buffer.from(INTRUDER), Buffer.from([0xff])]),
    [],
    ['MANIFEST_ENCODING 1:1'],
  );
  for (const [name, end] of [
    ['U+2028', '\u2028'],
    ['U+2029', '\u2029'],
    ['U+0085', '\u0085'],
    ['a lone CR', '\r'],
  ] as const) {
    const line = end === '\r' ? 2 : 1;
    const spec = 'spec: {tolerations: [{operator: Exists}]}';
    const text = `# note${end}${spec}\napiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: users}\n`;
    // An editor does not break the line at the first three.
    reads(`what follows a comment and ${name}`, text, [`${line}:${line === 1 ? 29 : 22}`]);
  }
});

describe('lists hide nothing', () => {
  const listed = (kind: string, item: string) =>
    `apiVersion: v1\nkind: ${kind}\nitems:\n- ${item}\n`;
  const bare = '{metadata: {name: a, namespace: users}, spec: {tolerations: [{operator: Exists}]}}';
  // An item is after its dash. The finding is at the toleration.
  const columnIn = (item: string) => item.indexOf('{operator') + '- '.length + 1;
  const column = columnIn(INTRUDER_LINE);
  reads('a List', listed('List', INTRUDER_LINE), [`4:${column}`]);
  reads('a typed list whose items have no kind', listed('PodList', bare), [`4:${columnIn(bare)}`]);
  reads('a ConfigMap with items', listed('ConfigMap', INTRUDER_LINE), [`4:${column}`]);
  reads(
    'a List in a List is rejected, and its siblings are checked',
    `${listed('List', `{apiVersion: v1, kind: List, items: [${INTRUDER_LINE}]}`)}- ${INTRUDER_LINE}\n`,
    [`5:${column}`],
    ['MANIFEST_OBJECT 4:3'],
  );
  test('a DeploymentList', () => {
    const pod = '{spec: {tolerations: [{operator: Exists}]}}';
    const item = `{metadata: {name: a, namespace: users}, spec: {template: ${pod}}}`;
    const list = `apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- ${item}\n`;
    const { findings } = check(directoryOf({ 'a.yaml': list }), ['a.yaml']);
    assert.deepEqual(findings, [`a.yaml:4:${columnIn(item)} control-plane-intrusion`]);
  });
});

describe('names hide nothing', () => {
  const found = (file: string, place = '6:5') => `${file}:${place} control-plane-intrusion`;
  test('YAML in a .json file, and JSON in a .yaml file, value after value', () => {
    const directory = directoryOf({ 'a.json': INTRUDER, 'b.yaml': `{}\n${INTRUDER_JSON}` });
    const { findings, summary } = check(directory, ['.']);
    const column = INTRUDER_JSON.indexOf('{"operator"') + 1;
    assert.deepEqual(findings, [found('a.json'), found('b.yaml', `2:${column}`)]);
    assert.equal(summary.otherDocuments, 1);
  });

  test('a file without an extension is read only if it is given by name', () => {
    const directory = directoryOf({ manifest: INTRUDER, 'b.yaml': QUIET });
    assert.deepEqual(check(directory, ['manifest']).findings, [found('manifest')]);
    const walked = check(directory, ['.']);
    assert.deepEqual([walked.findings, walked.summary.files], [[], 1]);
  });

  test('a loop of symbolic links ends, and each file is checked once', () => {
    const directory = directoryOf({ 'x/a.yaml': INTRUDER });
    symlinkSync('..', join(directory, 'x/up'));
    symlinkSync('self.yaml', join(directory, 'self.yaml'));
    const { findings, errors, status } = check(directory, ['.']);
    assert.deepEqual(findings, [found('x/a.yaml')]);
    assert.deepEqual(errors, ['FILE_UNREADABLE self.yaml']);
    assert.equal(status, 2);
  });

  test('an unreadable file is an error, and the others are checked', () => {
    const directory = directoryOf({ 'a.yaml': INTRUDER, 'unreadable.yaml': INTRUDER });
    symlinkSync('nowhere', join(directory, 'gone.yaml'));
    chmodSync(join(directory, 'unreadable.yaml'), 0o000);
    // Root can read any file.
    const isRoot = process.getuid?.() === 0;
    const { findings, errors, status } = check(directory, ['.']);
    assert.deepEqual(findings, [found('a.yaml'), ...(isRoot ? [found('unreadable.yaml')] : [])]);
    const unreadable = isRoot ? [] : ['FILE_UNREADABLE unreadable.yaml'];
    assert.deepEqual(errors, ['FILE_UNREADABLE gone.yaml', ...unreadable]);
    assert.equal(status, 2);
  });

  test('a pipe is rejected without waiting for it', () => {
    const directory = directoryOf({ 'a.yaml': INTRUDER });
    for (const name of ['pipe', 'pipe.yaml']) execFileSync('mkfifo', [join(directory, name)]);
    const { findings, errors, status } = check(directory, ['pipe', '.']);
    assert.deepEqual(findings, [found('a.yaml')]);
    assert.deepEqual(errors, ['FILE_UNREADABLE pipe', 'FILE_UNREADABLE pipe.yaml']);
    assert.equal(status, 2);
  });

  test('standard input', () => {
    assert.deepEqual(check(scratch, ['-'], INTRUDER).findings, [found('-')]);
    const wide = Buffer.from(`\ufeff${INTRUDER}`, 'utf16le');
    assert.deepEqual(check(scratch, ['-'], wide).findings, [found('-')]);
  });

  test('nothing on standard input is not clean', () => {
    const { status, errors } = check(scratch, ['-']);
    assert.deepEqual([status, errors], [2, ['NOTHING_TO_CHECK null']]);
  });
});

describe('units of systemd hide nothing', () => {
  const role = 'node-role.kubernetes.io/master';
  const found = (place: string) => `${place} untainted-control-plane-node`;

  test('a kubelet without the taint of masters, in a unit, a drop-in and a shell', () => {
    const directory = directoryOf({
      'kubelet.service': `[Service]\nExecStart=/usr/bin/kubelet \\\n  --node-labels=${role}\n`,
      'kubelet.service.d/20-labels.conf': `[Service]\nEnvironment="L=--v=2 --node-labels=${role}"\nExecStart=\nExecStart=/usr/bin/kubelet $L\n`,
      'other.service': `[Service]\nExecStart=/bin/sh -c 'exec kubelet --node-labels=${role}'\n`,
    });
    const { findings, errors, status, summary } = check(directory, ['.', 'other.service']);
    assert.deepEqual(findings, [
      found('kubelet.service:3:3'),
      found('kubelet.service.d/20-labels.conf:2:22'),
      found('other.service:2:22'),
    ]);
    assert.deepEqual([errors, status, summary.checked], [[], 1, 3]);
  });

  test('a note says what a unit leaves open', () => {
    const drop = `[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_EXTRA_ARGS
`;
    const seen = check(directoryOf({ 'kubelet.service.d/10-kubeadm.conf': drop }), ['.']);
    assert.deepEqual([seen.findings, seen.errors, seen.status], [[], [], 0]);
    const place = 'kubelet.service.d/10-kubeadm.conf:6';
    assert.deepEqual(
      seen.notes,
      [28, 53, 74].map((column) => `KUBELET_FLAGS_UNKNOWN ${place}:${column}`),
    );
  });

  test('a unit that does not start a kubelet is not an object, and alone not clean', () => {
    const seen = check(directoryOf({ 'a.service': '[Service]\nExecStart=/bin/true\n' }), [
      'a.service',
    ]);
    assert.deepEqual([seen.status, seen.summary.otherDocuments], [2, 1]);
    assert.deepEqual(seen.notes, []);
    assert.deepEqual(seen.errors, ['NOTHING_TO_CHECK null']);
  });
});

test('documents without objects are counted separately, and alone not clean', () => {
  const values = 'replicas: 3\nimage: x\n';
  const kustomization = 'kind: Kustomization\nresources: [a.yaml]\n';
  const all = `${values}---\n# nothing\n---\n${kustomization}---\na: {{ .Values.x }}\n---\nkind: {{ .Values.x }}\n---\n${INTRUDER}`;
  const { summary, errors } = check(directoryOf({ 'a.yaml': all }), ['a.yaml']);
  assert.deepEqual(errors, ['MANIFEST_TEMPLATE a.yaml:11:7']);
  const { documents, emptyDocuments, otherDocuments, unreadableDocuments, objects } = summary;
  assert.deepEqual(
    { documents, emptyDocuments, otherDocuments, unreadableDocuments, objects },
    { documents: 6, emptyDocuments: 1, otherDocuments: 3, unreadableDocuments: 1, objects: 1 },
  );
  const alone = check(directoryOf({ 'a.yaml': values }), ['a.yaml']);
  assert.deepEqual([alone.status, alone.errors], [2, ['NOTHING_TO_CHECK null']]);
});
