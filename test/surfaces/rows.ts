import { type Case, readCases } from '../../scripts/cases.ts';
import { textOf } from '../support/bulkhead.ts';
import type { Scene } from './scene.ts';
import { bulkhead } from './surfaces.ts';

const base = textOf('profiles/tectonic-1.6.4/profile.yaml');

/** Every row of every cases.yaml, with its policy. */
export const rows = bulkhead.catalogue.policies.flatMap((policy) => {
  const file = `policies/${policy.id}/cases.yaml`;
  return readCases(file, textOf(file), base).map((row) => ({ policy, row }));
});

/** A row as a scene. */
export function sceneOf({ profile, object, inventory, request }: Case): Scene {
  return { profile, objects: [...inventory, object], reviewed: object, request };
}
