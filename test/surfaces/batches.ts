import { viewOf, wasmOfEach } from './differences.ts';
import {
  contentOf,
  groupBy,
  objectsOf,
  reviewedOf,
  type Scene,
  settingKey,
  textOf,
} from './scene.ts';

/** The largest batch of scenes that interfere with scenes of their first batch. */
const FEW = 12;

/** How many of these batches a scene is tried in: to try all takes longer than a process for each. */
const TRIED = 20;

/**
 * Puts scenes into batches, each for one process: a surface takes most of its time to start.
 *
 * Each scene reviews one object. In a batch, it sees the objects of all scenes. A scene stays in a batch
 * only if WASM finds the same in it there as alone.
 */
export function batches(
  surface: string,
  scenes: readonly Scene[],
  size: number,
): readonly (readonly Scene[])[] {
  const alone = new Map(
    scenes.map((scene) => [scene, textOf(wasmOfEach(viewOf(surface, scene)).flat())]),
  );
  const keeps = (batch: readonly Scene[]) => keeping(surface, batch, alone);
  const count = Math.ceil(scenes.length / size);
  // By stride: neighbours are about the same thing, and interfere most.
  const large = Array.from({ length: count }, (_, batch) =>
    settled(
      scenes.filter((_scene, index) => index % count === batch),
      keeps,
    ),
  );
  const batched = new Set(large.flat());
  const small: Scene[][] = [];
  for (const scene of scenes.filter((one) => !batched.has(one))) {
    const fits = (batch: readonly Scene[]) => keeps([...batch, scene]).length === batch.length + 1;
    const batch = small
      .filter(({ length }) => length < FEW)
      .slice(-TRIED)
      .find(fits);
    if (batch === undefined) small.push([scene]);
    else batch.push(scene);
  }
  return [...large, ...small].filter((batch) => batch.length > 0);
}

/** The scenes that stay in a batch, once all others are removed. */
function settled(
  scenes: readonly Scene[],
  keeps: (batch: readonly Scene[]) => readonly Scene[],
): readonly Scene[] {
  const kept = keeps(scenes);
  return kept.length === scenes.length ? scenes : settled(kept, keeps);
}

/** The scenes with the same findings in the batch as alone. */
function keeping(
  surface: string,
  batch: readonly Scene[],
  alone: ReadonlyMap<Scene, string>,
): readonly Scene[] {
  const objects = objectsOf(batch);
  const contents = objects.map(contentOf);
  // A finding of a surface is assigned to a scene by the whole object.
  const isOnce = ({ reviewed }: Scene) =>
    contents.filter((content) => reviewed !== undefined && content === contentOf(reviewed))
      .length === 1;
  return groupBy(batch.filter(isOnce), settingKey).flatMap((group) =>
    group.slice(0, 1).flatMap(({ profile, waivers = [] }) => {
      const view = viewOf(surface, { profile, objects, waivers });
      const together = wasmOfEach({ ...view, reviewed: group.flatMap(reviewedOf) });
      return group.filter((scene, index) => textOf(together[index]) === alone.get(scene));
    }),
  );
}
