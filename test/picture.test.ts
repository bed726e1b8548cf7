import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { XMLValidator } from 'fast-xml-parser';
import type { Page } from 'playwright-core';
import type { Context } from '../src/formats/context.ts';
import { renderHtml } from '../src/formats/html/html.ts';
import type { Picture } from '../src/formats/html/picture.ts';
import { visible } from '../src/formats/text.ts';
import { picture, tablePicture } from '../src/picture.ts';
import { EXPECTATIONS, type NodeReach, type Reach } from '../src/report/reach.ts';
import { sourceOf } from '../src/source.ts';
import { builtBulkhead, manifestsIn, ROOT, shippedProfile, textOf } from './support/bulkhead.ts';
import { withoutBrowser, withPage } from './support/chromium.ts';
import { assertGolden } from './support/golden.ts';
import { HOSTILE } from './support/hostile-reports.ts';
import { pageLines } from './support/pages.ts';
import { large, rolesOnly, SMALL, workload } from './support/reaches.ts';
import { FINDING, INPUT_ERROR, NOTE, PICTURE, REPORT } from './support/samples.ts';

// The page of who can run where, as a browser shows it.

const built = builtBulkhead();
const profile = shippedProfile('tectonic-1.6.4');
const files = manifestsIn(ROOT, 'testdata/clusters/drifted');
const context: Context = {
  source: sourceOf(files),
  color: false,
  width: 100,
  catalogue: built.catalogue,
  pages: built.pages,
};
const drifted = tablePicture(built, { profile, files });

/** A picture of what was made by hand. */
function drawn(reach: Reach, report: Partial<Picture['report']> = {}): Picture {
  return {
    ...PICTURE,
    report: { ...REPORT, ...report },
    clusters: [{ reach, reservedRoles: ['master'], simulation: null, notSimulated: 'no node' }],
  };
}

/** Two clusters, with everything that a page can have. */
const everything: Picture = {
  ...drifted,
  report: {
    ...drifted.report,
    environments: ['a', 'b'].map((name) => ({ name, profile: 'sample' })),
    inputErrors: [INPUT_ERROR],
    notes: [NOTE, { ...NOTE, file: null, line: null, column: null }],
    otherDocuments: [{ ...INPUT_ERROR, reason: 'a Helm values file' }],
    excluded: [{ path: 'node_modules/', reason: 'dependencies' }],
    findings: drifted.report.findings.map((finding, index) => ({
      ...finding,
      environment: index % 2 === 0 ? 'a' : 'b',
      status: (['open', 'open', 'baseline', 'waived'] as const)[index % 4] ?? 'open',
    })),
    waivers: (['active', 'expired'] as const).map((state) => ({
      ...INPUT_ERROR,
      reason: 'It is being moved.',
      owner: 'team-a',
      expires: '2027-03-31',
      ticket: 'T-1',
      policies: ['control-plane-intrusion'],
      match: { kind: 'Deployment', namespace: 'shop', name: 'web' },
      state,
      findings: 1,
    })),
    baseline: { file: 'b.json', until: '2027-01-01', isActive: true, entries: 3, fixed: 1 },
  },
  clusters: [
    { ...(drifted.clusters[0] as Picture['clusters'][number]), reach: named(drifted, 'a') },
    {
      reach: { ...SMALL, environment: 'b' },
      reservedRoles: ['master'],
      simulation: null,
      notSimulated: 'no node',
    },
  ],
};

function named({ clusters }: Picture, environment: string): Reach {
  return { ...(clusters[0]?.reach ?? SMALL), environment };
}

test('the page of the sample cluster', () => {
  assertGolden('testdata/clusters/drifted.html.txt', pageLines(renderHtml(drifted, context)));
});

