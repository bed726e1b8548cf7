import type { JsonObject } from '../../src/kubernetes/json.ts';
import { reference } from '../../src/kubernetes/objects.ts';
import { includes, isOnlyRead, type Policy } from '../../src/policy/policy.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { openSession } from '../../src/session.ts';
import { at, nameOf, reviewedOf, type Scene, type Stated, sorted } from './scene.ts';
import { bulkhead, READ } from './surfaces.ts';

/** What a surface sees of a scene. */
export interface View {
  readonly profile: Profile;
  readonly reviewed: readonly JsonObject[];
  /** The other objects, as far as they are seen. */
  readonly others: readonly JsonObject[];
  readonly asks: (policy: Policy, object: JsonObject) => boolean;
  readonly request: JsonObject;
}

/** Something that a surface does not see: docs/surfaces.md has a row for each, by these words. */
export interface Difference {
  readonly surface: string;
  readonly unseen: string;
  readonly narrow: (view: View) => View;
}

const REQUESTS = {
  unseen: 'requests: user, operation and old object',
  narrow: (view: View) => ({ ...view, request: {} }),
};

export const DIFFERENCES: readonly Difference[] = [
  { surface: 'conftest --combine', ...REQUESTS },
  { surface: 'conftest single', ...REQUESTS },
  { surface: 'gator test', ...REQUESTS },
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

/** All that there is to see. */
export function wholeView(scene: Scene): View {
  return {
    profile: scene.profile,
    reviewed: reviewedOf(scene),
    others: scene.objects,
    asks: () => true,
    request: scene.request ?? {},
  };
}

/** What a surface sees, with what it is declared not to see left out. */
export function viewOf(surface: string, scene: Scene, but?: Difference): View {
  return DIFFERENCES.filter((one) => one.surface === surface && one !== but).reduce(
    (view, { narrow }) => narrow(view),
    wholeView(scene),
  );
}

/** What the WASM module says of a view. */
export function wasm(view: View): readonly Stated[] {
  return sorted(wasmOfEach(view).flat());
}

/** What the WASM module says of a view, object by object. */
export function wasmOfEach({
  profile,
  reviewed,
  others,
  asks,
  request,
}: View): readonly (readonly Stated[])[] {
  const { engine, policies } = openSession(bulkhead, profile, others);
  return reviewed.map((object) => {
    const asked = policies.filter((policy) => asks(policy, object)).map(({ id }) => id);
    const { violations } = engine.evaluate(object, asked, request);
    return sorted(
      violations.map(({ policy, path, message }) => ({
        policy,
        object: nameOf(object),
        path: [...path],
        message,
      })),
    );
  });
}

function asking(view: View, asks: View['asks']): View {
  return { ...view, asks: (policy, object) => view.asks(policy, object) && asks(policy, object) };
}

// Gatekeeper takes whatever names no namespace for an object of the cluster, and the reverse.
function isWhereItIsRead(object: JsonObject): boolean {
  const isOfCluster = includes(
    READ.filter((resource) => resource.isClusterScoped === true),
    reference(object),
  );
  return isOfCluster === ((at(object, 'metadata', 'namespace') ?? '') === '');
}

// Those without a name share a place, so that the last is kept.
function isNamedOrLast(object: JsonObject, index: number, all: readonly JsonObject[]): boolean {
  const isNameless = (one: JsonObject) => (at(one, 'metadata', 'name') ?? '') === '';
  const kindOf = (one: JsonObject) => `${one['apiVersion']} ${nameOf(one)}`;
  return (
    !isNameless(object) ||
    !all.slice(index + 1).some((one) => isNameless(one) && kindOf(one) === kindOf(object))
  );
}

/** Whether one view has less to see than another. */
export function isNarrower(view: View, than: View): boolean {
  if (view.others.length !== than.others.length) return true;
  if (Object.keys(view.request).length !== Object.keys(than.request).length) return true;
  return than.reviewed.some((object) =>
    bulkhead.catalogue.policies.some(
      (policy) => than.asks(policy, object) && !view.asks(policy, object),
    ),
  );
}
