import { join } from 'node:path';
import type { WaiversOn } from '../../src/config/expiry.ts';
import { constraintKind } from '../../src/gatekeeper/names.ts';
import { generateConftest, generateGatekeeper } from '../../src/generate.ts';
import type { JsonObject, JsonValue } from '../../src/kubernetes/json.ts';
import { builtBulkhead } from '../support/bulkhead.ts';
import { run } from './run.ts';
import {
  at,
  groupBy,
  list,
  nameOf,
  objectsOf,
  reviewedOf,
  type Scene,
  type SurfaceFinding,
  settingKey,
  sorted,
  textOf,
} from './scene.ts';

/** Returns the findings in each scene. How many scenes fit into one process depends on the surface. */
export type Surface = (scenes: readonly Scene[]) => Promise<readonly (readonly SurfaceFinding[])[]>;

export const bulkhead = builtBulkhead();

/** The kinds of other objects that the policies read. */
export const READ = bulkhead.catalogue.policies.flatMap(({ inventory }) => inventory);

/** `gator test` over the generated templates and Constraints: scenes that do not interfere with each other. */
export const gatorTest: Surface = (scenes) => gatorOf('gator', scenes);

/** The same with the oldest supported gator. */
export const oldestGatorTest: Surface = (scenes) => gatorOf('gator-oldest', scenes);

async function gatorOf(
  name: 'gator' | 'gator-oldest',
  scenes: readonly Scene[],
): Promise<readonly (readonly SurfaceFinding[])[]> {
  const settings = new Map(scenes.map((scene) => [settingKey(scene), scene]));
  const nameFor = (scene: Scene) => `p${[...settings.keys()].indexOf(settingKey(scene))}`;
  const files = new Map([['objects.yaml', documents(objectsOf(scenes))]]);
  for (const scene of settings.values()) {
    const profile = { ...scene.profile, name: nameFor(scene) };
    const generated = generateGatekeeper(bulkhead, profile, 'dryrun', waivingIn(scene));
    for (const [path, text] of generated) {
      const isAsked = /^(?:templates|constraints)\//.test(path);
      if (isAsked && !path.endsWith('kustomization.yaml')) files.set(path, text);
    }
  }
  const argv = (directory: string) => ['test', '-f', directory, '-o', 'json'];
  const printed = await run({ name, argv, files });
  const kinds = new Map(bulkhead.catalogue.policies.map(({ id }) => [constraintKind(id), id]));
  const results = list(printed === '' ? [] : JSON.parse(printed)).map((result) => ({
    profile: String(at(result, 'constraint', 'metadata', 'name')),
    content: textOf(at(result, 'violatingObject')),
    finding: {
      policy: kinds.get(String(at(result, 'constraint', 'kind'))) ?? '',
      object: nameOf(at(result, 'violatingObject')),
      path: at(result, 'metadata', 'details', 'path'),
      message: String(at(result, 'msg')),
    },
  }));
  rejectUnknown(new Set(objectsOf(scenes).map(textOf)), results);
  return scenes.map((scene) => {
    const reviewed = new Set(reviewedOf(scene).map(textOf));
    const isOf = ({ profile, content }: { profile: string; content: string }) =>
      profile === nameFor(scene) && reviewed.has(content);
    return sorted(results.filter(isOf).map(({ finding }) => finding));
  });
}

/** What a scene waives, on a day on which none of it has expired. */
function waivingIn({ waivers = [] }: Scene): WaiversOn {
  return { waivers, today: '2026-01-01' };
}

/** conftest with the adapter and `--combine`: scenes of one profile that do not interfere with each other. */
export const conftestCombine: Surface = async (scenes) => {
  const objects = objectsOf(scenes);
  const results = await conftest(scenes, { objects, flags: ['--combine'] });
  return scenes.map((scene) => {
    const reviewed = new Set(reviewedOf(scene).map((object) => fileOf(objects.indexOf(object))));
    return sorted(
      results
        .filter((result) => reviewed.has(fileIn(at(result, 'metadata', 'path'))))
        .map(conftestFinding),
    );
  });
};

/** conftest with the adapter, file by file: any scenes of one profile. */
export const conftestSingle: Surface = async (scenes) => {
  const objects = scenes.flatMap(reviewedOf);
  const results = await conftest(scenes, { objects, flags: [] });
  let first = 0;
  return scenes.map((scene) => {
    const count = reviewedOf(scene).length;
    const reviewed = new Set(Array.from({ length: count }, (_, index) => fileOf(first + index)));
    first += count;
    return sorted(
      results.filter((result) => reviewed.has(fileIn(at(result, 'file')))).map(conftestFinding),
    );
  });
};

/** The results of conftest for objects, each in its own file, with the name of the file. */
async function conftest(
  scenes: readonly Scene[],
  { objects, flags }: { objects: readonly JsonObject[]; flags: readonly string[] },
): Promise<readonly JsonObject[]> {
  const [first, ...others] = groupBy(scenes, settingKey);
  if (first?.[0] === undefined || others.length > 0)
    throw new Error('conftest needs exactly one profile');
  const files = new Map(generateConftest(bulkhead, first[0].profile, waivingIn(first[0])));
  for (const [index, object] of objects.entries()) {
    files.set(`objects/${fileOf(index)}`, JSON.stringify(object));
  }
  const printed = await run({
    name: 'conftest',
    argv: (directory) => [
      // What is generated is all that conftest needs.
      ...['test', '-p', join(directory, 'policy'), '-d', join(directory, 'data')],
      ...['-o', 'json', ...flags, join(directory, 'objects')],
    ],
    files,
  });
  const results = list(JSON.parse(printed)).flatMap((result) =>
    [...list(at(result, 'failures')), ...list(at(result, 'warnings'))].map((found) => ({
      file: at(result, 'filename'),
      msg: at(found, 'msg'),
      metadata: at(found, 'metadata'),
    })),
  );
  const known = new Set<string>(bulkhead.catalogue.policies.map(({ id }) => id));
  const unknown = results.find(({ metadata }) => !known.has(String(at(metadata, 'policy'))));
  if (unknown !== undefined) throw new Error(`unknown policy: ${JSON.stringify(unknown)}`);
  return results;
}

function conftestFinding(result: JsonObject): SurfaceFinding {
  const word = (key: string) => at(result, 'metadata', 'object', key) ?? '';
  return {
    policy: String(at(result, 'metadata', 'policy')),
    object: `${word('namespace')}/${word('kind')}/${word('name')}`,
    path: at(result, 'metadata', 'details', 'path'),
    message: String(at(result, 'msg')),
  };
}

/** Fails on a result for an unknown object, which would be lost silently. */
function rejectUnknown(
  known: ReadonlySet<string>,
  results: readonly { readonly content: string }[],
): void {
  const unknown = results.find(({ content }) => !known.has(content));
  if (unknown !== undefined)
    throw new Error(`gator reviewed an unknown object: ${unknown.content}`);
}

// In the order of the objects: of two with the same identity, the later one wins.
function fileOf(index: number): string {
  return `${String(index).padStart(6, '0')}.yaml`;
}

function fileIn(path: JsonValue): string {
  return String(path).split('/').at(-1) ?? '';
}

function documents(objects: readonly JsonObject[]): string {
  return objects.map((object) => `---\n${JSON.stringify(object)}\n`).join('');
}
