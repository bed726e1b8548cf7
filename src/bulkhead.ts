import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Bulkhead, loadBulkhead } from './load.ts';

/** Loads the policies and profiles that are in the package. */
export async function createBulkhead(): Promise<Bulkhead> {
  const here = import.meta.dirname;
  const dist = basename(here) === 'dist' ? here : join(here, '..', 'dist');
  return loadBulkhead(dist, readFileSync);
}
