import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/bulkhead.ts';
import { sampleOf } from '../support/settings.ts';
import { batches } from './batches.ts';
import { DIFFERENCES, type Difference, isNarrower, viewOf, wasm } from './differences.ts';
import { each } from './run.ts';
import { groupBy, type Scene, type SurfaceFinding, settingKey, textOf } from './scene.ts';
import { conftestCombine, conftestSingle, gatorTest, type Surface } from './surfaces.ts';

/** The largest batch of scenes for one process, if they do not interfere with each other. */
const BATCH = 60;

/**
 * Of so many rows one is run by the surfaces with an inventory, but in `make nightly`: rows about one component
 * interfere, and each needs a process then. WASM and OPA itself check every row.
 */
const STEP = 6;

interface ComparedSurface {
  readonly name: string;
  readonly module: { readonly tool: string; readonly path: string };
  readonly surface: Surface;
  /** The scenes for each process. */
  readonly batched: (scenes: readonly Scene[]) => readonly (readonly Scene[])[];
}

const SURFACES: readonly ComparedSurface[] = [
  {
    name: 'conftest --combine',
    module: { tool: 'conftest', path: 'github.com/open-policy-agent/conftest' },
    surface: conftestCombine,
    batched: (scenes) => [
      ...bySetting(sampled(scenes)).flatMap((some) => batches('conftest --combine', some, BATCH)),
      ...scenes.filter((scene) => !isRow(scene)).map((scene) => [scene]),
    ],
  },
  {
    name: 'conftest single',
    module: { tool: 'conftest', path: 'github.com/open-policy-agent/conftest' },
    surface: conftestSingle,
    batched: bySetting,
  },
  {
    name: 'gator test',
    module: { tool: 'gator', path: 'github.com/open-policy-agent/gatekeeper/v3' },
    surface: gatorTest,
    batched: (scenes) => [
      ...batches('gator test', sampled(scenes), BATCH),
      ...byObjects(scenes.filter((scene) => !isRow(scene))),
    ],
  },
];

/** The findings of a surface in a scene, and the expected ones: those of WASM for what the surface sees. */
export interface Comparison {
  readonly surface: string;
  readonly found: readonly SurfaceFinding[];
  readonly expected: readonly SurfaceFinding[];
}

interface Count {
  cases: number;
  findings: number;
  undeclared: number;
}

const counts = new Map<string, Count>();
const occurrences = new Map<Difference, number>();

/** Evaluates scenes on every surface. */
export async function compare(
  scenes: readonly Scene[],
): Promise<ReadonlyMap<Scene, readonly Comparison[]>> {
  const comparisons = new Map<Scene, Comparison[]>(scenes.map((scene) => [scene, []]));
  for (const { name, surface, batched } of SURFACES) {
    await each(batched(scenes), async (batch) => {
      const answers = await surface(batch);
      for (const [index, scene] of batch.entries()) {
        const found = answers[index] ?? [];
        const expected = wasm(viewOf(name, scene));
        comparisons.get(scene)?.push({ surface: name, found, expected });
        count(name, found, textOf(found) === textOf(expected));
        countOccurrences(name, scene, expected);
      }
    });
  }
  for (const scene of scenes) count('WASM', wasm(viewOf('WASM', scene)), true);
  return comparisons;
}

/** How often each declared difference changed the findings. */
export function occurred(): ReadonlyMap<Difference, number> {
  return occurrences;
}

/** The counts so far, surface by surface. */
export function table(): string {
  const lines = [...counts].map(([surface, { cases, findings, undeclared }]) =>
    [surface, versionOf(surface), cases, findings, undeclared].join(' | '),
  );
  return ['surface | version | cases | findings | undeclared differences', ...lines].join('\n');
}

/** The number of differences that no row of docs/surfaces.md declares. */
export function undeclared(): number {
  return [...counts.values()].reduce((sum, one) => sum + one.undeclared, 0);
}

function count(surface: string, found: readonly SurfaceFinding[], isEqual: boolean): void {
  const before = counts.get(surface) ?? { cases: 0, findings: 0, undeclared: 0 };
  counts.set(surface, {
    cases: before.cases + 1,
    findings: before.findings + found.length,
    undeclared: before.undeclared + (isEqual ? 0 : 1),
  });
}

function countOccurrences(
  surface: string,
  scene: Scene,
  expected: readonly SurfaceFinding[],
): void {
  for (const difference of DIFFERENCES.filter((one) => one.surface === surface)) {
    const view = viewOf(surface, scene, difference);
    if (!isNarrower(difference.narrow(view), view)) continue;
    if (textOf(wasm(view)) === textOf(expected)) continue;
    occurrences.set(difference, (occurrences.get(difference) ?? 0) + 1);
  }
}

/** The compiler of the WASM module. */
const OPA = { tool: 'opa', path: 'github.com/open-policy-agent/opa' };

/** The version of the Go module that a surface is built from. */
function versionOf(surface: string): string {
  const { tool, path } = SURFACES.find(({ name }) => name === surface)?.module ?? OPA;
  const text = readFileSync(join(ROOT, 'tools', tool, 'go.mod'), 'utf8');
  const line = text.split('\n').find((one) => one.trim().startsWith(`${path} v`));
  if (line === undefined) throw new Error(`tools/${tool}/go.mod has no version of ${path}`);
  return line.trim().split(' ')[1] ?? '';
}

/** The rows for the surfaces with an inventory: those with waivers are few. */
function sampled(scenes: readonly Scene[]): readonly Scene[] {
  const rows = scenes.filter(isRow);
  return [
    ...sampleOf(
      rows.filter(({ waivers }) => waivers === undefined),
      STEP,
    ),
    ...rows.filter(({ waivers }) => waivers !== undefined),
  ];
}

function isRow({ reviewed }: Scene): boolean {
  return reviewed !== undefined;
}

function bySetting(scenes: readonly Scene[]): readonly (readonly Scene[])[] {
  return groupBy(scenes, settingKey);
}

/** The same objects, reviewed by several profiles. */
function byObjects(scenes: readonly Scene[]): readonly (readonly Scene[])[] {
  return [...new Set(scenes.map(({ objects }) => objects))].map((objects) =>
    scenes.filter((scene) => scene.objects === objects),
  );
}
