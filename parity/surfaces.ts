import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Tool, tool } from '../scripts/tools.ts';
import { createEngine } from '../src/engine/engine.ts';
import { inventoryOf } from '../src/engine/inventory.ts';
import { constraintKind } from '../src/gatekeeper/names.ts';
import { generateConftest, generateGatekeeper } from '../src/generate.ts';
import type { JsonObject, JsonValue } from '../src/goyaml/json.ts';
import { type InputFile, readInput } from '../src/input.ts';
import { bind, wholeTable } from '../src/parameters/bind.ts';
import type { Profile } from '../src/profile/profile.ts';
import { builtBulkhead, ROOT } from '../src/testing/bulkhead.ts';

/** A finding as every surface can state it, so that they can be compared. */
export interface Stated {
  readonly policy: string;
  /** namespace/kind/name of the object. */
  readonly object: string;
  readonly path: JsonValue;
  readonly message: string;
}

/** Objects that are judged together: by which profile, and which of them is under review. */
export interface Scene {
  readonly profile: Profile;
  readonly objects: readonly JsonObject[];
  /** All of them where it is not said. */
  readonly reviewed?: JsonObject;
}

export const bulkhead = builtBulkhead();

/** The objects of files, lists unwrapped. */
export function objectsOf(files: readonly InputFile[]): readonly JsonObject[] {
  return readInput(files).objects.map(({ value }) => value);
}

/** What the WASM module says. */
export function wasm({ profile, objects, reviewed }: Scene): readonly Stated[] {
  const { catalogue } = bulkhead;
  const engine = createEngine(bulkhead.wasm, {
    parameters: bind(catalogue, profile),
    table: wholeTable(profile),
    inventory: inventoryOf(
      objects,
      catalogue.policies.flatMap(({ inventory }) => inventory),
    ),
  });
  return objects
    .filter((object) => reviewed === undefined || object === reviewed)
    .flatMap((object) =>
      engine.judge(object).violations.map(({ policy, path, message }) => ({
        policy,
        object: nameOf(object),
        path,
        message,
      })),
    )
    .sort(compare);
}

/** What `gator test` says with the generated templates and Constraints, in the version of the tool. */
export async function gator(
  scene: Scene,
  version: 'gator' | 'gator-oldest' = 'gator',
): Promise<readonly Stated[]> {
  const files = new Map(
    [...generateGatekeeper(bulkhead, scene.profile)].filter(
      ([path]) => /^(?:templates|constraints)\//.test(path) && !path.endsWith('kustomization.yaml'),
    ),
  );
  files.set('objects.yaml', documents(scene.objects));
  const results = await run(version, files, (folder) => ['test', '-f', folder, '-o', 'json']);
  const kinds = new Map(bulkhead.catalogue.policies.map(({ id }) => [constraintKind(id), id]));
  return list(results === '' ? [] : JSON.parse(results))
    .map((result) => ({
      policy: kinds.get(String(at(result, 'constraint', 'kind'))) ?? '',
      object: nameOf(at(result, 'violatingObject')),
      path: at(result, 'metadata', 'details', 'path'),
      message: String(at(result, 'msg')),
    }))
    .filter(({ object }) => scene.reviewed === undefined || object === nameOf(scene.reviewed))
    .sort(compare);
}

/** What conftest says with the adapter and the generated parameters, `--combine`. */
export async function conftest(scene: Scene): Promise<readonly Stated[]> {
  const files = new Map(generateConftest(bulkhead, scene.profile));
  files.set('objects/objects.yaml', documents(scene.objects));
  const results = await run('conftest', files, (folder) => [
    ...['test', '-p', join(ROOT, 'policies'), '-p', join(ROOT, 'conftest', 'policy')],
    ...['-d', join(folder, 'data'), '--combine', '-o', 'json', join(folder, 'objects')],
  ]);
  return list(JSON.parse(results))
    .flatMap((result) => [...list(at(result, 'failures')), ...list(at(result, 'warnings'))])
    .map((result) => ({
      policy: String(at(result, 'metadata', 'policy')),
      object: nameOfReference(at(result, 'metadata', 'object')),
      path: at(result, 'metadata', 'details', 'path'),
      message: String(at(result, 'msg')),
    }))
    .filter(({ object }) => scene.reviewed === undefined || object === nameOf(scene.reviewed))
    .sort(compare);
}

/** Runs a tool over files of its own; a status of 1 says that it found something. */
export function run(
  name: Tool,
  files: ReadonlyMap<string, string>,
  argv: (folder: string) => readonly string[],
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-'));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return new Promise<string>((resolve, reject) => {
    const child = execFile(
      tool(name),
      argv(folder),
      { maxBuffer: 1 << 28 },
      (error, stdout, stderr) => {
        // Both exit with 1 for findings; a broken run prints no results.
        if (error !== null && (error.code !== 1 || stdout.trim() === '')) {
          reject(new Error(`${name} failed: ${stderr}${stdout}`, { cause: error }));
        } else {
          resolve(stdout.trim());
        }
      },
    );
    // gator reads its standard input too, and would wait for the end of it.
    child.stdin?.end();
  }).finally(() => rmSync(folder, { recursive: true }));
}

function documents(objects: readonly JsonObject[]): string {
  return objects.map((object) => `---\n${JSON.stringify(object)}\n`).join('');
}

function nameOf(object: JsonValue): string {
  const word = (...path: readonly string[]) => at(object, ...path) ?? '';
  return `${word('metadata', 'namespace')}/${word('kind')}/${word('metadata', 'name')}`;
}

function nameOfReference(reference: JsonValue): string {
  const word = (key: string) => at(reference, key) ?? '';
  return `${word('namespace')}/${word('kind')}/${word('name')}`;
}

function at(value: JsonValue, ...path: readonly string[]): JsonValue {
  let found = value;
  for (const step of path) {
    found =
      typeof found === 'object' && found !== null && !Array.isArray(found)
        ? ((found as JsonObject)[step] ?? null)
        : null;
  }
  return found;
}

function list(value: JsonValue): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function compare(a: Stated, b: Stated): number {
  const [left, right] = [a, b].map((one) =>
    JSON.stringify([one.policy, one.object, one.path, one.message]),
  );
  return (left ?? '') < (right ?? '') ? -1 : left === right ? 0 : 1;
}
