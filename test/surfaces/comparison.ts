import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/bulkhead.ts';
import { DIFFERENCES, type Difference, isNarrower, viewOf, wasm } from './differences.ts';
import { packs } from './packs.ts';
import { each } from './run.ts';
import { groupBy, profileKey, type Scene, type Stated, textOf } from './scene.ts';
import { conftestCombine, conftestSingle, gatorTest, type Surface } from './surfaces.ts';

/** How many scenes are put before a surface at once, if they do not meddle with each other. */
const PACK = 60;

interface Asked {
  readonly name: string;
  readonly module: { readonly tool: string; readonly path: string };
  readonly surface: Surface;
  /** The scenes that it takes at a time. */
  readonly packed: (scenes: readonly Scene[]) => readonly (readonly Scene[])[];
}

const SURFACES: readonly Asked[] = [
  {
    name: 'conftest --combine',
    module: { tool: 'conftest', path: 'github.com/open-policy-agent/conftest' },
    surface: conftestCombine,
    packed: (scenes) => [
      ...byProfile(scenes.filter(isRow)).flatMap((some) => packs('conftest --combine', some, PACK)),
      ...scenes.filter((scene) => !isRow(scene)).map((scene) => [scene]),
    ],
  },
  {
    name: 'conftest single',
    module: { tool: 'conftest', path: 'github.com/open-policy-agent/conftest' },
    surface: conftestSingle,
    packed: byProfile,
  },
  {
    name: 'gator test',
    module: { tool: 'gator', path: 'github.com/open-policy-agent/gatekeeper/v3' },
    surface: gatorTest,
    packed: (scenes) => [
      ...packs('gator test', scenes.filter(isRow), PACK),
      ...byObjects(scenes.filter((scene) => !isRow(scene))),
    ],
  },
];

/** What a surface said of a scene, and what it should have said: what WASM says of what it sees. */
export interface Comparison {
  readonly surface: string;
  readonly said: readonly Stated[];
  readonly expected: readonly Stated[];
}

interface Count {
  cases: number;
  findings: number;
  undeclared: number;
}

const counts = new Map<string, Count>();
const occurrences = new Map<Difference, number>();

/** Puts scenes before every surface. */
export async function compare(
  scenes: readonly Scene[],
): Promise<ReadonlyMap<Scene, readonly Comparison[]>> {
  const comparisons = new Map<Scene, Comparison[]>(scenes.map((scene) => [scene, []]));
  for (const { name, surface, packed } of SURFACES) {
    await each(packed(scenes), async (pack) => {
      const answers = await surface(pack);
      for (const [index, scene] of pack.entries()) {
        const said = answers[index] ?? [];
        const expected = wasm(viewOf(name, scene));
        comparisons.get(scene)?.push({ surface: name, said, expected });
        count(name, said, textOf(said) === textOf(expected));
        countOccurrences(name, scene, expected);
      }
    });
  }
  for (const scene of scenes) count('WASM', wasm(viewOf('WASM', scene)), true);
  return comparisons;
}

/** How often each declared difference made one. */
export function occurred(): ReadonlyMap<Difference, number> {
  return occurrences;
}

/** What was compared so far, surface by surface. */
export function table(): string {
  const lines = [...counts].map(([surface, { cases, findings, undeclared }]) =>
    [surface, versionOf(surface), cases, findings, undeclared].join(' | '),
  );
  return ['surface | version | cases | findings | undeclared differences', ...lines].join('\n');
}

/** How many differences no row of docs/surfaces.md declares. */
export function undeclared(): number {
  return [...counts.values()].reduce((sum, one) => sum + one.undeclared, 0);
}

function count(surface: string, said: readonly Stated[], isEqual: boolean): void {
  const before = counts.get(surface) ?? { cases: 0, findings: 0, undeclared: 0 };
  counts.set(surface, {
    cases: before.cases + 1,
    findings: before.findings + said.length,
    undeclared: before.undeclared + (isEqual ? 0 : 1),
  });
}

function countOccurrences(surface: string, scene: Scene, expected: readonly Stated[]): void {
  for (const difference of DIFFERENCES.filter((one) => one.surface === surface)) {
    const view = viewOf(surface, scene, difference);
    if (!isNarrower(difference.narrow(view), view)) continue;
    if (textOf(wasm(view)) === textOf(expected)) continue;
    occurrences.set(difference, (occurrences.get(difference) ?? 0) + 1);
  }
}

/** What compiles the module. */
const OPA = { tool: 'opa', path: 'github.com/open-policy-agent/opa' };

/** The version of the Go module that a surface is built from. */
function versionOf(surface: string): string {
  const { tool, path } = SURFACES.find(({ name }) => name === surface)?.module ?? OPA;
  const text = readFileSync(join(ROOT, 'tools', tool, 'go.mod'), 'utf8');
  const line = text.split('\n').find((one) => one.trim().startsWith(`${path} v`));
  if (line === undefined) throw new Error(`no go.mod says the version of ${surface}`);
  return line.trim().split(' ')[1] ?? '';
}

function isRow({ reviewed }: Scene): boolean {
  return reviewed !== undefined;
}

function byProfile(scenes: readonly Scene[]): readonly (readonly Scene[])[] {
  return groupBy(scenes, ({ profile }) => profileKey(profile));
}

/** The same objects, reviewed by several profiles. */
function byObjects(scenes: readonly Scene[]): readonly (readonly Scene[])[] {
  return [...new Set(scenes.map(({ objects }) => objects))].map((objects) =>
    scenes.filter((scene) => scene.objects === objects),
  );
}