describe('in a browser', { skip: withoutBrowser }, () => {
  const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-picture-'));
  after(() => rmSync(scratch, { recursive: true }));
  let pages = 0;

  /** Opens a page from a file, and requires that it asks for nothing and says nothing. */
  async function opened(html: string, use: (page: Page) => Promise<void>): Promise<void> {
    pages += 1;
    const file = join(scratch, `${pages}.html`);
    writeFileSync(file, html);
    const url = pathToFileURL(file).href;
    await withPage(async (page) => {
      const said: string[] = [];
      page.on('console', (message) => said.push(message.text()));
      page.on('pageerror', (error) => said.push(error.message));
      page.on('dialog', (dialog) => said.push(dialog.message()));
      page.on('request', (request) => {
        if (request.url().split('#')[0] !== url) said.push(`asked for ${request.url()}`);
      });
      await page.goto(url);
      await use(page);
      assert.deepEqual(said, []);
    });
  }

  /** What axe finds, each with its first place. */
  const AXE =
    "axe.run().then(({ violations }) => violations.map(({ id, nodes: [first] }) => id + ': ' + first.html.slice(0, 200) + ' ' + first.failureSummary))";

  /** Requires that nothing is wider than the page: only a table may scroll in its own region. */
  async function assertFits(page: Page): Promise<void> {
    const [scroll, client] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    );
    assert.ok(scroll <= client, `${scroll} pixels in ${client}`);
  }

  const PICTURES: Readonly<Record<string, Picture>> = {
    drifted,
    everything,
    'static pods': tablePicture(built, {
      profile: shippedProfile('kubeadm'),
      files: manifestsIn(ROOT, 'profiles/kubeadm/cluster'),
    }),
    empty: PICTURE,
    roles: drawn(
      rolesOnly([
        { share: 'some', expected: 'forbidden' },
        { share: 'some', expected: 'required' },
      ]),
    ),
    large: drawn(large(500, 5000)),
  };
  for (const [name, one] of Object.entries(PICTURES)) {
    test(`${name}: it fits a telephone and a screen, in light and dark, and axe finds nothing`, async () => {
      await opened(renderHtml(one, context), async (page) => {
        for (const width of [400, 1280]) {
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme });
            await page.setViewportSize({ width, height: 900 });
            await assertFits(page);
          }
        }
        await page.emulateMedia({ media: 'print' });
        assert.equal(await page.isVisible('#filter'), false);
        await page.emulateMedia({ media: 'screen' });
        for (const { width, colorScheme } of [
          { width: 1280, colorScheme: 'light' },
          { width: 1280, colorScheme: 'dark' },
          { width: 400, colorScheme: 'light' },
        ] as const) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 900 });
          // What is folded is looked at too.
          await page.evaluate(
            "for (const one of [...document.querySelectorAll('details')].slice(0, 40)) one.open = true",
          );
          await page.evaluate(axe.source);
          const found = await page.evaluate<string[]>(AXE);
          assert.deepEqual(found, []);
        }
      });
    });
  }

  test('its cells are what was found out', async () => {
    await opened(renderHtml(drifted, context), async (page) => {
      const nodes = await page.locator('thead .node > :last-child').allTextContents();
      const rows = await page.locator('section tbody tr:not(.group)').all();
      const read = await Promise.all(
        rows.map(async (row) => ({
          cells: await row.locator('.c .v').allTextContents(),
          shapes: await Promise.all(
            (await row.locator('.c use').all()).map((one) => one.getAttribute('href')),
          ),
        })),
      );
      const reach = drifted.clusters[0]?.reach;
      assert.ok(reach);
      assert.deepEqual(
        nodes,
        reach.nodes.map(({ name }) => name),
      );
      assert.deepEqual(
        read,
        reach.workloads.map(({ object, objects, component, byNode }) => {
          const own = component ?? `${object.namespace}/${object.name}`;
          const name = objects === 1 ? own : `${own} × ${objects}`;
          return {
            cells: byNode.map(
              (one, index) => `${name} on ${reach.nodes[index]?.name}: ${wordsOf(one)}`,
            ),
            shapes: byNode.map(({ runs, expected }) => SHAPE[`${runs} ${expected}`]),
          };
        }),
      );
    });
  });

  test('hostile names stay text', async () => {
    const hostile = [
      ...HOSTILE,
      '</title></style></script><script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "' onmouseover='alert(1)",
      '\u202eevil\u2066',
      'x'.repeat(10_000),
      '__proto__',
    ];
    const reach: Reach = {
      ...SMALL,
      environment: hostile.join(' '),
      roles: hostile,
      nodes: hostile.map((name) => ({ name, roles: [name] })),
      workloads: hostile.flatMap((name) =>
        [null, name].map((component) => ({
          object: { apiVersion: name, kind: name, namespace: name, name },
          objects: 1,
          component,
          nodeRole: [name, name],
          isStatic: true,
          byRole: hostile.map(() => ({ share: 'some', expected: 'forbidden' }) as const),
          byNode: hostile.map(() => ({ runs: true, expected: 'forbidden', reason: name }) as const),
          running: { [name]: 1, [`${name}!`]: 1 },
        })),
      ),
      unanswered: hostile.map((name) => ({ apiVersion: name, kind: name, namespace: name, name })),
    };
    const report = {
      profile: hostile.join(' '),
      inputs: hostile.map((path) => ({ path })),
      findings: hostile.map((name) => ({
        ...FINDING,
        message: name,
        file: name,
        object: { apiVersion: 'v1', kind: 'Node', namespace: null, name },
        fix: { title: name, safe: false, edits: [] },
        path: [name, 0],
      })),
      notes: hostile.map((message) => ({ ...NOTE, message, file: message })),
      inputErrors: hostile.map((message) => ({ ...INPUT_ERROR, message })),
    };
    const one = drawn(reach, report);
    const source = () => hostile.join('\n');
    const html = renderHtml({ ...one, table: drifted.table }, { ...context, source });
    await opened(html, async (page) => {
      assert.equal(await page.locator('script').count(), 1);
      assert.equal(await page.locator('style').count(), 1);
      assert.equal(await page.locator('img, [onmouseover], [onerror], [style]').count(), 0);
      const text = (await page.textContent('html')) ?? '';
      assert.equal(text.replaceAll('\n', ' '), visible(text.replaceAll('\n', ' ')));
      assert.match(text, /<img src=x onerror=alert\(1\)>/);
      for (const width of [400, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        await assertFits(page);
      }
    });
  });

  test('the filter shows the findings that have every word, and says how many', async () => {
    await opened(renderHtml(drifted, context), async (page) => {
      const shown = () => page.locator('#list > details:visible').count();
      const all = drifted.report.findings.length;
      assert.equal(await shown(), all);
      await page.getByLabel('Filter findings').fill('INTRUSION shop');
      const own = drifted.report.findings.filter(
        ({ policy, object }) => policy === 'control-plane-intrusion' && object.namespace === 'shop',
      );
      assert.equal(await shown(), own.length);
      assert.equal(await page.textContent('#count'), `${own.length} of ${all} shown`);
      await page.getByLabel('Filter findings').fill('');
      assert.equal(await shown(), all);
    });
  });

  test('a keyboard reaches the findings, the table, the reasons and the steps', async () => {
    await opened(renderHtml(drifted, context), async (page) => {
      const seen: string[] = [];
      for (let step = 0; step < 200; step += 1) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate<string>(
          "((at) => at.tagName + '.' + at.className + '#' + at.id)(document.activeElement)",
        );
        if (at.startsWith('BODY')) break;
        seen.push(at);
      }
      assert.equal(seen[0], 'A.skip#');
      assert.ok(seen.includes('DIV.wrap#'));
      assert.ok(seen.includes('INPUT.#filter'));
      const summaries = seen.filter((at) => at.startsWith('SUMMARY')).length;
      assert.equal(summaries, await page.locator('summary').count());
      await page.locator('.skip').focus();
      const outline = await page.evaluate<string>(
        'getComputedStyle(document.activeElement).outlineStyle',
      );
      assert.equal(outline, 'solid');
      // A reason that a mouse finds in a title.
      const row = page.locator('tr.bad summary').first();
      await row.focus();
      await page.keyboard.press('Enter');
      assert.match(
        (await page.locator('tr.bad .why').first().textContent()) ?? '',
        /worker-0.*can run here, and must not: it /,
      );
    });
  });

  test('a link to a finding that the filter hides shows it again', async () => {
    await opened(renderHtml(drifted, context), async (page) => {
      await page.getByLabel('Filter findings').fill('nothing has these words');
      assert.equal(await page.locator('#list > details:visible').count(), 0);
      await page.locator('a.chip').first().click();
      assert.equal(await page.locator('#list > details[open]:visible').count(), 1);
    });
  });

  test('a finding opens by the link of its row, and a drain by its number', async () => {
    await opened(renderHtml(drifted, context), async (page) => {
      await page.locator('a.chip').first().click();
      assert.equal(await page.locator('#list > details[open]').count(), 1);
      await page.locator('tfoot a').first().click();
      assert.equal(await page.locator('.story[open]').count(), 1);
    });
  });

  test('without its script the page has everything but the filter', async () => {
    const html = renderHtml(drifted, context).replace(/<script>.*<\/script>/, '');
    await opened(html, async (page) => {
      assert.equal(await page.isVisible('#filter'), false);
      assert.equal(
        await page.locator('#list > details:visible').count(),
        drifted.report.findings.length,
      );
    });
  });
});

