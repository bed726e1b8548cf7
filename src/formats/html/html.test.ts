import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { anyReport } from '../../../test/support/hostile-reports.ts';
import { nodesOf, rolesOnly, SMALL, workload } from '../../../test/support/reaches.ts';
import {
  FINDING,
  INPUT_ERROR,
  NOTE,
  PICTURE,
  REPORT,
  SIMULATION,
  SUMMARY,
} from '../../../test/support/samples.ts';
import type { Reach } from '../../report/reach.ts';
import type { Report } from '../../report/report.ts';
import type { Drain } from '../../simulation/drain.ts';
import type { Simulation } from '../../simulation/simulation.ts';
import type { Workload } from '../../simulation/world.ts';
import type { Context } from '../context.ts';
import { renderHtml } from './html.ts';
import type { ClusterPicture } from './picture.ts';

const CONTEXT: Context = {
  source: () => undefined,
  color: false,
  width: 80,
  catalogue: { version: '1.2.3', repository: 'https://example.org/project', policies: [] },
  pages: () => ({}),
};

interface Given {
  readonly report?: Partial<Report>;
  readonly reach?: Reach;
  readonly simulation?: Simulation | null;
  readonly context?: Partial<Context>;
}

function page({
  report = {},
  reach = SMALL,
  simulation = SIMULATION,
  context = {},
}: Given): string {
  const cluster: ClusterPicture = {
    reach,
    reservedRoles: ['master'],
    simulation,
    notSimulated: simulation === null ? 'no node that a component can run on' : null,
  };
  return renderHtml(
    { ...PICTURE, report: { ...REPORT, ...report }, clusters: [cluster] },
    { ...CONTEXT, ...context },
  );
}

