import type { Waiver } from '../../src/config/waiver.ts';
import { readInput } from '../../src/input.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { reference } from '../../src/kubernetes/objects.ts';
import { includes, isOnlyRead, type Policy } from '../../src/policy/policy.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { openSession } from '../../src/session.ts';
import { at, nameOf, reviewedOf, type Scene, type SurfaceFinding, sorted } from './scene.ts';
import { bulkhead, READ } from './surfaces.ts';

/** What a surface sees of a scene. */
export interface View {
  readonly profile: Profile;
  readonly reviewed: readonly JsonObject[];
  /** What registers nodes as text in the objects under review: objects as well. */
  readonly embedded: readonly JsonObject[];
  /** The other objects, as far as they are seen. */
  readonly others: readonly JsonObject[];
  readonly asks: (policy: Policy, object: JsonObject) => boolean;
  readonly request: JsonObject;
  readonly waivers: readonly Waiver[];
}

/** Something that a surface does not see. docs/surfaces.md has a row for each, with the same text. */
export interface Difference {
  readonly surface: string;
  readonly unseen: string;
  readonly narrow: (view: View) => View;
}

const REQUESTS = {
  unseen: 'requests: user, operation and old object',
  narrow: (view: View) => ({ ...view, request: {} }),
};

const TEXT = {
  unseen: 'what registers nodes as text in other objects',
  narrow: (view: View) => ({ ...view, embedded: [] }),
};

export const DIFFERENCES: readonly Difference[] = [
  { surface: 'conftest --combine', ...REQUESTS },
  { surface: 'conftest single', ...REQUESTS },
  { surface: 'gator test', ...REQUESTS },
  { surface: 'conftest --combine', ...TEXT },
  { surface: 'conftest single', ...TEXT },
  { surface: 'gator test', ...TEXT },
  {
    surface: 'conftest single',
    unseen: 'other objects',
    narrow: (view) => ({ ...view, others: [] }),
  },
  {
    surface: 'conftest single',
    unseen: 'policies that require other objects',
    narrow: (view) => asking(view, ({ required }) => required.length === 0),
  },
  {
    surface: 'gator test',
    unseen: 'objects that no cluster has',
    narrow: (view) => asking(view, (policy, object) => !isOnlyRead(policy, reference(object))),
  },
  {
    surface: 'gator test',
    unseen: 'other objects that name no namespace',
    narrow: (view) => ({ ...view, others: view.others.filter(isWhereItIsRead) }),
  },
  {
    surface: 'gator test',
    unseen: 'other objects without a name',
    narrow: (view) => ({ ...view, others: view.others.filter(isNamedOrLast) }),
  },
];

/** The view of a surface that sees everything. */
export function wholeView(scene: Scene): View {
  const reviewed = reviewedOf(scene);
  return {
    profile: scene.profile,
    reviewed,
    embedded: reviewed.flatMap(embeddedObjects),
    others: scene.objects,
    asks: () => true,
    request: scene.request ?? {},
    waivers: scene.waivers ?? [],
  };
}

/** What a surface sees: everything but its declared differences, apart from one. */
export function viewOf(surface: string, scene: Scene, but?: Difference): View {
  return DIFFERENCES.filter((one) => one.surface === surface && one !== but).reduce(
    (view, { narrow }) => narrow(view),
    wholeView(scene),
  );
}

/** The findings of the WASM module in a view. */
export function wasm(view: View): readonly SurfaceFinding[] {
  return sorted(wasmOfEach(view).flat());
}

/** The findings of the WASM module in a view that are not waived, object by object. */
export function wasmOfEach({
  profile,
  reviewed,
  embedded,
  others,
  asks,
  request,
  waivers,
}: View): readonly (readonly SurfaceFinding[])[] {
  const { engine, policies } = openSession(bulkhead, profile, others, { waivers });
  return [...reviewed, ...embedded].map((object) => {
    const asked = policies.filter((policy) => asks(policy, object)).map(({ id }) => id);
    const { violations } = engine.evaluate(object, asked, request);
    return sorted(
      violations
        .filter((violation) => violation.waivers.length === 0)
        .map(({ policy, path, message }) => ({
          policy,
          object: nameOf(object),
          path: [...path],
          message,
        })),
    );
  });
}

const embedded = new WeakMap<JsonObject, readonly JsonObject[]>();

/** The objects in the text of an object, as a file with it has them. */
function embeddedObjects(object: JsonObject): readonly JsonObject[] {
  const found = embedded.get(object) ?? objectsInText(object);
  embedded.set(object, found);
  return found;
}

function objectsInText(object: JsonObject): readonly JsonObject[] {
  const bytes = new TextEncoder().encode(JSON.stringify(object));
  const { objects } = readInput([{ name: 'object.json', bytes }]);
  return objects.flatMap(({ value, document }) => (document.origin === undefined ? [] : [value]));
}

function asking(view: View, asks: View['asks']): View {
  return { ...view, asks: (policy, object) => view.asks(policy, object) && asks(policy, object) };
}

// Gatekeeper takes an object for cluster-scoped exactly if it names no namespace.
function isWhereItIsRead(object: JsonObject): boolean {
  const isOfCluster = includes(
    READ.filter((resource) => resource.isClusterScoped === true),
    reference(object),
  );
  return isOfCluster === ((at(object, 'metadata', 'namespace') ?? '') === '');
}

// Objects without a name share a key in the inventory: the last one stays.
function isNamedOrLast(object: JsonObject, index: number, all: readonly JsonObject[]): boolean {
  const isNameless = (one: JsonObject) => (at(one, 'metadata', 'name') ?? '') === '';
  const kindOf = (one: JsonObject) => `${one['apiVersion']} ${nameOf(one)}`;
  return (
    !isNameless(object) ||
    !all.slice(index + 1).some((one) => isNameless(one) && kindOf(one) === kindOf(object))
  );
}

/** Whether one view sees less than another. */
export function isNarrower(view: View, than: View): boolean {
  if (view.others.length !== than.others.length) return true;
  if (view.embedded.length !== than.embedded.length) return true;
  if (Object.keys(view.request).length !== Object.keys(than.request).length) return true;
  return than.reviewed.some((object) =>
    bulkhead.catalogue.policies.some(
      (policy) => than.asks(policy, object) && !view.asks(policy, object),
    ),
  );
}