/** What a cell says of a node, written again. */
function wordsOf({ runs, expected }: NodeReach): string {
  return WORDS[`${runs} ${expected}`] ?? '';
}

const WORDS: Readonly<Record<string, string>> = {
  'true required': 'can run here, as it should',
  'true allowed': 'may run here',
  'true forbidden': 'can run here, and must not',
  'false required': 'cannot run here, and should',
  'false allowed': 'is not placed here, and need not be',
  'false forbidden': 'kept out, as it should be',
};
const SHAPE: Readonly<Record<string, string>> = {
  'true required': '#k',
  'true allowed': '#k',
  'true forbidden': '#l',
  'false required': '#g',
  'false allowed': '#o',
  'false forbidden': '#o',
};

test('500 nodes and 5,000 workloads are less than 1.5 MB, clean or not', () => {
  const reach = large(500, 5000);
  for (const letter of ['clean', 'leaking'] as const) {
    const workloads = reach.workloads.map((workload, index) => {
      if (letter === 'clean') return workload;
      // Each is placed otherwise.
      const byNode = workload.byNode.map((one, node) =>
        (index * 31 + node * 17) % 7 === 0 ? { ...one, runs: !one.runs } : one,
      );
      return { ...workload, byNode };
    });
    const findings = workloads.map(({ object }) => ({ ...FINDING, object }));
    const one = drawn({ ...reach, workloads }, letter === 'clean' ? {} : { findings });
    const { length } = Buffer.from(renderHtml(one, context));
    assert.ok(length < 1_500_000, `${length} bytes`);
  }
});

