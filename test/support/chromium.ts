import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];

/** The browser of the machine; undefined if there is none. */
const browserPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((directory) => NAMES.map((name) => join(directory, name)))
  .find(isExecutable);

/** Why tests in a browser are skipped; false if they are not. CI never skips them. */
export const withoutBrowser: string | false =
  browserPath === undefined && process.env['BULKHEAD_BROWSER'] !== 'required'
    ? 'no Chromium on PATH'
    : false;

/** Opens a page of a headless browser. */
export async function withPage(use: (page: Page) => Promise<void>): Promise<void> {
  if (browserPath === undefined) throw new Error('there is no Chromium on PATH');
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    await use(await browser.newPage());
  } finally {
    await browser.close();
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
