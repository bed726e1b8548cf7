import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Context } from '../src/formats/context.ts';
import { renderHtml } from '../src/formats/html/html.ts';
import type { Picture } from '../src/formats/html/picture.ts';
import type { InputFile } from '../src/input.ts';
import { picture } from '../src/picture.ts';
import { sourceOf } from '../src/source.ts';
import { builtBulkhead, manifestsIn, shippedProfile } from '../test/support/bulkhead.ts';
import { withPage } from '../test/support/chromium.ts';
import { large } from '../test/support/reaches.ts';
import { PICTURE } from '../test/support/samples.ts';
import { ROOT } from './tools.ts';

// Writes the page of who can run where, and pictures of it, into .screenshots/: to look at, not to compare. Arguments
// are further clusters, a directory and a profile each: `npx tsx scripts/screenshots.ts manifests/prod kubeadm`.

const OUT = join(ROOT, '.screenshots');
const built = builtBulkhead();

function contextOf(files: readonly InputFile[]): Context {
  const { catalogue, pages } = built;
  return { source: sourceOf(files), color: false, width: 100, catalogue, pages };
}

function pageOf(directory: string, profile: string, root = process.cwd()): string {
  const files = manifestsIn(root, directory);
  const drawn = picture(built, [{ profile: shippedProfile(profile), files, inputs: [directory] }], {
    scope: 'cluster',
  });
  return renderHtml(drawn, contextOf(files));
}

function largePage(): string {
  const reach = large(500, 5000);
  const cluster = {
    reach,
    reservedRoles: ['master'],
    simulation: null,
    notSimulated: 'an example',
  };
  const drawn: Picture = { ...PICTURE, clusters: [cluster] };
  return renderHtml(drawn, contextOf([]));
}

const [directory, profile = 'kubeadm'] = process.argv.slice(2);
const pages = new Map([
  ['drifted', pageOf('testdata/clusters/drifted', 'tectonic-1.6.4', ROOT)],
  ['500x5000', largePage()],
  ...(directory === undefined ? [] : [[basename(directory), pageOf(directory, profile)] as const]),
]);
mkdirSync(OUT, { recursive: true });
for (const [name, html] of pages) {
  const file = join(OUT, `${name}.html`);
  writeFileSync(file, html);
  for (const width of [400, 1280]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await withPage(async (page) => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 1100 });
        await page.goto(pathToFileURL(file).href);
        await page.screenshot({ path: join(OUT, `${name}-${width}-${colorScheme}.png`) });
      });
    }
  }
}
process.stdout.write(`${pages.size * 4} pictures written to ${OUT}\n`);