/** The text of a page, without its tags. */
function textOf(html: string): string {
  return html
    .replace(/<style>.*<\/style>|<script>.*<\/script>/gs, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

describe('the page as such', () => {
  const html = page({ report: { findings: [FINDING] } });
  test('it allows its own style and script by their hashes, and nothing else', () => {
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const hash = (tag: string) => {
      const [, text = ''] = new RegExp(`<${tag}>(.*)</${tag}>`, 's').exec(html) ?? [];
      return `sha256-${createHash('sha256').update(text).digest('base64')}`;
    };
    assert.equal(
      policy.replaceAll('&#39;', "'"),
      `default-src 'none'; style-src '${hash('style')}'; script-src '${hash('script')}'; base-uri 'none'; form-action 'none'`,
    );
    assert.doesNotMatch(html, /\s(?:style|on[a-z]+)="|<link|<img|url\(|@import/);
  });
  test('it has a language, a title and headings in order', () => {
    assert.match(html, /^<!doctype html><html lang="en">/);
    assert.match(html, /<title>Bulkhead: who can run where \(checked against sample\)<\/title>/);
    const levels = [...html.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
    assert.deepEqual(levels, [1, 2, 3, 2]);
  });
  test('each link leads to something', () => {
    const ids = new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
    const links = [...html.matchAll(/\shref="#([^"]+)"/g)].map(([, id]) => id);
    assert.ok(links.length > 10);
    assert.deepEqual(
      links.filter((id) => !ids.has(id)),
      [],
    );
  });
});

/** Elements that have no end. */
const VOID = ['meta', 'input', 'use', 'path', 'circle', 'br'];

test('any report: all tags are those of the page, and each ends', () => {
  fc.assert(
    fc.property(anyReport, (report) => {
      const source = () => report.findings.map(({ message }) => message).join('\n');
      const html = page({ report, context: { source } }).replace(
        /<style>.*<\/style>|<script>.*<\/script>/gs,
        '',
      );
      const open: string[] = [];
      const rest = html.replaceAll(
        /<(\/?)([a-z0-9]+|!doctype)((?:\s[a-zA-Z-]+(?:="[^"<>]*")?)*)\s*\/?>/g,
        (_, end, name) => {
          if (end !== '') assert.equal(open.pop(), name);
          else if (!VOID.includes(name) && name !== '!doctype') open.push(name);
          return '';
        },
      );
      assert.deepEqual(open, []);
      assert.doesNotMatch(rest, /[<>]/);
    }),
  );
});

describe('the map', () => {
  test('a row has its kind, where it belongs, a cell a node, and what was found', () => {
    const [apiserver] = SMALL.workloads;
    const finding = { ...FINDING, object: apiserver?.object ?? FINDING.object };
    const html = page({ report: { findings: [finding] } });
    const [row = ''] =
      /<tr class="bad"><th scope="row" class="first" abbr="kube-apiserver">.*?<\/tr>/.exec(html) ??
      [];
    const cells = [...row.matchAll(/<td class="c ([a-z]+)( wall)?" title="([^"]*)">/g)].map(
      ([, ...parts]) => parts.join('|'),
    );
    const off = 'has no taint to tolerate';
    const leak =
      'can run here, and must not: it tolerates node-role.kubernetes.io/master:NoSchedule';
    assert.deepEqual(cells, [
      `k||master-0: can run here, as it should: it ${off}`,
      `k||master-1: can run here, as it should: it ${off}`,
      `k||master-2: can run here, as it should: it ${off}`,
      `l| wall|worker-0: ${leak}`,
      `l||worker-1: ${leak}`,
    ]);
    assert.match(row, /<td class="on">master<\/td>/);
    assert.match(row, /<a class="chip error" href="#f0" title="it is wrong">leaves its role<\/a>/);
    const waived = page({ report: { findings: [{ ...finding, status: 'waived' }] } });
    assert.match(waived, /<a class="chip accepted" [^>]*>leaves its role \(waived\)<\/a>/);
    assert.match(textOf(row), /worker-0, worker-1 : can run here, and must not: it tolerates/);
    assert.match(
      row,
      /<span class="v">kube-apiserver on worker-0: can run here, and must not<\/span>/,
    );
  });
  test('pods that run now are counted, on nodes outside of the input too', () => {
    const own = workload('web', nodesOf('fffrr'), { running: { 'master-0': 1, gone: 2 } });
    const text = textOf(page({ reach: { ...SMALL, workloads: [own] } }));
    assert.match(text, /shop\/web on master-0: can run here, and must not; 1 pod here now/);
    assert.match(text, /Pods on nodes that are not in the input: gone \(2 pods\)/);
  });
  test('a static pod has a dash, which is in the legend, and belongs on no role', () => {
    const byRole = SMALL.roles.map(() => ({ share: 'none', expected: 'allowed' }) as const);
    const more = { component: 'api', nodeRole: null, isStatic: true, byRole };
    const own = workload('api', nodesOf('xxxxx'), more);
    const html = page({ reach: { ...SMALL, workloads: [own] } });
    assert.match(html, /<td class="on">static pod<\/td>/);
    const cell =
      /<td class="c o" title="master-0: is not placed by a scheduler: it is a static pod, and runs where its file is"><span class="dim" aria-hidden="true">—<\/span><span class="v">api on master-0: is not placed by a scheduler<\/span><\/td>/;
    assert.match(html, cell);
    assert.match(textOf(html), /static pod: not placed by a scheduler/);
    const mirrors = { ...own, byNode: nodesOf('rrxxx') };
    const known = page({ reach: { ...SMALL, workloads: [mirrors] } });
    assert.doesNotMatch(known, /—/);
    assert.match(known, /<td class="on">static pod<\/td>/);
  });
  test('what crosses the wall by nodes or objects that are not drawn is counted, and said', () => {
    const own = workload('web', nodesOf('---rr'));
    const binding = { apiVersion: 'v1', kind: 'Binding', namespace: 'shop', name: 'db' };
    const reach = { ...SMALL, workloads: [own] };
    const policy = 'scheduler-bypass';
    const none = textOf(page({ reach }));
    assert.match(none, / 0 workloads can cross the wall /);
    assert.doesNotMatch(none, /that are not on this map|Without a row/);
    const text = textOf(
      page({
        reach,
        report: {
          findings: [
            { ...FINDING, policy, object: own.object },
            { ...FINDING, policy, object: binding },
            { ...FINDING, policy, object: binding },
          ],
        },
      }),
    );
    assert.match(text, / 2 workloads can cross the wall /);
    assert.match(text, /Its finding is about nodes that are not on this map/);
    assert.match(text, /Without a row, since it makes no pods: Binding shop\/db: bypasses sched/);
    const accepted = textOf(
      page({
        reach,
        report: { findings: [{ ...FINDING, policy, object: binding, status: 'waived' }] },
      }),
    );
    assert.match(accepted, / 1 workload can cross the wall, 1 of them accepted /);
    const leaking = workload('web', nodesOf('f--rr'));
    const drawn = page({
      reach: { ...SMALL, workloads: [leaking] },
      report: { findings: [{ ...FINDING, policy, object: leaking.object }] },
    });
    assert.doesNotMatch(textOf(drawn), /that are not on this map/);
  });
  test('where there is no room for all that rows say, they say less before they are left out', () => {
    const drawnOf = (count: number, clusters = 1) => {
      const workloads = Array.from({ length: count }, (_, index) =>
        workload(
          `w-${index}`,
          nodesOf(index === count - 1 ? 'f--rr' : '---rr').map((one, node) => ({
            ...one,
            reason: `has ${index} ${node} ${'x'.repeat(200)}`,
          })),
          { namespace: `n-${index}`, nodeRole: `r-${index}` },
        ),
      );
      const reach = { ...SMALL, workloads };
      const cluster = { reach, reservedRoles: ['master'], simulation: null, notSimulated: null };
      const html = renderHtml(
        { ...PICTURE, clusters: Array.from({ length: clusters }, () => cluster) },
        CONTEXT,
      );
      const [, more = '0'] = /([\d,]+) more workloads? not drawn/.exec(html) ?? [];
      return { html, rows: html.split('<tr').length, more: Number(more) };
    };
    const [few, many, most] = [drawnOf(100), drawnOf(250), drawnOf(590)];
    assert.match(few.html, /title="master-0: kept out, as it should be: it has 0 0 x/);
    assert.equal(few.more, 0);
    assert.match(many.html, /title="master-0: kept out, as it should be">/);
    assert.match(many.html, /it has 0 0 x+…/);
    assert.equal(many.more, 0);
    assert.equal(many.rows - few.rows, 150);
    assert.ok(most.more > 0);
    assert.equal(most.rows - few.rows, 490 - most.more);
    // The only one that is on the wrong side is not left out.
    assert.match(most.html, /n-589\/w-589 on master-0: can run here, and must not/);
    assert.ok(Buffer.from(drawnOf(250, 5).html).length < 5 * 250_000);
  });
  test('what is wrong with a node stands above it, and counts', () => {
    const object = { apiVersion: 'v1', kind: 'Node', namespace: null, name: 'master-1' };
    const policy = 'untainted-control-plane-node';
    for (const { path, words } of [
      { path: ['spec', 'taints'], words: 'label without its taint' },
      { path: ['spec', 'taints', 0], words: 'taint without its label' },
      { path: ['spec', 'taints', 0, 'value'], words: 'taint has another value' },
      { path: ['metadata', 'labels', 'a'], words: 'label has another value' },
    ]) {
      const text = textOf(page({ report: { findings: [{ ...FINDING, policy, object, path }] } }));
      assert.match(text, new RegExp(`master-0 ${words} master-1 master-2`));
      assert.match(text, / 1 of 5 nodes with wrong labels or taints/);
    }
    const waived = page({
      report: { findings: [{ ...FINDING, policy, object, status: 'waived' }] },
    });
    assert.match(textOf(waived), / 0 of 5 nodes .*taints and labels differ \(accepted\) master-1/);
  });
  test('without Nodes a column is a role, and half a shape is some of its nodes', () => {
    const html = page({
      reach: rolesOnly([
        { share: 'some', expected: 'forbidden' },
        { share: 'every', expected: 'allowed' },
      ]),
    });
    assert.match(
      html,
      /title="master: can run on some of these nodes, and must not"><svg aria-hidden="true"><use href="#lh"\/>/,
    );
    assert.match(textOf(html), /The input has no Nodes: each column is a role/);
    assert.doesNotMatch(html, /<tfoot/);
  });
  test('what no policy answered is named, and an input without workloads says so', () => {
    const unanswered = [{ apiVersion: 'v1', kind: 'Pod', namespace: 'a', name: 'b' }];
    assert.match(
      textOf(page({ reach: { ...SMALL, unanswered } })),
      /Not drawn, since the policies did not answer: Pod a\/b/,
    );
    assert.match(
      textOf(page({ reach: { ...SMALL, workloads: [], unanswered } })),
      /no workload.*did not answer: Pod a\/b/,
    );
  });
  test('the domain that all nodes share is left out once, and said', () => {
    const nodes = SMALL.nodes.map(({ name, roles }) => ({ name: `${name}.eu.internal`, roles }));
    const html = page({ reach: { ...SMALL, nodes } });
    assert.match(html, /<span title="master-0\.eu\.internal">master-0<\/span>/);
    assert.match(textOf(html), /Names of nodes are shown without \.eu\.internal/);
    for (const names of [['10.0.0.1', '10.0.0.2'], ['a.b', 'a.c'], ['a.b.c', 'a.x.b.c'], ['a.b']]) {
      const own = names.map((name) => ({ name, roles: ['master'] }));
      assert.doesNotMatch(
        page({
          reach: {
            ...SMALL,
            nodes: own,
            workloads: [workload('web', nodesOf('f'.repeat(names.length)))],
          },
        }),
        /shown without/,
      );
    }
  });
  test('rows of one component in several namespaces have theirs', () => {
    const dns = (namespace: string, letters: string) =>
      workload('dns', nodesOf(letters), { component: 'dns', namespace });
    const text = textOf(
      page({ reach: { ...SMALL, workloads: [dns('a', 'RRR--'), dns('b', 'RRq--')] } }),
    );
    assert.match(text, /dns in a .*dns in b /);
  });
});

describe('drains', () => {
  const component = (id: string, replicas = 1): Workload => ({
    id,
    component: id,
    kind: 'Deployment',
    nodes: ['master-0', 'master-1', 'worker-0'],
    replicas,
    apart: 'no',
    rules: [],
    closed: [],
    update: { type: 'none' },
    isRecreated: true,
    isStatic: false,
  });
  const drain = (node: string, more: Partial<Drain> = {}): Drain => ({
    node,
    steps: [],
    least: { a: 1, b: 1 },
    refusals: 0,
    ...more,
  });
  const workloads = [component('a'), component('b', 2)];
  const nodes = ['master-0', 'master-1', 'worker-0'];
  const below = (simulation: Simulation) => {
    const [row = ''] = /<tfoot>.*<\/tfoot>/.exec(page({ simulation })) ?? [];
    return [...row.matchAll(/<td class="c[^>]*>(.*?)<\/td>/g)].map(([, cell = '']) =>
      textOf(cell).trim(),
    );
  };
  test('each node says how many workloads fall to 0', () => {
    const drains = [
      drain('master-0', { least: { a: 0, b: 0 } }),
      drain('master-1', { least: { a: 0, b: 1 } }),
      drain('worker-0'),
    ];
    const simulation = { ...SIMULATION, nodes, workloads, drains };
    assert.deepEqual(below(simulation), [
      '2 workloads of components',
      '1 workload of components',
      'no component',
      '– none',
      'no component',
    ]);
    const text = textOf(page({ simulation }));
    assert.match(text, /3 of 3 drains complete/);
    assert.match(text, /2 of 3 drains take all pods of a component at a time/);
    assert.match(text, /Drain of master-0 : falls to 0: a, b/);
  });
  test('one that never completes is red, and those after it were not reached', () => {
    const steps = Array.from({ length: 20 }, (_, index) => ({
      words: `step ${index + 1}`,
      running: { a: 1, b: 1 },
    }));
    const drains = [
      drain('master-0', { stop: 'PodDisruptionBudget x allows 0 disruptions', steps }),
    ];
    const simulation = { ...SIMULATION, nodes, workloads, drains };
    assert.deepEqual(below(simulation), [
      'never completes',
      'not reached',
      'no component',
      'not reached',
      'no component',
    ]);
    const html = page({ simulation });
    assert.match(html, /<b class="l">0<\/b> of 3 drains complete/);
    assert.match(
      html,
      /<ol start="9"><li>step 9 <span class="dim">\(running: b <b>1<\/b> of 2\)<\/span><\/li>/,
    );
    assert.match(textOf(html), /… 8 steps earlier/);
  });
  test('a rollout that never completes, what does not run, and what is missing', () => {
    const stuck = { steps: [], least: {}, refusals: 0, stop: 'no node has room' };
    const simulation = {
      ...SIMULATION,
      workloads,
      updates: [{ workload: component('a'), outcome: stuck }],
      stopped: [component('c', 0)],
      missing: ['d'],
    };
    const text = textOf(page({ simulation }));
    assert.match(text, /Rollout of a : never completes : no node has room/);
    assert.match(text, /Not running, at 0 replicas: c \(Deployment\)/);
    assert.match(text, /Not simulated, since not in the input: d/);
  });
  test('what cannot be simulated is said', () => {
    assert.match(textOf(page({})), /No node was drained\./);
    assert.match(
      textOf(page({ simulation: null })),
      /Drains and rollouts were not simulated: no node that a component can run on/,
    );
    const inputErrors = [
      { ...INPUT_ERROR, code: 'NOT_SIMULATED' as const, message: 'too many replicas' },
    ];
    assert.match(
      textOf(page({ simulation: { ...SIMULATION, inputErrors } })),
      /a\.yaml:1:3 too many replicas/,
    );
  });
});

describe('findings', () => {
  test('open ones come first, the worst of them first; each has its place, fix and policy', () => {
    const findings = [
      {
        ...FINDING,
        message: 'waived',
        status: 'waived' as const,
        waiver: {
          ...INPUT_ERROR,
          reason: 'why',
          owner: 'team',
          expires: '2030-01-01',
          ticket: null,
        },
      },
      { ...FINDING, message: 'warned', severity: 'warning' as const },
      { ...FINDING, message: 'bad' },
      { ...FINDING, message: 'old', status: 'baseline' as const },
    ];
    const html = page({ report: { findings } });
    const said = [...html.matchAll(/<span class="says">([^<]*)</g)].map(([, words]) => words);
    assert.deepEqual(said, ['bad', 'warned', 'waived', 'old']);
    const text = textOf(html);
    assert.match(text, /2 findings, 1 waived, 1 in the baseline/);
    assert.match(
      text,
      /off-role-placement error Pod p a\.yaml:1:1 bad Fix Fix it\. What off-role-placement is about/,
    );
    assert.match(text, /Waived until 2030-01-01 by team: why/);
    assert.match(
      html,
      /href="https:\/\/example\.org\/project\/blob\/v1\.2\.3\/policies\/off-role-placement\/README\.md" rel="noreferrer"/,
    );
  });
  test('lines of the file are quoted, but no secrets', () => {
    const source = () => 'kind: Pod\nspec:\n  env: [{name: A, value: hunter2}]\n';
    const html = page({
      report: { findings: [{ ...FINDING, line: 2, endLine: 2, endColumn: 5 }] },
      context: { source },
    });
    assert.match(
      html,
      /<pre tabindex="0">1 \| kind: Pod\n2 \| spec:\n<em> {2}\| \^\^\^\^<\/em>\n3 \| {3}env: …<\/pre>/,
    );
    assert.ok(!html.includes('hunter2'));
  });
  test('those for which there is no room are counted by policy', () => {
    const findings = Array.from({ length: 1000 }, () => FINDING);
    const html = page({ report: { findings } });
    const shown = html.split('<details class="f ').length - 1;
    assert.ok(shown > 100 && shown <= 400);
    assert.match(
      textOf(html),
      new RegExp(
        `${1000 - shown} more findings not shown here \\(off-role-placement × ${1000 - shown}\\)`,
      ),
    );
    assert.ok(html.length < 700_000);
  });
  test('without any the page says so', () => {
    assert.match(textOf(page({})), /0 findings Nothing was found\./);
  });
});

describe('the rest', () => {
  test('what could not be read is said at the top, and shown', () => {
    const html = page({ report: { inputErrors: [INPUT_ERROR] } });
    // None is no good news then.
    assert.match(html, /<b class="d">0<\/b> <a href="#findings">/);
    assert.match(html, /Nothing was found in what could be read\./);
    assert.match(page({}), /<b class="k">0<\/b> <a href="#findings">/);
    assert.match(html, /<p class="alert">1 part of the input could not be checked.*<main>/);
    assert.match(textOf(html), /MANIFEST_SYNTAX unreadable a\.yaml:1:3 this is not YAML/);
  });
  test('notes by their code, other documents, and what was left out', () => {
    const notes = Array.from({ length: 12 }, () => NOTE);
    const otherDocuments = [{ ...INPUT_ERROR, reason: 'a Helm values file' }];
    const excluded = [{ path: 'vendor/', reason: 'pattern' as const }];
    const text = textOf(page({ report: { notes, otherDocuments, excluded } }));
    assert.match(text, /DUPLICATE_KEY 12 notes .* 2 more: bulkhead check -o json/);
    assert.match(text, /a\.yaml:1:3: a Helm values file/);
    assert.match(text, /vendor\/ \(by a pattern\)/);
  });
  test('components that were not found, in a whole cluster', () => {
    const components = [
      { name: 'etcd', environment: null, state: 'missing' as const, objects: [] },
    ];
    const given = { components, summary: { ...SUMMARY, objects: 1 } };
    assert.match(
      textOf(page({ report: { ...given, scope: 'cluster' } })),
      /1 component not found No object of the input is: etcd\./,
    );
    assert.doesNotMatch(textOf(page({ report: given })), /not found/);
  });
  test('waivers by the day on which they end, and the baseline', () => {
    const waiver = (expires: string) => ({
      ...INPUT_ERROR,
      reason: 'why',
      owner: 'team',
      expires,
      ticket: 'T-1',
      policies: ['stuck-rollout'],
      match: { kind: 'Deployment', namespace: 'shop', name: 'w*' },
      state: 'active' as const,
      findings: 3,
    });
    const waivers = ['never', '2031-01-01', '2030-01-01'].map(waiver);
    const baseline = { file: 'b.json', until: '2030-02-02', isActive: false, entries: 5, fixed: 2 };
    const text = textOf(page({ report: { waivers, baseline } }));
    assert.match(
      text,
      /2030-01-01 active Deployment shop\/w\* stuck-rollout 3 team why \(T-1\).*2031-01-01.*never/,
    );
    assert.match(
      text,
      /b\.json has 5 findings; 0 of those on this page are in it, 2 no longer occur\. Its last day is 2030-02-02\. It does not count any more/,
    );
  });
  test('each environment has its own map and its own findings', () => {
    const clusters = ['a', 'b'].map((environment) => ({
      reach: { ...SMALL, environment },
      reservedRoles: ['master'],
      simulation: SIMULATION,
      notSimulated: null,
    }));
    const { object } = SMALL.workloads[4] ?? FINDING;
    const findings = [{ ...FINDING, object, environment: 'b' }];
    const html = renderHtml({ report: { ...REPORT, findings }, clusters, table: null }, CONTEXT);
    const [, first = '', second = ''] = html.split('<section>');
    assert.match(first, /<h2 id="e0title">a<\/h2>/);
    assert.match(second, /<h2 id="e1title">b<\/h2>/);
    assert.doesNotMatch(first, /class="chip/);
    assert.match(second, /class="chip error" href="#f0"/);
    assert.match(textOf(html), /Pod|Deployment shop\/web in b/);
  });
});