test('they are less than 1.5 MB even if all differ, are faulty and have names that are escaped', () => {
  const nodes = large(500, 4).nodes;
  const word = "'".repeat(200);
  const workloads = Array.from({ length: 5000 }, (_, index) =>
    workload(
      `service-${index}`,
      nodes.map((_, node) => ({
        runs: (index * 31 + node * 17) % 7 < 3,
        expected: EXPECTATIONS[(index * 7 + node * 13) % 3] ?? 'forbidden',
        reason: `${word} ${index}.${node}`,
      })),
      {
        namespace: `team-${index % 900}`,
        component: index % 10 === 0 ? `component-${index}` : null,
        running: { [`${word}${index}`]: 1 },
      },
    ),
  );
  const findings = [
    ...workloads.map(({ object }) => object),
    ...nodes.map(({ name }) => ({ apiVersion: 'v1', kind: 'Node', namespace: null, name })),
  ].map((object) => ({ ...FINDING, object, message: `${word} ${object.name}` }));
  const reach = { ...SMALL, nodes, workloads };
  const html = renderHtml(drawn(reach, { findings }), context);
  const { length } = Buffer.from(html);
  assert.ok(length < 1_500_000, `${length} bytes`);
  const rows = html.split('<th scope="row" class="first" abbr=').length - 1;
  const [, more = ''] = /([\d,]+) more workloads not drawn/.exec(html) ?? [];
  assert.equal(rows + Number(more.replace(',', '')), workloads.length);
  assert.match(html, /more findings not shown here \(off-role-placement × [\d,]+\)/);
});

test('the image of the README is small, and needs nothing else', () => {
  const svg = textOf('docs/images/drifted.svg');
  assert.ok(Buffer.from(svg).length < 60_000);
  assert.equal(XMLValidator.validate(svg), true);
  assert.match(svg, /role="img" aria-labelledby="title desc"/);
  assert.match(svg, /<title id="title">.+<\/title>\s*<desc id="desc">.+<\/desc>/);
  assert.match(svg, /@media\(prefers-color-scheme:dark\)/);
  assert.doesNotMatch(
    svg.replace('xmlns="http://www.w3.org/2000/svg"', ''),
    /https?:|url\(|<script|<image|data:/,
  );
  // It is of the same cells as the page.
  const shapes = [...svg.matchAll(/<use class="([a-z])"/g)].map(([, letter]) => letter);
  const cells = drifted.clusters[0]?.reach.workloads.flatMap(({ byNode }) =>
    byNode.map(({ runs, expected }) => SHAPE[`${runs} ${expected}`]?.slice(1)),
  );
  assert.deepEqual(shapes.slice(0, cells?.length), cells);
});

describe('what a picture is made of', () => {
  const without = (name: string) => files.filter((file) => !file.name.includes(name));

  test('each cluster has its own reach and simulation, or why there is none', () => {
    const clusters = [
      { profile, files, environment: 'a' },
      { profile, files: without('nodes.yaml'), environment: 'b' },
      { profile, files: without('control-plane'), environment: 'c' },
    ];
    const drawn = picture(built, clusters);
    assert.deepEqual(
      drawn.clusters.map(({ reach, simulation, notSimulated }) => [
        reach.environment,
        reach.nodes.length,
        simulation?.nodes.length ?? null,
        notSimulated,
      ]),
      [
        ['a', 5, 5, null],
        ['b', 0, null, 'the input has no Node that a component can run on'],
        ['c', 5, null, 'the input has no component of the profile'],
      ],
    );
    assert.equal(drawn.table, null);
    assert.deepEqual(
      drawn.report.environments.map(({ name }) => name),
      ['a', 'b', 'c'],
    );
  });

  test('roles are reserved as other workloads must stay off them, else by their taints', () => {
    const reserved = (own: typeof profile) =>
      picture(built, [{ profile: own, files }]).clusters[0]?.reservedRoles;
    assert.deepEqual(reserved(profile), ['master']);
    const { otherWorkloads: _, ...rest } = profile;
    assert.deepEqual(reserved(rest), ['master']);
    const optional = profile.nodeRoles.map((role) => ({ ...role, taints: [] }));
    assert.deepEqual(reserved({ ...profile, nodeRoles: optional }), []);
  });
});

test('a picture of a check has the same report', () => {
  const { report } = picture(built, [{ profile, files }], { scope: 'cluster' });
  assert.deepEqual(report, drifted.report);
});
