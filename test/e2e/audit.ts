import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { tool } from '../../scripts/tools.ts';
import type { Report } from '../../src/report/report.ts';
import { bulkhead, type Ran } from '../support/main.ts';
import type { Cluster } from './cluster.ts';
import { succeed } from './gatekeeper.ts';

// `bulkhead audit` of a real control plane, through kubectl.

/** What the command prints of a cluster, and its report. */
export async function auditOf(
  cluster: Cluster,
  profile: string,
  flags: readonly string[] = [],
): Promise<Ran & { readonly report: Report }> {
  const ran = await run(cluster, ['audit', '-p', profile, '--no-config', '-o', 'json', ...flags]);
  assert.notEqual(ran.stdout, '', ran.stderr);
  return { ...ran, report: JSON.parse(ran.stdout) };
}

function run({ files }: Cluster, argv: readonly string[]): Promise<Ran> {
  const root = dirname(files.config);
  const env = { PATH: dirname(tool('kubectl')), KUBECONFIG: files.config, HOME: root };
  return bulkhead(argv, { root, today: new Date().toISOString().slice(0, 10), env });
}

const USER = 'jane';
const AS_USER = `--as=${USER}`;
const ROLE = 'bulkhead-audit';

/** Tests which rights an audit needs: those that `--print-rbac` prints, and no others. */
export function testRights(clusterOf: () => Cluster, profile: string): void {
  test('a user without rights learns what was not checked, with exit status 2', async () => {
    const { status, report } = await auditOf(clusterOf(), profile, [AS_USER]);
    assert.equal(status, 2);
    assert.ok(report.inputErrors.every(({ code }) => code === 'KIND_FORBIDDEN'));
    const [{ cluster } = assert.fail()] = report.read;
    assert.equal(cluster?.user, USER);
    const states = new Set(cluster?.kinds.map(({ state }) => state));
    assert.deepEqual([...states].sort(), ['forbidden', 'notServed']);
    const page = await run(clusterOf(), ['audit', '-p', profile, '--no-config', AS_USER]);
    assert.match(page.stdout, /\n {2}nodes +forbidden\n/);
    assert.match(page.stdout, /audit --print-rbac --as jane \| kubectl apply -f -\n/);
  });

  test('the rights that are printed are enough, and each is used', async (context) => {
    const cluster = clusterOf();
    const rights = await run(cluster, ['audit', '--print-rbac', '-p', profile, AS_USER]);
    const bytes = new TextEncoder().encode(rights.stdout);
    await succeed(cluster, ['apply', '-f', '-'], bytes);
    const [own, all] = [
      await auditOf(cluster, profile, [AS_USER]),
      await auditOf(cluster, profile),
    ];
    assert.deepEqual(own.report.inputErrors, []);
    assert.deepEqual(own.report.findings, all.report.findings);
    // What the role lists and the cluster serves was read.
    const role: Role = JSON.parse(await cluster.print(['get', 'clusterrole', ROLE, '-o', 'json']));
    const [{ cluster: read } = assert.fail()] = own.report.read;
    const listed = (read?.kinds ?? []).filter(({ state }) => state === 'listed');
    const granted = role.rules.flatMap(({ apiGroups, resources, verbs }) => {
      assert.deepEqual(verbs, ['list']);
      return resources.flatMap((resource) => apiGroups.map((group) => named(resource, group)));
    });
    const served = (await cluster.print(['api-resources', '--verbs=list', '-o', 'name'])).split(
      '\n',
    );
    assert.deepEqual(
      granted.filter((resource) => served.includes(resource)).sort(),
      listed.map(({ resource }) => resource).sort(),
    );
    context.diagnostic(`${listed.length} kinds listed of ${granted.length} that are granted`);
    // Without one of the rules it is not enough.
    const index = role.rules.findIndex(({ apiGroups }) => apiGroups.includes('policy'));
    const patch = [{ op: 'remove', path: `/rules/${index}` }];
    await succeed(cluster, [
      'patch',
      'clusterrole',
      ROLE,
      '--type=json',
      '-p',
      JSON.stringify(patch),
    ]);
    const less = await auditOf(cluster, profile, [AS_USER]);
    assert.equal(less.status, 2);
    assert.match(less.report.inputErrors[0]?.message ?? '', /^poddisruptionbudgets\.policy /);
  });
}

interface Role {
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

function named(resource: string, group: string): string {
  return group === '' ? resource : `${resource}.${group}`;
}
