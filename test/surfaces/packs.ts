import { viewOf, wasmOfEach } from './differences.ts';
import {
  contentOf,
  groupBy,
  objectsOf,
  profileKey,
  reviewedOf,
  type Scene,
  textOf,
} from './scene.ts';

/** How many scenes a pack has of those that meddle with some. */
const FEW = 12;

/**
 * Scenes in packs that a surface can take at once, since it takes most of its time to start.
 *
 * Each reviews one object. In a pack each scene sees the objects of all, so that it stays only where
 * WASM says the same of all of them as of each alone.
 */
export function packs(
  surface: string,
  scenes: readonly Scene[],
  size: number,
): readonly (readonly Scene[])[] {
  const alone = new Map(
    scenes.map((scene) => [scene, textOf(wasmOfEach(viewOf(surface, scene)).flat())]),
  );
  const keeps = (pack: readonly Scene[]) => keeping(surface, pack, alone);
  const count = Math.ceil(scenes.length / size);
  // By stride, since neighbours are about the same thing and meddle with each other most.
  const large = Array.from({ length: count }, (_, pack) =>
    settled(
      scenes.filter((_scene, index) => index % count === pack),
      keeps,
    ),
  );
  const packed = new Set(large.flat());
  const small: Scene[][] = [];
  for (const scene of scenes.filter((one) => !packed.has(one))) {
    const fits = (pack: readonly Scene[]) =>
      pack.length < FEW && keeps([...pack, scene]).length === pack.length + 1;
    const pack = small.find(fits);
    if (pack === undefined) small.push([scene]);
    else pack.push(scene);
  }
  return [...large, ...small].filter((pack) => pack.length > 0);
}

/** The scenes of a pack that stay when those that do not have left. */
function settled(
  scenes: readonly Scene[],
  keeps: (pack: readonly Scene[]) => readonly Scene[],
): readonly Scene[] {
  const kept = keeps(scenes);
  return kept.length === scenes.length ? scenes : settled(kept, keeps);
}

/** The scenes of a pack of which the same is said in it as alone. */
function keeping(
  surface: string,
  pack: readonly Scene[],
  alone: ReadonlyMap<Scene, string>,
): readonly Scene[] {
  const objects = objectsOf(pack);
  const contents = objects.map(contentOf);
  // What a surface says is told apart by the whole object.
  const isOnce = ({ reviewed }: Scene) =>
    contents.filter((content) => reviewed !== undefined && content === contentOf(reviewed))
      .length === 1;
  return groupBy(pack.filter(isOnce), ({ profile }) => profileKey(profile)).flatMap((group) =>
    group.slice(0, 1).flatMap(({ profile }) => {
      const view = viewOf(surface, { profile, objects });
      const together = wasmOfEach({ ...view, reviewed: group.flatMap(reviewedOf) });
      return group.filter((scene, index) => textOf(together[index]) === alone.get(scene));
    }),
  );
}
