import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, textOf } from './bulkhead.ts';

/**
 * Writes a package with the command of Bulkhead, which npm can install without the network: it needs no
 * other package. `fill` writes its `dist`; without it, that is the built one.
 */
export function packageAt(directory: string, fill: (dist: string) => void = copyBuilt): string {
  mkdirSync(directory);
  const { version } = JSON.parse(textOf('package.json'));
  const own = { name: 'bulkhead', version, bin: { bulkhead: 'dist/cli.cjs' } };
  writeFileSync(join(directory, 'package.json'), JSON.stringify(own));
  fill(join(directory, 'dist'));
  return directory;
}

function copyBuilt(dist: string): void {
  cpSync(join(ROOT, 'dist'), dist, { recursive: true });
}

/** Packs a package into a directory, and returns the path of its tarball. */
export function tarballOf(directory: string, destination: string): string {
  const argv = ['pack', '--silent', '--pack-destination', destination];
  const name = execFileSync('npm', argv, { cwd: directory, encoding: 'utf8' }).trim();
  return join(destination, name);
}

/** What makes npm fetch nothing. */
export const OFFLINE = { npm_config_offline: 'true', npm_config_update_notifier: 'false' };
